// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock - an OS sets its clock, and nobody else's moves; and clocks that are
 * wrong, or show local time
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fixture.h"
#include "shell.h"

#define OFF_MS		300000
#define YEARS_S		(10 * 365 * 86400LL)
/* Those of the host and of the device tell whole seconds. */
#define ERROR_S		3
/* Much longer than the test takes, and nothing against what it sets. */
#define A_WHILE_S	86400

static long long get_rtc(struct phone *ph)
{
	return shell_number(ph->dev, "cat /sys/class/rtc/rtc0/since_epoch");
}

static long long get_clock(struct phone *ph)
{
	return shell_number(ph->dev, "date +%%s");
}

/* The OS at the console is that far off the host's time, RTC and clock alike. */
static void check_clocks(struct phone *ph, long long off)
{
	long long rtc = get_rtc(ph);
	long long clock = get_clock(ph);
	long long want = time(NULL) + off;

	print_message("%s: RTC %lld, clock %lld, expected %lld\n",
		      phone_name(ph->at), rtc, clock, want);
	assert_true(llabs(rtc - want) < A_WHILE_S);
	assert_true(llabs(clock - want) < A_WHILE_S);
}

/* When the image of a slot was made, as the OS at the console sees it. */
static long long saved_at(struct phone *ph, int slot)
{
	json_t *reply = shell_json(ph->dev, "switchctl images --json");
	json_t *image;
	long long when = -1;
	size_t i;

	json_array_foreach(json_object_get(reply, "images"), i, image)
		if (json_integer_value(json_object_get(image, "slot")) == slot)
			when = json_integer_value(json_object_get(image,
								  "saved_at"));
	json_decref(reply);
	return when;
}

/* When the image was made that the OS at the console came from. */
static long long resumed_saved_at(struct phone *ph)
{
	json_t *status = shell_json(ph->dev, "switchctl status --json");
	long long when = json_integer_value(json_object_get(
		json_object_get(status, "resumed"), "saved_at"));

	json_decref(status);
	return when;
}

static void test_one_sets_its_clock(void **state)
{
	const struct device_options opt = { .name = "clock" };
	struct phone *ph = fixture_phone(&opt);
	long long set;

	(void)state;
	fixture_at(ph, PERSONAL);
	check_clocks(ph, 0);
	set = time(NULL) + YEARS_S;
	shell_do(ph->dev, "date -s @%lld && busybox hwclock -w -u", set);
	check_clocks(ph, YEARS_S);
	fixture_at(ph, WORK);
	check_clocks(ph, 0);
	fixture_at(ph, PERSONAL);
	check_clocks(ph, YEARS_S);
	fixture_at(ph, WORK);

	/* The last one that is stored is the newest, whatever the other says. */
	phone_ask(ph, "poweroff");
	device_off(ph->dev, OFF_MS);
	device_power_on(ph->dev);
	device_expect(ph->dev, "osti: resuming slot 2 .* any key",
		      PHONE_MENU_MS);
	phone_resumed(ph, WORK);
	check_clocks(ph, 0);
	assert_true(llabs(saved_at(ph, PERSONAL) - time(NULL)) < A_WHILE_S);

	/* The device was off: what is set is in NV memory. */
	phone_key(ph, PERSONAL);
	phone_resumed(ph, PERSONAL);
	check_clocks(ph, YEARS_S);
	assert_true(llabs(resumed_saved_at(ph) - time(NULL) - YEARS_S) <
		    A_WHILE_S);
}

/* The clock of the OS at the console is right. */
static void check_right(struct phone *ph)
{
	long long before = time(NULL), clock = get_clock(ph);

	print_message("%s: clock %lld, right is %lld\n", phone_name(ph->at),
		      clock, before);
	assert_true(clock >= before - ERROR_S &&
		    clock <= time(NULL) + ERROR_S);
}

/* All is stored; then power comes back, and the slot used last is resumed. */
static void off_and_on(struct phone *ph, const char *rtc)
{
	int slot = ph->at;
	char pattern[48];

	phone_ask(ph, "poweroff");
	device_off(ph->dev, OFF_MS);
	device_rtc(ph->dev, rtc);
	device_power_on(ph->dev);
	snprintf(pattern, sizeof(pattern), "osti: resuming slot %d .* any key",
		 slot);
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	phone_resumed(ph, slot);
}

/* One reading of 2090, for as long as the device had power. */
static void test_one_bad_reading(void **state)
{
	const struct device_options opt = { .name = "clock-bad" };
	struct phone *ph = fixture_phone(&opt);

	(void)state;
	fixture_at(ph, WORK);
	off_and_on(ph, "2090-01-01T12:00:00");
	assert_true(get_clock(ph) > time(NULL) + 60 * (YEARS_S / 10));
	phone_key(ph, PERSONAL);
	phone_resumed(ph, PERSONAL);
	assert_true(get_clock(ph) > time(NULL) + 60 * (YEARS_S / 10));
	phone_switch_key(ph, WORK);

	/* Both images say 2090 now. */
	off_and_on(ph, "");
	check_right(ph);
	shell_do(ph->dev, "dmesg | grep -q 'a clock said 2090-.* is believed'");
	/* This one is new and right, the other is not. */
	off_and_on(ph, "");
	check_right(ph);
	phone_key(ph, PERSONAL);
	phone_resumed(ph, PERSONAL);
	check_right(ph);
	off_and_on(ph, "");
	check_right(ph);
	assert_true(llabs(resumed_saved_at(ph) - time(NULL)) < A_WHILE_S);
	assert_true(llabs(saved_at(ph, WORK) - time(NULL)) < A_WHILE_S);
}

/* Its RTC shows local time, as other systems on the device may want it. */
static void test_local_time(void **state)
{
	const struct device_options opt = { .name = "clock-local" };
	struct phone *ph = fixture_phone(&opt);
	long long off;

	(void)state;
	fixture_at(ph, WORK);
	shell_do(ph->dev, "TZ=UTC+9:30 busybox hwclock -w -l");
	off = get_rtc(ph) - time(NULL) + 9 * 3600 + 1800;
	assert_true(llabs(off) <= ERROR_S);
	off_and_on(ph, "");
	check_right(ph);
	off_and_on(ph, "");
	check_right(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_sets_its_clock),
		cmocka_unit_test(test_one_bad_reading),
		cmocka_unit_test(test_local_time),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
