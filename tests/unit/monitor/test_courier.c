// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_courier.c - a running slot carries copies of a frozen one, and brings one
 * back if a person agrees
 */
#include "test.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "courier.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_flash.h"
#include "host_power.h"
#include "image_bytes.h"
#include "psci.h"
#include "spy.h"
#include "world.h"

#define SEED		1
#define SAVED		7

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

/* The courier runs; the other one is frozen. */
static int setup(void **state)
{
	(void)state;
	courier_begin(SEED);
	return 0;
}

static void assert_gone(void)
{
	assert_true(machine_engine_is_gone());
	assert_int_equal(host_mapped(), 0);
}

static void make_copy(struct carry_image *image)
{
	carry_export(CARRY_SLOT, image);
	assert_int_equal(slot()->state, OSTI_SLOT_SAVING);
	carry_commit_export();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
}

/* ---- Copies come out ------------------------------------------------------------ */

static void test_copy(void **state)
{
	struct carry_image image, again;
	struct event_record event;
	size_t bytes;

	(void)state;
	host_flash.programs = 0;
	make_copy(&image);
	assert_int_equal(host_flash.programs, 0);
	carry_assert_contents(CARRY_SLOT, SEED);
	carry_assert_generation(0, NV_NONE);
	assert_int_equal(image.generation, 1);
	assert_gone();
	/* As often as anybody likes, and each is the same. */
	make_copy(&again);
	assert_int_equal(again.bytes, image.bytes);
	assert_memory_equal(again.file + again.head, image.file + image.head,
			    image.bytes - image.head);
	assert_int_equal(host_flash.programs, 0);
	bytes = again.bytes;
	carry_free(&image);
	carry_free(&again);

	assert_int_equal(machine_suspend(CARRY_SLOT, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(slot()->resumed, OSTI_RESUMED_HOT);
	event = machine_last_event(OSTI_EV_COPIED);
	assert_int_equal(event.arg[0], COURIER);
	assert_int_equal(event.arg[1], bytes);
}

static struct image_packing packing;

static void note_packing(uint64_t op, struct arch_thread *t)
{
	const struct engine_desk *desk;

	(void)t;
	desk = (const void *)engine_model_memory(ENGINE_DESK, sizeof(*desk));
	if (op == ENGINE_OP_SEAL)
		packing = desk->packing;
}

/* What is carried far is compressed harder than what a person waits for. */
static void test_packing(void **state)
{
	static const struct image_packing local = IMAGE_PACKING_LOCAL;
	static const struct image_packing copy = IMAGE_PACKING_COPY;
	struct carry_image image;

	(void)state;
	engine_model.lie = note_packing;
	make_copy(&image);
	assert_int_equal(packing.level, copy.level);
	carry_free(&image);
	courier_hibernate(&image);
	assert_int_equal(packing.level, local.level);
	carry_free(&image);
	engine_model.lie = NULL;
}

/* What a courier may not have, and which slots it cannot have. */
static void test_denied(void **state)
{
	(void)state;
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1,
				      OSTI_IMAGE_LOCAL), OSTI_E_DENIED);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1,
				      2), OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1,
				      1UL << 32 | OSTI_IMAGE_COPY),
			 OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, COURIER, 1,
				      OSTI_IMAGE_COPY), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, 1, 1,
				      OSTI_IMAGE_COPY), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, 9, 1,
				      OSTI_IMAGE_COPY), OSTI_E_INVALID);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	assert_gone();
}

/* A buffer is the caller's own RAM, up to its last byte. */
static void test_buffers(void **state)
{
	static const uint64_t bad[] = {
		0, OSTI_RAM_IPA - 1, OSTI_RAM_IPA + COURIER_BYTES - 99,
		OSTI_RAM_IPA + COURIER_BYTES, OSTI_WINDOW_IPA, UINT64_MAX - 98,
	};
	struct carry_image image = { .slot = CARRY_SLOT };
	unsigned int i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_READ);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(machine_call(OSTI_CALL_EXPORT_READ, 0, bad[i],
					      100), OSTI_E_RANGE);
		assert_int_equal(host_mapped(), 0);
	}
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_READ, 0, OSTI_RAM_IPA +
				      COURIER_BYTES - 100, 100), OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_READ, 0, OSTI_RAM_IPA,
				      100), OSTI_OK);
	/* Across a border of blocks, and an error after the buffer was found. */
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_READ, 0, OSTI_RAM_IPA +
				      (2UL << 20) - 50, 100), OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_READ, UINT64_MAX,
				      OSTI_RAM_IPA, 100), OSTI_E_INVALID);
	assert_int_equal(host_mapped(), 0);
	carry_abort_export();
	carry_free(&image);
}

/* ---- A switch wins ----------------------------------------------------------------- */

static void to_target(unsigned int target)
{
	assert_int_equal(machine_suspend(target, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_gone();
	if (target == CARRY_SLOT) {
		assert_int_equal(slot()->state, OSTI_SLOT_RUNNING);
		assert_int_equal(slot()->resumed, OSTI_RESUMED_HOT);
	} else {
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		assert_int_equal(machine_call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0),
				 OSTI_E_STATE);
	}
	carry_assert_contents(CARRY_SLOT, SEED);
}

static void test_switch_ends_export(void **state)
{
	static const unsigned int targets[] = { CARRY_SLOT, OSTI_CONTEXT_BM };
	struct carry_image image;
	enum carry_export stage;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(targets); i++)
		for (stage = CARRY_SCANNING; stage <= CARRY_READ; stage++) {
			setup(state);
			image = (struct carry_image) { .slot = CARRY_SLOT };
			carry_export_steps(&image, CARRY_SCANNING, stage);
			to_target(targets[i]);
			carry_free(&image);
		}
}

/* It sleeps, and goes on with what it was at. */
static void test_sleep(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKING);
	host_power.wakes = true;
	host_power.interrupt = 27;
	assert_int_equal(machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND),
				     MACHINE_ENTRY, 0, 0).outcome,
			 OUTCOME_ENTER);
	carry_export_steps(&image, CARRY_CHUNKED, CARRY_READ);
	carry_commit_export();
	carry_free(&image);
}

static void test_end_of_courier(void **state)
{
	static const uint32_t ends[] = { PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET };
	struct carry_image image;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		setup(state);
		image = (struct carry_image) { .slot = CARRY_SLOT };
		carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKING);
		assert_int_equal(machine_smc(ends[i], 0, 0, 0).outcome,
				 OUTCOME_ENTER);
		assert_int_equal(context_get(COURIER)->state, OSTI_SLOT_EMPTY);
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		carry_assert_contents(CARRY_SLOT, SEED);
		assert_gone();
		carry_free(&image);
	}
}

/* ---- Copies come in ------------------------------------------------------------------ */

static void bring_in(const struct carry_image *image)
{
	courier_agree(image);
	assert_int_equal(carry_import(image), 0);
	carry_commit_import();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	assert_gone();
}

/* Enter it: 32 bytes that it alone is told. */
static void enter_copy(uint8_t fresh[32])
{
	struct machine_smc smc;

	assert_int_equal(machine_suspend(CARRY_SLOT, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_ptr_equal(world_current(), slot());
	carry_assert_contents(CARRY_SLOT, SEED);
	smc = machine_smc(OSTI_CALL_RESUME_INFO, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], OSTI_RESUMED_COPY);
	memcpy(fresh, &smc.x[5], 32);
	assert_memory_not_equal(fresh, (uint8_t[32]) { 0 }, 32);
}

static void test_restore(void **state)
{
	struct carry_image copy, local;
	uint8_t fresh[2][32];

	(void)state;
	make_copy(&copy);
	courier_hibernate(&local);
	carry_assert_generation(1, NV_STORED);
	bring_in(&copy);
	/* What the slot was before cannot come back. */
	carry_assert_generation(2, NV_BEGUN);
	enter_copy(fresh[0]);
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY, 0)
			 .outcome, OUTCOME_ENTER);
	assert_int_equal(machine_count_events(OSTI_EV_AGREED), 1);
	assert_int_equal(machine_last_event(OSTI_EV_RESTORED).arg[1], 1);
	carry_free(&local);

	/* The same once more, with the clock as it was. */
	carry_export(CARRY_SLOT, &local);
	carry_commit_export();
	assert_int_equal(local.generation, 3);
	courier_resume();
	bring_in(&copy);
	carry_assert_generation(4, NV_BEGUN);
	enter_copy(fresh[1]);
	assert_memory_not_equal(fresh[0], fresh[1], 32);
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY, 0)
			 .outcome, OUTCOME_ENTER);
	carry_free(&copy);
	carry_free(&local);
}

/* Without a person nothing is lost. */
static void test_no_consent(void **state)
{
	struct carry_image copy, local;

	(void)state;
	make_copy(&copy);
	courier_hibernate(&local);
	assert_int_equal(carry_import(&copy), 0);
	host_flash.programs = 0;
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_E_AGREE);
	assert_int_equal(slot()->state, OSTI_SLOT_RESTORING);
	carry_abort_import();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(host_flash.programs, 0);
	carry_assert_generation(1, NV_STORED);
	assert_gone();

	/* Asked for, but not answered. */
	assert_int_equal(courier_ask(&copy), OSTI_OK);
	assert_int_equal(carry_import(&copy), 0);
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_E_AGREE);
	carry_abort_import();
	/* The image that it has is as good as before. */
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY, 0)
			 .outcome, OUTCOME_ENTER);
	assert_int_equal(carry_import(&local), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, SEED);
	carry_free(&copy);
	carry_free(&local);
}

static void assert_no_longer_agreed(const struct carry_image *image)
{
	assert_int_equal(carry_import(image), 0);
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_E_AGREE);
	carry_abort_import();
}

/* Consent is for one image, once. */
static void test_consent_is_for_one(void **state)
{
	struct carry_image one, two, local;

	(void)state;
	make_copy(&one);
	/* Another one: it has another time. */
	memset(host_memory(pa_add(slot()->base, 4096), 8), 0x77, 8);
	make_copy(&two);
	courier_hibernate(&local);
	courier_agree(&one);
	assert_no_longer_agreed(&two);
	/* It is still so for the first, until something else is asked for. */
	assert_int_equal(courier_ask(&two), OSTI_OK);
	assert_no_longer_agreed(&one);
	bring_in(&one);
	/* Used up. */
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY, 0)
			 .outcome, OUTCOME_ENTER);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_INFO, 0, 0, 0),
			 OSTI_E_EMPTY);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_GRANT, CARRY_SLOT, 0,
				      0), OSTI_E_EMPTY);
	carry_free(&one);
	carry_free(&two);
	carry_free(&local);
}

/* It is for who asked, and ends with it. */
static void test_consent_ends_with_courier(void **state)
{
	struct carry_image copy, local;

	(void)state;
	make_copy(&copy);
	courier_hibernate(&local);
	courier_agree(&copy);
	assert_int_equal(machine_smc(PSCI_SYSTEM_RESET, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	machine_start(COURIER);
	assert_no_longer_agreed(&copy);
	carry_free(&copy);
	carry_free(&local);
}

static void test_ask(void **state)
{
	struct carry_image copy;
	struct machine_smc smc;
	uint8_t *header;

	(void)state;
	make_copy(&copy);
	header = copy.file;
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_ASK, COURIER,
				      CARRY_BUFFER, 0), OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_ASK, 9, CARRY_BUFFER,
				      0), OSTI_E_INVALID);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_ASK, CARRY_SLOT,
				      OSTI_RAM_IPA + COURIER_BYTES - 4095, 0),
			 OSTI_E_RANGE);
	assert_int_equal(host_mapped(), 0);
	assert_int_equal(courier_ask(&copy), OSTI_OK);
	/* One that is forged, and with it the wish is no more. */
	header[OSTI_IMAGE_H_SAVED_AT] ^= 1;
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), header, OSTI_IMAGE_HEADER);
	smc = machine_smc(OSTI_CALL_RESTORE_ASK, CARRY_SLOT, CARRY_BUFFER, 0);
	assert_int_equal(smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(smc.x[1], -OSTI_IMAGE_E_TAG);
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY, 0)
			 .outcome, OUTCOME_ENTER);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_INFO, 0, 0, 0),
			 OSTI_E_EMPTY);
	assert_int_equal(machine_call(OSTI_CALL_RESTORE_ASK, CARRY_SLOT,
				      CARRY_BUFFER, 0), OSTI_E_DENIED);
	carry_free(&copy);
}

static void test_switch_ends_import(void **state)
{
	struct carry_image copy, local;
	enum carry_import stage;

	for (stage = CARRY_WRITING; stage <= CARRY_CHECKED; stage++) {
		setup(state);
		make_copy(&copy);
		courier_hibernate(&local);
		courier_agree(&copy);
		assert_int_equal(carry_import_steps(&copy, CARRY_WRITING,
						    stage), 0);
		assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY,
						 0).outcome, OUTCOME_ENTER);
		assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
		assert_gone();
		carry_assert_generation(1, NV_STORED);
		carry_free(&copy);
		carry_free(&local);
	}
}

/* Neither kind of image is taken for the other. */
static void test_kinds(void **state)
{
	struct carry_image copy, local;

	(void)state;
	make_copy(&copy);
	courier_hibernate(&local);
	/* A local image, by a courier */
	assert_int_equal(courier_ask(&local), OSTI_OK);
	assert_int_equal(carry_import(&local), OSTI_IMAGE_E_KIND);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	/* A copy, by the boot manager, with the number that it wants */
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, MACHINE_ENTRY, 0)
			 .outcome, OUTCOME_ENTER);
	assert_int_equal(copy.generation, local.generation);
	assert_int_equal(carry_import(&copy), OSTI_IMAGE_E_KIND);
	carry_assert_generation(1, NV_STORED);
	carry_free(&copy);
	carry_free(&local);
}

/* The flash takes nothing: it does not come in, and nothing is lost. */
static void test_worn(void **state)
{
	struct carry_image copy, local;

	(void)state;
	make_copy(&copy);
	courier_hibernate(&local);
	courier_agree(&copy);
	assert_int_equal(carry_import(&copy), 0);
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	host_flash.fail_more = UINT_MAX;
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_E_HARDWARE);
	host_flash.fail_at = 0;
	host_flash.fail_more = 0;
	carry_abort_import();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	carry_assert_generation(1, NV_STORED);
	carry_free(&copy);
	carry_free(&local);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_copy),
		TEST(test_packing),
		TEST(test_denied),
		TEST(test_buffers),
		TEST(test_switch_ends_export),
		TEST(test_sleep),
		TEST(test_end_of_courier),
		TEST(test_restore),
		TEST(test_no_consent),
		TEST(test_consent_is_for_one),
		TEST(test_consent_ends_with_courier),
		TEST(test_ask),
		TEST(test_switch_ends_import),
		TEST(test_kinds),
		TEST(test_worn),
	};

	return cmocka_run_group_tests_name("monitor_courier", tests, NULL,
					   NULL);
}
