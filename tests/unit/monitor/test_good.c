// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_good.c - an OS says that its start was good: starts in a row, and the
 * least version that its slot accepts
 */
#include "test.h"

#include <limits.h>

#include "carry.h"
#include "context.h"
#include "event.h"
#include "host_flash.h"
#include "nv.h"
#include "psci.h"

#define VERSION	12

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

/* The slot runs, started by a statement of VERSION. */
static void start(void)
{
	carry_start(CARRY_SLOT);
	slot()->version = VERSION;
}

static int setup(void **state)
{
	(void)state;
	carry_boot();
	start();
	slot()->tries = 2;
	return 0;
}

static int64_t good(uint64_t least)
{
	return machine_call(OSTI_CALL_START_GOOD, least, 0, 0);
}

/* What it returns, and what everybody sees then. */
static void assert_good(uint64_t least, int64_t status, uint64_t floor)
{
	struct machine_smc smc;

	slot()->tries = 2;
	smc = machine_smc(OSTI_CALL_START_GOOD, least, 0, 0);
	assert_int_equal(smc.x[0], status);
	if (status == OSTI_OK)
		assert_int_equal(smc.x[1], floor);
	smc = machine_smc(OSTI_CALL_SLOT_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[7], floor);
	assert_int_equal(smc.x[8], 0);
}

static void test_raise(void **state)
{
	struct event_record rec;

	(void)state;
	assert_good(0, OSTI_OK, 0);
	assert_good(5, OSTI_OK, 5);
	assert_good(5, OSTI_OK, 5);
	assert_good(4, OSTI_OK, 5);
	assert_good(0, OSTI_OK, 5);
	assert_good(VERSION + 1, OSTI_E_INVALID, 5);
	assert_good(UINT64_MAX, OSTI_E_INVALID, 5);
	assert_good(VERSION, OSTI_OK, VERSION);
	rec = machine_last_event(OSTI_EV_GOOD);
	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], VERSION);
	assert_int_equal(rec.arg[1], VERSION);
	assert_int_equal(nv_floor(1), 0);
	carry_power_cycle();
	assert_int_equal(nv_floor(CARRY_SLOT), VERSION);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_INFO, CARRY_SLOT, 0, 0)
			 .x[7], VERSION);
}

static void test_boot_manager(void **state)
{
	(void)state;
	carry_boot();
	assert_int_equal(good(0), OSTI_E_DENIED);
	assert_int_equal(good(1), OSTI_E_DENIED);
}

static void test_worn(void **state)
{
	(void)state;
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	assert_good(5, OSTI_E_HARDWARE, 0);
	assert_good(0, OSTI_OK, 0);
	carry_power_cycle();
	assert_int_equal(nv_floor(CARRY_SLOT), 0);
}

static void test_no_flash(void **state)
{
	(void)state;
	machine_boot(2);
	start();
	assert_good(5, OSTI_E_HARDWARE, 0);
	assert_good(0, OSTI_OK, 0);
}

/* Each raise wears the flash. */
static void test_limit(void **state)
{
	unsigned int i;

	(void)state;
	slot()->version = UINT64_MAX;
	for (i = 1; i <= 64; i++)
		assert_good(i, OSTI_OK, i);
	host_flash.programs = 0;
	assert_good(65, OSTI_E_HARDWARE, 64);
	assert_good(64, OSTI_OK, 64);
	assert_int_equal(host_flash.programs, 0);
}

/* Also its own suspends and switches leave the count and the version alone. */
static void test_hot(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, CARRY_ENTRY,
					 CARRY_ARG).outcome, OUTCOME_ENTER);
	smc = machine_smc(OSTI_CALL_SLOT_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[8], 2);
	assert_int_equal(smc.x[9], VERSION);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0)
			 .outcome, OUTCOME_ENTER);
	assert_good(VERSION, OSTI_OK, VERSION);
}

static void test_image(void **state)
{
	struct carry_image image = { 0 };
	struct machine_smc smc;

	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	slot()->version = VERSION;
	slot()->tries = 2;
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	smc = machine_smc(OSTI_CALL_SLOT_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[8], 2);
	assert_int_equal(smc.x[9], 0);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	smc = machine_smc(OSTI_CALL_SLOT_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[8], 0);
	/* Its image says by which version it was started. */
	assert_int_equal(smc.x[9], VERSION);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0)
			 .outcome, OUTCOME_ENTER);
	assert_good(VERSION + 1, OSTI_E_INVALID, 0);
	assert_good(VERSION, OSTI_OK, VERSION);
	carry_free(&image);
}

static void end(uint64_t psci, uint64_t tries)
{
	start();
	slot()->tries = tries;
	assert_int_equal(machine_smc(psci, 0, 0, 0).outcome, OUTCOME_ENTER);
	assert_int_equal(slot()->version, 0);
	assert_int_equal(slot()->tries, tries);
}

static void test_not_good(void **state)
{
	struct event_record rec;

	(void)state;
	carry_boot();
	end(PSCI_SYSTEM_RESET, 0);
	end(PSCI_SYSTEM_RESET, 2);
	assert_int_equal(machine_count_events(OSTI_EV_NOT_GOOD), 0);
	end(PSCI_SYSTEM_RESET, 3);
	assert_int_equal(machine_count_events(OSTI_EV_NOT_GOOD), 1);
	rec = machine_last_event(OSTI_EV_NOT_GOOD);
	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], 3);
	end(PSCI_SYSTEM_OFF, 4);
	assert_int_equal(machine_last_event(OSTI_EV_NOT_GOOD).arg[0], 4);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_raise),
		TEST(test_boot_manager),
		TEST(test_worn),
		TEST(test_no_flash),
		TEST(test_limit),
		TEST(test_hot),
		TEST(test_image),
		TEST(test_not_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
