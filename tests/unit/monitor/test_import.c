// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_import.c - an image becomes a frozen slot again
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "carry.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_gic.h"
#include "host_power.h"
#include "image_bytes.h"
#include "nv.h"
#include "partition.h"
#include "psci.h"
#include "slot.h"
#include "spy.h"

/* The image that most tests import; NV says that it is stored. */
static struct carry_image image;

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static int setup(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	spy_reset();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&image);
	return 0;
}

static int64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	return machine_call(fid, a, b, c);
}

static void assert_empty(void)
{
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(pa_value(slot()->base), 0);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_generation(1, NV_STORED);
}

/* ---- What goes in -------------------------------------------------------------- */

static void assert_enters(void)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT,
					     0, 0);

	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), CARRY_ENTRY);
	assert_int_equal(smc.entry.arg, CARRY_ARG);
	assert_int_equal(slot()->state, OSTI_SLOT_RUNNING);
	/* All of its memory by CPU and by DMA, and nothing else. */
	assert_int_equal(machine_cpu_reaches(CARRY_SLOT, OSTI_RAM_IPA),
			 CARRY_SLOT);
	assert_int_equal(machine_cpu_reaches(CARRY_SLOT, OSTI_RAM_IPA +
					     CARRY_BYTES - 8), CARRY_SLOT);
	assert_int_equal(machine_cpu_reaches(CARRY_SLOT, OSTI_RAM_IPA +
					     CARRY_BYTES), -1);
	assert_int_equal(machine_dma_reaches(MACHINE_NET, OSTI_RAM_IPA),
			 CARRY_SLOT);
	assert_int_equal(host_gic.bank[1].group, CARRY_GIC_GROUP);
	carry_assert_contents(CARRY_SLOT, 1);
}

static void test_same_power_on(void **state)
{
	struct event_record rec;

	(void)state;
	assert_int_equal(carry_import(&image), 0);
	rec = machine_last_event(OSTI_EV_VERIFIED);
	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], 1);
	assert_int_equal(slot()->state, OSTI_SLOT_RESTORING);
	carry_assert_generation(1, NV_STORED);
	carry_commit_import();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	assert_int_not_equal(slot()->frozen_at, 0);
	carry_assert_generation(1, NV_CONSUMED);
	rec = machine_last_event(OSTI_EV_RESTORED);
	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], 1);
	assert_enters();
}

static void test_after_power_off(void **state)
{
	(void)state;
	carry_power_cycle();
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	assert_enters();
}

/* Where the slot was another one is now. */
static void test_other_partition(void **state)
{
	(void)state;
	carry_freeze(2, 5);
	assert_int_equal(pa_value(context_get(2)->base), BOARD_SLOTS_BASE);
	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(pa_value(slot()->base), BOARD_SLOTS_BASE +
				       context_get(2)->size);
	carry_commit_import();
	assert_enters();
	carry_assert_contents(2, 5);
	/* And the other goes on where it was. */
	assert_int_equal(machine_suspend(2, CARRY_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_cpu_reaches(2, OSTI_RAM_IPA), 2);
	carry_assert_contents(2, 5);
	assert_int_equal(machine_suspend(CARRY_SLOT, CARRY_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(machine_cpu_reaches(CARRY_SLOT, OSTI_RAM_IPA),
			 CARRY_SLOT);
}

/* On and on: what was resumed is hibernated again. */
static void test_again(void **state)
{
	struct carry_image second;
	unsigned int i;

	(void)state;
	for (i = 1; i < 5; i++) {
		assert_int_equal(carry_import(&image), 0);
		carry_commit_import();
		assert_enters();
		assert_int_equal(machine_suspend(0, CARRY_ENTRY, CARRY_ARG)
				 .outcome, OUTCOME_ENTER);
		carry_export(CARRY_SLOT, &second);
		assert_int_equal(second.generation, i + 1);
		carry_commit_export();
		carry_assert_generation(i + 1, NV_STORED);
		carry_free(&image);
		image = second;
		if (i % 2)
			carry_power_cycle();
	}
}

/* Not resumed, but stored again: also then it is a new generation. */
static void test_again_unused(void **state)
{
	struct carry_image second;

	(void)state;
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_export(CARRY_SLOT, &second);
	carry_commit_export();
	carry_assert_generation(2, NV_STORED);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	assert_int_equal(carry_import(&second), 0);
	carry_commit_import();
	carry_free(&second);
	assert_enters();
}

/* It goes on where it was frozen, also on another CPU than the first. */
static void test_cpu(void **state)
{
	struct machine_smc smc;
	struct cpu_entry entry;

	(void)state;
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	assert_enters();
	machine_cpu_on(1);
	assert_int_equal(machine_smc(PSCI_CPU_OFF, 0, 0, 0).outcome,
			 OUTCOME_CPU_OFF);
	host_power_leave(0);
	host_cpu = 1;
	assert_int_equal(machine_suspend(0, CARRY_ENTRY, CARRY_ARG).outcome,
			 OUTCOME_ENTER);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();

	carry_power_cycle();
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	assert_int_equal(slot()->resume.cpu, 1);
	smc = machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_CPU_OFF);
	assert_true(host_power_enter(1, &entry));
	assert_int_equal(ipa_value(entry.pc), CARRY_ENTRY);
	assert_int_equal(entry.arg, CARRY_ARG);
}

/* Blocks of slots that were zeroed. */
static unsigned int zeroed(void)
{
	const struct host_access *a;
	unsigned int blocks = 0;
	size_t i, n;

	a = host_trace(&n);
	for (i = 0; i < n; i++)
		blocks += a[i].op == HOST_ZERO &&
			  a[i].addr >= BOARD_SLOTS_BASE &&
			  a[i].addr < BOARD_RAM_BASE + HOST_RAM_BYTES;
	return blocks;
}

/* What is large is zeroed bit by bit, in many calls, and only when it is time. */
static void test_zeroed_in_steps(void **state)
{
	struct machine_smc smc;
	unsigned int calls = 0;

	(void)state;
	carry_power_cycle();
	memset(host_memory(pa_make(BOARD_SLOTS_BASE), CARRY_BYTES), 0x5e, CARRY_BYTES);
	host_trace_clear();
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_WRITTEN), 0);
	assert_int_equal(zeroed(), 0);
	do {
		smc = machine_smc(OSTI_CALL_IMPORT_OPEN, 0, 0, 0);
		assert_true(zeroed() <= ++calls);
	} while (smc.x[0] == OSTI_AGAIN);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(zeroed(), CARRY_BYTES / (2 << 20));
	/* Likewise when it ends. */
	host_trace_clear();
	calls = 0;
	while (machine_call(OSTI_CALL_IMPORT_ABORT, 0, 0, 0) == OSTI_AGAIN)
		assert_true(zeroed() <= ++calls);
	assert_int_equal(zeroed(), CARRY_BYTES / (2 << 20));
	assert_empty();
}

/* What the slot's memory has before it is the slot's. */
static void test_dirty_memory(void **state)
{
	(void)state;
	carry_power_cycle();
	memset(host_memory(pa_make(BOARD_SLOTS_BASE), 2 * CARRY_BYTES), 0x5e,
	       2 * CARRY_BYTES);
	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(pa_value(slot()->base), BOARD_SLOTS_BASE);
	carry_commit_import();
	assert_enters();
	/* And nobody else's memory was touched. */
	assert_int_equal(*(uint8_t *)host_memory(pa_make(BOARD_SLOTS_BASE + CARRY_BYTES),
						 1), 0x5e);
}

/* Note the pages that a flush of [at, at + bytes) brought to memory. */
static void note_flushed(bool *flushed, uint64_t at, uint64_t bytes)
{
	const uint64_t base = pa_value(slot()->base);
	uint64_t nr;

	if (at < base || at >= base + CARRY_BYTES)
		return;
	assert_true(at + bytes <= base + CARRY_BYTES);
	for (nr = (at - base + OSTI_IMAGE_PAGE - 1) / OSTI_IMAGE_PAGE;
	     (nr + 1) * OSTI_IMAGE_PAGE <= at - base + bytes; nr++)
		flushed[nr] = true;
}

/* The OS goes on with caches off: it sees what was flushed. */
static void test_flushed(void **state)
{
	static const uint8_t zero[OSTI_IMAGE_PAGE];
	const struct host_access *a;
	bool flushed[CARRY_PAGES] = { false };
	const uint8_t *ram;
	size_t i, n;

	(void)state;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	host_trace_clear();
	assert_int_equal(carry_import_steps(&image, CARRY_PLACING,
					    CARRY_CHECKED), 0);
	a = host_trace(&n);
	for (i = 0; i < n; i++)
		if (a[i].op == HOST_FLUSH)
			note_flushed(flushed, a[i].addr, a[i].val);
	ram = host_memory(slot()->base, CARRY_BYTES);
	for (i = 0; i < CARRY_PAGES; i++)
		assert_int_equal(flushed[i],
				 !!memcmp(ram + i * OSTI_IMAGE_PAGE, zero,
					  sizeof(zero)));
}

/* ---- Chunks ---------------------------------------------------------------------- */

static struct machine_smc place(uint32_t index)
{
	const size_t n = image.at[index + 1] - image.at[index];

	memcpy(carry_buffer(n), image.file + image.at[index], n);
	return carry_call(OSTI_CALL_IMPORT_CHUNK, index, CARRY_BUFFER, n);
}

/* Each counts once; nothing is resumed before all are there. */
static void test_missing(void **state)
{
	struct machine_smc smc;
	uint32_t i;

	(void)state;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	for (i = 0; i < image.chunks; i++) {
		assert_int_equal(call(OSTI_CALL_IMPORT_CHECK, 0, 0, 0),
				 OSTI_E_STATE);
		assert_int_equal(call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
				 OSTI_E_STATE);
		assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 0);
		smc = place(i);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], image.chunks - i - 1);
		smc = place(i / 2);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], image.chunks - i - 1);
	}
	/* The ninth and first bit of what was placed are different chunks. */
	assert_true(image.chunks > 9);
	assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(carry_status(OSTI_CALL_IMPORT_CHECK, 0, 0, 0),
				 OSTI_OK);
		assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 1);
	}
	carry_assert_generation(1, NV_STORED);
	carry_commit_import();
	assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 1);
	assert_enters();
}

/* COMMIT looks by itself. */
static void test_without_check(void **state)
{
	(void)state;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_PLACED), 0);
	assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 0);
	carry_commit_import();
	assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 1);
	assert_enters();
}

/* Chunks are handed over before they are looked at; then they must wait. */
static void test_ring(void **state)
{
	uint8_t *want = carry_contents(1);
	unsigned int again = 0;
	struct machine_smc smc;
	uint32_t i, n;

	(void)state;
	/* More chunks than there are places. */
	carry_freeze(CARRY_SLOT, 1);
	for (i = 0; i < CARRY_BYTES / 4; i += 8)
		image_put64(want + i, (i + 1) * 0x10001UL);
	memcpy(host_memory(slot()->base, CARRY_BYTES), want, CARRY_BYTES);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	assert_true(image.chunks > ENGINE_RING_PLACES + 8);

	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	engine_model.begun[ENGINE_OP_PLACE] = 0;
	for (i = 0; i < image.chunks;) {
		const unsigned int before = engine_model.runs;

		n = image.at[i + 1] - image.at[i];
		memcpy(carry_buffer(n), image.file + image.at[i], n);
		smc = machine_smc(OSTI_CALL_IMPORT_CHUNK, i, CARRY_BUFFER, n);
		if (smc.x[0] == OSTI_OK) {
			assert_int_equal(engine_model.runs, before);
			/* What is in the buffer has no meaning any more. */
			memset(carry_buffer(n), 0x77, n);
			i++;
			continue;
		}
		assert_int_equal(smc.x[0], OSTI_AGAIN);
		machine_assert_kept(&smc, 0);
		assert_int_equal(engine_model.runs, before + 1);
		assert_true(i >= ENGINE_RING_PLACES);
		again++;
	}
	assert_int_equal(again, image.chunks - ENGINE_RING_PLACES);
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_CHECK, 0, 0, 0),
			 OSTI_OK);
	assert_int_equal(engine_model.begun[ENGINE_OP_PLACE], image.chunks);
	carry_commit_import();
	assert_memory_equal(host_memory(slot()->base, CARRY_BYTES), want,
			    CARRY_BYTES);
	free(want);
}

/* The same chunk twice: one waits for the other. */
static void test_same_chunk(void **state)
{
	const size_t n = image.at[1] - image.at[0];
	struct machine_smc smc;
	uint32_t i;

	(void)state;
	engine_model.slices = 2;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	assert_int_equal(place(0).x[0], OSTI_OK);
	engine_model.begun[ENGINE_OP_PLACE] = 0;
	memcpy(carry_buffer(n), image.file + image.at[0], n);
	smc = machine_smc(OSTI_CALL_IMPORT_CHUNK, 0, CARRY_BUFFER, n);
	assert_int_equal(smc.x[0], OSTI_AGAIN);
	assert_int_equal(place(0).x[0], OSTI_OK);
	assert_int_equal(engine_model.begun[ENGINE_OP_PLACE], 1);
	assert_int_equal(engine_model.done[ENGINE_OP_PLACE], 1);
	for (i = 1; i < image.chunks; i++)
		assert_int_equal(place(i).x[0], OSTI_OK);
	carry_commit_import();
	assert_enters();
}

/* That all were good once does not excuse what comes later. */
static void test_bad_after_check(void **state)
{
	(void)state;
	assert_int_equal(carry_import(&image), 0);
	image.file[image.at[0] + 20] ^= 1;
	assert_int_equal(place(0).x[0], OSTI_OK);
	assert_int_equal(carry_status(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0),
			 OSTI_E_IMAGE);
	assert_empty();
	assert_int_equal(machine_last_event(OSTI_EV_REJECTED).arg[0],
			 -OSTI_IMAGE_E_CHUNK_TAG);
	image.file[image.at[0] + 20] ^= 1;
	assert_int_equal(carry_import(&image), 0);
}

static void test_index(void **state)
{
	static const uint64_t beyond[] = { 0, 1, 1UL << 32, UINT64_MAX / 2 };
	unsigned int i;

	(void)state;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		assert_int_equal(call(OSTI_CALL_IMPORT_CHUNK, image.chunks +
				      beyond[i], CARRY_BUFFER, 5000),
				 OSTI_E_INVALID);
	assert_int_equal(carry_import_steps(&image, CARRY_PLACING,
					    CARRY_CHECKED), 0);
	carry_commit_import();
}

/* The boot manager needs their sizes to find them. */
static void test_table(void **state)
{
	uint32_t i;

	(void)state;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	for (i = 0; i < image.chunks; i++) {
		struct machine_smc smc;

		smc = machine_smc(OSTI_CALL_IMAGE_TABLE, i, CARRY_BUFFER, 1);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], 1);
		assert_int_equal(image_get32(carry_buffer(OSTI_IMAGE_T_ENTRY) +
					     OSTI_IMAGE_T_STORED),
				 image.at[i + 1] - image.at[i]);
	}
}

/* ---- The manifest, piece by piece --------------------------------------------------- */

static void test_write(void **state)
{
	const uint64_t next = OSTI_IMAGE_HEADER + 100;
	const uint64_t rest = image.head - next;
	const uint64_t bad[][2] = {
		{ next - 1, 10 }, { next + 1, 10 }, { 0, 10 }, { 100, 10 },
		{ OSTI_IMAGE_HEADER, 10 }, { OSTI_IMAGE_HEADER - 1, 10 },
		{ next, rest + 1 }, { next, OSTI_COPY_MAX },
		{ next, OSTI_COPY_MAX + 1 }, { next, 0 }, { next, UINT64_MAX },
		{ UINT64_MAX, 10 }, { next + (1UL << 32), 10 },
	};
	unsigned int i;

	(void)state;
	/* The first 100 bytes are written. */
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_WRITING), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(call(OSTI_CALL_IMPORT_WRITE, bad[i][0],
				      CARRY_BUFFER, bad[i][1]),
				 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_IMPORT_OPEN, 0, 0, 0), OSTI_E_STATE);
	assert_int_equal(carry_import_steps(&image, CARRY_WRITTEN,
					    CARRY_WRITTEN), 0);
	assert_int_equal(call(OSTI_CALL_IMPORT_WRITE, image.head, CARRY_BUFFER,
			      1), OSTI_E_INVALID);
	assert_int_equal(carry_import_steps(&image, CARRY_OPENING,
					    CARRY_CHECKED), 0);
	carry_commit_import();
	assert_enters();
}

/* ---- Not now ---------------------------------------------------------------------- */

static int64_t begin(uint64_t which)
{
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image.file, OSTI_IMAGE_HEADER);
	return call(OSTI_CALL_IMPORT_BEGIN, which, CARRY_BUFFER, 0);
}

static void test_begin_refused(void **state)
{
	static const uint64_t bad[] = {
		0, CONFIG_OSTI_NR_SLOTS + 1, 0x100000003, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(begin(bad[i]), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, 1, 0, 0), OSTI_OK);
	assert_int_equal(begin(CARRY_SLOT), OSTI_E_STATE);
	assert_int_equal(begin(1), OSTI_E_STATE);
	assert_int_equal(call(OSTI_CALL_SLOT_CLOSE, 1, 0, 0), OSTI_OK);
	/* One at a time. */
	assert_int_equal(begin(CARRY_SLOT), OSTI_OK);
	assert_int_equal(begin(CARRY_SLOT), OSTI_E_STATE);
	assert_int_equal(begin(2), OSTI_E_STATE);
	carry_abort_import();
	carry_freeze(2, 1);
	assert_int_equal(begin(2), OSTI_E_STATE);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, 2, 1, 0), OSTI_OK);
	assert_int_equal(begin(CARRY_SLOT), OSTI_E_STATE);
	carry_abort_export();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(machine_count_events(OSTI_EV_REJECTED), 0);
	assert_int_equal(begin(CARRY_SLOT), OSTI_OK);
}

static void test_no_nv(void **state)
{
	(void)state;
	machine_boot(2);
	assert_int_equal(begin(CARRY_SLOT), OSTI_E_HARDWARE);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, CARRY_SLOT, 0, 0), OSTI_OK);
}

/* Others have the memory, then not any more. */
static void test_no_room(void **state)
{
	struct context hog = {
		.id = 1,
		.size = (CONFIG_OSTI_RAM_MIB - 256) * 1024UL * 1024 -
			CARRY_BYTES + 0x200000,
	};

	(void)state;
	assert_int_equal(partition_get(&hog), OSTI_OK);
	assert_int_equal(begin(CARRY_SLOT), OSTI_E_NO_ROOM);
	assert_empty();
	assert_int_equal(call(OSTI_CALL_IMPORT_ABORT, 0, 0, 0), OSTI_E_STATE);
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, CARRY_SLOT, 0, 0),
			 OSTI_E_NO_ROOM);
	assert_empty();
	assert_int_equal(machine_count_events(OSTI_EV_REJECTED), 0);
	assert_int_equal(machine_count_events(OSTI_EV_BAD_CALL), 0);
	partition_put(&hog);
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	assert_enters();
}

/* ---- The end ------------------------------------------------------------------------ */

/* Used up before anything could run, whenever power goes. */
static void test_order(void **state)
{
	(void)state;
	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(spy_count("nv_consume", SPY_ANY), 0);
	carry_commit_import();
	assert_int_equal(spy_count("nv_consume", CARRY_SLOT), 1);
	spy_assert_order("engine_end", 0, "nv_consume", CARRY_SLOT);
	spy_assert_order("nv_consume", CARRY_SLOT, "slot_transition",
			 SLOT_EV_COMMIT);
}

static void test_abort(void **state)
{
	enum carry_import stage;

	(void)state;
	for (stage = CARRY_WRITING; stage <= CARRY_CHECKED; stage++) {
		assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
						    stage), 0);
		/* Before that nobody could have written to it. */
		if (stage >= CARRY_OPENED)
			machine_mark(CARRY_SLOT);
		carry_abort_import();
		assert_empty();
		carry_assert_clean();
		assert_int_equal(call(OSTI_CALL_IMPORT_ABORT, 0, 0, 0),
				 OSTI_E_STATE);
	}
	/* Nothing was used up, and nothing is left of the attempts. */
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	assert_enters();
}

static void test_twice(void **state)
{
	(void)state;
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	/* Frozen, so not to be imported into. */
	assert_int_equal(begin(CARRY_SLOT), OSTI_E_STATE);
	assert_enters();
	/* It ended by itself, the image is still on the disk. */
	assert_int_equal(machine_smc(PSCI_SYSTEM_OFF, 0, 0, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_assert_generation(1, NV_CONSUMED);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_same_power_on),
		TEST(test_after_power_off),
		TEST(test_other_partition),
		TEST(test_again),
		TEST(test_again_unused),
		TEST(test_cpu),
		TEST(test_zeroed_in_steps),
		TEST(test_dirty_memory),
		TEST(test_flushed),
		TEST(test_missing),
		TEST(test_without_check),
		TEST(test_ring),
		TEST(test_same_chunk),
		TEST(test_bad_after_check),
		TEST(test_index),
		TEST(test_table),
		TEST(test_write),
		TEST(test_begin_refused),
		TEST(test_no_nv),
		TEST(test_no_room),
		TEST(test_order),
		TEST(test_abort),
		TEST(test_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
