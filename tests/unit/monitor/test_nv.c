// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv.c - the NV state, with power cut at every write to the flash
 */
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "cfi.h"
#include "host.h"
#include "host_flash.h"
#include "nv.h"
#include "nv_log.h"

#define LOG_1		BOARD_NV_SECTOR
#define LOG_2		(2 * BOARD_NV_SECTOR)
#define ENTRY(n)	((n) * NV_ENTRY_BYTES)

/* What the flash should say of each slot. */
struct memory {
	uint64_t generation[NV_SLOTS + 1];
	enum nv_state state[NV_SLOTS + 1];
};

struct op {
	enum nv_state to;
	unsigned int slot;
	uint64_t generation;
};

static const uint8_t root_key[NV_KEY_BYTES] = {
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
	0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
};

static jmp_buf power;
static uint8_t log_key[NV_KEY_BYTES];

/* ---- Vectors: docs/nv-format.md ------------------------------------------ */

static const uint8_t root_vector[NV_ROOT_BYTES] = {
	0x4f, 0x53, 0x54, 0x49, 0x2d, 0x4e, 0x56, 0x4b,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
	0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
	0x7b, 0x2d, 0x3a, 0x34, 0x1b, 0xd8, 0xff, 0x28,
	0xbf, 0x1a, 0x18, 0x69, 0x7c, 0xe6, 0x78, 0x73,
	0x2d, 0x71, 0x8f, 0x8e, 0x18, 0x23, 0xcd, 0xe2,
	0x94, 0x31, 0x77, 0x3f, 0xf8, 0xd1, 0xed, 0x35,
};

/* Header of epoch 1 */
static const uint8_t header_vector[NV_ENTRY_BYTES] = {
	0x4f, 0x4e, 0x56, 0x31, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x5f, 0xbd, 0xcf, 0x86,
	0xb3, 0xaf, 0xa9, 0x63, 0x75, 0x47, 0xad, 0x80,
	0x9b, 0x47, 0x34, 0x30, 0x9b, 0x0e, 0x23, 0xca,
	0x5c, 0xdc, 0xaa, 0x42, 0x59, 0xdd, 0x79, 0xa0,
	0x8f, 0x2f, 0x6b, 0x8d, 0xff, 0xff, 0xff, 0xff,
};

/* Slot 3, CONSUMED 0x0102030405060708, epoch 0x1112131415161719, index 255 */
static const uint8_t record_vector[NV_ENTRY_BYTES] = {
	0x4f, 0x4e, 0x56, 0x31, 0x03, 0x02, 0x00, 0x00,
	0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01,
	0x19, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
	0xff, 0x00, 0x00, 0x00, 0x5c, 0x13, 0xc6, 0x0f,
	0x99, 0x24, 0x47, 0xb2, 0x98, 0xc6, 0x78, 0x10,
	0x73, 0x62, 0xf0, 0x29, 0xfb, 0x11, 0xc1, 0xba,
	0x2a, 0xd4, 0x54, 0xc5, 0x77, 0xd4, 0x28, 0x5f,
	0x44, 0x99, 0x2e, 0xd1, 0xff, 0xff, 0xff, 0xff,
};

static void test_vectors(void **state)
{
	static const struct nv_entry header = { .epoch = 1 };
	static const struct nv_entry record = {
		.epoch = 0x1112131415161719,
		.generation = 0x0102030405060708,
		.index = 255,
		.slot = 3,
		.state = NV_CONSUMED,
	};
	uint8_t root[NV_ROOT_BYTES], entry[NV_ENTRY_BYTES], key[NV_KEY_BYTES];
	struct nv_entry found = { 0 };

	(void)state;
	nv_format_root(root, root_key);
	assert_memory_equal(root, root_vector, NV_ROOT_BYTES);
	assert_int_equal(nv_format_root_parse(root, key), 0);
	assert_memory_equal(key, root_key, NV_KEY_BYTES);

	nv_format_entry(log_key, &header, entry);
	assert_memory_equal(entry, header_vector, NV_ENTRY_BYTES);
	nv_format_entry(log_key, &record, entry);
	assert_memory_equal(entry, record_vector, NV_ENTRY_BYTES);
	assert_int_equal(nv_format_parse(log_key, entry, &found), NV_VALID);
	assert_int_equal(found.epoch, record.epoch);
	assert_int_equal(found.generation, record.generation);
	assert_int_equal(found.index, 255);
	assert_int_equal(found.slot, 3);
	assert_int_equal(found.state, NV_CONSUMED);
}

/* ---- Device -------------------------------------------------------------- */

static void put_entry(uint32_t at, const struct nv_entry *entry, bool sealed)
{
	nv_format_entry(log_key, entry, &host_flash.data[at]);
	if (sealed)
		memset(&host_flash.data[at + NV_SEAL_AT], 0, NV_SEAL_BYTES);
}

static void put_header(uint64_t epoch)
{
	put_entry(nv_format_offset(epoch, 0),
		  &(struct nv_entry){ .epoch = epoch }, true);
}

static void put_record(uint64_t epoch, uint32_t index, unsigned int slot,
		       enum nv_state to, uint64_t generation)
{
	put_entry(nv_format_offset(epoch, index), &(struct nv_entry){
			.epoch = epoch,
			.generation = generation,
			.index = index,
			.slot = slot,
			.state = to,
		}, true);
}

static void provision(void)
{
	memset(host_flash.data, 0xff, sizeof(host_flash.data));
	nv_format_root(host_flash.data, root_key);
	put_header(NV_FIRST_EPOCH);
}

/* Power on; what nv_init() returns. */
static int power_on(void)
{
	host_flash_reset();
	host_trace_clear();
	return nv_init();
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_flash_add();
	nv_format_log_key(root_key, log_key);
	provision();
	return 0;
}

static int setup_ready(void **state)
{
	setup(state);
	assert_int_equal(power_on(), 0);
	return 0;
}

static int do_op(const struct op *op)
{
	if (op->to == NV_STORED)
		return nv_store(op->slot, op->generation);
	return nv_consume(op->slot, op->generation);
}

static void remember(struct memory *mem, const struct op *op)
{
	mem->generation[op->slot] = op->generation;
	mem->state[op->slot] = op->to;
}

static void recall(struct memory *mem)
{
	unsigned int slot;

	memset(mem, 0, sizeof(*mem));
	for (slot = 1; slot <= NV_SLOTS; slot++)
		assert_int_equal(nv_generation(slot, &mem->generation[slot],
					       &mem->state[slot]), 0);
}

static void assert_memory(const struct memory *want)
{
	struct memory found;

	recall(&found);
	assert_memory_equal(&found, want, sizeof(found));
}

static void assert_slot(unsigned int slot, uint64_t generation,
			enum nv_state state)
{
	enum nv_state found_state;
	uint64_t found;

	assert_int_equal(nv_generation(slot, &found, &found_state), 0);
	assert_int_equal(found, generation);
	assert_int_equal(found_state, state);
}

static void assert_logged(const char *text)
{
	if (!strstr(host_log(), text))
		fail_msg("'%s' is not in the log: %s", text, host_log());
}

/* ---- Calls --------------------------------------------------------------- */

static void test_fresh_device(void **state)
{
	struct memory none;

	(void)state;
	assert_int_equal(power_on(), 0);
	assert_memory_equal(nv_root_key(), root_key, NV_KEY_BYTES);
	memset(&none, 0, sizeof(none));
	assert_memory(&none);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(host_flash.erases, 0);
	assert_string_equal(host_log(), "");
}

static void test_store_consume(void **state)
{
	(void)state;
	assert_int_equal(nv_consume(1, 0), NV_E_STATE);
	assert_int_equal(nv_consume(1, 1), NV_E_STATE);
	assert_int_equal(nv_store(1, 0), NV_E_GENERATION);
	assert_int_equal(nv_store(1, 5), 0);
	assert_slot(1, 5, NV_STORED);
	assert_int_equal(nv_store(1, 5), NV_E_GENERATION);
	assert_int_equal(nv_store(1, 4), NV_E_GENERATION);
	assert_int_equal(nv_consume(1, 4), NV_E_GENERATION);
	assert_int_equal(nv_consume(1, 6), NV_E_GENERATION);
	assert_int_equal(nv_consume(2, 5), NV_E_STATE);
	assert_slot(1, 5, NV_STORED);
	assert_int_equal(nv_consume(1, 5), 0);
	assert_slot(1, 5, NV_CONSUMED);
	assert_int_equal(nv_consume(1, 5), NV_E_STATE);
	assert_int_equal(nv_store(1, 5), NV_E_GENERATION);
	/* An image that was not resumed is replaced by a newer one. */
	assert_int_equal(nv_store(1, 6), 0);
	assert_int_equal(nv_store(1, 7), 0);
	assert_int_equal(nv_consume(1, 6), NV_E_GENERATION);
	assert_int_equal(nv_store(NV_SLOTS, UINT64_MAX), 0);
	assert_int_equal(nv_store(NV_SLOTS, UINT64_MAX), NV_E_GENERATION);
	assert_int_equal(nv_store(NV_SLOTS, 1), NV_E_GENERATION);

	assert_int_equal(power_on(), 0);
	assert_slot(1, 7, NV_STORED);
	assert_slot(2, 0, NV_NONE);
	assert_slot(NV_SLOTS, UINT64_MAX, NV_STORED);
	assert_int_equal(host_flash.programs, 0);
	assert_string_equal(host_log(), "");
}

static void test_no_such_slot(void **state)
{
	enum nv_state to;
	uint64_t gen;

	(void)state;
	expect_assert_failure((void)nv_store(0, 1));
	expect_assert_failure((void)nv_store(NV_SLOTS + 1, 1));
	expect_assert_failure((void)nv_consume(0, 1));
	expect_assert_failure((void)nv_consume(NV_SLOTS + 1, 1));
	expect_assert_failure((void)nv_generation(0, &gen, &to));
	expect_assert_failure((void)nv_generation(NV_SLOTS + 1, &gen, &to));
}

static void assert_closed(int err)
{
	enum nv_state to;
	uint64_t gen;

	assert_int_equal(power_on(), err);
	assert_null(nv_root_key());
	assert_int_equal(nv_generation(1, &gen, &to), err);
	assert_int_equal(nv_store(1, 100), err);
	assert_int_equal(nv_consume(1, 100), err);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(host_flash.erases, 0);
}

static void test_no_flash(void **state)
{
	enum nv_state to;
	uint64_t gen;

	(void)state;
	host_flash.absent = true;
	assert_int_equal(nv_init(), NV_E_FLASH);
	assert_null(nv_root_key());
	assert_int_equal(nv_generation(1, &gen, &to), NV_E_FLASH);
	assert_int_equal(nv_store(1, 1), NV_E_FLASH);
	assert_int_equal(nv_consume(1, 1), NV_E_FLASH);
	assert_logged(nv_format_error(NV_E_FLASH));
}

/* QEMU's flash without a file is all zeros, a new chip all ones. */
static void test_unprovisioned(void **state)
{
	(void)state;
	memset(host_flash.data, 0, HOST_FLASH_BYTES);
	assert_closed(NV_E_UNPROVISIONED);
	assert_logged(nv_format_error(NV_E_UNPROVISIONED));
	memset(host_flash.data, 0xff, HOST_FLASH_BYTES);
	assert_closed(NV_E_UNPROVISIONED);
}

static void test_no_log(void **state)
{
	(void)state;
	memset(&host_flash.data[LOG_1], 0xff, 2 * BOARD_NV_SECTOR);
	assert_closed(NV_E_DAMAGED);
	assert_logged(nv_format_error(NV_E_DAMAGED));
	assert_logged("neither sector of the log has a valid header");
}

static void test_error_texts(void **state)
{
	int err;

	(void)state;
	for (err = NV_E_FLASH; err >= NV_E_WORN; err--)
		assert_string_not_equal(nv_format_error(err), "unknown error");
	assert_string_equal(nv_format_error(0), "unknown error");
	assert_string_equal(nv_format_error(NV_E_WORN - 1), "unknown error");
}

/* ---- Compaction ---------------------------------------------------------- */

/* Let the log have @left free entries, with something of every slot in it. */
static void fill(struct memory *mem, uint32_t left)
{
	struct op op;
	uint32_t i;

	recall(mem);
	for (i = 1; i < NV_ENTRIES - left; i++) {
		op.slot = i % NV_SLOTS + 1;
		op.to = mem->state[op.slot] == NV_STORED && i % 3 ?
			NV_CONSUMED : NV_STORED;
		op.generation = mem->generation[op.slot] +
				(op.to == NV_STORED);
		assert_int_equal(do_op(&op), 0);
		remember(mem, &op);
	}
	assert_memory(mem);
	assert_int_equal(host_flash.erases, 0);
}

static void test_compaction(void **state)
{
	struct memory mem;
	struct op op = { NV_STORED, 1, 1000 };
	unsigned int i;

	(void)state;
	fill(&mem, 0);
	/* What lies in the other sector does not matter. */
	memset(&host_flash.data[LOG_2], 0x5a, BOARD_NV_SECTOR);
	assert_int_equal(do_op(&op), 0);
	remember(&mem, &op);
	assert_memory(&mem);
	assert_int_equal(host_flash.erases, 1);

	assert_int_equal(power_on(), 0);
	assert_memory(&mem);
	assert_int_equal(host_flash.programs, 0);

	/* On and on, from sector to sector. */
	for (i = 0; i < 4 * NV_ENTRIES; i++) {
		op.generation++;
		assert_int_equal(do_op(&op), 0);
		remember(&mem, &op);
		host_trace_clear();
	}
	assert_memory(&mem);
	assert_int_equal(host_flash.erases, 4);
	assert_int_equal(power_on(), 0);
	assert_memory(&mem);
}

/* If the new header rots, the old log must not come to life again. */
static void test_old_log_is_dead(void **state)
{
	struct memory mem;

	(void)state;
	fill(&mem, 0);
	assert_int_equal(nv_store(1, 1000), 0);
	assert_int_equal(power_on(), 0);
	host_flash.data[LOG_2 + 20] ^= 1;
	assert_closed(NV_E_DAMAGED);
}

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

	assert_int_equal(nv_store(op->slot, found.generation[op->slot]),
			 NV_E_GENERATION);
	if (found.state[op->slot] != NV_STORED)
		assert_int_equal(nv_consume(op->slot,
					    found.generation[op->slot]),
				 NV_E_STATE);

	/* And it goes on from there. */
	if (!memcmp(&found, before, sizeof(found)))
		assert_int_equal(do_op(op), 0);
	else
		assert_int_not_equal(do_op(op), 0);
	assert_memory(&after);
	assert_int_equal(power_on(), 0);
	assert_memory(&after);
}

static uint8_t before_op[HOST_FLASH_BYTES], after_cut[HOST_FLASH_BYTES];

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
		{ NV_CONSUMED, 2, 7 },
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
		{ NV_CONSUMED, 2, 1000 },	/* after compaction */
		{ NV_STORED, 2, 1001 },
	};
	struct memory mem;
	unsigned long cuts;

	(void)state;
	fill(&mem, 1);
	cuts = cut_script(ops, ARRAY_SIZE(ops), &mem);
	print_message("%lu cuts\n", cuts);
	assert_true(cuts >= ARRAY_SIZE(seeds) *
			    (ARRAY_SIZE(ops) + NV_SLOTS + 1) * 32);
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
				     1000 + NV_ENTRIES - NV_SLOTS - 2) {
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

		op.slot = test_random(&random) % NV_SLOTS + 1;
		op.to = mem.state[op.slot] == NV_STORED &&
			test_random(&random) % 4 ? NV_CONSUMED : NV_STORED;
		op.generation = mem.generation[op.slot];
		if (op.to == NV_STORED)
			op.generation += 1 + test_random(&random) % 3;
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

/* ---- Worn flash ---------------------------------------------------------- */

/* Let the @n-th program or erase of @op fail. False: it has fewer. */
static bool worn_at(const struct memory *before, const struct op *op,
		    unsigned int n, uint8_t status, unsigned int chip)
{
	struct memory after = *before;
	struct memory found;
	unsigned int programs;
	int err;

	assert_int_equal(power_on(), 0);
	host_flash.fail_at = n;
	host_flash.fail_status = status;
	host_flash.fail_chip = chip;
	err = do_op(op);
	if (host_flash.fail_at)
		return false;
	/* A cell that had nothing to do cannot show that it is worn. */
	if (!err) {
		assert_int_equal(status, 0);
		return true;
	}

	assert_int_equal(err, NV_E_WORN);
	assert_logged("writing the NV flash failed");
	assert_true(host_flash_idle());
	/* Reads still work; nothing more is written. */
	assert_memory(before);
	programs = host_flash.programs + host_flash.erases;
	assert_int_equal(do_op(op), NV_E_WORN);
	assert_int_equal(nv_store(5, UINT64_MAX), NV_E_WORN);
	assert_int_equal(host_flash.programs + host_flash.erases, programs);
	assert_memory(before);
	assert_non_null(nv_root_key());

	/* The next power-on finds the old state or the new one. */
	remember(&after, op);
	assert_int_equal(power_on(), 0);
	recall(&found);
	if (memcmp(&found, before, sizeof(found)))
		assert_memory_equal(&found, &after, sizeof(found));
	return true;
}

static void wear(const struct memory *mem, const struct op *op,
		 unsigned int least)
{
	static const uint8_t status[] = { 0x10, 0x20, 0x08, 0 };
	unsigned int i, n, chip;

	memcpy(before_op, host_flash.data, HOST_FLASH_BYTES);
	for (i = 0; i < sizeof(status); i++) {
		for (chip = 0; chip < HOST_FLASH_CHIPS; chip++) {
			n = 1;
			while (worn_at(mem, op, n, status[i], chip)) {
				memcpy(host_flash.data, before_op,
				       HOST_FLASH_BYTES);
				n++;
			}
			assert_true(n > least);
			memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
		}
	}
}

static void test_worn(void **state)
{
	static const struct op op = { NV_STORED, 1, 0x0102030405060708 };
	struct memory mem;

	(void)state;
	recall(&mem);
	wear(&mem, &op, 16);
}

static void test_worn_in_compaction(void **state)
{
	static const struct op op = { NV_STORED, 1, 0x0102030405060708 };
	struct memory mem;

	(void)state;
	fill(&mem, 0);
	wear(&mem, &op, 1 + 16 * (NV_SLOTS + 2));
}

/* What a power cut left cannot be finished: it is still good to read. */
static void test_worn_at_power_on(void **state)
{
	(void)state;
	put_record(1, 1, 4, NV_STORED, 6);
	memset(&host_flash.data[LOG_1 + ENTRY(1) + NV_SEAL_AT], 0xff, 4);
	host_flash_reset();
	host_flash.fail_at = 16;
	host_flash.fail_status = 0x10;
	assert_int_equal(nv_init(), 0);
	assert_logged("finishing the last entry failed");
	assert_slot(4, 6, NV_STORED);
	assert_int_equal(nv_consume(4, 6), NV_E_WORN);

	provision();
	put_header(2);
	put_record(2, 1, 4, NV_STORED, 6);
	host_flash_reset();
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	assert_int_equal(nv_init(), 0);
	assert_logged("ending the old log failed");
	assert_slot(4, 6, NV_STORED);
	assert_int_equal(nv_consume(4, 6), NV_E_WORN);
	assert_int_equal(power_on(), 0);
	assert_int_equal(nv_consume(4, 6), 0);
}

/* ---- Damage -------------------------------------------------------------- */

static void flip(uint32_t at, unsigned int bit)
{
	host_flash.data[at] ^= 1U << bit;
}

/* Every bit of what is written, one by one. */
static void test_every_bit_flipped(void **state)
{
	unsigned int at, bit;
	struct memory mem;

	(void)state;
	assert_int_equal(nv_store(1, 1), 0);
	assert_int_equal(nv_consume(1, 1), 0);
	assert_int_equal(nv_store(2, 1), 0);
	recall(&mem);
	memcpy(before_op, host_flash.data, HOST_FLASH_BYTES);

	flip(LOG_1 + ENTRY(2) + 8, 0);
	assert_closed(NV_E_DAMAGED);
	assert_logged("epoch 1, entry 2 is damaged");
	flip(LOG_1 + ENTRY(2) + 8, 0);

	for (at = 0; at < NV_ROOT_BYTES; at++) {
		for (bit = 0; bit < 8; bit++) {
			flip(at, bit);
			assert_closed(at < 8 ? NV_E_UNPROVISIONED :
					       NV_E_DAMAGED);
			flip(at, bit);
		}
	}
	for (at = 0; at < 4 * NV_ENTRY_BYTES; at++) {
		for (bit = 0; bit < 8; bit++) {
			flip(LOG_1 + at, bit);
			if (at % NV_ENTRY_BYTES < NV_SEAL_AT) {
				assert_closed(NV_E_DAMAGED);
			} else {
				/* A seal only says what else is good. */
				assert_int_equal(power_on(), 0);
				assert_memory(&mem);
			}
			memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
		}
	}
}

static void test_other_version(void **state)
{
	static const uint8_t root2[NV_ROOT_BYTES] = {
		0x4f, 0x53, 0x54, 0x49, 0x2d, 0x4e, 0x56, 0x4b,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
		0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
		0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
		0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
		0x40, 0xc7, 0x51, 0x6e, 0xd7, 0x1d, 0xbd, 0xeb,
		0x56, 0x50, 0x31, 0x27, 0x11, 0xbb, 0x17, 0x53,
		0x52, 0x32, 0x8c, 0x76, 0xb0, 0x86, 0x6c, 0x25,
		0x08, 0x8a, 0x32, 0x8a, 0x2a, 0x56, 0xe0, 0xc3,
	};

	(void)state;
	memcpy(host_flash.data, root2, sizeof(root2));
	assert_closed(NV_E_VERSION);
}

static void test_moved_entries(void **state)
{
	(void)state;
	/* To another place */
	put_record(1, 1, 1, NV_STORED, 5);
	put_record(1, 2, 1, NV_CONSUMED, 5);
	assert_int_equal(power_on(), 0);
	memcpy(&host_flash.data[LOG_1 + ENTRY(3)],
	       &host_flash.data[LOG_1 + ENTRY(1)], NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);
	memcpy(&host_flash.data[LOG_1 + ENTRY(2)],
	       &host_flash.data[LOG_1 + ENTRY(1)], NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);

	provision();
	put_record(1, 7, 1, NV_STORED, 5);
	assert_int_equal(power_on(), 0);
	memcpy(&host_flash.data[LOG_1 + ENTRY(1)],
	       &host_flash.data[LOG_1 + ENTRY(7)], NV_ENTRY_BYTES);
	memset(&host_flash.data[LOG_1 + ENTRY(7)], 0xff, NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);

	/* Of another epoch */
	provision();
	put_record(3, 1, 1, NV_STORED, 5);
	assert_closed(NV_E_DAMAGED);

	/* A header where a record belongs, and the other way round */
	provision();
	memcpy(&host_flash.data[LOG_1 + ENTRY(1)], &host_flash.data[LOG_1],
	       NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);
	provision();
	put_record(1, 1, 1, NV_STORED, 5);
	memcpy(&host_flash.data[LOG_1], &host_flash.data[LOG_1 + ENTRY(1)],
	       NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);

	/* In the other sector */
	provision();
	memcpy(&host_flash.data[LOG_2], &host_flash.data[LOG_1],
	       NV_ENTRY_BYTES);
	memset(&host_flash.data[LOG_1], 0xff, NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);
}

/* Authentic, but nothing that this monitor writes. */
static void test_wrong_order(void **state)
{
	static const struct {
		struct op first, second;
	} wrong[] = {
		{ { NV_STORED, 1, 5 }, { NV_STORED, 1, 5 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, 1, 4 } },
		{ { NV_STORED, 1, 5 }, { NV_CONSUMED, 1, 4 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_CONSUMED, 1, 5 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_STORED, 1, 5 } },
		/* Fields out of range */
		{ { NV_STORED, 1, 5 }, { NV_STORED, NV_SLOTS + 1, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, 0, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_NONE, 2, 6 } },
		{ { NV_STORED, 1, 5 }, { 3, 2, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, 2, 0 } },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const struct op *a = &wrong[i].first;
		const struct op *b = &wrong[i].second;

		provision();
		put_record(1, 1, a->slot, a->to, a->generation);
		put_record(1, 2, b->slot, b->to, b->generation);
		assert_closed(NV_E_DAMAGED);
	}
	assert_logged("generation 4 of slot 1 cannot come after 5");
}

static void test_other_device(void **state)
{
	uint8_t other[NV_KEY_BYTES] = { 1 };

	(void)state;
	assert_int_equal(nv_store(1, 5), 0);
	nv_format_root(host_flash.data, other);
	assert_closed(NV_E_DAMAGED);
}

/* Both logs are good: power went before the old one was ended. */
static void test_two_logs(void **state)
{
	uint64_t epoch;

	(void)state;
	for (epoch = 1; epoch < 5; epoch++) {
		provision();
		memset(&host_flash.data[LOG_1], 0xff, 2 * BOARD_NV_SECTOR);
		put_header(epoch);
		put_record(epoch, 1, 1, NV_STORED, 5);
		put_header(epoch + 1);
		put_record(epoch + 1, 1, 1, NV_CONSUMED, 5);
		assert_int_equal(power_on(), 0);
		assert_slot(1, 5, NV_CONSUMED);
		assert_int_equal(nv_store(1, 6), 0);
		/* The old one is dead now. */
		memset(&host_flash.data[nv_format_offset(epoch + 1, 0)], 0xff,
		       NV_ENTRY_BYTES);
		assert_closed(NV_E_DAMAGED);
	}
}

int main(void)
{
#define TEST(f)		cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		TEST(test_vectors),
		TEST(test_fresh_device),
		READY(test_store_consume),
		READY(test_no_such_slot),
		TEST(test_no_flash),
		TEST(test_unprovisioned),
		TEST(test_no_log),
		TEST(test_error_texts),
		READY(test_compaction),
		READY(test_old_log_is_dead),
		READY(test_power_cut),
		READY(test_power_cut_compaction),
		READY(test_power_cut_second_compaction),
		READY(test_torn_again_and_again),
		TEST(test_unsealed_is_strengthened),
		READY(test_random_cuts),
		READY(test_worn),
		READY(test_worn_in_compaction),
		TEST(test_worn_at_power_on),
		READY(test_every_bit_flipped),
		TEST(test_other_version),
		TEST(test_moved_entries),
		TEST(test_wrong_order),
		READY(test_other_device),
		TEST(test_two_logs),
	};

	return cmocka_run_group_tests_name("monitor_nv", tests, NULL, NULL);
}
