// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_partition.c - who gets which part of RAM, and in what state
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "host.h"
#include "machine.h"
#include "partition.h"
#include "spy.h"
#include "sweep.h"

#define MIB		(1024UL * 1024)
#define BLOCK		(2 * MIB)
#define BLOCKS		((CONFIG_OSTI_RAM_MIB - 256) / 2)
#define AT(block)	pa_make(BOARD_SLOTS_BASE + (block) * BLOCK)
#define SLOTS		6

/*
 * Slots of any size that a test wants. Some share a number, and so tables, which
 * nobody uses here.
 */
static struct context slots[SLOTS + 1];

static int setup(void **state)
{
	unsigned int i;

	(void)state;
	machine_reset(1);
	machine_init();
	memset(slots, 0, sizeof(slots));
	for (i = 1; i <= SLOTS; i++)
		slots[i].id = 1 + i % CONFIG_OSTI_NR_SLOTS;
	host_trace_clear();
	spy_reset();
	return 0;
}

static int64_t get(unsigned int slot, unsigned int blocks)
{
	slots[slot].size = blocks * BLOCK;
	return partition_get(&slots[slot]);
}

static void assert_get(unsigned int slot, unsigned int blocks,
		       unsigned int first)
{
	assert_int_equal(get(slot, blocks), OSTI_OK);
	assert_true(pa_equal(slots[slot].base, AT(first)));
}

/* First and last byte of each of these blocks. */
static void fill(unsigned int first, unsigned int count)
{
	unsigned int i;

	for (i = first; i < first + count; i++) {
		*(uint8_t *)host_memory(AT(i), 1) = 0x5e;
		*(uint8_t *)host_memory(pa_add(AT(i), BLOCK - 1), 1) = 0xc7;
	}
}

static bool is_zero(unsigned int first, unsigned int count)
{
	unsigned int i;

	for (i = first; i < first + count; i++)
		if (*(uint8_t *)host_memory(AT(i), 1) ||
		    *(uint8_t *)host_memory(pa_add(AT(i), BLOCK - 1), 1))
			return false;
	return true;
}

/* How much memory of slots was zeroed since the trace was cleared. */
static uint64_t zeroed(void)
{
	const struct host_access *a;
	uint64_t bytes = 0;
	size_t i, n;

	a = host_trace(&n);
	for (i = 0; i < n; i++)
		if (a[i].op == HOST_ZERO && a[i].addr >= pa_value(AT(0)) &&
		    a[i].addr < pa_value(AT(BLOCKS)))
			bytes += a[i].val;
	return bytes;
}

static void test_first_fit(void **state)
{
	(void)state;
	assert_get(1, 64, 0);
	assert_get(2, 1, 64);
	assert_get(3, 100, 65);
	/* The first hole that is long enough, not the best one. */
	partition_put(&slots[1]);
	assert_get(4, 10, 0);
	assert_get(5, 60, 165);
	assert_get(6, 54, 10);
	partition_put(&slots[2]);
	assert_get(1, 2, 225);
	assert_get(2, 1, 64);
}

static void test_all_of_it(void **state)
{
	(void)state;
	assert_get(1, BLOCKS, 0);
	assert_int_equal(get(2, 1), OSTI_E_NO_ROOM);
	partition_put(&slots[1]);
	assert_get(2, BLOCKS - 1, 0);
	assert_get(3, 1, BLOCKS - 1);
	assert_int_equal(get(1, 1), OSTI_E_NO_ROOM);
	partition_put(&slots[3]);
	assert_int_equal(get(1, 2), OSTI_E_NO_ROOM);
	assert_get(1, 1, BLOCKS - 1);
	partition_put(&slots[1]);
	partition_put(&slots[2]);
	assert_int_equal(get(1, BLOCKS + 1), OSTI_E_NO_ROOM);
	assert_get(1, BLOCKS, 0);
}

/* There is room enough, but not in one piece. */
static void test_fragmented(void **state)
{
	(void)state;
	assert_get(1, 100, 0);
	assert_get(2, 10, 100);
	assert_get(3, 100, 110);
	assert_get(4, BLOCKS - 210, 210);
	partition_put(&slots[1]);
	partition_put(&slots[3]);
	assert_int_equal(get(1, 101), OSTI_E_NO_ROOM);
	assert_get(1, 100, 0);
	partition_put(&slots[1]);
	/* What lay between comes back: the pieces are one again. */
	partition_put(&slots[2]);
	assert_get(1, 210, 0);
}

static void test_no_room_changes_nothing(void **state)
{
	(void)state;
	assert_get(1, BLOCKS - 10, 0);
	fill(0, 1);
	fill(BLOCKS - 10, 10);
	host_trace_clear();
	assert_int_equal(get(2, 11), OSTI_E_NO_ROOM);
	assert_int_equal(pa_value(slots[2].base), 0);
	assert_int_equal(zeroed(), 0);
	assert_false(is_zero(0, 1));
	assert_false(is_zero(BLOCKS - 10, 10));
	/* What is free is still unknown, so it is zeroed now. */
	assert_get(2, 10, BLOCKS - 10);
	assert_true(is_zero(BLOCKS - 10, 10));
}

/* What power-on left in RAM is zeroed when it is first given away. */
static void test_unknown_is_zeroed_once(void **state)
{
	(void)state;
	fill(0, BLOCKS);
	assert_get(1, 20, 0);
	assert_int_equal(zeroed(), 20 * BLOCK);
	assert_true(is_zero(0, 20));
	assert_false(is_zero(20, 1));
	partition_put(&slots[1]);
	host_trace_clear();
	/* Known blocks, then unknown ones. */
	assert_get(2, 30, 0);
	assert_int_equal(zeroed(), 10 * BLOCK);
	assert_int_equal(host_trace_count(HOST_ZERO, pa_value(AT(20))), 1);
	assert_true(is_zero(0, 30));
	host_trace_clear();
	partition_put(&slots[2]);
	host_trace_clear();
	assert_get(3, 30, 0);
	assert_int_equal(zeroed(), 0);
}

static void assert_not_yet(void)
{
	assert_false(is_zero(5, 1));
	assert_false(is_zero(9, 1));
	assert_int_equal(zeroed(), 0);
}

static void test_given_back_is_zeroed(void **state)
{
	(void)state;
	assert_get(1, 5, 0);
	assert_get(2, 5, 5);
	assert_get(3, 5, 10);
	fill(0, 15);
	host_trace_clear();
	/* Nobody could write to it behind the zeroing. */
	spy_do_at("memory_revoke_dma", assert_not_yet);
	partition_put(&slots[2]);
	spy_assert_order("memory_revoke", slots[2].id, "memory_revoke_dma",
			 slots[2].id);
	assert_int_equal(pa_value(slots[2].base), 0);
	assert_true(is_zero(5, 5));
	assert_int_equal(zeroed(), 5 * BLOCK);
	/* The neighbours keep what they have. */
	assert_false(is_zero(4, 1));
	assert_false(is_zero(10, 1));
	assert_true(pa_equal(slots[1].base, AT(0)));
	assert_true(pa_equal(slots[3].base, AT(10)));
}

/* Bit by bit, for who has no time to wait for it. */
static void test_in_steps(void **state)
{
	struct context *slot = &slots[1];
	unsigned int steps;

	(void)state;
	fill(0, 4);
	slot->size = 3 * BLOCK;
	assert_int_equal(partition_take(slot), OSTI_OK);
	assert_true(pa_equal(slot->base, AT(0)));
	/* It has it, but nothing was zeroed yet. */
	assert_int_equal(zeroed(), 0);
	assert_get(2, 1, 3);
	partition_put(&slots[2]);
	host_trace_clear();
	slots[2].size = BLOCK;
	assert_int_equal(partition_take(&slots[2]), OSTI_OK);
	assert_true(partition_is_zero(&slots[2]));
	partition_use(&slots[2]);
	/* Of its neighbour nothing was done on the way. */
	for (steps = 0; !partition_is_zero(slot); steps++)
		assert_true(sweep_step());
	assert_int_equal(steps, 3);
	partition_use(slot);

	fill(0, 4);
	host_trace_clear();
	partition_drop(slot);
	assert_true(pa_equal(slot->base, AT(0)));
	for (steps = 0; !partition_is_zero(slot); steps++) {
		assert_int_equal(zeroed(), steps * BLOCK);
		assert_true(sweep_step());
	}
	assert_int_equal(steps, 3);
	assert_true(is_zero(0, 3));
	assert_false(sweep_step());
	/* It is still its own. */
	assert_get(3, 1, 4);
	partition_free(slot);
	assert_int_equal(pa_value(slot->base), 0);
	assert_get(1, 3, 0);
	assert_false(is_zero(3, 1));
}

/* Power-on: nobody has anything. */
static void test_init(void **state)
{
	(void)state;
	assert_get(1, BLOCKS, 0);
	fill(0, 3);
	slots[1].base = pa_make(0);
	sweep_init();
	partition_init();
	host_trace_clear();
	assert_get(2, 3, 0);
	assert_int_equal(zeroed(), 3 * BLOCK);
	assert_true(is_zero(0, 3));
}

static void test_misuse(void **state)
{
	struct context bm = { .id = OSTI_CONTEXT_BM, .size = BLOCK };

	(void)state;
	expect_assert_failure((void)partition_get(&bm));
	assert_get(1, 1, 0);
	/* It has one. */
	expect_assert_failure((void)partition_get(&slots[1]));
	partition_put(&slots[1]);
	/* It has none. */
	expect_assert_failure(partition_put(&slots[1]));
	/* It is not in use. */
	slots[1].base = AT(0);
	expect_assert_failure(partition_put(&slots[1]));
	/* It has something in it. */
	slots[1].base = pa_make(0);
	assert_get(1, 1, 0);
	expect_assert_failure(partition_use(&slots[1]));
	expect_assert_failure(partition_free(&slots[1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first_fit, setup),
		cmocka_unit_test_setup(test_all_of_it, setup),
		cmocka_unit_test_setup(test_fragmented, setup),
		cmocka_unit_test_setup(test_no_room_changes_nothing, setup),
		cmocka_unit_test_setup(test_unknown_is_zeroed_once, setup),
		cmocka_unit_test_setup(test_given_back_is_zeroed, setup),
		cmocka_unit_test_setup(test_in_steps, setup),
		cmocka_unit_test_setup(test_init, setup),
		cmocka_unit_test_setup(test_misuse, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
