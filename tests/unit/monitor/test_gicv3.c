// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_gicv3.c - the interrupt controller's state, and the order of accesses
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "gicv3.h"
#include "host.h"
#include "host_gic.h"

#define CPUS		4
#define BANKS		9		/* with bank 0 */
#define DIST(offset)	(BOARD_GICD_BASE + (offset))
#define REDIST(n)	(BOARD_GICR_BASE + (n) * BOARD_GICR_STRIDE)
#define SGI(n, offset)	(REDIST(n) + 0x10000 + (offset))

#define CTLR		0x0000
#define WAKER		0x0014
#define IGROUPR		0x0080
#define ISENABLER	0x0100
#define ICENABLER	0x0180
#define ISPENDR		0x0200
#define ICPENDR		0x0280
#define ISACTIVER	0x0300
#define ICACTIVER	0x0380
#define IPRIORITYR	0x0400
#define ICFGR		0x0c00
#define IROUTER		0x6000

static struct gicv3_state gic_state;

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_gic_add(CPUS);
	memset(&gic_state, 0xa5, sizeof(gic_state));
	return 0;
}

static int setup_ready(void **state)
{
	setup(state);
	assert_int_equal(gicv3_init(CPUS), 0);
	host_trace_clear();
	return 0;
}

/* ---- What an OS may have made of it --------------------------------------------------- */

static void scramble_bank(struct host_gic_bank *b, uint64_t *seed, bool private)
{
	unsigned int i;

	b->group = test_random(seed);
	b->enabled = test_random(seed);
	b->latch = test_random(seed);
	b->line = test_random(seed);
	b->active = test_random(seed);
	b->edge = test_random(seed);
	if (private)
		b->edge |= 0xffff;
	for (i = 0; i < 32; i++)
		b->priority[i] = test_random(seed);
}

static void scramble(uint64_t seed)
{
	unsigned int i;

	host_gic.ctlr = (host_gic.ctlr & ~3U) | (test_random(&seed) & 3);
	for (i = 1; i < host_gic.banks; i++)
		scramble_bank(&host_gic.bank[i], &seed, false);
	for (i = 32; i < 32 * host_gic.banks; i++)
		host_gic.route[i] = test_random(&seed);
	for (i = 0; i < host_gic.frames; i++) {
		scramble_bank(&host_gic.frame[i].bank, &seed, true);
		host_gic.frame[i].waker = 0;
		host_gic.frame[i].propbaser = test_random(&seed);
		host_gic.frame[i].pendbaser = test_random(&seed);
	}
}

static void assert_bank_quiet(const struct host_gic_bank *b)
{
	assert_int_equal(b->enabled, 0);
	assert_int_equal(b->latch, 0);
	assert_int_equal(b->active, 0);
}

static void assert_quiet(void)
{
	unsigned int i;

	assert_int_equal(host_gic.ctlr, 0x50);
	for (i = 1; i < host_gic.banks; i++)
		assert_bank_quiet(&host_gic.bank[i]);
	for (i = 0; i < CPUS; i++) {
		assert_bank_quiet(&host_gic.frame[i].bank);
		assert_int_equal(host_gic.frame[i].waker, 0);
	}
}

/* ---- Start ----------------------------------------------------------------------------- */

static void test_init_changes_nothing(void **state)
{
	size_t count, i;
	const struct host_access *trace;

	(void)state;
	assert_int_equal(gicv3_init(CPUS), 0);
	trace = host_trace(&count);
	assert_true(count > 0);
	for (i = 0; i < count; i++)
		assert_int_equal(trace[i].op, HOST_READ);
}

static void assert_init_fails(int want, const char *why)
{
	assert_int_equal(gicv3_init(CPUS), want);
	assert_non_null(strstr(host_log(), why));
	setup(NULL);
}

static void test_init_refuses(void **state)
{
	(void)state;
	host_gic.arch = 2;
	assert_init_fails(GICV3_E_UNSUPPORTED, "architecture 2");
	host_gic.ctlr &= ~0x40U;
	assert_init_fails(GICV3_E_UNSUPPORTED, "two security states");
	host_gic.told_lines = 320;
	assert_init_fails(GICV3_E_UNSUPPORTED, "320 lines");
	host_gic.lpis = true;
	assert_init_fails(GICV3_E_UNSUPPORTED, "LPIs");
	/* INTIDs of GICv3.1, interrupts of GICv3.3 */
	host_gic.espi = true;
	assert_init_fails(GICV3_E_UNSUPPORTED, "extended SPIs");
	host_gic.nmi = true;
	assert_init_fails(GICV3_E_UNSUPPORTED, "non-maskable");
	host_gic.ppinum[CPUS - 1] = 1;
	assert_init_fails(GICV3_E_UNSUPPORTED, "extended PPIs");
	host_gic.ppinum[0] = 2;
	assert_init_fails(GICV3_E_UNSUPPORTED, "extended PPIs");
	host_gic.affinity[2] = 0x100;
	assert_init_fails(GICV3_E_NO_REDIST, "CPU 2");
	host_gic.frames = CPUS - 1;
	assert_init_fails(GICV3_E_NO_REDIST, "CPU 3");
	host_gic.arch = 4;
	assert_int_equal(gicv3_init(CPUS), 0);
	expect_assert_failure(gicv3_init(0));
	expect_assert_failure(gicv3_init(OSTI_MAX_CPUS + 1));
}

/* ---- Quiesce ------------------------------------------------------------------------------ */

static void test_quiesce(void **state)
{
	unsigned int i;

	(void)state;
	scramble(1);
	assert_int_equal(gicv3_quiesce(), 0);
	assert_quiet();
	for (i = 0; i < CPUS; i++) {
		assert_int_equal(host_gic.frame[i].propbaser, 0);
		assert_int_equal(host_gic.frame[i].pendbaser, 0);
		assert_false(host_gic_signals(i, 0));
		assert_false(host_gic_signals(i, 1));
	}
}

static long first(enum host_op op, uint64_t addr)
{
	long i = host_trace_find(0, op, addr);

	assert_true(i >= 0);
	return i;
}

static long last(enum host_op op, uint64_t addr)
{
	long i = host_trace_last(op, addr);

	assert_true(i >= 0);
	return i;
}

/* First and last write to a register over all banks of all CPUs. */
static long first_of_all(unsigned int reg, unsigned int share)
{
	long at = first(HOST_WRITE, SGI(0, reg));
	unsigned int i;

	for (i = 1; i < CPUS; i++)
		if (first(HOST_WRITE, SGI(i, reg)) < at)
			at = first(HOST_WRITE, SGI(i, reg));
	for (i = 1; i < BANKS; i++)
		if (first(HOST_WRITE, DIST(reg + share * i)) < at)
			at = first(HOST_WRITE, DIST(reg + share * i));
	return at;
}

static long last_of_all(unsigned int reg, unsigned int share)
{
	long at = last(HOST_WRITE, SGI(0, reg));
	unsigned int i;

	for (i = 1; i < CPUS; i++)
		if (last(HOST_WRITE, SGI(i, reg)) > at)
			at = last(HOST_WRITE, SGI(i, reg));
	for (i = 1; i < BANKS; i++)
		if (last(HOST_WRITE, DIST(reg + share * i)) > at)
			at = last(HOST_WRITE, DIST(reg + share * i));
	return at;
}

static void test_quiesce_order(void **state)
{
	unsigned int i;
	long disabled, cleared;

	(void)state;
	scramble(2);
	host_gic.frame[3].waker = 6;
	assert_int_equal(gicv3_quiesce(), 0);
	/* Awake, then groups off, then all disabled ... */
	assert_true(last(HOST_WRITE, REDIST(3) + WAKER) <
		    first(HOST_WRITE, DIST(CTLR)));
	assert_true(last(HOST_READ, REDIST(3) + WAKER) <
		    first(HOST_WRITE, DIST(CTLR)));
	assert_true(first(HOST_WRITE, DIST(CTLR)) < first_of_all(ICENABLER, 4));
	/* ... and known to be, before anything is cleared. */
	disabled = last_of_all(ICENABLER, 4);
	cleared = first_of_all(ICPENDR, 4);
	assert_in_range(last(HOST_READ, DIST(CTLR)), disabled, cleared);
	for (i = 0; i < CPUS; i++)
		assert_in_range(last(HOST_READ, REDIST(i) + CTLR), disabled,
				cleared);
	assert_true(last_of_all(ICPENDR, 4) < first_of_all(ICACTIVER, 4));
}

static void test_quiesce_waits_bounded(void **state)
{
	uint64_t start;

	(void)state;
	scramble(3);
	host_gic.rwp_stuck = true;
	start = host_counter_now;
	assert_int_equal(gicv3_quiesce(), GICV3_E_TIMEOUT);
	assert_in_range(host_counter_now - start, arch_counter_hz() / 20,
			arch_counter_hz());
	assert_non_null(strstr(host_log(), "GICD_CTLR.RWP"));
	assert_quiet();

	scramble(4);
	host_gic.rwp_stuck = false;
	host_gic.redist_rwp_stuck[CPUS - 1] = true;
	/* That of one CPU is no reason for the others to suffer. */
	assert_int_equal(gicv3_quiesce(), 0);
	assert_non_null(strstr(host_log(), "GICR_CTLR.RWP"));
	assert_int_equal(gicv3_dead_cpus(), 1U << (CPUS - 1));
	assert_quiet();
}

static void test_waker_waits_bounded(void **state)
{
	(void)state;
	host_gic.waker_stuck[1] = true;
	host_gic.frame[1].waker = 6;
	gicv3_save(&gic_state);
	assert_non_null(strstr(host_log(), "GICR_WAKER"));
	assert_int_equal(gicv3_dead_cpus(), 1U << 1);
	assert_int_equal(gicv3_redist_wake(1), GICV3_E_TIMEOUT);
	assert_int_equal(gicv3_redist_wake(0), 0);
	assert_int_equal(gicv3_sgi_wake(1), GICV3_E_TIMEOUT);
}

/* It is waited for once; then it is told to be quiet, and no more. */
static void test_dead_redistributor(void **state)
{
	const struct host_access *trace;
	uint64_t start;
	size_t count, i;

	(void)state;
	scramble(5);
	host_gic.waker_stuck[1] = true;
	host_gic.frame[1].waker = 6;
	gicv3_save(&gic_state);
	start = host_counter_now;
	assert_int_equal(gicv3_quiesce(), 0);
	host_trace_clear();
	gicv3_save(&gic_state);
	assert_int_equal(gicv3_restore(&gic_state), 0);
	assert_true(host_counter_now - start < arch_counter_hz() / 20);
	trace = host_trace(&count);
	for (i = 0; i < count; i++)
		assert_false(trace[i].addr >= REDIST(1) &&
			     trace[i].addr < REDIST(2));
	/* Another start, another try. */
	assert_int_equal(gicv3_init(CPUS), 0);
	assert_int_equal(gicv3_dead_cpus(), 0);
}

/* ---- Save and restore -------------------------------------------------------------------- */

static void assert_bank_same(const struct host_gic_bank *is,
			     const struct host_gic_bank *was)
{
	assert_int_equal(is->group, was->group);
	assert_int_equal(is->enabled, was->enabled);
	assert_int_equal(is->active, was->active);
	assert_int_equal(is->edge, was->edge);
	assert_memory_equal(is->priority, was->priority, 32);
	/* The latch of a level-sensitive interrupt does not come back. */
	assert_int_equal(is->latch, was->latch & was->edge);
}

static void round_trip(uint64_t seed)
{
	struct host_gic was;
	unsigned int i;

	scramble(seed);
	was = host_gic;
	gicv3_save(&gic_state);
	scramble(seed + 1000);
	for (i = 1; i < host_gic.banks; i++)
		host_gic.bank[i].line = 0;
	assert_int_equal(gicv3_quiesce(), 0);
	assert_int_equal(gicv3_restore(&gic_state), 0);

	assert_int_equal(host_gic.ctlr, was.ctlr);
	for (i = 1; i < host_gic.banks; i++)
		assert_bank_same(&host_gic.bank[i], &was.bank[i]);
	for (i = 32; i < 32 * host_gic.banks; i++)
		assert_int_equal(host_gic.route[i], was.route[i]);
	for (i = 0; i < CPUS; i++)
		assert_bank_same(&host_gic.frame[i].bank, &was.frame[i].bank);
}

static void test_round_trip(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed < 50; seed++)
		round_trip(seed);
}

/* QEMU 7.2 tells 256 lines and has 288; other GICs tell the truth. */
static void test_number_of_lines(void **state)
{
	unsigned int lines;

	(void)state;
	for (lines = 64; lines <= GICV3_MAX_LINES; lines += 32) {
		host_gic.told_lines = lines;
		host_gic.banks = lines / 32;
		assert_int_equal(gicv3_init(CPUS), 0);
		round_trip(lines);
	}
}

static void test_order_of_redistributors(void **state)
{
	static const uint32_t affinity[CPUS] = { 2, 0, 3, 1 };

	(void)state;
	memcpy(host_gic.affinity, affinity, sizeof(affinity));
	assert_int_equal(gicv3_init(CPUS), 0);
	host_gic.frame[2].bank.enabled = 0x12340000;
	host_gic.frame[2].waker = 0;
	gicv3_save(&gic_state);
	assert_int_equal(gic_state.private[3].enabled, 0x12340000);
	assert_int_equal(gic_state.private[2].enabled, 0);
	round_trip(7);
}

static void test_only_cpus_that_exist(void **state)
{
	const struct host_access *trace;
	size_t i, count;

	(void)state;
	host_reset();
	host_gic_add(8);
	assert_int_equal(gicv3_init(2), 0);
	host_trace_clear();
	gicv3_save(&gic_state);
	assert_int_equal(gicv3_quiesce(), 0);
	assert_int_equal(gicv3_restore(&gic_state), 0);
	trace = host_trace(&count);
	for (i = 0; i < count; i++)
		assert_true(trace[i].addr < REDIST(2));
	expect_assert_failure(gicv3_sgi_wake(2));
	expect_assert_failure(gicv3_sgi_clear(2));
	expect_assert_failure(gicv3_redist_wake(2));
}

/* Bits n of three interrupts of a bank: what they are and what comes back. */
static void test_pending(void **state)
{
	struct host_gic_bank *spi = &host_gic.bank[4];
	struct host_gic_bank *ppi = &host_gic.frame[1].bank;

	(void)state;
	host_gic.frame[1].waker = 0;
	spi->edge = 1U << 20 | 1U << 3;
	/* edge latched, edge only with its line up, level latched, level up */
	spi->latch = 1U << 20 | 1U << 21;
	spi->line = 1U << 3 | 1U << 22 | 1U << 23;
	ppi->edge = 0xffff | 1U << 30;
	ppi->latch = 1U << 30 | 1U << 29 | 1U << 5;
	ppi->line = 1U << 27;
	gicv3_save(&gic_state);
	assert_int_equal(gicv3_quiesce(), 0);

	/* Meanwhile one device lets its line go, another one asks. */
	spi->line = 1U << 22 | 1U << 24;
	assert_int_equal(gicv3_restore(&gic_state), 0);
	assert_int_equal(spi->latch, 1U << 20);
	assert_int_equal(arch_read32(pa_make(DIST(ISPENDR + 16))),
			 1U << 20 | 1U << 22 | 1U << 24);
	assert_int_equal(ppi->latch, 1U << 30 | 1U << 5);
}

/* ICFGR of the SGIs may read as anything: they are edge-triggered anyway. */
static void test_sgis_are_edge_triggered(void **state)
{
	(void)state;
	host_gic.frame[0].waker = 0;
	host_gic.frame[0].bank.edge = 0;
	host_gic.frame[0].bank.latch = 1U << 7 | 1U << 17;
	gicv3_save(&gic_state);
	assert_int_equal(gic_state.private[0].pending, 1U << 7);
}

static void test_restore_order(void **state)
{
	static const struct {
		unsigned int reg, share;
	} config[] = { { IGROUPR, 4 }, { ICFGR, 8 }, { IPRIORITYR, 32 } };
	long status, enabled, ctlr;
	unsigned int i;

	(void)state;
	scramble(5);
	host_gic.ctlr |= 3;
	gicv3_save(&gic_state);
	assert_int_equal(gicv3_quiesce(), 0);
	host_trace_clear();
	assert_int_equal(gicv3_restore(&gic_state), 0);

	/* Affinity routing first, with both groups off; groups last. */
	ctlr = first(HOST_WRITE, DIST(CTLR));
	assert_int_equal(ctlr, 0);
	assert_int_equal(host_trace(&(size_t){ 0 })[0].val, 0x50);
	assert_int_equal(host_trace_count(HOST_WRITE, DIST(CTLR)), 2);
	status = first_of_all(ISACTIVER, 4);
	if (first_of_all(ISPENDR, 4) < status)
		status = first_of_all(ISPENDR, 4);
	for (i = 0; i < ARRAY_SIZE(config); i++)
		assert_true(last_of_all(config[i].reg, config[i].share) <
			    status);
	assert_true(last(HOST_WRITE, DIST(IROUTER + 8 * 287)) < status);
	assert_true(first(HOST_WRITE, DIST(IROUTER + 8 * 32)) > ctlr);
	enabled = first_of_all(ISENABLER, 4);
	assert_true(last_of_all(ISACTIVER, 4) < enabled);
	assert_true(last_of_all(ISPENDR, 4) < enabled);
	ctlr = last(HOST_WRITE, DIST(CTLR));
	assert_true(last_of_all(ISENABLER, 4) < ctlr);
	assert_int_equal(host_trace(&(size_t){ 0 })[ctlr].val, 0x53);
	/* It waited after each of the two. */
	assert_true(last(HOST_READ, DIST(CTLR)) > ctlr);
}

static void test_restore_waits_bounded(void **state)
{
	(void)state;
	gicv3_reset_state(&gic_state);
	assert_int_equal(gicv3_quiesce(), 0);
	host_gic.rwp_stuck = true;
	gic_state.shared[0].enabled = 4;
	assert_int_equal(gicv3_restore(&gic_state), GICV3_E_TIMEOUT);
	assert_int_equal(host_gic.bank[1].enabled, 4);
}

/* Only what an OS may decide comes out of a saved GICD_CTLR. */
static void test_restore_ctlr_bits(void **state)
{
	(void)state;
	gicv3_reset_state(&gic_state);
	gic_state.ctlr = 0xffffffff;
	assert_int_equal(gicv3_quiesce(), 0);
	host_trace_clear();
	assert_int_equal(gicv3_restore(&gic_state), 0);
	assert_int_equal(host_trace(&(size_t){ 0 })
			 [last(HOST_WRITE, DIST(CTLR))].val, 0x53);
}

static void test_save_wakes_redistributors(void **state)
{
	unsigned int i;

	(void)state;
	scramble(6);
	for (i = 0; i < CPUS; i++)
		host_gic.frame[i].waker = 6;
	gicv3_save(&gic_state);
	for (i = 0; i < CPUS; i++) {
		assert_int_equal(host_gic.frame[i].waker, 0);
		assert_int_equal(gic_state.private[i].enabled,
				 host_gic.frame[i].bank.enabled);
	}
}

static void test_reset_state(void **state)
{
	struct host_gic fresh;
	unsigned int i;

	(void)state;
	host_trace_clear();
	gicv3_reset_state(&gic_state);
	assert_null(strstr(host_log(), "GIC"));
	fresh = host_gic;
	scramble(8);
	for (i = 0; i < CPUS; i++)
		host_gic.frame[i].bank.line = 0;
	assert_int_equal(gicv3_quiesce(), 0);
	assert_int_equal(gicv3_restore(&gic_state), 0);

	assert_int_equal(host_gic.ctlr, fresh.ctlr);
	for (i = 1; i < host_gic.banks; i++)
		assert_bank_same(&host_gic.bank[i], &fresh.bank[i]);
	for (i = 32; i < 32 * host_gic.banks; i++)
		assert_int_equal(host_gic.route[i], 0);
	for (i = 0; i < CPUS; i++)
		assert_bank_same(&host_gic.frame[i].bank, &fresh.frame[i].bank);
}

/* ---- Waking another CPU --------------------------------------------------------------------- */

static void test_sgi_wake(void **state)
{
	static const uint32_t affinity[CPUS] = { 1, 0, 3, 2 };
	struct host_gic_bank *b = &host_gic.frame[3].bank;
	unsigned int i;
	long pend;

	(void)state;
	memcpy(host_gic.affinity, affinity, sizeof(affinity));
	assert_int_equal(gicv3_init(CPUS), 0);
	/* As bad as an OS can leave it */
	for (i = 0; i < CPUS; i++) {
		host_gic.frame[i].bank.group = 0xffffffff;
		host_gic.frame[i].bank.active = 1U << 15;
		memset(host_gic.frame[i].bank.priority, 0xff, 32);
	}
	host_gic.ctlr &= ~3U;
	host_trace_clear();
	assert_int_equal(gicv3_sgi_wake(2), 0);
	for (i = 0; i < CPUS; i++) {
		assert_int_equal(host_gic_signals(i, 0), i == 3);
		assert_false(host_gic_signals(i, 1));
	}
	assert_int_equal(b->priority[15], 0);
	assert_int_equal(b->priority[14], 0xff);
	assert_int_equal(b->priority[16], 0xff);
	assert_int_equal(b->group, 0xffff7fff);
	assert_int_equal(b->enabled, 0x8000);
	/* The reason is in memory before the CPU can look at it. */
	pend = last(HOST_WRITE, SGI(3, ISPENDR));
	assert_true(last(HOST_BARRIER, 0) < pend);
	assert_true(last(HOST_WRITE, SGI(3, ISENABLER)) < pend);

	assert_int_equal(gicv3_sgi_clear(2), 0);
	assert_false(host_gic_signals(3, 0));
	assert_int_equal(b->enabled, 0);
	assert_int_equal(b->latch, 0);
	assert_int_equal(b->active, 0);
}

/* The other interrupts of the woken CPU stay as they are. */
static void test_sgi_leaves_others(void **state)
{
	struct host_gic_bank *b = &host_gic.frame[1].bank, was;

	(void)state;
	scramble(9);
	host_gic.ctlr |= 1;
	was = *b;
	assert_int_equal(gicv3_sgi_wake(1), 0);
	assert_int_equal(host_trace_count(HOST_WRITE, DIST(CTLR)), 0);
	assert_int_equal(gicv3_sgi_clear(1), 0);
	assert_int_equal(b->enabled, was.enabled & ~0x8000U);
	assert_int_equal(b->latch, was.latch & ~0x8000U);
	assert_int_equal(b->active, was.active & ~0x8000U);
	assert_int_equal(b->group, was.group & ~0x8000U);
	was.priority[15] = 0;
	assert_memory_equal(b->priority, was.priority, 32);
}

static void test_redist_wake(void **state)
{
	(void)state;
	host_gic.frame[2].waker = 6;
	assert_int_equal(gicv3_redist_wake(2), 0);
	assert_int_equal(host_gic.frame[2].waker, 0);
	assert_int_equal(host_gic.frame[1].waker, 6);
	host_trace_clear();
	assert_int_equal(gicv3_redist_wake(2), 0);
	assert_int_equal(host_trace_count(HOST_WRITE, REDIST(2) + WAKER), 0);
}

int main(void)
{
#define START(f)	cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		START(test_init_changes_nothing),
		START(test_init_refuses),
		READY(test_quiesce),
		READY(test_quiesce_order),
		READY(test_quiesce_waits_bounded),
		READY(test_waker_waits_bounded),
		READY(test_dead_redistributor),
		READY(test_round_trip),
		START(test_number_of_lines),
		START(test_order_of_redistributors),
		START(test_only_cpus_that_exist),
		READY(test_pending),
		READY(test_sgis_are_edge_triggered),
		READY(test_restore_order),
		READY(test_restore_waits_bounded),
		READY(test_restore_ctlr_bits),
		READY(test_save_wakes_redistributors),
		READY(test_reset_state),
		START(test_sgi_wake),
		READY(test_sgi_leaves_others),
		READY(test_redist_wake),
	};

	return cmocka_run_group_tests_name("monitor_gicv3", tests, NULL, NULL);
}
