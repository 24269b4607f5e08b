// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_start.c - what the monitor starts in a slot, and what it refuses
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "context.h"
#include "dtb.h"
#include "event.h"
#include "host.h"
#include "image_bytes.h"
#include "memory.h"
#include "nv.h"
#include "owner.h"
#include "slot.h"
#include "spy.h"
#include "start.h"
#include "statement.h"

#define SLOT		1
#define SLOT_BYTES	(CONFIG_OSTI_SLOT1_MIB * 1024UL * 1024)

static uint8_t body[OSTI_START_BODY];

static int setup(void **state)
{
	static const uint8_t key[MACHINE_KEY_BYTES] = { 7 };

	(void)state;
	machine_boot_provisioned(2, key);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, SLOT, 0, 0),
			 OSTI_OK);
	statement_fill(SLOT);
	statement_make(body, true);
	host_trace_clear();
	spy_reset();
	return 0;
}

static uint8_t *ram(unsigned int ctx, uint64_t offset)
{
	return host_memory(pa_add(context_get(ctx)->base, offset), 1);
}

/* The slot is as it was before it was tried to start it. */
static void assert_open(void)
{
	assert_int_equal(context_get(SLOT)->state, OSTI_SLOT_LOADING);
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), SLOT);
	assert_int_equal(machine_dma_reaches(MACHINE_BOOT_DISK,
					     OSTI_WINDOW_IPA), SLOT);
	assert_int_equal(context_get(SLOT)->tries, 0);
	assert_int_equal(context_get(SLOT)->version, 0);
	assert_int_equal(machine_count_events(OSTI_EV_STARTED), 0);
}

static void assert_event(unsigned int why, uint64_t version)
{
	struct event_record rec = machine_last_event(OSTI_EV_REFUSED);

	assert_int_equal(rec.what >> 16 & 0xff, SLOT);
	assert_int_equal(rec.arg[0], why);
	assert_int_equal(rec.arg[1], version);
}

static void assert_refused_by(uint64_t fid, unsigned int why)
{
	struct machine_smc smc = statement_call(fid, SLOT);

	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	assert_int_equal((int64_t)smc.x[0], OSTI_E_START);
	assert_int_equal(smc.x[1], why);
	assert_open();
}

/*
 * What the boot manager has there is refused before memory is looked at, and
 * told to the owner even when it was only a question.
 */
static void assert_refused(unsigned int why)
{
	assert_refused_by(OSTI_CALL_START_CHECK, why);
	assert_int_equal(machine_count_events(OSTI_EV_REFUSED), 1);
	assert_refused_by(OSTI_CALL_SLOT_START, why);
	assert_int_equal(spy_count("memory_close_window", SPY_ANY), 0);
	/* It can happen to a good boot manager, with an old boot disk. */
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
}

static void assert_body_refused(unsigned int why)
{
	statement_sign(body);
	assert_refused(why);
	assert_event(why, image_get64(body + OSTI_START_S_VERSION));
	event_init();
	statement_make(body, true);
}

/* ---- Good ones ------------------------------------------------------------------ */

static void test_check(void **state)
{
	struct machine_smc smc;

	(void)state;
	statement_put64(body, OSTI_START_S_VERSION, 77);
	statement_sign(body);
	smc = statement_call(OSTI_CALL_START_CHECK, SLOT);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], 77);
	assert_int_equal(smc.x[2], 0);
	/* For a slot that is not open, too */
	assert_int_equal(statement_call(OSTI_CALL_START_CHECK, 2).x[0],
			 OSTI_OK);
	assert_open();
}

static void test_start(void **state)
{
	struct machine_smc smc;
	struct event_record rec;
	uint64_t base = pa_value(context_get(SLOT)->base);

	(void)state;
	statement_put64(body, OSTI_START_S_VERSION, 77);
	statement_sign(body);
	/* What the boot manager left there, and no statement covers. */
	memset(ram(SLOT, OSTI_START_RESERVED - 8), 0xee, 8);
	smc = statement_call(OSTI_CALL_SLOT_START, SLOT);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY);
	assert_int_equal(smc.entry.arg, OSTI_RAM_IPA);
	assert_int_equal(context_get(SLOT)->version, 77);
	assert_int_equal(context_get(SLOT)->tries, 1);
	rec = machine_last_event(OSTI_EV_STARTED);
	assert_int_equal(rec.arg[0], MACHINE_ENTRY);
	assert_int_equal(rec.arg[1], 77);
	/* FDT_MAGIC; the rest of its 2 MiB is empty. */
	assert_memory_equal(ram(SLOT, 0), "\xd0\x0d\xfe\xed", 4);
	assert_memory_equal(ram(SLOT, OSTI_START_RESERVED - 8),
			    "\0\0\0\0\0\0\0\0", 8);
	/* Memory has it: the slot starts with its caches off. */
	assert_true(host_trace_last(HOST_FLUSH, base) >
		    host_trace_last(HOST_ZERO, base));
	assert_true(host_trace_last(HOST_ZERO, base) >= 0);
}

/* The slot finds what was hashed: memory's bytes, after the window is gone. */
static void test_order(void **state)
{
	uint64_t base = pa_value(context_get(SLOT)->base);
	long closed, kernel, ramdisk;

	(void)state;
	statement_sign(body);
	statement_call(OSTI_CALL_SLOT_START, SLOT);
	spy_assert_order("memory_close_window", SLOT, "slot_transition",
			 SLOT_EV_START);
	/* TLBs of the boot manager, VMID 0 */
	closed = host_trace_find(0, HOST_TLB,
				 pa_value(memory_root(context_get(OSTI_CONTEXT_BM))));
	kernel = host_trace_find(0, HOST_FLUSH, base + STATEMENT_KERNEL);
	ramdisk = host_trace_find(0, HOST_FLUSH, base + STATEMENT_RAMDISK);
	assert_true(closed >= 0 && closed < kernel && kernel < ramdisk);
}

static void test_no_ramdisk(void **state)
{
	(void)state;
	statement_make(body, false);
	*ram(SLOT, STATEMENT_RAMDISK) ^= 1;
	statement_sign(body);
	assert_int_equal(statement_call(OSTI_CALL_SLOT_START, SLOT).outcome,
			 OUTCOME_ENTER);
}

/* ---- Arguments -------------------------------------------------------------------- */

static void test_arguments(void **state)
{
	static const struct {
		uint64_t statement, bytes, seed, flags;
		int64_t status;
	} bad[] = {
		{ STATEMENT_IPA, 0, STATEMENT_SEED_IPA, 0, OSTI_E_INVALID },
		{ STATEMENT_IPA, OSTI_START_MIN - 1, STATEMENT_SEED_IPA, 0,
		  OSTI_E_INVALID },
		{ STATEMENT_IPA, OSTI_START_MAX + 1, STATEMENT_SEED_IPA, 0,
		  OSTI_E_INVALID },
		{ STATEMENT_IPA, UINT64_MAX, STATEMENT_SEED_IPA, 0,
		  OSTI_E_INVALID },
		{ STATEMENT_IPA, STATEMENT_BYTES, STATEMENT_SEED_IPA, 2,
		  OSTI_E_INVALID },
		{ STATEMENT_IPA, STATEMENT_BYTES, STATEMENT_SEED_IPA,
		  1UL << 63, OSTI_E_INVALID },
		{ 0, STATEMENT_BYTES, STATEMENT_SEED_IPA, 0, OSTI_E_RANGE },
		{ OSTI_RAM_IPA - 1, STATEMENT_BYTES, STATEMENT_SEED_IPA, 0,
		  OSTI_E_RANGE },
		{ OSTI_RAM_IPA + BOARD_BM_SIZE - STATEMENT_BYTES + 1,
		  STATEMENT_BYTES, STATEMENT_SEED_IPA, 0, OSTI_E_RANGE },
		{ UINT64_MAX, STATEMENT_BYTES, STATEMENT_SEED_IPA, 0,
		  OSTI_E_RANGE },
		/* Not in the window either, where a slot could change it. */
		{ OSTI_WINDOW_IPA, STATEMENT_BYTES, STATEMENT_SEED_IPA, 0,
		  OSTI_E_RANGE },
		{ STATEMENT_IPA, STATEMENT_BYTES, 0, 0, OSTI_E_RANGE },
		{ STATEMENT_IPA, STATEMENT_BYTES,
		  OSTI_RAM_IPA + BOARD_BM_SIZE - OSTI_START_SEED + 1, 0,
		  OSTI_E_RANGE },
		{ STATEMENT_IPA, STATEMENT_BYTES, UINT64_MAX, 0,
		  OSTI_E_RANGE },
		/* Entry and device tree, as version 1 had it */
		{ MACHINE_ENTRY, OSTI_RAM_IPA, 0, 0, OSTI_E_RANGE },
	};
	struct machine_smc smc;
	unsigned int i;

	(void)state;
	statement_sign(body);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		smc = machine_smc5(OSTI_CALL_SLOT_START, SLOT,
				   bad[i].statement, bad[i].bytes, bad[i].seed,
				   bad[i].flags);
		assert_int_equal((int64_t)smc.x[0], bad[i].status);
		machine_assert_kept(&smc, 0);
		assert_open();
	}
	assert_int_equal(machine_count_events(OSTI_EV_REFUSED), 0);
}

static void test_states(void **state)
{
	(void)state;
	statement_sign(body);
	assert_int_equal((int64_t)statement_call(OSTI_CALL_SLOT_START, 2).x[0],
			 OSTI_E_STATE);
	machine_start_open(SLOT);
	assert_int_equal((int64_t)statement_call(OSTI_CALL_SLOT_START, SLOT)
			 .x[0], OSTI_E_DENIED);
	assert_int_equal((int64_t)statement_call(OSTI_CALL_START_CHECK, SLOT)
			 .x[0], OSTI_E_DENIED);
}

/* ---- Signature ---------------------------------------------------------------------- */

static void test_unsigned(void **state)
{
	const uint8_t *other = ram(0, STATEMENT_IPA - OSTI_RAM_IPA);
	uint8_t *at = ram(0, STATEMENT_IPA - OSTI_RAM_IPA);

	(void)state;
	statement_sign(body);
	at[OSTI_START_S_CMDLINE] ^= 1;
	assert_refused(OSTI_START_E_SIGNATURE);
	/* Nothing of it is believed, its version included. */
	assert_event(OSTI_START_E_SIGNATURE, 0);
	event_init();
	owner_sign(OWNER_OTHER_KEY, other, OSTI_START_BODY,
		   at + OSTI_START_BODY);
	assert_refused(OSTI_START_E_SIGNATURE);
}

/* A good one, but as long as one of another key would be. */
static void test_other_length(void **state)
{
	struct machine_smc smc;

	(void)state;
	statement_sign(body);
	smc = machine_smc5(OSTI_CALL_SLOT_START, SLOT, STATEMENT_IPA,
			   STATEMENT_BYTES + 1, STATEMENT_SEED_IPA, 0);
	assert_int_equal((int64_t)smc.x[0], OSTI_E_START);
	assert_int_equal(smc.x[1], OSTI_START_E_SIGNATURE);
	assert_open();
}

/* What is believed was copied before it was verified. */
static void change_it(void)
{
	memset(ram(0, STATEMENT_IPA - OSTI_RAM_IPA), 0xff, STATEMENT_BYTES);
}

static void test_changed_behind(void **state)
{
	(void)state;
	statement_sign(body);
	spy_do_at("memory_close_window", change_it);
	assert_int_equal(statement_call(OSTI_CALL_SLOT_START, SLOT).outcome,
			 OUTCOME_ENTER);
}

/* ---- Format -------------------------------------------------------------------------- */

static void test_format(void **state)
{
	static const struct {
		unsigned int at;
		uint8_t val;
	} bad[] = {
		{ OSTI_START_S_MAGIC, 'o' },
		{ OSTI_START_S_MAGIC + 7, '2' },
		/* A flag that nobody knows, alone and with one that is */
		{ OSTI_START_S_FLAGS, 2 },
		{ OSTI_START_S_FLAGS, OSTI_START_F_DISK_KEY | 0x80 },
		{ OSTI_START_S_FLAGS + 1, 1 },
		{ OSTI_START_S_FLAGS + 7, 0x80 },
		{ OSTI_START_S_ZERO, 1 },
		{ OSTI_START_S_ZERO + 7, 1 },
		{ OSTI_START_S_VERSION, 0 },
		{ OSTI_START_S_KERNEL, 2 },
		{ OSTI_START_S_RAMDISK, 1 },
		/* Names: the first, one behind an empty one, one that goes on */
		{ OSTI_START_S_SLOTS, 0 },
		{ OSTI_START_S_SLOTS + 7 * OSTI_NAME_LEN, 'x' },
		{ OSTI_START_S_SLOTS + 4 * OSTI_NAME_LEN, 'x' },
		{ OSTI_START_S_SLOTS + OSTI_NAME_LEN - 1, 'x' },
		{ OSTI_START_S_SLOTS + 2 * OSTI_NAME_LEN - 1, 1 },
		{ OSTI_START_S_SLOTS + 8 * OSTI_NAME_LEN - 1, 1 },
		/* Command line */
		{ OSTI_START_BODY - 1, 'x' },
		{ OSTI_START_S_CMDLINE + 100, 1 },
		{ OSTI_START_BODY - 2, 1 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_not_equal(body[bad[i].at], bad[i].val);
		body[bad[i].at] = bad[i].val;
		assert_body_refused(OSTI_START_E_FORMAT);
	}
	memset(body + OSTI_START_S_CMDLINE, 'x', OSTI_START_CMDLINE);
	assert_body_refused(OSTI_START_E_FORMAT);
	statement_put64(body, OSTI_START_S_KERNEL_LEN, 0);
	assert_body_refused(OSTI_START_E_FORMAT);
	/* No RAM disk, but a place or a hash of one */
	statement_put64(body, OSTI_START_S_RAMDISK_LEN, 0);
	assert_body_refused(OSTI_START_E_FORMAT);
	statement_make(body, false);
	statement_put64(body, OSTI_START_S_RAMDISK, STATEMENT_RAMDISK);
	assert_body_refused(OSTI_START_E_FORMAT);
	statement_make(body, false);
	body[OSTI_START_S_RAMDISK_HASH + 31] = 1;
	assert_body_refused(OSTI_START_E_FORMAT);
}

/* All of a name's and of a command line's bytes can be used. */
static void test_longest(void **state)
{
	(void)state;
	memset(body + OSTI_START_S_SLOTS + 3 * OSTI_NAME_LEN, 'x',
	       5 * OSTI_NAME_LEN);
	memset(body + OSTI_START_S_CMDLINE, 'x', OSTI_START_CMDLINE - 1);
	statement_sign(body);
	assert_int_equal(statement_call(OSTI_CALL_SLOT_START, SLOT).outcome,
			 OUTCOME_ENTER);
}

/* ---- Slot, version, room ---------------------------------------------------------------- */

static void test_slot(void **state)
{
	uint8_t *names = body + OSTI_START_S_SLOTS;

	(void)state;
	memmove(names, names + OSTI_NAME_LEN, 2 * OSTI_NAME_LEN);
	memset(names + 2 * OSTI_NAME_LEN, 0, OSTI_NAME_LEN);
	assert_body_refused(OSTI_START_E_SLOT);
	/* Not by a name that begins as its own does, or that it begins with */
	memcpy(names, "personal2", 9);
	assert_body_refused(OSTI_START_E_SLOT);
	memset(names + 7, 0, 1);
	assert_body_refused(OSTI_START_E_SLOT);
}

static void test_version(void **state)
{
	(void)state;
	assert_int_equal(nv_raise_floor(SLOT, 10), 0);
	statement_put64(body, OSTI_START_S_VERSION, 9);
	assert_body_refused(OSTI_START_E_VERSION);
	statement_put64(body, OSTI_START_S_VERSION, 9);
	statement_sign(body);
	/* Other slots have other ones. */
	assert_int_equal(statement_call(OSTI_CALL_START_CHECK, 2).x[0],
			 OSTI_OK);
	statement_put64(body, OSTI_START_S_VERSION, 10);
	statement_sign(body);
	assert_int_equal(statement_call(OSTI_CALL_START_CHECK, SLOT).x[1], 10);
	statement_put64(body, OSTI_START_S_VERSION, UINT64_MAX);
	statement_sign(body);
	assert_int_equal(statement_call(OSTI_CALL_SLOT_START, SLOT).outcome,
			 OUTCOME_ENTER);
}

static void test_room(void **state)
{
	/* Kernel and RAM disk, their lengths */
	static const uint64_t bad[][4] = {
		{ 0, 100, 0x600000, 4 },
		{ OSTI_START_RESERVED - 4, 100, 0x600000, 4 },
		{ SLOT_BYTES - 96, 97, 0x600000, 4 },
		{ SLOT_BYTES, 1, 0x600000, 4 },
		{ SLOT_BYTES - 4, UINT64_MAX, 0x600000, 4 },
		{ 0x200000, UINT64_MAX - 0x200000 + 1, 0x600000, 4 },
		{ 0x200000, UINT64_MAX, 0x600000, 4 },
		{ UINT64_MAX - 3, 4, 0x600000, 4 },
		{ UINT64_MAX - 3, 0x600000, 0x600000, 4 },
		{ 0x200000, 100, 0, 4 },
		{ 0x200000, 100, OSTI_START_RESERVED - 4, 4 },
		{ 0x200000, 100, SLOT_BYTES - 4, 5 },
		{ 0x200000, 100, UINT64_MAX - 3, 4 },
		{ 0x200000, 100, UINT64_MAX - 3, UINT64_MAX },
		{ 0x200000, 100, 0x600000, UINT64_MAX - 0x600000 + 1 },
		/* One in the other, or a byte of it */
		{ 0x200000, 100, 0x200000, 100 },
		{ 0x200000, 0x1000, 0x200800, 4 },
		{ 0x200800, 4, 0x200000, 0x1000 },
		{ 0x200000, 0x1001, 0x201000, 4 },
		{ 0x201000, 4, 0x200000, 0x1001 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		statement_put64(body, OSTI_START_S_KERNEL, bad[i][0]);
		statement_put64(body, OSTI_START_S_KERNEL_LEN, bad[i][1]);
		statement_put64(body, OSTI_START_S_RAMDISK, bad[i][2]);
		statement_put64(body, OSTI_START_S_RAMDISK_LEN, bad[i][3]);
		assert_body_refused(OSTI_START_E_ROOM);
	}
	/* It just fits, side by side. */
	statement_put64(body, OSTI_START_S_KERNEL, SLOT_BYTES - 96);
	statement_put64(body, OSTI_START_S_KERNEL_LEN, 96);
	statement_put64(body, OSTI_START_S_RAMDISK, OSTI_START_RESERVED);
	statement_put64(body, OSTI_START_S_RAMDISK_LEN,
			SLOT_BYTES - 96 - OSTI_START_RESERVED);
	statement_sign(body);
	assert_int_equal(statement_call(OSTI_CALL_START_CHECK, SLOT).x[0],
			 OSTI_OK);
}

/* ---- What memory holds --------------------------------------------------------------------- */

static void assert_content_refused(unsigned int why)
{
	assert_refused_by(OSTI_CALL_SLOT_START, why);
	assert_event(why, 1);
	spy_assert_order("memory_close_window", SLOT, "memory_open_window",
			 SLOT);
}

static void test_content(void **state)
{
	static const struct {
		uint64_t at;
		unsigned int why;
	} bytes[] = {
		{ STATEMENT_KERNEL, OSTI_START_E_KERNEL },
		{ STATEMENT_KERNEL + STATEMENT_KERNEL_BYTES - 1,
		  OSTI_START_E_KERNEL },
		{ STATEMENT_RAMDISK, OSTI_START_E_RAMDISK },
		{ STATEMENT_RAMDISK + STATEMENT_RAMDISK_BYTES - 1,
		  OSTI_START_E_RAMDISK },
	};
	unsigned int i;

	(void)state;
	statement_sign(body);
	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		*ram(SLOT, bytes[i].at) ^= 0x10;
		assert_content_refused(bytes[i].why);
		*ram(SLOT, bytes[i].at) ^= 0x10;
	}
	assert_int_equal(machine_count_events(OSTI_EV_REFUSED),
			 ARRAY_SIZE(bytes));
	/* The window is as it was: it can be put right, and closed, too. */
	assert_int_equal(statement_call(OSTI_CALL_SLOT_START, SLOT).outcome,
			 OUTCOME_ENTER);
}

static void test_refused_then_closed(void **state)
{
	(void)state;
	statement_sign(body);
	*ram(SLOT, STATEMENT_KERNEL) ^= 1;
	assert_content_refused(OSTI_START_E_KERNEL);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_CLOSE, SLOT, 0, 0),
			 OSTI_OK);
	assert_true(machine_is_zero(SLOT));
	assert_int_equal(machine_cpu_reaches(0, OSTI_WINDOW_IPA), -1);
}

/* ---- Seeds ---------------------------------------------------------------------- */

static void assert_seeds_differ(const uint8_t *a, const uint8_t *b)
{
	const struct dtb_template *t = &dtb_template;

	assert_memory_not_equal(a + t->kaslr_seed.at + 12,
				b + t->kaslr_seed.at + 12, DTB_KASLR_SEED);
	assert_memory_not_equal(a + t->rng_seed.at + 12,
				b + t->rng_seed.at + 12, DTB_RNG_SEED);
}

/* Slot, version and chance are the same, and so is the counter. */
static void test_seeds(void **state)
{
	static uint8_t first[DTB_MAX], second[DTB_MAX];
	const struct context *slot = context_get(SLOT);
	static const uint8_t chance[OSTI_START_SEED];
	struct start start = { .version = 1, .cmdline = "" };

	(void)state;
	host_counter_step = 0;
	/* As before every start. */
	assert_int_equal(memory_close_window(slot), 0);
	start_place_tree(slot, &start, chance);
	memcpy(first, ram(SLOT, 0), sizeof(first));
	start_place_tree(slot, &start, chance);
	memcpy(second, ram(SLOT, 0), sizeof(second));
	assert_seeds_differ(first, second);
	/* Also on a device without a key. */
	machine_boot(1);
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, SLOT, 0, 0),
			 OSTI_OK);
	assert_int_equal(memory_close_window(slot), 0);
	start_place_tree(slot, &start, chance);
	assert_seeds_differ(first, ram(SLOT, 0));
	assert_seeds_differ(second, ram(SLOT, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_check, setup),
		cmocka_unit_test_setup(test_start, setup),
		cmocka_unit_test_setup(test_order, setup),
		cmocka_unit_test_setup(test_no_ramdisk, setup),
		cmocka_unit_test_setup(test_arguments, setup),
		cmocka_unit_test_setup(test_states, setup),
		cmocka_unit_test_setup(test_unsigned, setup),
		cmocka_unit_test_setup(test_other_length, setup),
		cmocka_unit_test_setup(test_changed_behind, setup),
		cmocka_unit_test_setup(test_format, setup),
		cmocka_unit_test_setup(test_longest, setup),
		cmocka_unit_test_setup(test_slot, setup),
		cmocka_unit_test_setup(test_version, setup),
		cmocka_unit_test_setup(test_room, setup),
		cmocka_unit_test_setup(test_content, setup),
		cmocka_unit_test_setup(test_refused_then_closed, setup),
		cmocka_unit_test_setup(test_seeds, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
