// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock - an OS sets its clock, and nobody else's moves
 */
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "fixture.h"
#include "shell.h"

#define OFF_MS		120000
#define YEARS_S		(10 * 365 * 86400LL)
/* Much longer than the test takes, and nothing against what it sets. */
#define A_WHILE_S	86400

/* The OS at the console is that far off the host's time, RTC and clock alike. */
static void check_clocks(struct phone *ph, long long off)
{
	long long rtc = shell_number(ph->dev,
				     "cat /sys/class/rtc/rtc0/since_epoch");
	long long clock = shell_number(ph->dev, "date +%%s");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_sets_its_clock),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
