// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_image_doubt.c - NV memory that cannot say whether a slot has an image, or
 * cannot take that it has none: only a person lets the slot start
 */
#include "test.h"

#include <limits.h>

#include "carry.h"
#include "context.h"
#include "event.h"
#include "host_flash.h"
#include "nv.h"
#include "psci.h"
#include "transfer.h"

#define OTHER	2

static struct carry_image image;

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static int64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	return machine_call(fid, a, b, c);
}

/* CARRY_SLOT is in the store, OTHER is frozen. */
static int setup(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	carry_freeze(OTHER, 2);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&image);
	return 0;
}

/* From now on the flash takes nothing. */
static void die(void)
{
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	host_flash.fail_more = UINT_MAX;
}

static void assert_dropped(uint64_t generation)
{
	struct event_record rec = machine_last_event(OSTI_EV_DROPPED);

	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], generation);
}

/* OTHER runs and ends, so that the boot manager is entered anew. */
static void enter_boot_manager(void)
{
	carry_start(OTHER);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
}

static void end_other(void)
{
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, OTHER, 0, 0)
			 .outcome, OUTCOME_ENTER);
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
}

/* ---- It cannot be written ------------------------------------------------------ */

static void test_worn_wants_consent(void **state)
{
	(void)state;
	assert_false(transfer_wants_consent(slot()));
	die();
	/* Nobody knows yet; it shows when the start is tried. */
	assert_int_equal(transfer_give_up(slot(), false), OSTI_E_AGREE);
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(machine_count_events(OSTI_EV_DROPPED), 0);
	assert_true(transfer_wants_consent(slot()));
	assert_false(transfer_wants_consent(context_get(OTHER)));
	assert_int_equal(transfer_give_up(context_get(OTHER), false), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_E_HARDWARE);
	/* Before it is read for nothing. */
	assert_int_equal(machine_smc(OSTI_CALL_IMPORT_BEGIN, CARRY_SLOT,
				     CARRY_BUFFER, 0).x[0], OSTI_E_HARDWARE);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);

	assert_int_equal(transfer_give_up(slot(), true), OSTI_OK);
	assert_dropped(1);
	assert_false(transfer_wants_consent(slot()));
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	assert_int_equal(machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0)
			 .x[1], OSTI_GENERATION_CONSUMED);
}

/* What was agreed to is written as soon as it can be, also when nobody asks. */
static void test_worn_is_not_forgotten(void **state)
{
	(void)state;
	die();
	assert_int_equal(transfer_give_up(slot(), true), OSTI_OK);
	end_other();
	host_flash_reset();
	enter_boot_manager();
	carry_power_cycle();
	carry_assert_generation(1, NV_CONSUMED);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
}

/* A person is not asked for what was over in a moment. */
static void test_worn_for_a_moment(void **state)
{
	(void)state;
	die();
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_E_HARDWARE);
	host_flash_reset();
	assert_false(transfer_wants_consent(slot()));
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
}

/* It does not know that it is not needed. */
static void test_consent_for_nothing(void **state)
{
	(void)state;
	assert_int_equal(transfer_give_up(slot(), true), OSTI_OK);
	assert_dropped(1);
	carry_assert_generation(1, NV_CONSUMED);
	carry_power_cycle();
	carry_assert_generation(1, NV_CONSUMED);
}

/* ---- It cannot be read ---------------------------------------------------------- */

static void test_unreadable_wants_consent(void **state)
{
	unsigned int id;

	(void)state;
	machine_nv_init = NV_E_DAMAGED;
	host_flash.data[nv_format_offset(1, 1) + 8] ^= 1;
	machine_power_cycle(2);
	for (id = 1; id <= context_slots(); id++) {
		assert_true(transfer_wants_consent(context_get(id)));
		assert_int_equal(transfer_give_up(context_get(id), false),
				 OSTI_E_AGREE);
	}
	assert_int_equal(machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0)
			 .x[0], OSTI_E_HARDWARE);
	assert_int_equal(transfer_give_up(slot(), true), OSTI_OK);
	assert_dropped(0);
	/* Asked once, the slot can start again. */
	assert_int_equal(transfer_give_up(slot(), false), OSTI_OK);
	assert_int_equal(machine_smc(OSTI_CALL_IMPORT_BEGIN, CARRY_SLOT,
				     CARRY_BUFFER, 0).x[0], OSTI_E_HARDWARE);

	/* It can be read again: nothing comes before CONSUMED. */
	host_flash.data[nv_format_offset(1, 1) + 8] ^= 1;
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_assert_generation(1, NV_CONSUMED);
	machine_nv_init = 0;
	carry_power_cycle();
	carry_assert_generation(1, NV_CONSUMED);
	carry_freeze(CARRY_SLOT, 3);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(image.generation, 2);
	carry_commit_export();
	assert_int_equal(carry_import(&image), 0);
}

/* A device without keys never had an image. */
static void test_unprovisioned(void **state)
{
	(void)state;
	machine_boot(2);
	assert_false(transfer_wants_consent(slot()));
	assert_int_equal(transfer_give_up(slot(), false), OSTI_OK);
	assert_int_equal(machine_count_events(OSTI_EV_DROPPED), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_worn_wants_consent),
		TEST(test_worn_is_not_forgotten),
		TEST(test_worn_for_a_moment),
		TEST(test_consent_for_nothing),
		TEST(test_unreadable_wants_consent),
		TEST(test_unprovisioned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
