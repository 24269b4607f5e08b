// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debian - two Debian systems from their first boot on, as a person has them
 *
 * Both are set up at the console. Nothing of systemd has failed and the journal has
 * no error, then, after switches and after hibernation; network and time are right.
 * Needs "make debian".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"

#define USER		"anna"
#define PASSWORD	"a word of 25 characters.."
#define HOOK		"/etc/osti/post-resume.d/90-test"

/* The first boot writes a whole system, and it is three times that when others run. */
#define FIRST_BOOT_MS	1200000
#define RUNNING_MS	600000
/* "online again": the address answers. */
#define NETWORK_MS	2000

static struct phone *phone;

/* ---- Disks ------------------------------------------------------------------ */

static void copy_data(int to, int from, const char *path)
{
	off_t at = 0, end, size = lseek(from, 0, SEEK_END);
	loff_t in, out;
	ssize_t n;

	if (size < 0 || ftruncate(to, 0) || ftruncate(to, size))
		test_fail("debian: cannot copy %s: %s", path, strerror(errno));
	while ((at = lseek(from, at, SEEK_DATA)) >= 0) {
		end = lseek(from, at, SEEK_HOLE);
		for (in = out = at; in < end;) {
			n = copy_file_range(from, &in, to, &out, end - in, 0);
			if (n <= 0)
				test_fail("debian: cannot copy %s: %s", path,
					  strerror(errno));
		}
		at = end;
	}
}

/* The private disks are those of the build, which no system has seen. */
static void put_disk(struct phone *ph, int slot)
{
	char name[64], path[512];
	FILE *from;

	snprintf(name, sizeof(name), "data-%s.img", phone_name(slot));
	snprintf(path, sizeof(path), "%s/debian/%s", getenv("OSTI_BUILD") ?: "build",
		 name);
	from = fopen(path, "r");
	if (!from)
		test_fail("debian: cannot open %s: %s; run \"make debian\"", path,
			  strerror(errno));
	copy_data(storage_file(device_storage(ph->dev), name), fileno(from), path);
	fclose(from);
}

static void power_on(void)
{
	char boot[512];
	const struct device_options opt = { .name = "debian", .boot_image = boot };

	snprintf(boot, sizeof(boot), "%s/debian/boot.img",
		 getenv("OSTI_BUILD") ?: "build");
	phone = phone_start(&opt);
	device_cut_power(phone->dev);
	put_disk(phone, PERSONAL);
	put_disk(phone, WORK);
	phone_power_on(phone);
}

/* ---- At the console ------------------------------------------------------------ */

static void answer(struct phone *ph, const char *question, const char *text)
{
	device_expect(ph->dev, question, RUNNING_MS);
	device_send(ph->dev, text);
	device_send(ph->dev, "\n");
}

static void first_boot(struct phone *ph, int slot)
{
	device_expect(ph->dev, "is new\\. Who uses it", FIRST_BOOT_MS);
	answer(ph, "Name of the user.*: ", USER);
	answer(ph, "Password: ", PASSWORD);
	answer(ph, "Once more: ", PASSWORD);
	device_expect(ph->dev, "is set up for " USER, RUNNING_MS);
	ph->at = slot;
	ph->begun[slot] = 0;
}

static void log_in(struct phone *ph, int slot)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "%s login: ", phone_name(slot));
	answer(ph, pattern, USER);
	answer(ph, "Password: ", PASSWORD);
	answer(ph, USER "@.*\\$ ", "exec sudo -i");
	answer(ph, "password for " USER ": ", PASSWORD);
	/* A prompt as shell_run() knows it, and no line that is broken. */
	answer(ph, "root@.*# ", "TERM=dumb; stty cols 1000; PS1='\\h# '");
	snprintf(pattern, sizeof(pattern), "^%s# ", phone_name(slot));
	device_expect(ph->dev, pattern, RUNNING_MS);
	/* As phone.c wants it, but outside of the hook's unit, which ends with it. */
	shell_do(ph->dev, "printf '#!/bin/sh\\n[ \"$OSTI_RESULT\" = ok ] || exit 0\\n"
		 "systemd-run -q --no-block --collect /bin/sh -c "
		 "\"sleep 0.2; echo osti: %s is back >/dev/console\"\\n' >" HOOK
		 " && chmod 755 " HOOK " && dmesg -n 1", phone_name(slot));
}

/* ---- Checks ------------------------------------------------------------------- */

static void check_running(struct phone *ph)
{
	int id = shell_begin(ph->dev, "systemctl is-system-running --wait");
	char *text;

	if (shell_end(ph->dev, id, RUNNING_MS)) {
		text = shell_run(ph->dev, &id, "systemctl --failed --no-pager");
		device_fail(ph->dev, "systemd is not \"running\" in %s: %s",
			    phone_name(ph->at), text);
	}
	text = shell_run(ph->dev, &id, "journalctl -q -b -p err --no-pager");
	if (*text)
		device_fail(ph->dev, "the journal of %s has errors:\n%s",
			    phone_name(ph->at), text);
	free(text);
	shell_do(ph->dev, "systemctl is-active switchd systemd-networkd");
}

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
	check_running(ph);
}

/* ---- Tests --------------------------------------------------------------------- */

static void boot(struct phone *ph, int slot)
{
	double start = clock_now_ms();

	first_boot(ph, slot);
	printf("%s asks for its user, and has one, %.0f s after its start\n",
	       phone_name(slot), (clock_now_ms() - start) / 1000);
	log_in(ph, slot);
	check_running(ph);
	check_network(ph);
	shell_do(ph->dev, "findmnt -n -o SOURCE / | grep -qx /dev/mapper/osti-root");
	/* All of the disk, not only the first contents. */
	shell_do(ph->dev, "[ $(findmnt -n -b -o SIZE /) -gt 3000000000 ]");
	shell_do(ph->dev, "! grep -E '^root:[^*!]' /etc/shadow");
}

static void test_first_boots(void **state)
{
	(void)state;
	power_on();
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
	log_in(phone, PERSONAL);
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
