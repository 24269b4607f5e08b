// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_hostile.c - an image engine in wrong hands: what it says is bounded or
 * proved, and what it does to itself is between it and its slot
 *
 * An image fails by an error, or is made and refused later; the monitor does not
 * panic, its slot is what it was, and memory of others is as it was. What there is
 * besides, test_rogue.c tries by chance.
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "carry.h"
#include "context.h"
#include "event.h"
#include "forge.h"
#include "host.h"
#include "image_bytes.h"
#include "nv.h"

#define PAGE	OSTI_IMAGE_PAGE
#define OTHER	2

/* A good image, which is stored. */
static struct carry_image good;

static int setup_group(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	carry_export(CARRY_SLOT, &good);
	return 0;
}

static int teardown_group(void **state)
{
	(void)state;
	carry_free(&good);
	return 0;
}

/* CARRY_SLOT is frozen, and so is another slot. */
static int setup_frozen(void **state)
{
	(void)state;
	carry_boot();
	context_get(OTHER)->size = CARRY_BYTES;
	carry_freeze(OTHER, 2);
	carry_freeze(CARRY_SLOT, 1);
	return 0;
}

static int setup_stored(void **state)
{
	(void)state;
	carry_boot();
	context_get(OTHER)->size = CARRY_BYTES;
	carry_freeze(OTHER, 2);
	assert_int_equal(nv_store(CARRY_SLOT, good.generation), 0);
	return 0;
}

/* Time passes, so that the budget of events is not spent. */
static void pass_time(void)
{
	host_counter_now += arch_counter_hz();
}

/* ---- Numbers ------------------------------------------------------------------------ */

/* What a job says instead of the truth: register @reg. */
static struct {
	uint64_t op;
	unsigned int reg;
	uint64_t val;
} lies;

static void lie(uint64_t op, struct arch_thread *t)
{
	if (op == lies.op)
		t->x[lies.reg] = lies.val;
}

static void tell(uint64_t op, unsigned int reg, uint64_t val)
{
	lies.op = op;
	lies.reg = reg;
	lies.val = val;
	engine_model.lie = lie;
}

static void assert_kept(void)
{
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0),
			 OSTI_E_STATE);
	carry_assert_clean();
}

static void assert_export_fails(int err)
{
	struct carry_image image;

	pass_time();
	assert_int_equal(carry_try_export(CARRY_SLOT, &image), err);
	assert_int_equal(machine_last_event(OSTI_EV_REJECTED).arg[0], -err);
	assert_kept();
}

/* Afterwards an honest engine finds everything as it was. */
static void assert_unharmed(void)
{
	struct carry_image image;

	engine_model_init();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(image.bytes, good.bytes);
	assert_memory_equal(image.file + image.head, good.file + good.head,
			    good.bytes - good.head);
	carry_commit_export();
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_free(&image);
}

/* More than there can be. */
static void test_too_much(void **state)
{
	const uint64_t manifest = IMAGE_MANIFEST_MAX(CARRY_BYTES) +
				  OSTI_IMAGE_TAG;
	const struct {
		uint64_t op;
		unsigned int reg;
		uint64_t most;
	} limits[] = {
		{ ENGINE_OP_FINISH, 1, CARRY_PAGES },
		{ ENGINE_OP_FINISH, 2, IMAGE_CHUNKS_MAX(CARRY_BYTES) },
		{ ENGINE_OP_FINISH, 3, manifest },
		{ ENGINE_OP_CHUNK, 1, OSTI_IMAGE_STORED_MAX },
		{ ENGINE_OP_SEAL, 1,
		  good.chunks * (uint64_t)OSTI_IMAGE_STORED_MAX },
	};
	static const uint64_t more[] = {
		1, 2, 1UL << 32, 1UL << 40, INT64_MAX, 1UL << 63,
	};
	unsigned int i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		for (k = 0; k < ARRAY_SIZE(more); k++) {
			tell(limits[i].op, limits[i].reg,
			     limits[i].most + more[k]);
			assert_export_fails(OSTI_IMAGE_E_ENGINE);
		}
		tell(limits[i].op, limits[i].reg, UINT64_MAX);
		assert_export_fails(OSTI_IMAGE_E_ENGINE);
	}
	/* A chunk of nothing. */
	for (k = 0; k <= OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG; k += 8) {
		tell(ENGINE_OP_CHUNK, 1, k);
		assert_export_fails(OSTI_IMAGE_E_ENGINE);
	}
	assert_unharmed();
}

/* Every error that a job can have, and what is none. */
static void test_errors(void **state)
{
	static const uint64_t ops[] = {
		ENGINE_OP_EXPORT, ENGINE_OP_SCAN, ENGINE_OP_FINISH,
		ENGINE_OP_CHUNK, ENGINE_OP_SEAL,
	};
	unsigned int i;
	int err;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (err = -1; err >= OSTI_IMAGE_E_LAST; err -= 5) {
			tell(ops[i], 0, (int64_t)err);
			assert_export_fails(err);
		}
		tell(ops[i], 0, OSTI_IMAGE_AGAIN);
		assert_export_fails(OSTI_IMAGE_E_ENGINE);
		tell(ops[i], 0, UINT32_MAX);
		assert_export_fails(OSTI_IMAGE_E_ENGINE);
	}
	assert_unharmed();
}

/* A crash in any slice of an export. */
static void test_faults(void **state)
{
	unsigned int n, runs;
	struct carry_image image;

	(void)state;
	engine_model.slices = 1;
	carry_export(CARRY_SLOT, &image);
	runs = engine_model.runs;
	carry_abort_export();
	carry_free(&image);
	for (n = 1; n <= runs; n++) {
		engine_model.fault_in = n;
		assert_export_fails(OSTI_IMAGE_E_ENGINE);
	}
	assert_unharmed();
}

/* ---- Images that are none ------------------------------------------------------------- */

/* It was made, by an engine that lied. An honest one refuses it. */
static void assert_refused(void (*liar)(uint64_t op, struct arch_thread *t),
			   int err)
{
	struct carry_image image;

	pass_time();
	engine_model.lie = liar;
	assert_int_equal(carry_try_export(CARRY_SLOT, &image), 0);
	carry_commit_export();
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
	engine_model.lie = NULL;
	assert_int_equal(carry_import(&image), err);
	carry_assert_clean();
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_free(&image);
	carry_freeze(CARRY_SLOT, 1);
}

static struct engine_desk *desk(void)
{
	return (void *)engine_model_memory(ENGINE_DESK,
					   sizeof(struct engine_desk));
}

static void spoil_id(uint64_t op, struct arch_thread *t)
{
	(void)t;
	if (op == ENGINE_OP_SEAL)
		desk()->manifest_id[31] ^= 0x80;
}

static void spoil_manifest(uint64_t op, struct arch_thread *t)
{
	(void)t;
	if (op == ENGINE_OP_SEAL)
		*engine_model_memory(ENGINE_MANIFEST(CARRY_BYTES), 1) ^= 1;
}

static void spoil_table(uint64_t op, struct arch_thread *t)
{
	(void)t;
	if (op == ENGINE_OP_SEAL)
		*engine_model_memory(ENGINE_TABLE, 1) ^= 1;
}

static void spoil_sum(uint64_t op, struct arch_thread *t)
{
	if (op == ENGINE_OP_SEAL)
		t->x[1]--;
}

static void spoil_chunk(uint64_t op, struct arch_thread *t)
{
	(void)t;
	if (op == ENGINE_OP_CHUNK)
		*engine_model_memory(ENGINE_RING(0) + 30, 1) ^= 1;
}

/* What it seals is another record than the monitor's. */
static void spoil_record(uint64_t op, struct arch_thread *t)
{
	(void)t;
	if (op == ENGINE_OP_FINISH)
		*engine_model_memory(ENGINE_MANIFEST(CARRY_BYTES) +
				     OSTI_IMAGE_M_FIXED +
				     OSTI_IMAGE_R_ENTRY, 1) ^= 4;
}

static void fewer_chunks(uint64_t op, struct arch_thread *t)
{
	if (op == ENGINE_OP_FINISH)
		t->x[2]--;
}

static void test_spoiled(void **state)
{
	(void)state;
	assert_refused(spoil_id, OSTI_IMAGE_E_TAG);
	assert_refused(spoil_manifest, OSTI_IMAGE_E_TAG);
	assert_refused(spoil_table, OSTI_IMAGE_E_TAG);
	assert_refused(spoil_sum, OSTI_IMAGE_E_TABLE);
	assert_refused(spoil_chunk, OSTI_IMAGE_E_CHUNK_TAG);
	assert_refused(spoil_record, OSTI_IMAGE_E_RECORD);
	carry_assert_contents(OTHER, 2);
}

/* A table that is shorter than the engine's own cannot be sealed with all. */
static void test_fewer_chunks(void **state)
{
	struct carry_image image;

	(void)state;
	engine_model.lie = fewer_chunks;
	assert_int_equal(carry_try_export(CARRY_SLOT, &image), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_kept();
	assert_unharmed();
}

/* Pages are a number for people: nothing is made of it. */
static void test_wrong_pages(void **state)
{
	struct machine_smc smc;

	(void)state;
	tell(ENGINE_OP_FINISH, 1, 0);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0),
			 OSTI_OK);
	smc = carry_call(OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[2], 0);
	assert_int_equal(smc.x[3], good.chunks);
	carry_abort_export();
	assert_unharmed();
}

/* ---- Import ------------------------------------------------------------------------- */

static void assert_empty(void)
{
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(pa_value(context_get(CARRY_SLOT)->base), 0);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
	carry_assert_generation(good.generation, NV_STORED);
}

static void assert_import_fails(int err)
{
	pass_time();
	assert_int_equal(carry_import(&good), err);
	assert_int_equal(machine_last_event(OSTI_EV_REJECTED).arg[0], -err);
	assert_empty();
}

static void assert_import_unharmed(void)
{
	engine_model_init();
	assert_int_equal(carry_import(&good), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
}

static void test_import_numbers(void **state)
{
	static const uint64_t pages[] = {
		CARRY_PAGES + 1, 1UL << 32, 1UL << 63, UINT64_MAX,
	};
	unsigned int i;
	int err;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		tell(ENGINE_OP_OPEN, 1, pages[i]);
		assert_import_fails(OSTI_IMAGE_E_ENGINE);
	}
	for (err = -1; err >= OSTI_IMAGE_E_LAST; err -= 3) {
		tell(ENGINE_OP_OPEN, 0, (int64_t)err);
		assert_import_fails(err);
		tell(ENGINE_OP_PLACE, 0, (int64_t)err);
		assert_import_fails(err);
	}
	tell(ENGINE_OP_OPEN, 0, OSTI_IMAGE_AGAIN);
	assert_import_fails(OSTI_IMAGE_E_ENGINE);
	tell(ENGINE_OP_PLACE, 0, 1UL << 40);
	assert_import_fails(OSTI_IMAGE_E_ENGINE);
	assert_import_unharmed();
}

static void test_import_faults(void **state)
{
	unsigned int n, runs;

	(void)state;
	engine_model.slices = 1;
	assert_int_equal(carry_import(&good), 0);
	runs = engine_model.runs;
	carry_abort_import();
	for (n = 1; n <= runs; n++) {
		engine_model.fault_in = n;
		assert_import_fails(OSTI_IMAGE_E_ENGINE);
	}
	assert_import_unharmed();
}

/* Of a manifest that it has opened, it can say what it likes: so many bytes. */
static struct {
	uint64_t offset;
	uint8_t byte[8];
	size_t bytes;
} forgery;

static void forge_plain(uint64_t op, struct arch_thread *t)
{
	if (op != ENGINE_OP_OPEN)
		return;
	t->x[0] = OSTI_IMAGE_OK;
	memcpy(engine_model_memory(ENGINE_MANIFEST(CARRY_BYTES) +
				   forgery.offset, forgery.bytes),
	       forgery.byte, forgery.bytes);
}

static void assert_record_refused(uint64_t offset, uint64_t val, size_t bytes)
{
	forgery.offset = offset;
	forgery.bytes = bytes;
	memcpy(forgery.byte, &val, bytes);
	engine_model.lie = forge_plain;
	assert_import_fails(OSTI_IMAGE_E_RECORD);
}

static void test_record(void **state)
{
	static const uint32_t lengths[] = {
		0, 1, 8, OSTI_IMAGE_R_FIXED, OSTI_IMAGE_RECORD_MAX,
		OSTI_IMAGE_RECORD_MAX + 1, 0x10000, 1U << 31, UINT32_MAX,
	};
	const uint64_t at = OSTI_IMAGE_M_FIXED;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		assert_record_refused(OSTI_IMAGE_M_RECORD_BYTES, lengths[i], 4);
	assert_record_refused(at + OSTI_IMAGE_R_PARTITION,
			      OSTI_IMAGE_PARTITION_MAX, 8);
	assert_record_refused(at + OSTI_IMAGE_R_ENTRY, OSTI_RAM_IPA, 8);
	assert_record_refused(at + OSTI_IMAGE_R_ENTRY, UINT64_MAX, 8);
	assert_record_refused(at + OSTI_IMAGE_R_ARG, 1, 8);
	assert_record_refused(at + OSTI_IMAGE_R_START, UINT64_MAX, 8);
	assert_record_refused(at + OSTI_IMAGE_R_CPU, 7, 4);
	assert_record_refused(at + OSTI_IMAGE_R_KIND, OSTI_IMAGE_COPY, 4);
	assert_record_refused(at + OSTI_IMAGE_R_ATTACHMENTS, UINT32_MAX, 4);
	assert_record_refused(at + OSTI_IMAGE_R_GIC_BYTES, UINT32_MAX, 4);
	assert_record_refused(at + OSTI_IMAGE_R_FIXED + 100, 0x55, 1);
	assert_import_unharmed();
}

/* It calls a manifest good that is not: the monitor looks for its record. */
static void test_false_manifest(void **state)
{
	struct carry_image image = carry_copy(&good);
	size_t i;

	(void)state;
	tell(ENGINE_OP_OPEN, 0, OSTI_IMAGE_OK);
	image.file[image.head - 1] ^= 1;
	for (i = 0; i < 3; i++) {
		pass_time();
		assert_int_equal(carry_import(&image), OSTI_IMAGE_E_RECORD);
		assert_empty();
	}
	carry_free(&image);
	assert_import_unharmed();
}

/*
 * It calls a chunk good that is not. That is its slot's own loss: the slot goes
 * on where and as what it was frozen, with memory that nobody vouches for.
 */
static void test_false_chunk(void **state)
{
	struct carry_image image = carry_copy(&good);
	struct machine_smc smc;

	(void)state;
	tell(ENGINE_OP_PLACE, 0, OSTI_IMAGE_OK);
	image.file[image.at[0] + 100] ^= 1;
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	smc = machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), CARRY_ENTRY);
	carry_assert_contents(OTHER, 2);
	carry_free(&image);
}

/* ---- One that never ends -------------------------------------------------------------- */

static enum arch_exit idle(struct arch_thread *t)
{
	(void)t;
	return ARCH_EXIT_AGAIN;
}

static void test_no_end(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	unsigned int i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKING);
	engine_model.program = idle;
	for (i = 0; i < 1000; i++) {
		const unsigned int before = engine_model.runs;

		assert_int_equal(machine_call(OSTI_CALL_EXPORT_CHUNK, 3,
					      CARRY_BUFFER,
					      OSTI_IMAGE_STORED_MAX),
				 OSTI_AGAIN);
		/* A call is not longer for it. */
		assert_int_equal(engine_model.runs, before + 1);
	}
	carry_abort_export();
	assert_kept();
	carry_free(&image);
	assert_unharmed();
}

#define TEST(f, before)	cmocka_unit_test_setup(f, before)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_too_much, setup_frozen),
		TEST(test_errors, setup_frozen),
		TEST(test_faults, setup_frozen),
		TEST(test_spoiled, setup_frozen),
		TEST(test_fewer_chunks, setup_frozen),
		TEST(test_wrong_pages, setup_frozen),
		TEST(test_import_numbers, setup_stored),
		TEST(test_import_faults, setup_stored),
		TEST(test_record, setup_stored),
		TEST(test_false_manifest, setup_stored),
		TEST(test_false_chunk, setup_stored),
		TEST(test_no_end, setup_frozen),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
