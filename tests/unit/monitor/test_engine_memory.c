// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_engine_memory.c - what the image engine can reach
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "engine_abi.h"
#include "host.h"
#include "machine.h"
#include "memory.h"
#include "pgtable.h"
#include "slot.h"
#include "spy.h"
#include "world.h"

#define MIB		(1024 * 1024UL)
#define SLOT		2
#define BYTES		(16 * MIB)
#define WRITE		2U
#define RUN		1U

static struct context *slot(void)
{
	return context_get(SLOT);
}

/* Slot 2 is frozen, an image of it is about to be made, slot 1 waits. */
static int setup(void **state)
{
	(void)state;
	machine_boot(2);
	machine_start(1);
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	machine_start(SLOT);
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	assert_int_equal(slot_transition(slot(), SLOT_EV_EXPORT), OSTI_OK);
	return 0;
}

/* ---- All that a table has ------------------------------------------------- */

/* What a 2 MiB block of RAM, from BOARD_RAM_BASE on, is mapped as. */
static struct {
	bool mapped;
	uint64_t ipa;
	unsigned int rights;
} blocks[HOST_RAM_BYTES / (2 * MIB)];
static unsigned int nr_mapped;

static void note_block(uint64_t ipa, uint64_t entry)
{
	const uint64_t pa = entry & 0xffffffe00000UL;
	const uint64_t n = (pa - BOARD_RAM_BASE) / (2 * MIB);

	/* Nothing but RAM, write-back and inner shareable, and that once. */
	assert_true(pa >= BOARD_RAM_BASE && n < ARRAY_SIZE(blocks));
	assert_int_equal(entry & 0x73d, 0x73d);
	assert_true(entry & 1UL << 6);
	assert_false(blocks[n].mapped);
	blocks[n].mapped = true;
	blocks[n].ipa = ipa;
	blocks[n].rights = (entry & 1UL << 7 ? WRITE : 0) |
			   (entry & 1UL << 54 ? 0 : RUN);
	nr_mapped++;
}

static void note_entries(pa_t table, unsigned int entries, int level,
			 uint64_t ipa)
{
	const uint64_t *entry = host_memory(table, 8 * entries);
	const uint64_t bytes = 1UL << (39 - 9 * level);
	uint64_t at;
	unsigned int i;

	for (i = 0; i < entries; i++, ipa += bytes) {
		if (!(entry[i] & 1))
			continue;
		/* Neither pages of 4 KiB nor what would hold some. */
		assert_true(level < 3);
		if (entry[i] & 2)
			note_entries(pa_make(entry[i] & 0xfffffffff000UL), 512,
				     level + 1, ipa);
		else
			for (at = 0; at < bytes; at += 2 * MIB)
				note_block(ipa + at, entry[i] + at);
	}
}

static void look(void)
{
	memset(blocks, 0, sizeof(blocks));
	nr_mapped = 0;
	note_entries(memory_engine_root(), 1024, 1, 0);
}

static void assert_range(uint64_t pa, uint64_t bytes, uint64_t ipa,
			 unsigned int rights)
{
	uint64_t n = (pa - BOARD_RAM_BASE) / (2 * MIB);

	for (; bytes; bytes -= 2 * MIB, ipa += 2 * MIB, n++) {
		assert_true(blocks[n].mapped);
		assert_int_equal(blocks[n].ipa, ipa);
		assert_int_equal(blocks[n].rights, rights);
		nr_mapped--;
	}
}

/* Its own memory, which is counted off. */
static void assert_reaches_own(void)
{
	look();
	assert_range(BOARD_ENGINE_BASE, ENGINE_CODE_BYTES, ENGINE_CODE_IPA,
		     RUN);
	assert_range(BOARD_ENGINE_BASE + ENGINE_CODE_BYTES,
		     BYTES - ENGINE_CODE_BYTES,
		     ENGINE_CODE_IPA + ENGINE_CODE_BYTES, WRITE);
}

static void assert_reaches(unsigned int rights)
{
	assert_reaches_own();
	assert_range(pa_value(slot()->base), slot()->size, ENGINE_PARTITION_IPA, rights);
	/* And nothing else. */
	assert_int_equal(nr_mapped, 0);
}

static void assert_empty(void)
{
	look();
	assert_int_equal(nr_mapped, 0);
}

/* ---- Tests ------------------------------------------------------------------- */

static void test_power_on(void **state)
{
	(void)state;
	machine_boot(2);
	assert_empty();
	/* Nobody has it: nothing happens. */
	memory_engine_revoke();
	assert_empty();
}

static void test_export_reads(void **state)
{
	(void)state;
	memory_engine_grant(slot(), false, BYTES);
	assert_reaches(0);
	memory_engine_revoke();
	assert_empty();
}

static void test_import_writes(void **state)
{
	(void)state;
	memory_engine_grant(slot(), true, BYTES);
	assert_reaches(WRITE);
	memory_engine_revoke();
	assert_empty();
}

/* Of a slot that is stored it sees nothing. */
static void test_no_partition(void **state)
{
	(void)state;
	memory_engine_grant(context_get(3), false, BYTES);
	assert_reaches_own();
	assert_int_equal(nr_mapped, 0);
	memory_engine_revoke();
	assert_empty();
}

/* Again and again: the pool comes back whole. */
static void test_again(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		memory_engine_grant(slot(), i % 2, BYTES);
		memory_engine_revoke();
	}
	memory_engine_grant(slot(), false, BYTES);
	assert_reaches(0);
}

/* What CPUs have of the table goes when it is empty, before anything else. */
static void test_revoke_flushes(void **state)
{
	const uint64_t root = pa_value(memory_engine_root());
	size_t count;
	const struct host_access *trace;
	long tlb;

	(void)state;
	memory_engine_grant(slot(), true, BYTES);
	host_trace_clear();
	memory_engine_revoke();
	tlb = host_trace_find(0, HOST_TLB, root);
	assert_true(tlb > host_trace_last(HOST_FLUSH, root));
	trace = host_trace(&count);
	assert_int_equal(trace[tlb].val, memory_engine_vmid());
	assert_int_equal(host_device_read64(root), 0);
}

/* The engine's memory is in no context's table, nor is it RAM of any. */
static void test_engine_is_nobodys(void **state)
{
	unsigned int id;
	uint64_t at;
	pa_t pa;

	(void)state;
	for (id = 0; id <= context_slots(); id++) {
		const struct context *ctx = context_get(id);
		const struct pgtable t = {
			.format = PGTABLE_STAGE2,
			.root = host_memory(memory_root(ctx), 8192),
		};

		assert_true(pa_value(ctx->base) + ctx->size <= BOARD_ENGINE_BASE ||
			    pa_value(ctx->base) >= BOARD_ENGINE_BASE +
						   BOARD_ENGINE_SIZE);
		for (at = 0; at < 1UL << 40; at += 2 * MIB)
			if (!pgtable_lookup(&t, ipa_make(at), &pa))
				assert_false(pa_value(pa) >= BOARD_ENGINE_BASE &&
					     pa_value(pa) - BOARD_ENGINE_BASE <
					     BOARD_ENGINE_SIZE);
	}
}

static void test_vmids(void **state)
{
	bool used[256] = { false };
	unsigned int id, i;

	(void)state;
	for (id = 0; id <= context_slots(); id++)
		used[memory_vmid(context_get(id))] = true;
	/* The engine's, then those of the spares. */
	for (i = 0; i < OSTI_MAX_CPUS; i++) {
		assert_false(used[memory_engine_vmid()]);
		used[memory_engine_vmid()] = true;
		if (i < OSTI_MAX_CPUS - 1)
			memory_engine_abandon();
	}
	expect_assert_failure(memory_engine_abandon());
}

/* A CPU may use the old table for ever: it stays empty, the new one works. */
static void test_abandon(void **state)
{
	const uint64_t old = pa_value(memory_engine_root());
	uint64_t n;

	(void)state;
	memory_engine_grant(slot(), true, BYTES);
	memory_engine_revoke();
	memory_engine_abandon();
	assert_int_not_equal(pa_value(memory_engine_root()), old);
	memory_engine_grant(slot(), true, BYTES);
	assert_reaches(WRITE);
	for (n = 0; n < 1024; n++)
		assert_int_equal(host_device_read64(old + 8 * n), 0);
}

/* A context that is abandoned takes its spare from the same. */
static void test_abandon_both(void **state)
{
	(void)state;
	memory_engine_abandon();
	memory_revoke(context_get(OSTI_CONTEXT_BM));
	memory_abandon_root(context_get(OSTI_CONTEXT_BM));
	assert_int_not_equal(pa_value(memory_engine_root()),
			     pa_value(memory_root(context_get(OSTI_CONTEXT_BM))));
	assert_int_not_equal(memory_engine_vmid(),
			     memory_vmid(context_get(OSTI_CONTEXT_BM)));
}

static void test_bugs(void **state)
{
	(void)state;
	expect_assert_failure(memory_engine_grant(
		context_get(OSTI_CONTEXT_BM), false, BYTES));
	/* Empty: there is nothing to be written. */
	expect_assert_failure(memory_engine_grant(context_get(3), true, BYTES));
	expect_assert_failure(memory_engine_grant(slot(), false,
						  ENGINE_CODE_BYTES));
	expect_assert_failure(memory_engine_grant(
		slot(), false, BOARD_ENGINE_SIZE + 2 * MIB));
	memory_engine_grant(slot(), false, BOARD_ENGINE_SIZE);
	/* Somebody has it. */
	expect_assert_failure(memory_engine_grant(slot(), false, BYTES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_on),
		cmocka_unit_test_setup(test_export_reads, setup),
		cmocka_unit_test_setup(test_import_writes, setup),
		cmocka_unit_test_setup(test_no_partition, setup),
		cmocka_unit_test_setup(test_again, setup),
		cmocka_unit_test_setup(test_revoke_flushes, setup),
		cmocka_unit_test_setup(test_engine_is_nobodys, setup),
		cmocka_unit_test_setup(test_vmids, setup),
		cmocka_unit_test_setup(test_abandon, setup),
		cmocka_unit_test_setup(test_abandon_both, setup),
		cmocka_unit_test_setup(test_bugs, setup),
	};

	return cmocka_run_group_tests_name("monitor_engine_memory", tests,
					   NULL, NULL);
}
