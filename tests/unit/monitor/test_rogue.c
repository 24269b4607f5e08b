// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_rogue.c - an image engine that does anything: in each slice it writes all
 * over its memory, and says or does what chance wants
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "carry.h"
#include "context.h"
#include "host.h"
#include "image_bytes.h"
#include "image_manifest.h"
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

static void assert_kept(void)
{
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0),
			 OSTI_E_STATE);
	carry_assert_clean();
}

static void assert_empty(void)
{
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	assert_int_equal(pa_value(context_get(CARRY_SLOT)->base), 0);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
	carry_assert_generation(good.generation, NV_STORED);
}

static void assert_import_unharmed(void)
{
	engine_model_init();
	assert_int_equal(carry_import(&good), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
}

/* ---- What it does ------------------------------------------------------------------- */

static uint64_t seed;

static uint64_t below(uint64_t n)
{
	return test_random(&seed) % n;
}

/* Memory of the engine that the monitor looks at, and some that it does not. */
static void scribble_at(uint64_t offset, uint64_t bytes)
{
	uint8_t *to = engine_model_memory(offset, bytes);
	uint64_t i;

	for (i = 0; i + 8 <= bytes; i += 8)
		image_put64(to + i, test_random(&seed));
}

static void scribble(void)
{
	const uint64_t manifest = ENGINE_MANIFEST(CARRY_BYTES);

	scribble_at(ENGINE_BSS, ENGINE_BSS_BYTES);
	scribble_at(ENGINE_DESK, ENGINE_WORKER(0) - ENGINE_DESK);
	scribble_at(ENGINE_WORKER(below(ENGINE_WORKERS)), 4096);
	scribble_at(ENGINE_RING(below(ENGINE_RING_PLACES)), ENGINE_RING_BYTES);
	scribble_at(ENGINE_TABLE, IMAGE_TABLE_MAX(CARRY_BYTES));
	scribble_at(manifest, ENGINE_BYTES(CARRY_BYTES) - manifest);
	/* A length of the record that can be, often. */
	if (below(2))
		image_put32(engine_model_memory(manifest, 16) +
			    OSTI_IMAGE_M_RECORD_BYTES,
			    below(OSTI_IMAGE_RECORD_MAX + 2));
}

/* Any number, but most of the time one that is believed. */
static uint64_t any_number(uint64_t op, unsigned int reg)
{
	static const uint64_t most[ENGINE_OPS][4] = {
		[ENGINE_OP_FINISH] = { 0, CARRY_PAGES, 40, 20000 },
		[ENGINE_OP_CHUNK] = { 0, OSTI_IMAGE_STORED_MAX, 0, 0 },
		[ENGINE_OP_SEAL] = { 0, 40 * OSTI_IMAGE_STORED_MAX, 0, 0 },
		[ENGINE_OP_OPEN] = { 0, CARRY_PAGES, 0, 0 },
	};

	if (!below(150))
		return test_random(&seed);
	return most[op][reg] ? below(most[op][reg]) + 1 : 0;
}

static enum arch_exit anything(struct arch_thread *t)
{
	const uint64_t op = t->x[5] ? t->x[5] : t->x[0];
	unsigned int i;

	scribble();
	/* What it finds in its registers is what it left there. */
	t->x[5] = op;
	switch (below(120)) {
	case 0:
		return ARCH_EXIT_FAULT;
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
	case 6:
		for (i = 6; i < 31; i++)
			t->x[i] = test_random(&seed);
		t->pc = test_random(&seed);
		t->sp = test_random(&seed);
		t->pstate = test_random(&seed);
		return ARCH_EXIT_AGAIN;
	}
	t->x[0] = below(150) ? OSTI_IMAGE_OK : -below(30);
	for (i = 1; i < 4; i++)
		t->x[i] = any_number(op, i);
	return ARCH_EXIT_CALL;
}

/* What nobody but the boot manager and the engine may change. */
static uint8_t *copy_of(pa_t at, uint64_t bytes)
{
	uint8_t *copy = malloc(bytes);

	assert_non_null(copy);
	return memcpy(copy, host_memory(at, bytes), bytes);
}

static void assert_same(pa_t at, uint8_t *copy, uint64_t bytes)
{
	assert_memory_equal(host_memory(at, bytes), copy, bytes);
	free(copy);
}

#define ROUNDS	100

/* The boot manager's memory up to its buffer. */
#define BM_BYTES	(CARRY_BUFFER - OSTI_RAM_IPA)

static void test_any_export(void **state)
{
	uint8_t *bm = copy_of(pa_make(BOARD_BM_BASE), BM_BYTES);
	unsigned int i, made = 0, failed = 0;
	struct carry_image image;
	int err;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		seed = 1000 + i;
		pass_time();
		engine_model.program = anything;
		err = carry_try_export(CARRY_SLOT, &image);
		engine_model.program = NULL;
		if (err) {
			failed++;
			assert_kept();
			continue;
		}
		made++;
		carry_abort_export();
		assert_kept();
		carry_free(&image);
	}
	/* Both happens, or this is about nothing. */
	assert_in_range(made, 10, ROUNDS - 10);
	assert_in_range(failed, 10, ROUNDS - 10);
	assert_same(pa_make(BOARD_BM_BASE), bm, BM_BYTES);
	carry_assert_contents(CARRY_SLOT, 1);
	carry_assert_contents(OTHER, 2);
}

/* Such images, when somebody brings them back. */
static void test_any_image(void **state)
{
	struct carry_image image;
	unsigned int i, made = 0;
	int err;

	(void)state;
	for (i = 0; made < 10; i++) {
		pass_time();
		seed = 5000 + i;
		engine_model.program = anything;
		err = carry_try_export(CARRY_SLOT, &image);
		engine_model.program = NULL;
		if (err)
			continue;
		made++;
		carry_commit_export();
		assert_true(machine_is_zero(CARRY_SLOT));
		err = carry_import(&image);
		assert_int_not_equal(err, 0);
		assert_int_equal(context_get(CARRY_SLOT)->state,
				 OSTI_SLOT_EMPTY);
		carry_assert_clean();
		carry_free(&image);
		carry_freeze(CARRY_SLOT, 1);
	}
}

/* Its memory is the slot's own business, too, as soon as it can reach it. */
static enum arch_exit anything_with_slot(struct arch_thread *t)
{
	uint8_t *ram = host_memory(context_get(CARRY_SLOT)->base, CARRY_BYTES);

	memset(ram + below(CARRY_PAGES) * PAGE, 0x5e, PAGE);
	return anything(t);
}

/* It can open nothing: there is a record in no manifest that it makes up. */
static void test_any_import(void **state)
{
	uint8_t *bm = copy_of(pa_make(BOARD_BM_BASE), BM_BYTES);
	unsigned int i, unproved = 0;
	int err;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		seed = 2000 + i;
		pass_time();
		engine_model.program = anything_with_slot;
		err = carry_import(&good);
		assert_int_not_equal(err, 0);
		unproved += err == OSTI_IMAGE_E_RECORD;
		assert_empty();
	}
	assert_true(unproved > ROUNDS / 2);
	assert_same(pa_make(BOARD_BM_BASE), bm, BM_BYTES);
	assert_import_unharmed();
}

/* It opens the manifest, and goes mad then. */
static void test_any_place(void **state)
{
	uint8_t *bm = copy_of(pa_make(BOARD_BM_BASE), BM_BYTES);
	unsigned int i, restored = 0;
	struct machine_smc smc;
	int err;

	(void)state;
	for (i = 0; i < ROUNDS / 3; i++) {
		seed = 3000 + i;
		pass_time();
		assert_int_equal(carry_import_steps(&good, CARRY_WRITING,
						    CARRY_OPENED), 0);
		engine_model.program = anything_with_slot;
		err = carry_import_steps(&good, CARRY_PLACING, CARRY_CHECKED);
		engine_model.program = NULL;
		if (err) {
			assert_empty();
			continue;
		}
		/* Where it goes on was proved before. */
		carry_commit_import();
		restored++;
		carry_assert_clean();
		smc = machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0);
		assert_int_equal(smc.outcome, OUTCOME_ENTER);
		assert_int_equal(ipa_value(smc.entry.pc), CARRY_ENTRY);
		assert_int_equal(smc.entry.arg, CARRY_ARG);
		carry_assert_contents(OTHER, 2);
		setup_stored(state);
	}
	assert_true(restored);
	assert_same(pa_make(BOARD_BM_BASE), bm, BM_BYTES);
}

#define TEST(f, before)	cmocka_unit_test_setup(f, before)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_any_export, setup_frozen),
		TEST(test_any_image, setup_frozen),
		TEST(test_any_import, setup_stored),
		TEST(test_any_place, setup_stored),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
