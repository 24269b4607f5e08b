// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_gicv3_slice.c - the timer that ends a slice, as the GIC sees it
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "gicv3.h"
#include "host.h"
#include "host_gic.h"

#define CPUS		2
#define CPU		1
#define PPI		26
#define BIT		(1U << PPI)
#define SGI_BIT		(1U << 15)
#define FRAME		(BOARD_GICR_BASE + CPU * BOARD_GICR_STRIDE + 0x10000)
#define IGROUPR		0x0080
#define ISENABLER	0x0100
#define ICENABLER	0x0180

static struct host_gic_bank *bank(void)
{
	return &host_gic.frame[CPU].bank;
}

/* The CPU's timer has fired or not. */
static void line(bool high)
{
	if (high)
		bank()->line |= BIT;
	else
		bank()->line &= ~BIT;
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_gic_add(CPUS);
	assert_int_equal(gicv3_init(CPUS), 0);
	host_gic.frame[CPU].waker = 0;
	host_trace_clear();
	return 0;
}

/* What an OS may have made of the timer's interrupt, and of all others. */
static void scramble(uint64_t seed)
{
	unsigned int i;

	bank()->group = test_random(&seed);
	bank()->enabled = test_random(&seed);
	bank()->active = test_random(&seed);
	bank()->latch = test_random(&seed) & ~(BIT | SGI_BIT);
	bank()->edge = test_random(&seed) | 0xffff;
	for (i = 0; i < 32; i++)
		bank()->priority[i] = test_random(&seed);
	host_gic.ctlr = 0x50 | (test_random(&seed) & 3);
}

/* It alone comes as FIQ, when the timer fires and not before. */
static void test_comes_as_fiq(void **state)
{
	struct gicv3_slice was;

	(void)state;
	bank()->group = 0xffffffff;
	memset(bank()->priority, 0xff, 32);
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	assert_false(host_gic_signals(CPU, 0));
	line(true);
	assert_true(host_gic_signals(CPU, 0));
	assert_false(host_gic_signals(CPU, 1));
	assert_int_equal(bank()->priority[PPI], 0);
	assert_int_equal(bank()->priority[PPI - 1], 0xff);
	assert_int_equal(bank()->priority[PPI + 1], 0xff);
	line(false);
	assert_int_equal(gicv3_slice_end(CPU, &was), 0);
	assert_false(host_gic_signals(CPU, 0));
}

/* Whatever the OS had made of it: active, disabled, in Group 1, an old edge. */
static void test_whatever_it_was(void **state)
{
	struct host_gic_bank old;
	struct gicv3_slice was;
	uint64_t seed;

	for (seed = 1; seed < 200; seed++) {
		setup(state);
		scramble(seed);
		if (seed % 2)
			bank()->latch |= BIT;
		old = *bank();
		assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
		assert_true(host_gic.ctlr & 1);
		/* Of all that comes as FIQ now it is no part yet. */
		assert_int_equal((bank()->latch | bank()->active) & BIT, 0);
		assert_int_equal(bank()->group & BIT, 0);
		assert_int_equal(bank()->enabled & BIT, BIT);
		assert_int_equal(bank()->priority[PPI], 0);
		if (bank()->edge & BIT)
			bank()->latch |= BIT;
		assert_int_equal(gicv3_slice_end(CPU, &was), 0);
		/* An edge does not stay, be it the timer's or the OS's. */
		old.latch &= ~BIT;
		assert_memory_equal(bank(), &old, sizeof(old));
	}
}

/* What it was in the redistributor of another CPU is not touched. */
static void test_only_the_callers(void **state)
{
	struct gicv3_slice was;
	size_t count, i;
	const struct host_access *trace;

	(void)state;
	scramble(5);
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	assert_int_equal(gicv3_slice_end(CPU, &was), 0);
	trace = host_trace(&count);
	for (i = 0; i < count; i++)
		if (trace[i].op == HOST_WRITE && trace[i].addr != BOARD_GICD_BASE)
			assert_true(trace[i].addr >= FRAME - 0x10000 &&
				    trace[i].addr < FRAME + 0x10000);
}

/* While group and priority change it is disabled. */
static void test_order(void **state)
{
	struct gicv3_slice was;

	(void)state;
	bank()->group = BIT;
	bank()->enabled = BIT;
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	assert_true(host_trace_last(HOST_WRITE, FRAME + ICENABLER) <
		    host_trace_last(HOST_WRITE, FRAME + IGROUPR));
	assert_true(host_trace_last(HOST_WRITE, FRAME + IGROUPR) <
		    host_trace_last(HOST_WRITE, FRAME + ISENABLER));
	host_trace_clear();
	assert_int_equal(gicv3_slice_end(CPU, &was), 0);
	assert_true(host_trace_last(HOST_WRITE, FRAME + ICENABLER) <
		    host_trace_last(HOST_WRITE, FRAME + IGROUPR));
	assert_true(host_trace_last(HOST_WRITE, FRAME + IGROUPR) <
		    host_trace_last(HOST_WRITE, FRAME + ISENABLER));
}

/* A nudge that came in a slice would end all that follow, so it goes. */
static void test_nudged(void **state)
{
	struct gicv3_slice was;

	(void)state;
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	assert_int_equal(gicv3_sgi_wake(CPU), 0);
	assert_true(host_gic_signals(CPU, 0));
	assert_int_equal(gicv3_slice_end(CPU, &was), 0);
	assert_false(host_gic_signals(CPU, 0));
	assert_int_equal((bank()->latch | bank()->enabled) & SGI_BIT, 0);
}

/* The same number in Group 1 is an interrupt of the OS, which takes it itself. */
static void test_sgi_of_the_os(void **state)
{
	struct gicv3_slice was;

	(void)state;
	host_gic.ctlr |= 2;
	bank()->group = SGI_BIT;
	bank()->enabled = SGI_BIT;
	bank()->latch = SGI_BIT;
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	assert_int_equal(gicv3_slice_end(CPU, &was), 0);
	assert_true(host_gic_signals(CPU, 1));
}

static void test_sleeping_redistributor(void **state)
{
	struct gicv3_slice was;

	(void)state;
	host_gic.frame[CPU].waker = 6;
	bank()->group = BIT;
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	assert_int_equal(host_gic.frame[CPU].waker, 0);
	line(true);
	assert_true(host_gic_signals(CPU, 0));
	assert_int_equal(gicv3_slice_end(CPU, &was), 0);
	assert_int_equal(bank()->group, BIT);
}

/* Nothing would end the slice: the caller is told, and does not wait for ever. */
static void test_dead(void **state)
{
	struct gicv3_slice was;

	(void)state;
	host_gic.redist_rwp_stuck[CPU] = true;
	assert_int_equal(gicv3_slice_begin(CPU, &was), GICV3_E_TIMEOUT);
	assert_int_equal(gicv3_dead_cpus(), 1U << CPU);

	setup(state);
	assert_int_equal(gicv3_slice_begin(CPU, &was), 0);
	host_gic.redist_rwp_stuck[CPU] = true;
	assert_int_equal(gicv3_slice_end(CPU, &was), GICV3_E_TIMEOUT);

	setup(state);
	host_gic.rwp_stuck = true;
	assert_int_equal(gicv3_slice_begin(CPU, &was), GICV3_E_TIMEOUT);

	setup(state);
	host_gic.frame[CPU].waker = 6;
	host_gic.waker_stuck[CPU] = true;
	assert_int_equal(gicv3_slice_begin(CPU, &was), GICV3_E_TIMEOUT);
	expect_assert_failure(gicv3_slice_begin(CPUS, &was));
	expect_assert_failure(gicv3_slice_end(CPUS, &was));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_comes_as_fiq, setup),
		cmocka_unit_test_setup(test_whatever_it_was, setup),
		cmocka_unit_test_setup(test_only_the_callers, setup),
		cmocka_unit_test_setup(test_order, setup),
		cmocka_unit_test_setup(test_nudged, setup),
		cmocka_unit_test_setup(test_sgi_of_the_os, setup),
		cmocka_unit_test_setup(test_sleeping_redistributor, setup),
		cmocka_unit_test_setup(test_dead, setup),
	};

	return cmocka_run_group_tests_name("monitor_gicv3_slice", tests, NULL,
					   NULL);
}
