// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_image_nv.c - images and the device's memory of them: flash that wears
 * out, power that goes at any write, images that are given up
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_flash.h"
#include "nv.h"
#include "slot.h"
#include "spy.h"

/* More operations, and writes to the bus, than one entry of the log takes. */
#define MOST	200

static struct carry_image image;
/* What longjmp() comes back to leaves locals unknown: those tests have statics. */
static jmp_buf power;

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static int64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	return machine_call(fid, a, b, c);
}

/* Frozen, and an image of it that is not stored. */
static int setup_frozen(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	spy_reset();
	return 0;
}

static int setup_stored(void **state)
{
	setup_frozen(state);
	carry_commit_export();
	spy_reset();
	return 0;
}

/* As setup_stored() leaves it, but sooner: power-on with that image stored. */
static void boot_stored(void)
{
	carry_boot();
	assert_int_equal(nv_store(CARRY_SLOT, image.generation), 0);
	spy_reset();
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&image);
	return 0;
}

/* ---- Worn flash ------------------------------------------------------------------ */

/* The n-th operation from now on fails; an error by turns silent or reported. */
static void fail_at(unsigned int n)
{
	host_flash.fail_at = n;
	host_flash.fail_status = n % 2 ? 0x10 : 0;
	host_flash.fail_chip = n / 2 % 2;
}

/* The slot lives on when its image cannot be made valid. */
static void test_worn_export(void **state)
{
	unsigned int n;

	for (n = 1; n < MOST; n++) {
		setup_frozen(state);
		fail_at(n);
		if (carry_status(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0) == OSTI_OK)
			break;
		assert_int_equal(slot()->state, OSTI_SLOT_SAVING);
		assert_int_equal(call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0),
				 OSTI_E_HARDWARE);
		assert_int_equal(spy_count("arch_zero", CARRY_SLOT), 0);
		assert_int_equal(machine_count_events(OSTI_EV_SAVED), 0);
		carry_abort_export();
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		carry_assert_generation(1, NV_BEGUN);
		if (n % 8 == 1)
			carry_assert_contents(CARRY_SLOT, 1);
		assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT,
					     0, 0).outcome, OUTCOME_ENTER);
		/* It went on: the image on the disk must not come back. */
		carry_power_cycle();
		carry_assert_generation(1, NV_BEGUN);
		assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	}
	assert_in_range(n, 10, MOST - 1);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
}

/* Without a number of its own there is no image. */
static void test_worn_begin(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 1; n < MOST; n++) {
		struct machine_smc smc;

		carry_boot();
		carry_freeze(CARRY_SLOT, 1);
		fail_at(n);
		smc = machine_smc(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0);
		if (smc.x[0] == OSTI_OK)
			break;
		assert_int_equal(smc.x[0], OSTI_E_HARDWARE);
		machine_assert_kept(&smc, 0);
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		assert_int_equal(call(OSTI_CALL_EXPORT_SCAN, 0, 0, 0),
				 OSTI_E_STATE);
		/* It can be tried again, whatever comes of it. */
		if (!call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0))
			carry_abort_export();
		carry_assert_clean();
		assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT,
					     0, 0).outcome, OUTCOME_ENTER);
	}
	assert_in_range(n, 10, MOST - 1);
	assert_int_equal(slot()->state, OSTI_SLOT_SAVING);
}

static void resume_from_image(void)
{
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0)
			 .outcome, OUTCOME_ENTER);
}

/* What cannot be used up must not be resumed. */
static void test_worn_import(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 1; n < MOST; n++) {
		boot_stored();
		assert_int_equal(carry_import(&image), 0);
		fail_at(n);
		if (carry_status(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0) == OSTI_OK)
			break;
		assert_int_equal(slot()->state, OSTI_SLOT_RESTORING);
		assert_int_equal(call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
				 OSTI_E_HARDWARE);
		assert_int_equal(call(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0),
				 OSTI_E_STATE);
		assert_int_equal(machine_count_events(OSTI_EV_RESTORED), 0);
		carry_abort_import();
		assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
		carry_assert_generation(1, NV_STORED);
		/* It was not resumed, so it is not lost. */
		carry_power_cycle();
		resume_from_image();
	}
	assert_in_range(n, 10, MOST - 1);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
}

/* ---- Power cuts --------------------------------------------------------------------- */

static void cut(void)
{
	longjmp(power, 1);
}

static void cut_at(unsigned int n)
{
	host_flash.cut_at = host_flash.writes + n;
	/* Nothing of the last write happens, all of it, or some. */
	host_flash.cut_seed = n % 3;
	host_flash.cut_hook = cut;
}

static enum nv_state state_after(void)
{
	enum nv_state state;
	uint64_t generation;

	carry_power_cycle();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(nv_generation(CARRY_SLOT, &generation, &state), 0);
	assert_int_equal(generation, state == NV_NONE ? 0 : 1);
	return state;
}

/* The image is good, or there never was one. */
static void test_cut_export(void **state)
{
	static unsigned int n, before, after;

	for (n = 1; n < MOST; n++) {
		setup_frozen(state);
		cut_at(n);
		if (!setjmp(power)) {
			carry_commit_export();
			break;
		}
		if (state_after() == NV_STORED) {
			after++;
			resume_from_image();
		} else {
			before++;
			carry_assert_generation(1, NV_BEGUN);
			assert_int_equal(carry_import(&image),
					 OSTI_IMAGE_E_GENERATION);
		}
	}
	assert_in_range(n, 10, MOST - 1);
	assert_true(before && after);
}

/* The number is given away, or not yet: nobody had it. */
static void test_cut_begin(void **state)
{
	static unsigned int n, before, after;

	(void)state;
	for (n = 1; n < MOST; n++) {
		carry_boot();
		carry_freeze(CARRY_SLOT, 1);
		cut_at(n);
		if (!setjmp(power)) {
			assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN,
					      CARRY_SLOT, 1, 0), OSTI_OK);
			break;
		}
		switch (state_after()) {
		case NV_NONE:
			before++;
			break;
		default:
			after++;
			carry_assert_generation(1, NV_BEGUN);
			break;
		}
	}
	assert_in_range(n, 10, MOST - 1);
	assert_true(before && after);
}

/*
 * What a power cut left on the disk is authentic and whole, but was never
 * stored: it has the number of no other image.
 */
static void test_unfinished(void **state)
{
	struct carry_image next;

	(void)state;
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_freeze(CARRY_SLOT, 2);
	carry_export(CARRY_SLOT, &next);
	assert_int_equal(next.generation, 2);
	carry_commit_export();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	assert_int_equal(carry_import(&next), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 2);
	carry_free(&next);
}

/* It is used up, or can still be resumed: once. */
static void test_cut_import(void **state)
{
	static unsigned int n, before, after;

	(void)state;
	for (n = 1; n < MOST; n++) {
		boot_stored();
		assert_int_equal(carry_import(&image), 0);
		cut_at(n);
		if (!setjmp(power)) {
			carry_commit_import();
			break;
		}
		if (state_after() == NV_STORED) {
			before++;
			resume_from_image();
			carry_power_cycle();
		} else {
			after++;
		}
		carry_assert_generation(1, NV_CONSUMED);
		assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	}
	assert_in_range(n, 10, MOST - 1);
	assert_true(before && after);
}

/* ---- Given up ------------------------------------------------------------------------ */

static void assert_dropped(void)
{
	struct event_record rec = machine_last_event(OSTI_EV_DROPPED);

	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], 1);
	carry_assert_generation(1, NV_CONSUMED);
}

/* Its disks change now: the image would not fit them any more. */
static void test_start(void **state)
{
	(void)state;
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, CARRY_SLOT, 0, 0), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_SLOT_CLOSE, CARRY_SLOT, 0, 0),
			 OSTI_OK);
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, CARRY_SLOT, 0, 0), OSTI_OK);
	/* Until here nobody can have changed them. */
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(machine_start_open(CARRY_SLOT).outcome,
			 OUTCOME_ENTER);
	assert_dropped();
	spy_assert_order("nv_consume", CARRY_SLOT, "slot_transition",
			 SLOT_EV_START);
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
}

/* Other slots' images are none of its business. */
static void test_start_other(void **state)
{
	(void)state;
	carry_start(2);
	assert_int_equal(spy_count("nv_consume", SPY_ANY), 0);
	carry_assert_generation(1, NV_STORED);
}

static void test_start_worn(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, CARRY_SLOT, 0, 0), OSTI_OK);
	fail_at(1);
	smc = machine_start_open(CARRY_SLOT);
	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	assert_int_equal(smc.x[0], OSTI_E_AGREE);
	assert_int_equal(slot()->state, OSTI_SLOT_LOADING);
	assert_int_equal(machine_count_events(OSTI_EV_DROPPED), 0);
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), CARRY_SLOT);
	/* Without an image it needs no flash. */
	assert_int_equal(call(OSTI_CALL_SLOT_CLOSE, CARRY_SLOT, 0, 0),
			 OSTI_OK);
	carry_start(2);
}

static void test_drop(void **state)
{
	(void)state;
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_OK);
	assert_dropped();
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	/* The slot can have images again. */
	carry_freeze(CARRY_SLOT, 2);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(image.generation, 2);
	carry_commit_export();
	carry_assert_generation(2, NV_STORED);
}

static void test_drop_refused(void **state)
{
	static const uint64_t bad[] = {
		0, CONFIG_OSTI_NR_SLOTS + 1, 0x100000003, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(call(OSTI_CALL_IMAGE_DROP, bad[i], 0, 0),
				 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, 1, 0, 0), OSTI_E_STATE);
	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_E_STATE);
	carry_abort_import();
	fail_at(1);
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_E_HARDWARE);
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(machine_count_events(OSTI_EV_DROPPED), 0);
	machine_boot(2);
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT, 0, 0),
			 OSTI_E_HARDWARE);
}

/* ---- What is known of it ---------------------------------------------------------------- */

static void assert_info(uint64_t generation, unsigned int known)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT,
					     0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], known);
	assert_int_equal(smc.x[2], generation);
}

static void test_info(void **state)
{
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	carry_boot();
	assert_info(0, OSTI_GENERATION_NONE);
	carry_freeze(CARRY_SLOT, 1);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	/* It has a number, but there is nothing to resume. */
	assert_info(1, OSTI_GENERATION_CONSUMED);
	carry_commit_export();
	assert_info(1, OSTI_GENERATION_STORED);
	assert_int_equal(carry_import(&image), 0);
	assert_info(1, OSTI_GENERATION_STORED);
	carry_commit_import();
	assert_info(1, OSTI_GENERATION_CONSUMED);
	/* Nothing is noted of the store yet, and never of another slot. */
	smc = machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0);
	for (i = 3; i <= 6; i++)
		assert_int_equal(smc.x[i], 0);
	assert_int_equal(machine_smc5(OSTI_CALL_IMAGE_NOTE, CARRY_SLOT,
				      OSTI_NOTE_REFUSED, 19, 1795651260,
				      5UL << 30).x[0], OSTI_OK);
	smc = machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.x[3], OSTI_NOTE_REFUSED);
	assert_int_equal(smc.x[4], 19);
	assert_int_equal(smc.x[5], 1795651260);
	assert_int_equal(smc.x[6], 5UL << 30);
	machine_assert_kept(&smc, 0x7e);
	assert_int_equal(machine_smc(OSTI_CALL_IMAGE_INFO, 1, 0, 0).x[3],
			 OSTI_NOTE_UNKNOWN);
	/* Each slot may know it of each. */
	carry_start(2);
	assert_info(1, OSTI_GENERATION_CONSUMED);
	assert_int_equal(machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0)
			 .x[6], 5UL << 30);
}

static void test_info_refused(void **state)
{
	static const uint64_t bad[] = {
		0, CONFIG_OSTI_NR_SLOTS + 1, 0x100000003, UINT64_MAX,
	};
	static const uint64_t notes[] = {
		OSTI_NOTE_LAST + 1, 0x100000001, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(call(OSTI_CALL_IMAGE_INFO, bad[i], 0, 0),
				 OSTI_E_INVALID);
		assert_int_equal(call(OSTI_CALL_IMAGE_NOTE, bad[i],
				      OSTI_NOTE_NONE, 0), OSTI_E_INVALID);
	}
	for (i = 0; i < ARRAY_SIZE(notes); i++)
		assert_int_equal(call(OSTI_CALL_IMAGE_NOTE, CARRY_SLOT,
				      notes[i], 5), OSTI_E_INVALID);
	assert_int_equal(slot()->note.note, OSTI_NOTE_UNKNOWN);
	machine_boot(2);
	for (i = 1; i <= CONFIG_OSTI_NR_SLOTS; i++)
		assert_int_equal(call(OSTI_CALL_IMAGE_INFO, i, 0, 0),
				 OSTI_E_HARDWARE);
}

#define TEST(f, before) cmocka_unit_test_setup_teardown(f, before, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_worn_export, setup_frozen),
		TEST(test_worn_begin, setup_frozen),
		TEST(test_worn_import, setup_stored),
		TEST(test_cut_export, setup_frozen),
		TEST(test_cut_begin, setup_frozen),
		TEST(test_unfinished, setup_frozen),
		TEST(test_cut_import, setup_stored),
		TEST(test_start, setup_stored),
		TEST(test_start_other, setup_stored),
		TEST(test_start_worn, setup_stored),
		TEST(test_drop, setup_stored),
		TEST(test_drop_refused, setup_stored),
		TEST(test_info, setup_frozen),
		TEST(test_info_refused, setup_frozen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
