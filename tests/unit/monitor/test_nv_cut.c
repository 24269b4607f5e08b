// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv_cut.c - the NV state, with power cut at every write to the flash
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "host.h"
#include "host_flash.h"
#include "nv_device.h"

static jmp_buf power;
static uint8_t before_op[HOST_FLASH_BYTES], after_cut[HOST_FLASH_BYTES];

/* ---- Power cut ----------------------------------------------------------- */

static void cut(void)
{
	longjmp(power, 1);
}

static void cut_at(unsigned long write, uint64_t seed)
{
	host_flash.writes = 0;
	host_flash.cut_at = write;
	host_flash.cut_seed = seed;
	host_flash.cut_hook = cut;
}

/* Did it come to its end before the power went? */
static bool op_ends(const struct op *op, unsigned long write, uint64_t seed)
{
	host_trace_clear();
	cut_at(write, seed);
	if (setjmp(power))
		return false;
	assert_int_equal(do_op(op), 0);
	host_flash.cut_at = 0;
	return true;
}

static bool power_on_ends(unsigned long write, uint64_t seed)
{
	host_flash_reset();
	host_trace_clear();
	cut_at(write, seed);
	if (setjmp(power))
		return false;
	assert_int_equal(nv_init(), 0);
	host_flash.cut_at = 0;
	return true;
}

/* Old or new state; what it is stays so; all that is over is refused. */
static void assert_old_or_new(const struct memory *before, const struct op *op)
{
	struct memory after = *before;
	struct memory found;

	remember(&after, op);
	recall(&found);
	if (memcmp(&found, before, sizeof(found)))
		assert_memory_equal(&found, &after, sizeof(found));

	assert_int_equal(power_on(), 0);
	assert_memory(&found);
	assert_int_equal(host_flash.programs, 0);

	if (found.state[op->slot] != NV_BEGUN)
		assert_int_equal(nv_store(op->slot,
					  found.generation[op->slot]),
				 NV_E_GENERATION);
	if (found.state[op->slot] != NV_STORED)
		assert_int_equal(nv_retire(op->slot,
					   found.generation[op->slot]),
				 NV_E_STATE);
	if (!nv_resumable(found.state[op->slot]))
		assert_int_equal(nv_consume(op->slot,
					    found.generation[op->slot]),
				 NV_E_STATE);

	/* And it goes on from there. */
	if (!memcmp(&found, before, sizeof(found)))
		assert_int_equal(do_op(op), 0);
	else if (op->to <= NV_CONSUMED || op->to == NV_RETIRED)
		assert_int_not_equal(do_op(op), 0);
	assert_memory(&after);
	assert_int_equal(power_on(), 0);
	assert_memory(&after);
}

/* Cut the power also at each write of the power-on that follows. */
static void cut_recovery(const struct memory *before, const struct op *op,
			 uint64_t seed)
{
	unsigned long write;

	memcpy(after_cut, host_flash.data, HOST_FLASH_BYTES);
	for (write = 1; !power_on_ends(write, seed); write++) {
		assert_int_equal(power_on(), 0);
		assert_old_or_new(before, op);
		memcpy(host_flash.data, after_cut, HOST_FLASH_BYTES);
	}
	memcpy(host_flash.data, after_cut, HOST_FLASH_BYTES);
}

/* Returns how many writes there were to cut at. */
static unsigned long cut_everywhere(const struct memory *before,
				    const struct op *op, uint64_t seed)
{
	unsigned long write;
	unsigned int programs;

	memcpy(before_op, host_flash.data, HOST_FLASH_BYTES);
	for (write = 1;; write++) {
		memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
		assert_int_equal(power_on(), 0);
		if (op_ends(op, write, seed))
			break;
		assert_int_equal(power_on(), 0);
		programs = host_flash.programs;
		if (programs) {
			memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
			assert_int_equal(power_on(), 0);
			assert_false(op_ends(op, write, seed));
			cut_recovery(before, op, seed);
			assert_int_equal(power_on(), 0);
		}
		assert_old_or_new(before, op);
	}
	memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
	assert_int_equal(power_on(), 0);
	return write - 1;
}

/* Seed 0: the write did nothing; 1: it did all; else something between. */
static const uint64_t seeds[] = { 0, 1, 0x9e3779b97f4a7c15, 4711 };

static unsigned long cut_script(const struct op *ops, unsigned int count,
				struct memory *mem)
{
	unsigned long cuts = 0;
	unsigned int i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j < ARRAY_SIZE(seeds); j++)
			cuts += cut_everywhere(mem, &ops[i], seeds[j]);
		assert_int_equal(do_op(&ops[i]), 0);
		remember(mem, &ops[i]);
		assert_memory(mem);
	}
	return cuts;
}

static void test_power_cut(void **state)
{
	static const struct op ops[] = {
		{ NV_STORED, 1, 1 },
		{ NV_STORED, 2, 7 },
		{ NV_CONSUMED, 1, 1 },
		{ NV_STORED, 1, 2 },
		{ NV_STORED, 1, 3 },
		{ NV_RETIRED, 1, 3 },
		{ NV_BEGUN, 1, 4 },
		{ NV_BEGUN, 1, 5 },
		{ NV_STORED, 1, 5 },
		{ NV_FLOOR, 1, 9 },
		{ NV_CLOCK, 1, (uint64_t)-3600 },
		{ NV_RETIRED, 2, 7 },
		{ NV_CONSUMED, 2, 7 },
		{ NV_FLOOR, 1, 0x0102030405060708 },
		{ NV_STORED, NV_SLOTS, UINT64_MAX },
		{ NV_CONSUMED, NV_SLOTS, UINT64_MAX },
	};
	struct memory mem;
	unsigned long cuts;

	(void)state;
	recall(&mem);
	cuts = cut_script(ops, ARRAY_SIZE(ops), &mem);
	print_message("%lu cuts\n", cuts);
	/* An entry of 16 words, of two writes each, is the least. */
	assert_true(cuts >= ARRAY_SIZE(ops) * ARRAY_SIZE(seeds) * 32);
}

static void test_power_cut_compaction(void **state)
{
	static const struct op ops[] = {
		{ NV_STORED, 2, 1000 },
		{ NV_FLOOR, 3, 1000 },	/* after compaction */
		{ NV_CONSUMED, 2, 1000 },
		{ NV_BEGUN, 2, 1001 },
		{ NV_STORED, 2, 1001 },
	};
	struct memory mem;
	unsigned long cuts;

	(void)state;
	fill(&mem, 1);
	cuts = cut_script(ops, ARRAY_SIZE(ops), &mem);
	print_message("%lu cuts\n", cuts);
	assert_true(cuts >= ARRAY_SIZE(seeds) *
			    (ARRAY_SIZE(ops) + 2 * NV_SLOTS + 1) * 32);
}

/* Back to sector 1, over what is left there from before. */
static void test_power_cut_second_compaction(void **state)
{
	static const struct op ops[] = { { NV_STORED, 3, 5000 } };
	struct memory mem;

	(void)state;
	fill(&mem, 0);
	assert_int_equal(nv_store(1, 1000), 0);
	host_flash.erases = 0;
	recall(&mem);
	while (!host_flash.erases && mem.generation[1] <
				     1000 + NV_ENTRIES - 2 * NV_SLOTS - 2) {
		mem.generation[1]++;
		assert_int_equal(nv_store(1, mem.generation[1]), 0);
	}
	assert_int_equal(host_flash.erases, 0);
	cut_script(ops, ARRAY_SIZE(ops), &mem);
	assert_int_equal(nv_store(3, 5001), 0);
	assert_slot(1, mem.generation[1], NV_STORED);
}

/* Several torn entries one after the other, none of them ever used again. */
static void test_torn_again_and_again(void **state)
{
	static const struct op op = { NV_STORED, 1, 9 };
	uint64_t random = 99;
	uint8_t torn[10][NV_ENTRY_BYTES];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(torn); i++) {
		assert_false(op_ends(&op, 3 + test_random(&random) % 24,
				     test_random(&random)));
		memcpy(torn[i], &host_flash.data[LOG_1 + ENTRY(i + 1)],
		       NV_ENTRY_BYTES);
		assert_memory_equal(&host_flash.data[LOG_1 + ENTRY(i + 2)],
				    "\xff\xff\xff\xff", 4);
		assert_int_equal(power_on(), 0);
		assert_slot(1, 0, NV_NONE);
	}
	assert_int_equal(do_op(&op), 0);
	assert_int_equal(power_on(), 0);
	assert_slot(1, 9, NV_STORED);
	for (i = 0; i < ARRAY_SIZE(torn); i++)
		assert_memory_equal(&host_flash.data[LOG_1 + ENTRY(i + 1)],
				    torn[i], NV_ENTRY_BYTES);
}

/* Before the seal is begun a cut while a failed write is undone is as any cut. */
static void test_cut_while_undone(void **state)
{
	static const struct op op = { NV_STORED, 1, 9 };
	static unsigned int fail;
	static unsigned long write;
	struct memory mem;

	(void)state;
	recall(&mem);
	memcpy(before_op, host_flash.data, HOST_FLASH_BYTES);
	for (fail = 1; fail <= NV_SEAL_AT / 4; fail++) {
		for (write = 1;; write++) {
			memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
			assert_int_equal(power_on(), 0);
			cut_at(write, write % 3);
			host_flash.fail_at = fail;
			host_flash.fail_status = 0x10;
			host_flash.fail_done = fail % 2;
			if (!setjmp(power)) {
				assert_int_equal(do_op(&op), NV_E_WORN);
				break;
			}
			assert_int_equal(power_on(), 0);
			assert_old_or_new(&mem, &op);
		}
		assert_true(write > 2 * NV_SEAL_AT / 4);
	}
}

/* An entry that is whole but not sealed may have weak bits: written again. */
static void test_unsealed_is_strengthened(void **state)
{
	static const uint8_t seals[][NV_SEAL_BYTES] = {
		{ 0xff, 0xff, 0xff, 0xff }, { 0x00, 0x12, 0x00, 0xff },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(seals); i++) {
		provision();
		put_record(1, 1, 4, NV_STORED, 6);
		memcpy(&host_flash.data[LOG_1 + ENTRY(1) + NV_SEAL_AT],
		       seals[i], NV_SEAL_BYTES);
		assert_int_equal(power_on(), 0);
		assert_slot(4, 6, NV_STORED);
		assert_int_equal(host_flash.programs, 16);
		assert_memory_equal(&host_flash.data[LOG_1 + ENTRY(1) +
						     NV_SEAL_AT], "\0\0\0", 4);
		assert_int_equal(power_on(), 0);
		assert_slot(4, 6, NV_STORED);
		assert_int_equal(host_flash.programs, 0);
	}
}

/* Something that may come next for some slot. */
static void choose(struct op *op, const struct memory *mem, uint64_t *random)
{
	const unsigned int slot = test_random(random) % NV_SLOTS + 1;
	const unsigned int dice = test_random(random) % 8;
	const enum nv_state is = mem->state[slot];

	op->slot = slot;
	if (test_random(random) % 8 == 0) {
		op->to = dice % 2 ? NV_FLOOR : NV_CLOCK;
		op->generation = dice % 2 ? mem->floor[slot] + 1 :
				 test_random(random);
		return;
	}
	op->generation = mem->generation[slot];
	if (is == NV_STORED && dice < 2) {
		op->to = NV_RETIRED;
	} else if (nv_resumable(is) && dice < 6) {
		op->to = NV_CONSUMED;
	} else if (is == NV_BEGUN && dice < 6) {
		op->to = NV_STORED;
	} else if (dice % 2) {
		op->to = NV_BEGUN;
		op->generation++;
	} else {
		op->to = NV_STORED;
		op->generation += 1 + test_random(random) % 3;
	}
}

/* A long life with many cuts at places of chance. */
static void test_random_cuts(void **state)
{
	uint64_t random = 20231123;
	struct memory mem, found;
	struct op op;
	unsigned int i, cuts = 0, erases = 0;

	(void)state;
	recall(&mem);
	for (i = 0; i < 4000; i++) {
		bool ended;

		choose(&op, &mem, &random);
		host_flash.erases = 0;
		/* Long enough for a compaction now and then. */
		ended = op_ends(&op, 1 + test_random(&random) %
				     (test_random(&random) % 4 ? 120 : 2000),
				test_random(&random));
		erases += host_flash.erases;
		if (ended) {
			remember(&mem, &op);
			assert_memory(&mem);
			continue;
		}
		cuts++;
		while (!power_on_ends(1 + test_random(&random) % 150,
				      test_random(&random)))
			;
		assert_int_equal(power_on(), 0);
		recall(&found);
		if (memcmp(&found, &mem, sizeof(mem))) {
			remember(&mem, &op);
			assert_memory_equal(&found, &mem, sizeof(mem));
		}
	}
	print_message("%u cuts, %u erases\n", cuts, erases);
	assert_true(cuts > 500 && erases > 10);
}

int main(void)
{
#define TEST(f)		cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		READY(test_power_cut),
		READY(test_power_cut_compaction),
		READY(test_power_cut_second_compaction),
		READY(test_torn_again_and_again),
		READY(test_cut_while_undone),
		TEST(test_unsealed_is_strengthened),
		READY(test_random_cuts),
	};

	return cmocka_run_group_tests_name("monitor_nv_cut", tests, NULL, NULL);
}
