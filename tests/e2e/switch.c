// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch - switching, refusing to switch, and isolation
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qemu-virt/board.h>
#include <qemu-virt/board_pci.h>

#include "clock.h"
#include "fixture.h"
#include "shell.h"

#define NOTICE_MS	60000

static struct phone *get_phone(void)
{
	const struct device_options opt = {
		.name = "switch", .files = steps_files(),
	};

	return fixture_phone(&opt);
}

/* Wait until the kernel's log of the OS at the console has a new line. */
static void wait_logged(struct phone *ph, const char *pattern)
{
	double deadline = clock_deadline_ms(NOTICE_MS);
	int code = 1;

	for (;;) {
		free(shell_run(ph->dev, &code, "dmesg | grep -qiE '%s'",
			       pattern));
		if (!code)
			return;
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "the log of %s was to have a line like \"%s\" within %d ms",
				    phone_name(ph->at), pattern, NOTICE_MS);
		shell_do(ph->dev, "usleep 50000");
	}
}

static void clear_log(struct phone *ph)
{
	shell_do(ph->dev, "dmesg -c >/dev/null");
}

/* Both slots have been entered as often as before: nobody was frozen. */
static void assert_no_switch(struct phone *ph, const long long before[2])
{
	assert_int_equal(phone_entries(ph, PERSONAL), before[0]);
	assert_int_equal(phone_entries(ph, WORK), before[1]);
}

static void count_entries(struct phone *ph, long long entries[2])
{
	entries[0] = phone_entries(ph, PERSONAL);
	entries[1] = phone_entries(ph, WORK);
}

static void assert_not_armed(struct phone *ph)
{
	char *armed = shell_run(ph->dev, NULL, "cat /sys/class/misc/osti/armed");

	assert_string_equal(armed, "none");
	free(armed);
}

/* ---- Ways to switch --------------------------------------------------------- */

static void test_key(void **state)
{
	struct phone *ph = get_phone();
	struct vault v;

	(void)state;
	steps_vault_start(ph, &v);
	phone_switch_key(ph, WORK);
	assert_state(ph, PERSONAL, "frozen");
	assert_state(ph, WORK, "running");
	phone_switch_key(ph, PERSONAL);
	steps_vault_check(ph, &v);
	assert_state(ph, WORK, "frozen");
	fixture_pass(ph);
}

static void test_command(void **state)
{
	struct phone *ph = get_phone();
	struct vault v;

	(void)state;
	steps_vault_start(ph, &v);
	phone_switch_command(ph, WORK);
	phone_switch_command(ph, PERSONAL);
	steps_vault_check(ph, &v);
	fixture_pass(ph);
}

static void test_command_next(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	phone_command_to(ph, "next");
	phone_back(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

static void test_power_key_is_next(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	device_power_key(ph->dev);
	phone_back(ph, WORK);
	device_power_key(ph->dev);
	phone_back(ph, PERSONAL);
	fixture_pass(ph);
}

static void test_boot_menu_and_back(void **state)
{
	struct phone *ph = get_phone();
	struct vault v;

	(void)state;
	steps_vault_start(ph, &v);
	phone_command_to(ph, "menu");
	phone_menu(ph);
	phone_choose(ph, PERSONAL);
	phone_back(ph, PERSONAL);
	steps_vault_check(ph, &v);
	assert_state(ph, WORK, "frozen");
	fixture_pass(ph);
}

static void test_both_keep_their_state(void **state)
{
	struct phone *ph = get_phone();
	char note[2][SECRET_LEN + 1];
	struct vault v[2];
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		fixture_at(ph, i ? WORK : PERSONAL);
		steps_secret(note[i]);
		steps_vault_start(ph, &v[i]);
		steps_file_write(ph, "note", note[i]);
	}
	for (i = 0; i < 20; i++) {
		if (i % 4 == 0 || i % 4 == 3)
			phone_switch_key(ph, ph->at == WORK ? PERSONAL : WORK);
		else
			phone_switch_command(ph, ph->at == WORK ? PERSONAL : WORK);
		steps_vault_check(ph, &v[ph->at == WORK]);
	}
	for (i = 0; i < 2; i++) {
		fixture_at(ph, i ? WORK : PERSONAL);
		steps_file_check(ph, "note", note[i]);
		shell_do(ph->dev, "echo 3 >/proc/sys/vm/drop_caches");
		steps_file_check(ph, "note", note[i]);
	}
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

/* One clock for both, also for what an OS calls the time of the day. */
static void test_time_goes_on_while_frozen(void **state)
{
	struct phone *ph = get_phone();
	long long boot, up, host;
	double start;

	(void)state;
	start = clock_now_ms();
	boot = shell_number(ph->dev, "date +%%s");
	up = shell_number(ph->dev, "cut -d . -f 1 /proc/uptime");
	phone_switch_key(ph, WORK);
	shell_do(ph->dev, "sleep 3");
	phone_switch_key(ph, PERSONAL);
	boot = shell_number(ph->dev, "date +%%s") - boot;
	up = shell_number(ph->dev, "cut -d . -f 1 /proc/uptime") - up;
	host = (clock_now_ms() - start) / 1000;
	assert_true(boot >= 3 && boot <= host + 2);
	assert_true(up >= 3 && up <= host + 2);
	fixture_pass(ph);
}

/* ---- Refusals --------------------------------------------------------------- */

static void test_inhibited(void **state)
{
	struct phone *ph = get_phone();
	long long entries[2];
	char *text;
	int code;

	(void)state;
	count_entries(ph, entries);
	shell_do(ph->dev, "switchctl inhibit -- sleep 10000 & "
		 "until switchctl status --json | grep -q '\"who\"'; "
		 "do usleep 20000; done");
	text = shell_run(ph->dev, &code, "switchctl switch %s 2>&1",
			 phone_name(WORK));
	assert_int_not_equal(code, 0);
	assert_non_null(strstr(text, "inhibit"));
	free(text);
	assert_no_switch(ph, entries);

	/* A key is refused as well, but the second press gets past the lock. */
	clear_log(ph);
	phone_key(ph, WORK);
	wait_logged(ph, "inhibited .* again within");
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	assert_int_equal(phone_entries(ph, WORK), entries[1] + 1);
	shell_do(ph->dev, "switchctl status --json | grep -q '\"who\"'");

	/* The lock goes with its holder. */
	shell_do(ph->dev, "killall sleep; "
		 "while switchctl status --json | grep -q '\"who\"'; "
		 "do usleep 20000; done");
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

static void test_wrong_targets(void **state)
{
	static const char *const targets[] = { "nobody", "9", "\"\"",
					       CONFIG_OSTI_SLOT1_NAME };
	struct phone *ph = get_phone();
	long long entries[2];
	size_t i;
	char *text;
	int code;

	(void)state;
	count_entries(ph, entries);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		text = shell_run(ph->dev, &code, "switchctl switch %s 2>&1",
				 targets[i]);
		assert_int_not_equal(code, 0);
		assert_string_not_equal(text, "");
		free(text);
	}
	assert_no_switch(ph, entries);
	fixture_pass(ph);
}

/* Keys of no slot and of the own one do nothing. */
static void test_wrong_keys(void **state)
{
	struct phone *ph = get_phone();
	long long entries[2];

	(void)state;
	count_entries(ph, entries);
	phone_key(ph, 7);
	phone_key(ph, PERSONAL);
	/* Keys come in order: when this one is there, the others have been. */
	phone_switch_key(ph, WORK);
	assert_int_equal(phone_entries(ph, WORK), entries[1] + 1);
	phone_switch_key(ph, PERSONAL);
	assert_int_equal(phone_entries(ph, PERSONAL), entries[0] + 1);
	fixture_pass(ph);
}

static void test_refused_suspend(void **state)
{
	struct phone *ph = get_phone();
	long long entries[2];
	struct vault v;
	char *text;
	int code;

	(void)state;
	steps_vault_start(ph, &v);
	shell_do(ph->dev, "insmod /data/refuse.ko refuse=1");
	count_entries(ph, entries);
	text = shell_run(ph->dev, &code, "switchctl switch %s 2>&1",
			 phone_name(WORK));
	assert_int_not_equal(code, 0);
	assert_non_null(strstr(text, "busy"));
	free(text);
	assert_no_switch(ph, entries);
	assert_not_armed(ph);
	steps_vault_check(ph, &v);
	shell_do(ph->dev, "dmesg | grep -q 'refusing to suspend'");

	/* The OS is whole: its devices work, and so does the next switch. */
	steps_file_write(ph, "after-refusal", v.secret);
	shell_do(ph->dev, "echo 0 >/sys/module/refuse/parameters/refuse");
	phone_switch_command(ph, WORK);
	phone_switch_command(ph, PERSONAL);
	steps_vault_check(ph, &v);
	steps_file_check(ph, "after-refusal", v.secret);
	shell_do(ph->dev, "rmmod refuse");
	fixture_pass(ph);
}

/*
 * A task waits for a file system and cannot be frozen: it is named after 3 s, the
 * switch is tried again, and given up when the kernel's own time is over.
 */
static void test_task_does_not_stop(void **state)
{
	static const char limit[] = "/sys/power/pm_freeze_timeout";
	struct phone *ph = get_phone();
	long long entries[2];
	char *text;
	int code;

	(void)state;
	count_entries(ph, entries);
	clear_log(ph);
	shell_do(ph->dev, "echo 4000 >%s", limit);
	shell_do(ph->dev, "fsfreeze --freeze /data && { dd if=/dev/null of=/data/held 2>/dev/null & }");
	shell_do(ph->dev, "until grep -q '^State:.D' /proc/$!/status; do usleep 50000; done");
	text = shell_run(ph->dev, &code, "switchctl switch %s 2>&1",
			 phone_name(WORK));
	shell_do(ph->dev, "fsfreeze --unfreeze /data && wait $!");
	assert_int_equal(code, 9);
	if (!strstr(text, "these tasks do not stop: dd"))
		device_fail(ph->dev, "switchctl said \"%s\", expected the name of the task",
			    text);
	free(text);
	assert_no_switch(ph, entries);
	wait_logged(ph, "did not stop within 3 s, so the switch to .* is tried again: dd");
	assert_int_equal(shell_number(ph->dev, "cat %s", limit), 4000);
	assert_int_equal(shell_number(ph->dev, "dmesg | grep -c ' tasks refusing to freeze'"),
			 2);

	shell_do(ph->dev, "echo 20000 >%s", limit);
	phone_switch_command(ph, WORK);
	phone_switch_command(ph, PERSONAL);
	fixture_pass(ph);
}

static void send_key(struct phone *ph, const char *key, bool down)
{
	json_decref(device_qmp(ph->dev, "input-send-event",
			       json_pack("{s:[{s:s, s:{s:b, s:{s:s, s:s}}}]}",
					 "events", "type", "key", "data",
					 "down", down, "key", "type", "qcode",
					 "data", key)));
}

/*
 * Keys that were down when the kernel tried to freeze count as up: nobody can
 * tell what became of them, as the keyboard was reset.
 */
static void test_keys_after_a_refusal(void **state)
{
	struct phone *ph = get_phone();
	long long entries[2];

	(void)state;
	shell_do(ph->dev, "insmod /data/refuse.ko refuse=1");
	clear_log(ph);
	count_entries(ph, entries);
	send_key(ph, "ctrl", true);
	send_key(ph, "alt", true);
	send_key(ph, "f2", true);
	wait_logged(ph, "switch failed: error");
	/* Else the next press is dropped, as one during a switch. */
	shell_do(ph->dev, "until switchctl status | grep -q 'Under way: *-'; do usleep 50000; done");
	shell_do(ph->dev, "echo 0 >/sys/module/refuse/parameters/refuse");
	send_key(ph, "f2", false);
	send_key(ph, "f2", true);
	send_key(ph, "f2", false);
	send_key(ph, "alt", false);
	send_key(ph, "ctrl", false);
	/* Keys come in order: when this one is there, the others have been. */
	phone_key(ph, 7);
	wait_logged(ph, "key press for 7 dropped");
	assert_no_switch(ph, entries);
	shell_do(ph->dev, "rmmod refuse");
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

/*
 * An ordinary suspend of so many seconds. It gives each slot as many acts back
 * that the log will have: a budget that earlier tests may have spent (docs/abi.md).
 */
static void sleep_for(struct phone *ph, int seconds)
{
	shell_do(ph->dev, "echo 0 >/sys/class/rtc/rtc0/wakealarm; "
		 "echo +%d >/sys/class/rtc/rtc0/wakealarm; "
		 "echo mem >/sys/power/state", seconds);
}

/* Not a switch: the same OS wakes, and nobody else runs in between. */
static void test_ordinary_suspend(void **state)
{
	struct phone *ph = get_phone();
	long long entries[2], work;
	struct vault v;

	(void)state;
	steps_vault_start(ph, &v);
	count_entries(ph, entries);
	work = entries[1];
	sleep_for(ph, 5);
	sleep_for(ph, 2);
	steps_vault_check(ph, &v);
	assert_int_equal(phone_entries(ph, WORK), work);
	assert_true(phone_count(ph, "suspended", PERSONAL) >= 1);
	assert_true(phone_count(ph, "woken", PERSONAL) >= 1);
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	steps_vault_check(ph, &v);
	fixture_pass(ph);
}

/*
 * Wait until an OS that suspends itself, with its console on, sleeps: its other
 * CPUs are off, CPU 0 is in the monitor, and nothing of it changes.
 */
static void wait_asleep(struct phone *ph)
{
	double deadline = clock_deadline_ms(NOTICE_MS);
	json_t *before = NULL, *now;
	char last[32];
	int same = 0;

	snprintf(last, sizeof(last), "CPU%d killed", CONFIG_OSTI_CPUS - 1);
	device_expect(ph->dev, last, PHONE_SWITCH_MS);

	while (same < 5) {
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "the device was to sleep within %d ms",
				    NOTICE_MS);
		now = device_qmp(ph->dev, "human-monitor-command",
				 json_pack("{s:s}", "command-line",
					   "info registers"));
		same = json_equal(now, before) &&
		       strstr(json_string_value(now), "EL2h") ? same + 1 : 0;
		json_decref(before);
		before = now;
	}
	json_decref(before);
}

/* Who wakes the device by its power key wants no switch. */
static void test_press_that_wakes(void **state)
{
	struct phone *ph = get_phone();
	long long entries[2];
	int id;

	(void)state;
	count_entries(ph, entries);
	clear_log(ph);
	shell_do(ph->dev, "dmesg -n 7; echo N >/sys/module/printk/parameters/console_suspend");
	id = shell_begin(ph->dev, "echo mem >/sys/power/state");
	wait_asleep(ph);
	device_power_key(ph->dev);
	assert_int_equal(shell_end(ph->dev, id, PHONE_SWITCH_MS), 0);
	shell_do(ph->dev, "dmesg -n 1; echo Y >/sys/module/printk/parameters/console_suspend");
	wait_logged(ph, "woke the device, and does nothing else");
	assert_no_switch(ph, entries);
	shell_do(ph->dev, "grep -q gpio-keys /sys/class/wakeup/*/name");

	/* The next one means what it says. */
	device_power_key(ph->dev);
	phone_back(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

/* ---- Isolation --------------------------------------------------------------- */

static void test_cpu_cannot_reach_others(void **state)
{
	struct phone *ph = get_phone();
	struct attempt a;
	uint64_t sum;

	(void)state;
	phone_switch_key(ph, WORK);
	sum = steps_memory_sum(ph, PERSONAL);
	a = steps_cpu_attempt(ph);
	assert_true(a.tried > 1000);
	assert_int_equal(a.got, 0);
	assert_int_equal(a.refused, a.tried);
	/* Records are at powers of two. */
	assert_true(a.events > a.tried / 2);
	assert_true(steps_memory_sum(ph, PERSONAL) == sum);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

static void test_dma_cannot_reach_others(void **state)
{
	struct phone *ph = get_phone();
	struct attempt a;
	struct vault v;
	uint64_t sum;

	(void)state;
	steps_vault_start(ph, &v);
	phone_switch_key(ph, WORK);
	sum = steps_memory_sum(ph, PERSONAL);
	a = steps_dma_attempt(ph);
	assert_true(a.tried > 100);
	assert_int_equal(a.got, 0);
	/* The SMMU drops events while its queue is full. */
	assert_true(a.events > 0);
	assert_true(steps_memory_sum(ph, PERSONAL) == sum);
	phone_switch_key(ph, PERSONAL);
	steps_vault_check(ph, &v);
	fixture_pass(ph);
}

static void test_secret_is_nowhere_else(void **state)
{
	struct phone *ph = get_phone();
	struct vault v;

	(void)state;
	steps_vault_start(ph, &v);
	phone_switch_key(ph, WORK);
	/* Only if it is found where it is does not finding it mean something. */
	assert_true(steps_memory_find(ph, phone_slot_address(PERSONAL),
				      phone_slot_size(PERSONAL), v.secret) > 0);
	assert_int_equal(steps_memory_find(ph, phone_slot_address(WORK),
					   phone_slot_size(WORK), v.secret), 0);
	assert_int_equal(steps_memory_find(ph, BOARD_MONITOR_BASE,
					   BOARD_SLOTS_BASE -
					   BOARD_MONITOR_BASE, v.secret), 0);
	phone_switch_key(ph, PERSONAL);
	fixture_pass(ph);
}

/* Boot disk, store disk and the other's disk are not there at all. */
static void test_only_own_devices(void **state)
{
	struct phone *ph = get_phone();
	int slot;

	(void)state;
	for (slot = PERSONAL; slot <= WORK; slot++) {
		fixture_at(ph, slot);
		assert_int_equal(shell_number(ph->dev, "ls /sys/bus/pci/devices | wc -l"),
				 1 + 3 + 1);
		shell_do(ph->dev, "ls -d /sys/bus/pci/devices/0000:00:%02x.0",
			 BOARD_PCI_DISK(slot));
		shell_do(ph->dev, "! ls -d /sys/bus/pci/devices/0000:00:%02x.0",
			 BOARD_PCI_BOOT);
		shell_do(ph->dev, "! ls -d /sys/bus/pci/devices/0000:00:%02x.0",
			 BOARD_PCI_DISK(slot == PERSONAL ? WORK : PERSONAL));
	}
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

/* ---- switchctl ---------------------------------------------------------------- */

/* The group has the socket, root the device. */
static void test_device_is_roots(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	shell_do(ph->dev, "[ \"$(stat -c '%%a %%u %%g' /dev/osti)\" = '600 0 0' ]");
	shell_do(ph->dev, "[ \"$(stat -c '%%a %%U %%G' /run/osti/switchd.sock)\" = '660 root osti' ]");
	shell_do(ph->dev, "[ \"$(stat -c '%%a %%u' /run/osti/switchd.sock.root)\" = '600 0' ]");
	fixture_pass(ph);
}

static void test_log_tells_the_switch(void **state)
{
	struct phone *ph = get_phone();
	long long frozen, resumed;

	(void)state;
	sleep_for(ph, 8);
	frozen = phone_count(ph, "frozen", PERSONAL);
	resumed = phone_count(ph, "resumed", PERSONAL);
	phone_switch_key(ph, WORK);
	/* What happened to the neighbour is nobody's business. */
	assert_int_equal(phone_count(ph, "frozen", PERSONAL), 0);
	phone_switch_key(ph, PERSONAL);
	assert_int_equal(phone_count(ph, "frozen", PERSONAL), frozen + 1);
	assert_int_equal(phone_count(ph, "resumed", PERSONAL), resumed + 1);
	fixture_pass(ph);
}

static void test_stats_have_all_phases(void **state)
{
	struct phone *ph = get_phone();
	json_t *stats, *record, *times;
	json_int_t last = 0, now;
	size_t i;

	(void)state;
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	stats = shell_json(ph->dev, "switchctl stats --json");
	record = json_array_get(json_object_get(stats, "records"), 0);
	assert_int_equal(json_integer_value(json_object_get(record, "source")),
			 WORK);
	assert_int_equal(json_integer_value(json_object_get(record, "target")),
			 PERSONAL);
	times = json_object_get(record, "times");
	assert_int_equal(json_array_size(times), 7);
	for (i = 0; i < 7; i++) {
		now = json_integer_value(json_array_get(times, i));
		assert_true(now > last);
		last = now;
	}
	json_decref(stats);
	fixture_pass(ph);
}

/* Said once, it holds, and older versions are refused from then on. */
static void test_mark_good(void **state)
{
	struct phone *ph = get_phone();
	json_t *status;

	(void)state;
	json_decref(shell_json(ph->dev, "switchctl mark-good --json"));
	status = shell_json(ph->dev, "switchctl status --json");
	assert_true(json_is_true(json_object_get(status, "good")));
	assert_int_equal(json_integer_value(json_object_get(status, "starts")),
			 0);
	assert_true(json_integer_value(json_object_get(status, "version")) > 0);
	assert_int_equal(json_integer_value(json_object_get(status,
							    "least_version")),
			 json_integer_value(json_object_get(status,
							    "version")));
	json_decref(status);
	shell_do(ph->dev, "[ $(cat /sys/class/misc/osti/slot%d_starts) = 0 ]",
		 PERSONAL);
	fixture_pass(ph);
}

static void test_switchctl_answers(void **state)
{
	static const char *const commands[] = { "list", "status", "log", "stats",
						"version" };
	struct phone *ph = get_phone();
	size_t i;
	char *text;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		json_decref(shell_json(ph->dev, "switchctl %s --json",
				       commands[i]));
		text = shell_run(ph->dev, NULL, "switchctl %s", commands[i]);
		assert_string_not_equal(text, "");
		free(text);
	}
	shell_do(ph->dev, "switchctl --help >/dev/null");
	fixture_pass(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_command_next),
		cmocka_unit_test(test_power_key_is_next),
		cmocka_unit_test(test_boot_menu_and_back),
		cmocka_unit_test(test_both_keep_their_state),
		cmocka_unit_test(test_time_goes_on_while_frozen),
		cmocka_unit_test(test_inhibited),
		cmocka_unit_test(test_wrong_targets),
		cmocka_unit_test(test_wrong_keys),
		cmocka_unit_test(test_refused_suspend),
		cmocka_unit_test(test_task_does_not_stop),
		cmocka_unit_test(test_keys_after_a_refusal),
		cmocka_unit_test(test_ordinary_suspend),
		cmocka_unit_test(test_press_that_wakes),
		cmocka_unit_test(test_only_own_devices),
		cmocka_unit_test(test_cpu_cannot_reach_others),
		cmocka_unit_test(test_dma_cannot_reach_others),
		cmocka_unit_test(test_secret_is_nowhere_else),
		cmocka_unit_test(test_device_is_roots),
		cmocka_unit_test(test_log_tells_the_switch),
		cmocka_unit_test(test_stats_have_all_phases),
		cmocka_unit_test(test_mark_good),
		cmocka_unit_test(test_switchctl_answers),
	};
	int ret;

	fixture_begin();
	fixture_boots();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
