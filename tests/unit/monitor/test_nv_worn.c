// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv_worn.c - the NV state, with a failure at every write to the flash
 *
 * Whatever the flash does, the next power-on finds what the call said: the new
 * state if it returned 0, else the old one.
 */
#include "test.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "host.h"
#include "host_flash.h"
#include "nv_device.h"

/* Words of an entry before its seal */
#define BODY	(NV_SEAL_AT / 4)

static uint8_t before_op[HOST_FLASH_BYTES];

/* How a flash fails. */
struct fault {
	uint8_t status;
	unsigned int chip;
	unsigned int more;
	bool done, hang;
};

static void fail_at(unsigned int n, const struct fault *fault)
{
	host_flash.fail_at = n;
	host_flash.fail_status = fault->status;
	host_flash.fail_chip = fault->chip;
	host_flash.fail_more = fault->more;
	host_flash.fail_done = fault->done;
	host_flash.fail_hang = fault->hang;
}

static void put_back(void)
{
	memcpy(host_flash.data, before_op, HOST_FLASH_BYTES);
	assert_int_equal(power_on(), 0);
}

/* Reads still work; nothing more is written. */
static void assert_worn(const struct memory *mem)
{
	unsigned int programs = host_flash.programs + host_flash.erases;

	assert_memory(mem);
	assert_int_equal(nv_store(5, UINT64_MAX), NV_E_WORN);
	assert_int_equal(nv_raise_floor(5, UINT64_MAX), NV_E_WORN);
	assert_int_equal(host_flash.programs + host_flash.erases, programs);
	assert_memory(mem);
	assert_non_null(nv_root_key());
}

/* Let the @n-th program or erase of @op fail. False: it has fewer. */
static bool worn_at(const struct memory *before, const struct op *op,
		    unsigned int n, const struct fault *fault)
{
	struct memory after = *before;
	int err;

	put_back();
	fail_at(n, fault);
	err = do_op(op);
	if (host_flash.fail_at)
		return false;
	remember(&after, op);
	/* A cell that had nothing to do cannot show that it is worn. */
	if (err || fault->status)
		assert_logged("writing the NV flash failed");
	if (!fault->hang)
		assert_true(host_flash_idle());
	if (err)
		assert_int_equal(err, NV_E_WORN);
	if (err || fault->status)
		assert_worn(err ? before : &after);

	assert_int_equal(power_on(), 0);
	assert_memory(err ? before : &after);
	/* And it goes on from there, whatever lies in the place that failed. */
	if (err) {
		assert_int_equal(do_op(op), 0);
		assert_int_equal(power_on(), 0);
		assert_memory(&after);
	}
	return true;
}

/* Returns how many operations there were to fail at. */
static unsigned int wear(const struct memory *mem, const struct op *op,
			 const struct fault *fault)
{
	unsigned int n = 1;

	memcpy(before_op, host_flash.data, HOST_FLASH_BYTES);
	while (worn_at(mem, op, n, fault))
		n++;
	put_back();
	return n - 1;
}

static const struct fault faults[] = {
	{ .status = 0x10 }, { .status = 0x20, .chip = 1 }, { .status = 0x08 },
	{ .status = 0x08, .chip = 1 }, { .chip = 0 }, { .chip = 1 },
	/* It says that it failed, but did what it should */
	{ .status = 0x10, .done = true },
	/* It takes no writes any more after this one, */
	{ .status = 0x10, .more = UINT_MAX },
	{ .status = 0x10, .more = UINT_MAX, .done = true },
	/* or for a while, in the middle of what would undo it */
	{ .status = 0x10, .more = BODY - 1, .done = true },
	{ .status = 0x10, .more = BODY + 7, .chip = 1 },
};

static void wear_all(const struct memory *mem, const struct op *op,
		     unsigned int least)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		assert_true(wear(mem, op, &faults[i]) >= least);
}

static void test_worn(void **state)
{
	static const struct op ops[] = {
		{ NV_BEGUN, 1, 0x0102030405060708 },
		{ NV_STORED, 1, 0x0102030405060708 },
		{ NV_RETIRED, 1, 0x0102030405060708 },
		{ NV_CONSUMED, 1, 0x0102030405060708 },
		{ NV_FLOOR, 1, 0x0102030405060708 },
		{ NV_CLOCK, 1, 0x0102030405060708 },
	};
	struct memory mem;
	unsigned int i;

	(void)state;
	assert_int_equal(nv_store(1, ops[0].generation - 1), 0);
	recall(&mem);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		wear_all(&mem, &ops[i], BODY + 1);
		assert_int_equal(do_op(&ops[i]), 0);
		remember(&mem, &ops[i]);
	}
}

static void test_worn_in_compaction(void **state)
{
	static const struct op op = { NV_STORED, 1, 0x0102030405060708 };
	struct memory mem;

	(void)state;
	fill(&mem, 0);
	wear_all(&mem, &op, 1 + (BODY + 1) * (2 * NV_SLOTS + 2));
}

/* A flash that never answers again cannot be asked what it did. */
static void test_hangs(void **state)
{
	static const struct op op = { NV_STORED, 1, 0x0102030405060708 };
	static const struct fault half = { .hang = true };
	static const struct fault done = { .hang = true, .done = true };
	struct memory mem;
	unsigned int n;

	(void)state;
	recall(&mem);
	memcpy(before_op, host_flash.data, HOST_FLASH_BYTES);
	for (n = 1; n <= BODY + 1; n++) {
		struct memory found;
		int err;

		put_back();
		fail_at(n, n % 2 ? &half : &done);
		err = do_op(&op);
		assert_int_equal(err, n <= BODY ? NV_E_WORN : 0);
		assert_int_equal(power_on(), 0);
		recall(&found);
		if (n <= BODY)
			assert_memory_equal(&found, &mem, sizeof(mem));
		else
			assert_slot(1, op.generation, NV_STORED);
	}
	/* The one word of which nobody can know: docs/nv-format.md. */
	put_back();
	fail_at(BODY, &done);
	assert_int_equal(do_op(&op), NV_E_WORN);
	assert_int_equal(power_on(), 0);
	assert_slot(1, op.generation, NV_STORED);
}

/* All zeros are nothing, whatever the seal says; part of them is not. */
static void test_void(void **state)
{
	static const uint8_t seals[][NV_SEAL_BYTES] = {
		{ 0xff, 0xff, 0xff, 0xff }, { 0 }, { 0xff, 0xff, 0, 0 },
	};
	uint8_t *entry = &host_flash.data[LOG_1 + ENTRY(2)];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(seals); i++) {
		provision();
		put_record(1, 1, 1, NV_STORED, 5);
		memset(entry, 0, NV_SEAL_AT);
		memcpy(entry + NV_SEAL_AT, seals[i], NV_SEAL_BYTES);
		assert_int_equal(power_on(), 0);
		assert_slot(1, 5, NV_STORED);
		assert_int_equal(host_flash.programs, 0);
		assert_int_equal(nv_consume(1, 5), 0);
		assert_memory_equal(&host_flash.data[LOG_1 + ENTRY(3)],
				    "ONV1\1\2", 6);
		assert_int_equal(power_on(), 0);
		assert_slot(1, 5, NV_CONSUMED);
	}
	provision();
	put_record(1, 1, 1, NV_STORED, 5);
	put_record(1, 2, 1, NV_CONSUMED, 5);
	memset(entry, 0, NV_SEAL_AT - 4);
	assert_int_equal(power_on(), NV_E_DAMAGED);
}

static void put_unsealed(enum nv_state state)
{
	provision();
	put_record(1, 1, 4, NV_STORED, 6);
	if (state == NV_CONSUMED)
		put_record(1, 2, 4, NV_CONSUMED, 6);
	memset(&host_flash.data[LOG_1 + ENTRY(state) + NV_SEAL_AT], 0xff, 4);
	host_flash_reset();
}

/* What a power cut left cannot be finished: it is still good to read. */
static void test_worn_at_power_on(void **state)
{
	static const struct fault dead = { .status = 0x10, .more = UINT_MAX };

	(void)state;
	put_unsealed(NV_STORED);
	fail_at(1, &dead);
	assert_int_equal(nv_init(), 0);
	assert_logged("finishing the last entry failed");
	assert_slot(4, 6, NV_STORED);
	assert_int_equal(nv_consume(4, 6), NV_E_WORN);
	assert_true(nv_doubtful(4));
	assert_false(nv_doubtful(3));

	/* It may read as nothing tomorrow: then there is an image again. */
	put_unsealed(NV_CONSUMED);
	fail_at(1, &dead);
	assert_int_equal(nv_init(), 0);
	assert_slot(4, 6, NV_CONSUMED);
	assert_true(nv_doubtful(4));
	assert_false(nv_doubtful(3));

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

/* One word that is worn out does not make all of the flash useless. */
static void test_worn_seal(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 1; n <= BODY + 1; n++) {
		put_unsealed(NV_CONSUMED);
		host_flash.fail_at = n;
		host_flash.fail_status = 0x10;
		assert_int_equal(nv_init(), 0);
		assert_int_equal(host_flash.erases, 1);
		assert_slot(4, 6, NV_CONSUMED);
		assert_false(nv_doubtful(4));
		assert_int_equal(nv_store(4, 7), 0);
		assert_int_equal(power_on(), 0);
		assert_slot(4, 7, NV_STORED);
		assert_int_equal(host_flash.programs, 0);
	}
}

int main(void)
{
#define TEST(f)		cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		READY(test_worn),
		READY(test_worn_in_compaction),
		READY(test_hangs),
		TEST(test_void),
		TEST(test_worn_at_power_on),
		TEST(test_worn_seal),
	};

	return cmocka_run_group_tests_name("monitor_nv_worn", tests, NULL,
					   NULL);
}
