// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_sweep.c - memory is zeroed bit by bit, by several CPUs
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "cpus.h"
#include "host.h"
#include "lock.h"
#include "machine.h"
#include "partition.h"
#include "spy.h"
#include "sweep.h"

#define BLOCK		SWEEP_BLOCK
#define BLOCKS		((CONFIG_OSTI_RAM_MIB - 256) / 2)
#define AT(block)	pa_make(BOARD_SLOTS_BASE + (block) * BLOCK)
#define RAM_END		AT(BLOCKS)
#define ENGINE		pa_make(BOARD_ENGINE_BASE)
/* A slot, so that spy.c sees what becomes of its memory. */
#define SLOT		2
#define SLOT_BLOCKS	6

static struct context *slot(void)
{
	return context_get(SLOT);
}

/* Power-on: in memory is what was there before. */
static int setup(void **state)
{
	(void)state;
	cpus_reset();
	machine_reset(3);
	machine_init();
	slot()->size = SLOT_BLOCKS * BLOCK;
	host_trace_clear();
	spy_reset();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cpus_reset();
	return 0;
}

static void fill(unsigned int first, unsigned int count)
{
	memset(host_memory(AT(first), count * BLOCK), 0x5e, count * BLOCK);
}

static bool is_zero(unsigned int block)
{
	const uint8_t *byte = host_memory(AT(block), BLOCK);

	return !byte[0] && !memcmp(byte, byte + 1, BLOCK - 1);
}

/* A step zeroes this block, and no other. */
static void assert_step(unsigned int block)
{
	host_trace_clear();
	assert_true(sweep_step());
	assert_int_equal(host_trace_count(HOST_ZERO, pa_value(AT(block))), 1);
	assert_true(is_zero(block));
	assert_true(sweep_done(AT(block), BLOCK));
}

/* ---- One CPU ---------------------------------------------------------------------- */

/* What nobody wants is left as it is, and nobody says that it is zero. */
static void test_power_on(void **state)
{
	(void)state;
	fill(0, 2);
	assert_false(sweep_step());
	assert_false(sweep_done(AT(0), BLOCK));
	assert_false(sweep_done(AT(1), BLOCK));
	assert_false(is_zero(0));
	assert_true(sweep_done(AT(0), 0));
}

static void test_wanted(void **state)
{
	unsigned int i;

	(void)state;
	fill(0, 10);
	sweep_want(AT(3), 4 * BLOCK);
	assert_false(sweep_done(AT(3), 4 * BLOCK));
	for (i = 3; i < 7; i++) {
		assert_false(sweep_done(AT(3), 4 * BLOCK));
		assert_step(i);
		/* Of unknown memory the caches go before anybody looks. */
		assert_int_equal(host_trace_find(0, HOST_FLUSH, pa_value(AT(i))), 0);
	}
	assert_true(sweep_done(AT(3), 4 * BLOCK));
	assert_false(sweep_done(AT(2), 2 * BLOCK));
	assert_false(sweep_done(AT(6), 2 * BLOCK));
	assert_false(sweep_step());
	assert_false(is_zero(2));
	assert_false(is_zero(7));
	/* It is zero: to want it again costs nothing. */
	sweep_want(AT(3), 4 * BLOCK);
	assert_true(sweep_done(AT(3), 4 * BLOCK));
	assert_false(sweep_step());
}

/* Low blocks first, also those that were wanted later. */
static void test_order(void **state)
{
	(void)state;
	fill(0, 20);
	sweep_want(AT(10), 2 * BLOCK);
	assert_step(10);
	sweep_want(AT(2), BLOCK);
	sweep_want(AT(5), BLOCK);
	sweep_want(AT(5), 2 * BLOCK);
	assert_step(2);
	assert_step(5);
	assert_step(6);
	assert_step(11);
	assert_false(sweep_step());
}

/* Unknown memory that is zero already is only read. */
static void test_unknown_zero(void **state)
{
	(void)state;
	sweep_want(AT(0), 2 * BLOCK);
	*(uint8_t *)host_memory(pa_add(AT(1), BLOCK - 1), 1) = 1;
	assert_true(sweep_step());
	assert_int_equal(host_trace_count(HOST_ZERO, pa_value(AT(0))), 0);
	assert_int_equal(host_trace_find(0, HOST_FLUSH, pa_value(AT(0))), 0);
	assert_step(1);
	assert_true(sweep_done(AT(0), 2 * BLOCK));
}

/* What somebody wrote to is zeroed, whatever it looks like. */
static void test_soiled(void **state)
{
	(void)state;
	sweep_finish(AT(0), 3 * BLOCK);
	sweep_soil(AT(1), BLOCK);
	assert_true(sweep_done(AT(0), BLOCK));
	assert_false(sweep_done(AT(1), BLOCK));
	assert_true(sweep_done(AT(2), BLOCK));
	/* Not before somebody wants it. */
	assert_false(sweep_step());
	sweep_want(AT(0), 3 * BLOCK);
	assert_step(1);
	assert_int_equal(host_trace_count(HOST_FLUSH, pa_value(AT(1))), 0);
	assert_false(sweep_step());
}

static void test_ends(void **state)
{
	const uint64_t all = pa_offset(RAM_END, ENGINE);
	unsigned int steps = 0;

	(void)state;
	fill(BLOCKS - 1, 1);
	memset(host_memory(ENGINE, BLOCK), 0x5e, BLOCK);
	sweep_init();
	sweep_want(ENGINE, all);
	while (sweep_step())
		steps++;
	assert_int_equal(steps, all / BLOCK);
	assert_true(sweep_done(ENGINE, all));
	assert_true(is_zero(BLOCKS - 1));
	assert_int_equal(*(uint8_t *)host_memory(ENGINE, 1), 0);
}

/* The monitor has what is wanted in its tables, and nothing for longer. */
static void test_mapped(void **state)
{
	(void)state;
	fill(0, 6);
	sweep_want(AT(1), 2 * BLOCK);
	assert_int_equal(host_mapped(), 2 * BLOCK);
	sweep_want(AT(0), 4 * BLOCK);
	assert_int_equal(host_mapped(), 4 * BLOCK);
	sweep_want(AT(1), BLOCK);
	assert_int_equal(host_mapped(), 4 * BLOCK);
	assert_step(0);
	assert_false(sweep_done(AT(0), 4 * BLOCK));
	assert_step(1);
	assert_int_equal(host_mapped(), 2 * BLOCK);
	assert_true(sweep_step());
	assert_true(sweep_step());
	assert_true(sweep_done(AT(0), 4 * BLOCK));
	assert_int_equal(host_mapped(), 0);
	/* Also in one piece. */
	sweep_want(AT(5), BLOCK);
	sweep_finish(AT(0), 5 * BLOCK);
	assert_int_equal(host_mapped(), BLOCK);
	sweep_finish(AT(4), 2 * BLOCK);
	assert_int_equal(host_mapped(), 0);
	/* The engine's memory is always there. */
	sweep_init();
	sweep_want(AT(-2), 3 * BLOCK);
	assert_int_equal(host_mapped(), BLOCK);
	sweep_finish(AT(-2), 3 * BLOCK);
	assert_int_equal(host_mapped(), 0);
}

static void test_finish(void **state)
{
	unsigned int i;

	(void)state;
	fill(0, 8);
	/* What others want has time. */
	sweep_want(AT(1), BLOCK);
	sweep_want(AT(7), BLOCK);
	sweep_finish(AT(2), 3 * BLOCK);
	for (i = 0; i < 8; i++)
		assert_int_equal(is_zero(i), i >= 2 && i < 5);
	assert_true(sweep_done(AT(2), 3 * BLOCK));
	assert_step(1);
	assert_step(7);
	assert_false(sweep_step());
}

static void test_misuse(void **state)
{
	(void)state;
	/* What is not known to be zero must not be given away. */
	expect_assert_failure(sweep_soil(AT(0), BLOCK));
	sweep_finish(AT(0), BLOCK);
	sweep_soil(AT(0), BLOCK);
	expect_assert_failure(sweep_soil(AT(0), BLOCK));
	expect_assert_failure(sweep_want(pa_add(AT(0), 4096), BLOCK));
	expect_assert_failure(sweep_want(AT(0), BLOCK + 1));
	expect_assert_failure(sweep_want(pa_make(BOARD_ENGINE_BASE - BLOCK), BLOCK));
	expect_assert_failure(sweep_want(RAM_END, BLOCK));
	expect_assert_failure((void)sweep_done(RAM_END, BLOCK));
}

/* ---- Several ----------------------------------------------------------------------- */

/* The slot ends: its memory is wanted. */
static void drop_slot(void)
{
	assert_int_equal(partition_get(slot()), OSTI_OK);
	assert_true(pa_equal(slot()->base, AT(0)));
	fill(0, SLOT_BLOCKS);
	partition_drop(slot());
	spy_reset();
	host_trace_clear();
}

/* In the middle of a block, other CPUs let CPU 0 go on. */
static void stay(void)
{
	if (host_cpu)
		cpus_pause();
}

static void one_block(void)
{
	lock_or_stop();
	assert_true(sweep_step());
	lock_release();
}

static void all_blocks(void)
{
	lock_or_stop();
	while (sweep_step())
		;
	lock_release();
}

/* CPU @cpu is in the middle of a block when this returns. */
static void enter(unsigned int cpu, void (*what)(void))
{
	spy_do_at("arch_zero", stay);
	lock_release();
	cpus_start(cpu, what);
	lock_or_stop();
	assert_false(cpus_is_off(cpu));
}

static void want_without(void)
{
	expect_assert_failure(sweep_want(AT(0), BLOCK));
}

/* The lock is another CPU's: it is not that of whoever calls. */
static void test_lock_of_another(void **state)
{
	(void)state;
	cpus_start(1, want_without);
	assert_true(cpus_is_off(1));
	assert_non_null(strstr(host_panic_text(), "lock_held()"));
}

static void test_together(void **state)
{
	(void)state;
	drop_slot();
	enter(1, one_block);
	assert_int_equal(host_mapped(), SLOT_BLOCKS * BLOCK);
	/* All the others, but not the block that CPU 1 is at. */
	while (sweep_step())
		;
	assert_false(partition_is_zero(slot()));
	assert_false(is_zero(0));
	assert_true(sweep_done(AT(1), 5 * BLOCK));
	/* Nobody else takes it, also if it is wanted again. */
	sweep_want(AT(0), BLOCK);
	assert_false(sweep_step());
	assert_false(cpus_let(1));
	assert_true(partition_is_zero(slot()));
	assert_true(is_zero(0));
	assert_int_equal(host_mapped(), 0);
	partition_free(slot());
}

/* Each has a block of its own. */
static void test_three(void **state)
{
	unsigned int i;

	(void)state;
	drop_slot();
	enter(1, all_blocks);
	enter(2, all_blocks);
	assert_true(sweep_step());
	assert_int_equal(host_trace_count(HOST_ZERO, pa_value(AT(2))), 1);
	while (!partition_is_zero(slot())) {
		cpus_let(1);
		cpus_let(2);
		sweep_step();
	}
	for (i = 0; i < SLOT_BLOCKS; i++)
		assert_int_equal(host_trace_count(HOST_ZERO, pa_value(AT(i))), 1);
	cpus_let(1);
	cpus_let(2);
	assert_true(cpus_is_off(1) && cpus_is_off(2));
	assert_int_equal(host_mapped(), 0);
}

/* Who cannot wait keeps the lock and waits all the same: for zeroing alone. */
static void let_both(void)
{
	if (host_cpu == 0) {
		if (!cpus_is_off(1))
			cpus_run(1);
		if (!cpus_is_off(2))
			cpus_run(2);
	}
}

static void test_finish_waits(void **state)
{
	(void)state;
	drop_slot();
	enter(1, all_blocks);
	enter(2, all_blocks);
	spy_do_at("", stay);
	host_counter_hook = let_both;
	sweep_finish(AT(0), SLOT_BLOCKS * BLOCK);
	host_counter_hook = NULL;
	assert_true(partition_is_zero(slot()));
	/* They wait for the lock, which this CPU has had all the time. */
	assert_false(cpus_is_off(1) || cpus_is_off(2));
	assert_int_equal(host_mapped(), 0);
	assert_false(cpus_let(1));
	assert_false(cpus_let(2));
}

static void be_slow(void)
{
	host_counter_now += 20 * arch_counter_hz();
	host_counter_hook = let_both;
}

/* However long its own work takes, it gives the others time for theirs. */
static void test_finish_slowly(void **state)
{
	(void)state;
	drop_slot();
	enter(1, one_block);
	cpus_start(2, cpus_pause);
	spy_do_at("arch_zero", be_slow);
	sweep_finish(AT(0), SLOT_BLOCKS * BLOCK);
	host_counter_hook = NULL;
	assert_true(partition_is_zero(slot()));
}

/* A CPU that is dead in the middle of it: nobody can have that memory. */
static void test_dead(void **state)
{
	(void)state;
	drop_slot();
	enter(1, one_block);
	spy_do_at("", stay);
	expect_assert_failure(sweep_finish(AT(0), SLOT_BLOCKS * BLOCK));
	assert_string_equal(host_panic_text(),
			    "a CPU does not come back from zeroing");
	assert_false(partition_is_zero(slot()));
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_power_on),
		TEST(test_wanted),
		TEST(test_order),
		TEST(test_unknown_zero),
		TEST(test_soiled),
		TEST(test_ends),
		TEST(test_mapped),
		TEST(test_finish),
		TEST(test_misuse),
		TEST(test_lock_of_another),
		TEST(test_together),
		TEST(test_three),
		TEST(test_finish_waits),
		TEST(test_finish_slowly),
		TEST(test_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
