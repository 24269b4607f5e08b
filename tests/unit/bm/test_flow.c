// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_flow.c - what the boot manager does for which reason, and what becomes of a
 * request: the tables of docs/boot-manager.md
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <osti/abi.h>

#include "rig.h"
#include "disk_model.h"

#define ESC	0x1b
/* Contents that a slot may have. */
#define LAST	4

static const struct uboot_key stop[] = {
	{ "any key stops this", 'x' }, { NULL, 0 },
};

static const struct uboot_key agree[] = {
	{ "y within 30 s", 'y' }, { NULL, 0 },
};

/* ---- Helpers ---------------------------------------------------------------------- */

/* It runs, and has these contents. */
static void assert_runs(unsigned int slot, unsigned int contents)
{
	assert_int_equal(rig_running(), slot);
	assert_int_equal(rig_contents(LAST), contents);
}

static void enter(unsigned int slot, unsigned int contents)
{
	assert_int_equal(rig_switch(slot, NULL), RIG_ENTERED);
	assert_runs(slot, contents);
}

/* What its asker is told; it has gone on. */
static void assert_answer(unsigned int asker, unsigned int result,
			  uint64_t detail)
{
	uint64_t told;

	assert_int_equal(rig_running(), asker);
	assert_int_equal(rig_answer(&told), result);
	assert_int_equal(told, detail);
}

static void assert_request(unsigned int request, unsigned int slot,
			   const struct uboot_key *keys, unsigned int result,
			   uint64_t detail)
{
	const unsigned int asker = rig_running();

	assert_int_equal(rig_request(request, slot, keys), RIG_ENTERED);
	assert_answer(asker, result, detail);
}

static void assert_said(const char *text)
{
	if (!rig_said(text))
		fail_msg("the console did not show \"%s\"", text);
}

/* Slot 1 runs and was started cold. */
static int setup_one(void **state)
{
	(void)state;
	rig_new();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_said("osti: starting slot 1 (personal) in 3 s");
	assert_runs(1, RIG_COLD);
	rig_fill(1);
	return 0;
}

/* Slot 2 runs, slot 1 is frozen. */
static int setup_two(void **state)
{
	setup_one(state);
	enter(2, RIG_COLD);
	rig_fill(2);
	return 0;
}

/* Slot 2 runs, slot 1 is in the store. */
static int setup_stored(void **state)
{
	setup_two(state);
	assert_request(OSTI_REQUEST_HIBERNATE, 1, NULL, OSTI_RESULT_DONE, 0);
	assert_int_equal(rig_state(1), OSTI_SLOT_EMPTY);
	return 0;
}

/* ---- Reasons ------------------------------------------------------------------------ */

static void test_power_on(void **state)
{
	(void)state;
	rig_new();
	assert_int_equal(rig_boot(stop), RIG_WAITS);
	assert_said("OSTI boot menu");
	setup_stored(state);
	/* Slot 2 runs and is lost with the power. */
	rig_power_cycle();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_said("osti: resuming slot 1 (personal) in 3 s");
	assert_runs(1, 1);
	/* And slot 1 with the next. */
	rig_power_cycle();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_runs(1, RIG_COLD);
}

/* The one that was used last, of two; the other waits in the store. */
static void test_newest(void **state)
{
	(void)state;
	assert_int_equal(rig_request(OSTI_REQUEST_POWER_OFF, 0, NULL),
			 RIG_OFF);
	rig_power_cycle();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_runs(2, 2);
	enter(1, 1);
	enter(2, 2);
}

static void test_off(void **state)
{
	(void)state;
	assert_int_equal(rig_system_off(NULL), RIG_ENTERED);
	assert_runs(1, 1);
	assert_int_equal(rig_system_off(stop), RIG_WAITS);
	setup_one(state);
	assert_int_equal(rig_system_off(NULL), RIG_OFF);
}

static void test_reset(void **state)
{
	(void)state;
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_runs(2, RIG_COLD);
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_runs(2, RIG_COLD);
	/* Three starts that nobody called good. */
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_said("was started 3 times, and no start was called good");
	assert_runs(1, 1);
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_runs(1, RIG_COLD);
	assert_int_equal(rig_system_reset(NULL), RIG_ENTERED);
	assert_int_equal(rig_system_reset(NULL), RIG_WAITS);
}

static void test_menu(void **state)
{
	static const struct uboot_key one[] = {
		{ "waiting for a key", '1' }, { NULL, 0 },
	};

	(void)state;
	assert_int_equal(rig_switch(0, NULL), RIG_WAITS);
	assert_said("slot 2 (work) asked for the boot menu");
	/* It is entered afresh, as r does. */
	assert_int_equal(rig_boot(one), RIG_ENTERED);
	assert_runs(1, 1);
}

static void test_retired(void **state)
{
	static const struct uboot_key again[] = {
		{ "press 1 again to take it back", '1' }, { NULL, 0 },
	};

	(void)state;
	assert_request(OSTI_REQUEST_RETIRE, 1, NULL, OSTI_RESULT_DONE, 0);
	rig_power_cycle();
	/* It is not what comes by itself, nor is there anything else. */
	assert_int_equal(rig_boot(NULL), RIG_WAITS);
	assert_said("was pushed and lives elsewhere");
	rig_power_cycle();
	assert_int_equal(rig_boot(again), RIG_ENTERED);
	assert_runs(1, 1);
}

/* ---- Requests ------------------------------------------------------------------------ */

static void test_hibernate(void **state)
{
	static const struct uboot_key esc[] = {
		{ "hibernating slot 1", ESC }, { NULL, 0 },
	};

	(void)state;
	assert_request(OSTI_REQUEST_HIBERNATE, 3, NULL, OSTI_RESULT_STATE, 3);
	uboot.no_store = true;
	assert_request(OSTI_REQUEST_HIBERNATE, 1, NULL, OSTI_RESULT_NO_STORE, 0);
	uboot.no_store = false;
	assert_request(OSTI_REQUEST_HIBERNATE, 1, esc, OSTI_RESULT_DECLINED, 0);
	assert_int_equal(rig_state(1), OSTI_SLOT_FROZEN);
	assert_request(OSTI_REQUEST_HIBERNATE, 1, NULL, OSTI_RESULT_DONE, 0);
	assert_int_equal(rig_state(1), OSTI_SLOT_EMPTY);
	enter(1, 1);
	enter(2, 2);
}

/* Each write and each flush fails once: the slot is frozen as before. */
static void fail_each(int err)
{
	unsigned int acts, n;

	for (n = 1;; n++) {
		acts = disk.acts;
		disk.fail_at = n;
		disk.fail_err = -err;
		assert_int_equal(rig_request(OSTI_REQUEST_HIBERNATE, 1, NULL),
				 RIG_ENTERED);
		if (disk.fail_at)
			break;
		assert_answer(2, OSTI_RESULT_FAILED, err);
		assert_int_equal(rig_state(1), OSTI_SLOT_FROZEN);
		enter(1, 1);
		enter(2, 2);
	}
	/* Header twice, chunks, manifest, and a flush behind each but one. */
	assert_true(disk.acts - acts >= 7);
	disk.fail_at = 0;
	assert_answer(2, OSTI_RESULT_DONE, 0);
	enter(1, 1);
	enter(2, 2);
}

static void test_hibernate_fails(void **state)
{
	(void)state;
	fail_each(EIO);
	fail_each(ETIMEDOUT);
}

static void test_power_off(void **state)
{
	static const struct uboot_key esc[] = {
		{ "hibernating slot 2", ESC }, { NULL, 0 },
	};

	(void)state;
	uboot.no_store = true;
	assert_request(OSTI_REQUEST_POWER_OFF, 0, NULL, OSTI_RESULT_NO_STORE, 1);
	assert_int_equal(rig_state(1), OSTI_SLOT_FROZEN);
	uboot.no_store = false;
	/* The longest frozen is first, and comes back by a switch. */
	assert_request(OSTI_REQUEST_POWER_OFF, 0, esc, OSTI_RESULT_DECLINED, 0);
	assert_runs(2, 2);
	assert_int_equal(rig_state(1), OSTI_SLOT_EMPTY);
	enter(1, 1);
}

/* Of a byte in the middle of the chunks of slot 1's image, which is in area A. */
static void flip(void)
{
	disk.now[DISK_FIRST * DISK_SECTOR + 0x20000] ^= 1;
}

static void test_verify(void **state)
{
	(void)state;
	assert_request(OSTI_REQUEST_VERIFY, 3, NULL, OSTI_RESULT_NO_IMAGE, 0);
	assert_request(OSTI_REQUEST_VERIFY, 1, NULL, OSTI_RESULT_DONE, 0);
	flip();
	assert_request(OSTI_REQUEST_VERIFY, 1, NULL, OSTI_RESULT_REFUSED, 19);
	assert_int_equal(rig_switch(1, NULL), RIG_WAITS);
	assert_said("its image is refused");
	flip();
	rig_power_cycle();
	assert_int_equal(rig_boot(NULL), RIG_ENTERED);
	assert_runs(1, 1);
}

static void test_verify_without_store(void **state)
{
	(void)state;
	uboot.no_store = true;
	assert_request(OSTI_REQUEST_VERIFY, 1, NULL, OSTI_RESULT_NO_STORE, 0);
	uboot.no_store = false;
	assert_request(OSTI_REQUEST_VERIFY, 1, NULL, OSTI_RESULT_DONE, 0);
}

static void test_drop(void **state)
{
	static const struct uboot_key no[] = {
		{ "y within 30 s", 'n' }, { NULL, 0 },
	};

	(void)state;
	assert_request(OSTI_REQUEST_DROP, 3, agree, OSTI_RESULT_NO_IMAGE, 0);
	assert_request(OSTI_REQUEST_DROP, 1, no, OSTI_RESULT_DECLINED, 0);
	/* Nobody is there. */
	assert_request(OSTI_REQUEST_DROP, 1, NULL, OSTI_RESULT_DECLINED, 0);
	assert_request(OSTI_REQUEST_VERIFY, 1, NULL, OSTI_RESULT_DONE, 0);
	assert_request(OSTI_REQUEST_DROP, 1, agree, OSTI_RESULT_DONE, 0);
	assert_request(OSTI_REQUEST_DROP, 1, agree, OSTI_RESULT_NO_IMAGE, 0);
	enter(1, RIG_COLD);
}

static void test_retire(void **state)
{
	(void)state;
	assert_request(OSTI_REQUEST_RETIRE, 3, NULL, OSTI_RESULT_NO_IMAGE, 0);
	assert_request(OSTI_REQUEST_RETIRE, 1, NULL, OSTI_RESULT_DONE, 0);
	assert_int_equal(rig_state(1), OSTI_SLOT_EMPTY);
	/* A second time it has nothing to do. */
	assert_request(OSTI_REQUEST_RETIRE, 1, NULL, OSTI_RESULT_DONE, 0);
	assert_int_equal(rig_switch(1, NULL), RIG_WAITS);
}

/* Nobody has said which copy. */
static void test_restore(void **state)
{
	(void)state;
	assert_request(OSTI_REQUEST_RESTORE, 1, agree, OSTI_RESULT_NO_IMAGE, 0);
	assert_int_equal(rig_state(1), OSTI_SLOT_FROZEN);
}

int main(void)
{
#define TEST(f, setup)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_on),
		TEST(test_newest, setup_two),
		TEST(test_off, setup_two),
		TEST(test_reset, setup_two),
		TEST(test_menu, setup_two),
		TEST(test_retired, setup_two),
		TEST(test_hibernate, setup_two),
		TEST(test_hibernate_fails, setup_two),
		TEST(test_power_off, setup_two),
		TEST(test_verify, setup_stored),
		TEST(test_verify_without_store, setup_stored),
		TEST(test_drop, setup_stored),
		TEST(test_retire, setup_two),
		TEST(test_restore, setup_two),
	};

	return cmocka_run_group_tests_name("bm_flow", tests, NULL, NULL);
}
