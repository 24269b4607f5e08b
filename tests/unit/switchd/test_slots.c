// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which slot a name, a number or "next" means.
 */
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/slots.h"

struct fixture {
	char dir[PATH_MAX];
	struct device *device;
	struct slots slots;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	assert_int_equal(device_open(f->dir, &f->device), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	device_close(f->device);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void load(struct fixture *f, const char *own, const char *n)
{
	struct fault fault;

	helper_write(f->dir, "own", 0644, own);
	helper_write(f->dir, "slots", 0644, n);
	if (slots_load(f->device, &f->slots, &fault) < 0)
		fail_msg("%s", fault.message);
}

static void means(struct fixture *f, const char *text, uint32_t expected)
{
	uint32_t target = 99;
	struct fault fault;

	if (slots_resolve(&f->slots, text, &target, &fault) < 0)
		fail_msg("%s: %s", text, fault.message);
	assert_int_equal(target, expected);
}

static void no_target(struct fixture *f, const char *text, const char *says)
{
	uint32_t target = 99;
	struct fault fault;

	if (slots_resolve(&f->slots, text, &target, &fault) == 0)
		fail_msg("'%s' was taken for slot %u", text, target);
	assert_int_equal(fault.code, FAULT_NO_TARGET);
	assert_int_equal(target, 99);
	if (!strstr(fault.message, says))
		fail_msg("'%s' does not say '%s'", fault.message, says);
}

static void test_load(void **state)
{
	struct fixture *f = *state;

	load(f, "2", "3");
	assert_int_equal(f->slots.own, 2);
	assert_int_equal(f->slots.n, 3);
	assert_string_equal(slots_name(&f->slots, 0), "menu");
	assert_string_equal(slots_name(&f->slots, 1), "personal");
	assert_string_equal(slots_name(&f->slots, 3), "spare");
	assert_string_equal(slots_name(&f->slots, 4), "?");
}

static void test_names_and_numbers(void **state)
{
	struct fixture *f = *state;

	load(f, "1", "3");
	means(f, "work", 2);
	means(f, "2", 2);
	means(f, "002", 2);
	/* An empty slot is a good target: it will be started. */
	means(f, "spare", 3);
	means(f, "menu", 0);
}

static void test_next(void **state)
{
	struct fixture *f = *state;

	load(f, "1", "3");
	means(f, "next", 2);
	load(f, "2", "3");
	/* slot 3 is empty, and next all the same */
	means(f, "next", 3);
	load(f, "3", "3");
	means(f, "next", 1);
	load(f, "8", "8");
	means(f, "next", 1);
	load(f, "1", "1");
	no_target(f, "next", "only one slot");
}

static void test_no_such(void **state)
{
	struct fixture *f = *state;

	load(f, "1", "3");
	no_target(f, "nobody", "no slot 'nobody'");
	no_target(f, "", "no slot ''");
	no_target(f, "Work", "no slot");
	no_target(f, "wor", "no slot");
	no_target(f, "work ", "no slot");
	no_target(f, "0", "no slot '0'");
	no_target(f, "4", "no slot 4; this device has 3");
	no_target(f, "9", "no slot 9");
	no_target(f, "-2", "no slot");
	no_target(f, "0x2", "no slot");
	no_target(f, "4294967298", "no slot");
	no_target(f, "1", "slot 1 (personal) is the one that runs here");
	no_target(f, "personal", "is the one that runs here");
}

static void test_number_before_name(void **state)
{
	struct fixture *f = *state;

	load(f, "1", "3");
	snprintf(f->slots.slot[2].name, sizeof(f->slots.slot[2].name), "2");
	means(f, "2", 2);
	snprintf(f->slots.slot[2].name, sizeof(f->slots.slot[2].name), "next");
	means(f, "next", 2);
}

static void test_device_errors(void **state)
{
	struct fixture *f = *state;
	struct fault fault;

	helper_write(f->dir, "info-errno", 0644, "5");
	assert_int_equal(slots_load(f->device, &f->slots, &fault), -1);
	assert_int_equal(fault.code, FAULT_DEVICE);
	helper_write(f->dir, "info-errno", 0644, "0");
	helper_write(f->dir, "slots", 0644, "9");
	assert_int_equal(slots_load(f->device, &f->slots, &fault), -1);
	assert_int_equal(fault.code, FAULT_DEVICE);
	helper_write(f->dir, "slots", 0644, "2");
	helper_write(f->dir, "own", 0644, "3");
	assert_int_equal(slots_load(f->device, &f->slots, &fault), -1);
	helper_write(f->dir, "own", 0644, "0");
	assert_int_equal(slots_load(f->device, &f->slots, &fault), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_load),
		TEST(test_names_and_numbers),
		TEST(test_next),
		TEST(test_no_such),
		TEST(test_number_before_name),
		TEST(test_device_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
