// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debian - two Debian systems from their first boot on, as a person has them
 *
 * Both are set up at the console. Nothing of systemd has failed and the journal has
 * no error, then, after switches and after hibernation; network and time are right.
 * Needs "make debian".
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "debian_steps.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"

/* "online again": the address answers. */
#define NETWORK_MS	2000

static struct phone *phone;

/* ---- Checks ------------------------------------------------------------------- */

static void check_network(struct phone *ph)
{
	double start = clock_now_ms(), ms;

	shell_do(ph->dev, "until ping -q -c 1 -W 1 10.0.2.2 >/dev/null; do "
		 "sleep 0.1; done");
	ms = clock_now_ms() - start;
	printf("%s reaches the network %.0f ms after it was asked for\n",
	       phone_name(ph->at), ms);
	if (ms > NETWORK_MS)
		device_fail(ph->dev, "the network of %s is back after %.0f ms, expected %d",
			    phone_name(ph->at), ms, NETWORK_MS);
}

static void check_time(struct phone *ph)
{
	long long there = shell_number(ph->dev, "date +%%s");
	long long here = time(NULL);

	if (llabs(there - here) > 3)
		device_fail(ph->dev, "the time in %s is %lld, here it is %lld",
			    phone_name(ph->at), there, here);
}

static void check(struct phone *ph)
{
	check_network(ph);
	check_time(ph);
	debian_check_running(ph);
}

/* ---- Tests --------------------------------------------------------------------- */

static void boot(struct phone *ph, int slot)
{
	double start = clock_now_ms();

	debian_first_user(ph, slot);
	printf("%s asks for its user, and has one, %.0f s after its start\n",
	       phone_name(slot), (clock_now_ms() - start) / 1000);
	debian_log_in(ph, slot);
	debian_check_running(ph);
	check_network(ph);
	shell_do(ph->dev, "findmnt -n -o SOURCE / | grep -qx /dev/mapper/osti-root");
	/* All of the disk, not only the first contents. */
	shell_do(ph->dev, "[ $(findmnt -n -b -o SIZE /) -gt 3000000000 ]");
	shell_do(ph->dev, "! grep -E '^root:[^*!]' /etc/shadow");
}

static void test_first_boots(void **state)
{
	(void)state;
	phone = debian_start("debian");
	phone_choose(phone, PERSONAL);
	boot(phone, PERSONAL);
	phone_key(phone, WORK);
	boot(phone, WORK);
	shell_do(phone->dev, "! systemctl is-enabled ssh");
	shell_do(phone->dev, "! systemctl is-active ssh");
}

static void test_switches(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		double ms = phone_switch_key(phone, phone->at == WORK ? PERSONAL :
					     WORK);

		printf("to %s by key: %.0f ms\n", phone_name(phone->at), ms);
		check_network(phone);
		check_time(phone);
	}
	phone_switch_command(phone, PERSONAL);
	check(phone);
	phone_switch_command(phone, WORK);
	check(phone);
}

static void test_hibernation(void **state)
{
	(void)state;
	phone_switch_key(phone, PERSONAL);
	printf("work is stored: %lld KiB\n", phone_hibernate(phone, WORK));
	check(phone);
	phone_key(phone, WORK);
	phone_resumed(phone, WORK);
	check(phone);
	phone_switch_key(phone, PERSONAL);
	check(phone);
}

/* The disk opens again, and nothing is asked a second time. */
static void test_reboot(void **state)
{
	(void)state;
	shell_begin(phone->dev, "reboot");
	debian_log_in(phone, PERSONAL);
	check(phone);
	phone_stop(phone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_boots),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_hibernation),
		cmocka_unit_test(test_reboot),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
