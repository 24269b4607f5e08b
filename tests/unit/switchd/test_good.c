// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the monitor is told that a start was good, and what it is told.
 */
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/good.h"

struct fixture {
	char dir[PATH_MAX];
	sd_event *event;
	struct device *device;
	struct good *good;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	f->event = helper_event_new();
	assert_int_equal(device_open(f->dir, &f->device), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	good_free(f->good);
	device_close(f->device);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

/* Least version of this slot, starts that nobody called good, version. */
static void set(struct fixture *f, const char *start)
{
	helper_write(f->dir, "start-1", 0644, start);
}

static void calls(struct fixture *f, const char *expected)
{
	char *got = helper_read(f->dir, "calls");

	assert_string_equal(got, expected);
	free(got);
}

static void arm(struct fixture *f, uint64_t after_usec, bool raise)
{
	struct slots slots;
	struct fault fault;

	assert_int_equal(slots_load(f->device, &slots, &fault), 0);
	assert_int_equal(good_new(f->event, f->device, &slots, after_usec,
				  raise, &f->good),
			 0);
}

static int on_later(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	*(int *)userdata = 1;
	return 0;
}

/* Runs the loop until a timer of 1 us must have come. */
static void wait_for_timer(struct fixture *f)
{
	int later = 0;

	/* Beyond the accuracy of the other. */
	assert_true(sd_event_add_time_relative(f->event, NULL, CLOCK_MONOTONIC,
					       300000, 1, on_later,
					       &later) >= 0);
	helper_run_until(f->event, &later);
}

static void test_after_a_time(void **state)
{
	struct fixture *f = *state;

	set(f, "3 1 5");
	arm(f, 1, true);
	calls(f, "");
	wait_for_timer(f);
	calls(f, "good 5\n");
	/* Once. */
	set(f, "3 1 5");
	wait_for_timer(f);
	calls(f, "good 5\n");
}

static void test_without_raising(void **state)
{
	struct fixture *f = *state;
	char *start;

	set(f, "3 1 5");
	arm(f, 1, false);
	wait_for_timer(f);
	calls(f, "good 0\n");
	start = helper_read(f->dir, "start-1");
	assert_string_equal(start, "3 0 5\n");
	free(start);
}

/* A switchd that was restarted, and an OS that came from an image. */
static void test_good_already(void **state)
{
	struct fixture *f = *state;

	set(f, "5 0 5");
	arm(f, 1, true);
	/* It was not this start then. */
	set(f, "5 1 5");
	wait_for_timer(f);
	calls(f, "");
}

static void test_somebody_was_faster(void **state)
{
	struct fixture *f = *state;

	set(f, "5 1 5");
	arm(f, 1, true);
	set(f, "5 0 5");
	wait_for_timer(f);
	calls(f, "");
}

static void test_never_by_itself(void **state)
{
	struct fixture *f = *state;

	set(f, "5 1 5");
	arm(f, 0, true);
	wait_for_timer(f);
	calls(f, "");
}

static void marks(struct fixture *f, bool raise, uint64_t version,
		  uint64_t least)
{
	struct good_result result;
	struct fault fault;

	if (good_mark(f->device, raise, &result, &fault) < 0)
		fail_msg("%s", fault.message);
	assert_int_equal(result.version, version);
	assert_int_equal(result.least_version, least);
}

static void fails(struct fixture *f, enum fault_code code, const char *says)
{
	struct good_result result;
	struct fault fault;

	assert_int_equal(good_mark(f->device, true, &result, &fault), -1);
	assert_int_equal(fault.code, code);
	if (!strstr(fault.message, says))
		fail_msg("'%s' does not say '%s'", fault.message, says);
}

static void test_mark(void **state)
{
	struct fixture *f = *state;

	set(f, "3 2 5");
	marks(f, false, 5, 3);
	marks(f, true, 5, 5);
	/* Again: nothing is lowered, nothing fails. */
	marks(f, false, 5, 5);
	marks(f, true, 5, 5);
	calls(f, "good 0\ngood 5\ngood 0\ngood 5\n");
}

static void test_errors(void **state)
{
	struct fixture *f = *state;

	/* From an image: good, but nothing can be raised. */
	set(f, "3 0 0");
	fails(f, FAULT_NO_VERSION, "counts as good, but the least version stays 3");
	calls(f, "good 0\n");
	marks(f, false, 0, 3);
	set(f, "3 1 5");
	helper_write(f->dir, "good-errno", 0644, "61");
	assert_int_equal(ENODATA, 61);
	fails(f, FAULT_NO_NV, "counts as good, but the least version stays 3");
	helper_write(f->dir, "good-errno", 0644, "22");
	fails(f, FAULT_NO_VERSION, "counts as good");
	helper_write(f->dir, "good-errno", 0644, "5");
	fails(f, FAULT_DEVICE, "this start was good: Input/output error");
	helper_write(f->dir, "info-errno", 0644, "5");
	fails(f, FAULT_DEVICE, "who we are");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_after_a_time),
		TEST(test_without_raising),
		TEST(test_good_already),
		TEST(test_somebody_was_faster),
		TEST(test_never_by_itself),
		TEST(test_mark),
		TEST(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
