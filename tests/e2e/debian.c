// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debian - two Debian systems from their first boot on, as a person has them
 *
 * Both are set up at the console. Nothing of systemd has failed and the journal has
 * no error, then, after switches, also under load, and after hibernation; network and
 * time are right. One of them gets new boot images. Needs "make debian".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "debian_steps.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"

/* "online again": the address answers. */
#define NETWORK_MS	2000

#define SWITCHES	50
#define HIBERNATIONS	5
#define LOADED_SWITCHES	100

/* Of update-initramfs, and of hashing and handing over an image of 50 MB */
#define UPDATE_MS	1200000
#define TRIES		3
#define NEW_BOOT	"/etc/initramfs-tools/scripts/init-top/zz-test"

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

static void other(struct phone *ph)
{
	phone_switch_key(ph, ph->at == WORK ? PERSONAL : WORK);
}

static void test_switches(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < SWITCHES; i++) {
		other(phone);
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
	int i;

	(void)state;
	for (i = 0; i < HIBERNATIONS; i++) {
		phone_switch_key(phone, PERSONAL);
		printf("work is stored: %lld KiB\n", phone_hibernate(phone, WORK));
		check(phone);
		phone_key(phone, WORK);
		phone_resumed(phone, WORK);
		check(phone);
	}
	phone_switch_key(phone, PERSONAL);
	check(phone);
}

/* What one has at work: packages are looked through, files written, others asked. */
static const char *const loads[] = {
	"while :; do dpkg --verify; apt-cache gencaches; done",
	"while :; do head -c 64M /dev/urandom >/var/tmp/load; sync; done",
	"while :; do gzip -9 </var/tmp/load; done",
	"ping -q -i 0.01 10.0.2.2",
};

#define LOADS	(sizeof(loads) / sizeof(loads[0]))

static void test_switches_under_load(void **state)
{
	size_t i;
	int n;

	(void)state;
	for (n = 0; n < 2; n++) {
		for (i = 0; i < LOADS; i++)
			shell_do(phone->dev, "systemd-run -q -u load%zu /bin/sh -c '%s >/dev/null'",
				 i, loads[i]);
		other(phone);
	}
	for (n = 0; n < LOADED_SWITCHES; n++)
		other(phone);
	for (n = 0; n < 2; n++) {
		shell_do(phone->dev, "systemctl is-active 'load*' >/dev/null && "
			 "systemctl stop 'load*' && rm -f /var/tmp/load");
		check(phone);
		other(phone);
	}
}

/* ---- Kernel updates --------------------------------------------------------------- */

/* A script of the initramfs, which then is another one. */
static void update_initramfs(const char *script)
{
	int id;

	shell_do(phone->dev, "printf '#!/bin/sh\\n[ \"$1\" = prereqs ] && exit 0\\n%s\\n' >"
		 NEW_BOOT " && chmod 755 " NEW_BOOT, script);
	id = shell_begin(phone->dev, "update-initramfs -u");
	device_expect(phone->dev, "waits for its signature", UPDATE_MS);
	assert_int_equal(shell_end(phone->dev, id, UPDATE_MS), 0);
}

/* The owner signs on the PC what waits in the slot, and brings the statement back. */
static void sign_and_install(void)
{
	char *body = build_path("tests/log/debian.body");
	char *start = build_path("tests/log/debian.start");
	char *key = build_path("keys/osti.key"), *sign = build_path("osti-sign/osti-sign");
	char *text, line[128];
	FILE *f;

	text = shell_run(phone->dev, NULL, "base64 $(ls -d /var/lib/osti/boot/%s-*/ | sort -V | tail -n 1)body",
			 phone_name(phone->at));
	setenv("BODY", body, 1);
	setenv("START", start, 1);
	f = popen("base64 -d >\"$BODY\"", "we");
	if (!f || fputs(text, f) < 0 || pclose(f))
		test_fail("what waits for its signature cannot be read:\n%s", text);
	free(text);
	host_run((const char *const[]){ sign, "sign", "--key", key, body, start, NULL });
	shell_do(phone->dev, ": >/tmp/start");
	f = popen("base64 \"$START\"", "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		shell_do(phone->dev, "echo %s >>/tmp/start", line);
	}
	if (!f || pclose(f))
		test_fail("cannot read %s", start);
	shell_do(phone->dev, "base64 -d /tmp/start >/tmp/statement");
	phone->begun[phone->at] = shell_begin(phone->dev, "osti-boot-image finish /tmp/statement");
	assert_int_equal(phone_answer(phone, phone->at), 0);
	free(sign);
	free(key);
	free(start);
	free(body);
}

static void restart(void)
{
	shell_begin(phone->dev, "reboot");
	device_expect(phone->dev, "of its boot image is on trial", DEBIAN_RUNNING_MS);
}

static void test_kernel_update(void **state)
{
	(void)state;
	update_initramfs("echo osti-test: it is new >/dev/console");
	sign_and_install();
	restart();
	device_expect(phone->dev, "osti-test: it is new", DEBIAN_RUNNING_MS);
	debian_log_in(phone, PERSONAL);
	check(phone);
	shell_do(phone->dev, "switchctl mark-good");
}

static void test_kernel_rollback(void **state)
{
	int i;

	(void)state;
	update_initramfs("echo c >/proc/sysrq-trigger");
	sign_and_install();
	device_expect_panics(phone->dev, true);
	restart();
	for (i = 0; i < TRIES; i++)
		device_expect(phone->dev, "Kernel panic - not syncing", DEBIAN_RUNNING_MS);
	device_expect(phone->dev, "was tried 3 times, and no start was called good",
		      DEBIAN_RUNNING_MS);
	device_expect_panics(phone->dev, false);
	device_expect(phone->dev, "osti-test: it is new", DEBIAN_RUNNING_MS);
	debian_log_in(phone, PERSONAL);
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
		cmocka_unit_test(test_switches_under_load),
		cmocka_unit_test(test_kernel_update),
		cmocka_unit_test(test_kernel_rollback),
		cmocka_unit_test(test_reboot),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
