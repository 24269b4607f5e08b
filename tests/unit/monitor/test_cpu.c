// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_cpu.c - CPUs that come and go, late or never
 */
#include "test.h"

#include <string.h>

#include "cpu.h"
#include "host.h"
#include "host_power.h"

#define SECOND	arch_counter_hz()

static const struct cpu_entry here = { .pc = { 0x40001000 }, .arg = 42 };

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_power_reset(4);
	cpu_init();
	return 0;
}

static struct host_power_cpu *power(unsigned int cpu)
{
	return &host_power.cpu[cpu];
}

static void bring_up(unsigned int cpu)
{
	struct cpu_entry entry;

	assert_true(cpu_start(cpu, &here));
	assert_int_equal(cpu_state(cpu), CPU_ON_PENDING);
	assert_true(host_power_enter(cpu, &entry));
	assert_int_equal(ipa_value(entry.pc), ipa_value(here.pc));
	assert_int_equal(entry.arg, here.arg);
	assert_int_equal(cpu_state(cpu), CPU_ON);
}

/* A CPU that was told to leave; it still has power. */
static void leave(unsigned int cpu)
{
	host_cpu = cpu;
	cpu_leave();
	host_cpu = 0;
	host_power_leave(cpu);
}

static void test_count(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 1; n <= OSTI_MAX_CPUS; n++) {
		host_power_reset(n);
		cpu_init();
		assert_int_equal(cpu_count(), n);
		assert_int_equal(cpu_state(0), CPU_ON);
		assert_true(cpu_alone());
		if (n > 1)
			assert_int_equal(cpu_state(n - 1), CPU_OFF);
	}
	expect_assert_failure(cpu_state(OSTI_MAX_CPUS));
}

static void test_start(void **state)
{
	(void)state;
	assert_true(cpu_alone());
	assert_true(cpu_start(2, &here));
	assert_int_equal(power(2)->starts, 1);
	/* One that may come any moment is company. */
	assert_false(cpu_alone());
	setup(NULL);
	bring_up(2);
	assert_false(cpu_alone());
	leave(2);
	assert_true(cpu_alone());
	assert_int_equal(cpu_state(2), CPU_OFF);
}

static void test_start_refused(void **state)
{
	(void)state;
	power(1)->refusal = -6;
	assert_false(cpu_start(1, &here));
	assert_int_equal(cpu_state(1), CPU_OFF);
	assert_true(cpu_alone());
	assert_non_null(strstr(host_log(), "does not power CPU 1 on"));
	power(1)->refusal = 0;
	bring_up(1);
}

static void test_start_bugs(void **state)
{
	(void)state;
	expect_assert_failure(cpu_start(4, &here));
	expect_assert_failure(cpu_start(0, &here));
	assert_true(cpu_start(1, &here));
	expect_assert_failure(cpu_start(1, &here));
	expect_assert_failure(cpu_redirect(2, &here));
	host_cpu = 3;
	expect_assert_failure(cpu_arrive(&(struct cpu_entry) { 0 }));
	host_cpu = 0;
}

/* A CPU that leaves is off for the monitor before the firmware says so. */
static void test_start_of_leaving(void **state)
{
	(void)state;
	bring_up(1);
	power(1)->off_ticks = SECOND / 2;
	leave(1);
	assert_int_equal(cpu_state(1), CPU_OFF);
	assert_true(cpu_start(1, &here));
	assert_int_equal(power(1)->starts, 2);

	setup(NULL);
	bring_up(1);
	power(1)->off_ticks = HOST_POWER_NEVER;
	leave(1);
	assert_false(cpu_start(1, &here));
	assert_int_equal(power(1)->starts, 1);
	assert_int_equal(cpu_state(1), CPU_OFF);
	assert_non_null(strstr(host_log(), "CPU 1 has left but keeps its power"));
}

static void test_summon(void **state)
{
	const struct cpu_entry there = { .pc = { 0x40002000 }, .arg = 7 };
	struct cpu_entry entry;

	(void)state;
	power(3)->on_ticks = SECOND / 2;
	assert_true(cpu_summon(3));
	assert_int_equal(power(3)->state, HOST_POWER_WAITS);
	assert_int_equal(cpu_state(3), CPU_ON_PENDING);
	cpu_redirect(3, &there);
	assert_true(host_power_enter(3, &entry));
	assert_int_equal(ipa_value(entry.pc), ipa_value(there.pc));
	assert_int_equal(entry.arg, there.arg);
}

static void test_summon_refused(void **state)
{
	(void)state;
	power(3)->refusal = -6;
	assert_false(cpu_summon(3));
	assert_int_equal(cpu_state(3), CPU_OFF);
}

/* It comes when nobody waits for it any more: it must go again at once. */
static void test_summon_late(void **state)
{
	struct cpu_entry entry;

	(void)state;
	power(3)->on_ticks = 2 * SECOND;
	assert_false(cpu_summon(3));
	assert_int_equal(cpu_state(3), CPU_OFF);
	assert_true(cpu_alone());
	assert_int_equal(power(3)->state, HOST_POWER_COMING);
	assert_non_null(strstr(host_log(), "CPU 3 was powered on but does not come"));
	/* Waiting had an end. */
	assert_true(host_counter_now < 2 * SECOND);

	/* Nobody can start it while it is on its way. */
	power(3)->off_ticks = HOST_POWER_NEVER;
	assert_false(cpu_start(3, &here));
	assert_int_equal(power(3)->starts, 1);
	host_counter_now += 2 * SECOND;
	assert_false(host_power_enter(3, &entry));
	assert_int_equal(power(3)->state, HOST_POWER_GOING);

	power(3)->off_ticks = 0;
	power(3)->on_ticks = 0;
	bring_up(3);
}

/*
 * The waiting CPU itself was away for longer than it wanted to wait: here
 * between its last look at the other and its last look at the clock.
 */
static void test_waiter_was_away(void **state)
{
	(void)state;
	bring_up(1);
	host_counter_step = 2 * SECOND;
	power(3)->on_ticks = 3 * SECOND;
	assert_true(cpu_summon(3));
	assert_int_equal(power(3)->state, HOST_POWER_WAITS);

	/* It leaves when the first look at the clock is taken. */
	power(1)->off_ticks = 2 * SECOND;
	cpu_stop_others();
	assert_int_equal(power(1)->state, HOST_POWER_OFF);

	bring_up(1);
	power(1)->off_ticks = 3 * SECOND;
	leave(1);
	assert_true(cpu_start(1, &here));
}

static void test_stop_others(void **state)
{
	unsigned int cpu;

	(void)state;
	bring_up(1);
	/* This one sleeps, that one is slow, and the third is not there yet. */
	power(1)->deaf = true;
	bring_up(2);
	power(2)->off_ticks = SECOND / 2;
	assert_true(cpu_start(3, &here));
	power(3)->on_ticks = SECOND / 2;

	cpu_stop_others();
	for (cpu = 1; cpu < 4; cpu++) {
		assert_int_equal(power(cpu)->state, HOST_POWER_OFF);
		assert_int_equal(cpu_state(cpu), CPU_OFF);
	}
	assert_true(power(1)->nudges > 0);
	assert_true(cpu_alone());
	assert_int_equal(cpu_state(0), CPU_ON);

	/* They can be started again. */
	power(1)->deaf = false;
	for (cpu = 1; cpu < 4; cpu++) {
		power(cpu)->on_ticks = 0;
		bring_up(cpu);
		host_cpu = cpu;
		assert_false(cpu_must_stop());
		host_cpu = 0;
	}
}

/* As many as there can be: behind the last one lies something else. */
static void test_stop_all(void **state)
{
	unsigned int cpu;

	(void)state;
	host_power_reset(OSTI_MAX_CPUS);
	cpu_init();
	for (cpu = 1; cpu < OSTI_MAX_CPUS; cpu++)
		bring_up(cpu);
	assert_int_equal(cpu_stop_others(), 0);
	for (cpu = 1; cpu < OSTI_MAX_CPUS; cpu++)
		assert_int_equal(power(cpu)->state, HOST_POWER_OFF);
	assert_true(cpu_alone());
}

/* From another CPU than the first one. */
static void test_stop_from_other(void **state)
{
	(void)state;
	bring_up(2);
	host_cpu = 2;
	cpu_stop_others();
	assert_int_equal(power(0)->state, HOST_POWER_OFF);
	assert_int_equal(power(2)->state, HOST_POWER_RUNS);
	assert_int_equal(cpu_state(0), CPU_OFF);
	assert_int_equal(cpu_state(2), CPU_ON);
	assert_false(cpu_must_stop());
	assert_true(cpu_alone());
}

/* All are told before the first is waited for. */
static void test_stop_tells_all(void **state)
{
	uint64_t start;

	(void)state;
	power(1)->off_ticks = SECOND * 6 / 10;
	power(2)->off_ticks = SECOND * 6 / 10;
	power(3)->off_ticks = SECOND * 6 / 10;
	bring_up(1);
	bring_up(2);
	bring_up(3);
	start = host_counter_now;
	cpu_stop_others();
	assert_true(host_counter_now - start < SECOND);
}

static void test_stop_leaves_nobody(void **state)
{
	(void)state;
	cpu_stop_others();
	assert_int_equal(power(1)->nudges, 0);
	bring_up(1);
	leave(1);
	cpu_stop_others();
	assert_int_equal(power(1)->nudges, 0);
}

/* One does not go: it is told, the others go, and waiting has an end. */
static void test_stop_never(void **state)
{
	(void)state;
	bring_up(1);
	bring_up(2);
	bring_up(3);
	power(2)->off_ticks = HOST_POWER_NEVER;
	assert_int_equal(cpu_stop_others(), 1U << 2);
	assert_true(power(2)->nudges > 0);
	assert_in_range(host_counter_now, SECOND, 2 * SECOND);
	assert_int_equal(cpu_state(1), CPU_OFF);
	assert_int_equal(cpu_state(3), CPU_OFF);

	cpu_cut_off(2);
	assert_int_equal(cpu_state(2), CPU_LOST);
	assert_true(cpu_alone());
	assert_false(cpu_summon(2));
	expect_assert_failure(cpu_start(2, &here));
	assert_int_equal(power(2)->starts, 1);
	/* It is not waited for again. */
	bring_up(1);
	assert_int_equal(cpu_stop_others(), 0);
	assert_in_range(host_counter_now, SECOND, 2 * SECOND);
	expect_assert_failure(cpu_cut_off(0));
	expect_assert_failure(cpu_cut_off(4));
}

/* It comes when it was given up: it goes off before it gets anywhere. */
static void test_lost_comes_late(void **state)
{
	struct cpu_entry entry;

	(void)state;
	power(2)->on_ticks = 5 * SECOND;
	assert_true(cpu_start(2, &here));
	assert_int_equal(cpu_stop_others(), 1U << 2);
	cpu_cut_off(2);
	host_counter_now += 10 * SECOND;
	assert_false(host_power_enter(2, &entry));
	assert_int_equal(power(2)->state, HOST_POWER_OFF);

	/* Likewise one that was on its way when it was given up. */
	assert_true(cpu_summon(3));
	cpu_cut_off(3);
	assert_false(host_power_enter(3, &entry));
	assert_int_equal(power(3)->state, HOST_POWER_OFF);
}

/* ---- Helpers ------------------------------------------------------------- */

static void call_helper(unsigned int cpu)
{
	assert_true(cpu_call_helper(cpu));
	assert_int_equal(cpu_state(cpu), CPU_HELPER_PENDING);
	assert_true(cpu_is_helper(cpu));
	assert_true(host_power_help(cpu));
	assert_int_equal(cpu_state(cpu), CPU_HELPER);
	assert_true(cpu_is_helper(cpu));
}

static void test_helper(void **state)
{
	(void)state;
	assert_false(cpu_is_helper(0));
	assert_false(cpu_is_helper(2));
	call_helper(2);
	assert_int_equal(power(2)->starts, 1);
	/* It is no company, nor can anybody have it. */
	assert_true(cpu_alone());
	assert_false(cpu_call_helper(2));
	assert_false(cpu_call_helper(0));
	assert_int_equal(power(2)->starts, 1);
	expect_assert_failure(cpu_start(2, &here));
	expect_assert_failure(cpu_redirect(2, &here));

	/* It has helped enough: then it is as any other. */
	leave(2);
	assert_false(cpu_is_helper(2));
	assert_int_equal(cpu_state(2), CPU_OFF);
	bring_up(2);
	assert_false(cpu_is_helper(2));
	assert_false(cpu_call_helper(2));
}

static void test_helper_bugs(void **state)
{
	(void)state;
	expect_assert_failure(cpu_call_helper(4));
	expect_assert_failure(cpu_is_helper(4));
	host_cpu = 3;
	expect_assert_failure(cpu_arrive_helper());
	host_cpu = 0;
	/* One that was called to help has no place to go, and the reverse. */
	assert_true(cpu_call_helper(3));
	host_cpu = 3;
	expect_assert_failure(cpu_arrive(&(struct cpu_entry) { 0 }));
	host_cpu = 0;
	assert_true(cpu_start(2, &here));
	host_cpu = 2;
	expect_assert_failure(cpu_arrive_helper());
	host_cpu = 3;
	/* It cannot wait for itself. */
	expect_assert_failure(cpu_stop_helpers());
	host_cpu = 0;
}

/* Who calls does not wait, whatever is wrong with the CPU. */
static void test_helper_refused(void **state)
{
	uint64_t start;

	(void)state;
	power(1)->refusal = -6;
	assert_false(cpu_call_helper(1));
	assert_int_equal(cpu_state(1), CPU_OFF);

	bring_up(2);
	power(2)->off_ticks = SECOND / 2;
	leave(2);
	start = host_counter_now;
	assert_false(cpu_call_helper(2));
	assert_int_equal(cpu_state(2), CPU_OFF);
	power(3)->on_ticks = HOST_POWER_NEVER;
	assert_true(cpu_call_helper(3));
	assert_true(host_counter_now - start < SECOND / 100);

	cpu_cut_off(1);
	assert_false(cpu_call_helper(1));
	assert_int_equal(power(1)->starts, 0);
	host_counter_now += SECOND;
	call_helper(2);
}

/* CPUs of the context stay. */
static void test_stop_helpers(void **state)
{
	(void)state;
	assert_int_equal(cpu_stop_helpers(), 0);
	bring_up(1);
	call_helper(2);
	power(2)->deaf = true;
	power(3)->on_ticks = SECOND / 2;
	assert_true(cpu_call_helper(3));
	assert_int_equal(cpu_stop_helpers(), 0);
	assert_int_equal(power(1)->state, HOST_POWER_RUNS);
	assert_int_equal(power(1)->nudges, 0);
	assert_int_equal(cpu_state(1), CPU_ON);
	assert_int_equal(power(2)->state, HOST_POWER_OFF);
	assert_int_equal(power(3)->state, HOST_POWER_OFF);
	assert_false(cpu_is_helper(2) || cpu_is_helper(3));
	assert_true(power(2)->nudges > 0);
	power(3)->on_ticks = 0;
	call_helper(3);
	host_cpu = 3;
	assert_false(cpu_must_stop());
	host_cpu = 0;
}

/* Who stops a context stops its helpers with it. */
static void test_stop_others_stops_helpers(void **state)
{
	(void)state;
	bring_up(1);
	call_helper(2);
	assert_true(cpu_call_helper(3));
	assert_int_equal(cpu_stop_others(), 0);
	assert_int_equal(power(1)->state, HOST_POWER_OFF);
	assert_int_equal(power(2)->state, HOST_POWER_OFF);
	assert_int_equal(power(3)->state, HOST_POWER_OFF);
	assert_int_equal(cpu_state(2), CPU_OFF);
	assert_int_equal(cpu_state(3), CPU_OFF);
}

/* One does not go, and one never came; should it come after all, it goes. */
static void test_helpers_lost(void **state)
{
	uint64_t start;

	(void)state;
	call_helper(1);
	call_helper(2);
	power(2)->off_ticks = HOST_POWER_NEVER;
	power(3)->on_ticks = 5 * SECOND;
	assert_true(cpu_call_helper(3));
	start = host_counter_now;
	assert_int_equal(cpu_stop_helpers(), 1U << 2 | 1U << 3);
	assert_in_range(host_counter_now - start, SECOND, 3 * SECOND);
	assert_int_equal(cpu_state(1), CPU_OFF);
	cpu_cut_off(2);
	cpu_cut_off(3);
	assert_int_equal(cpu_stop_helpers(), 0);
	assert_false(cpu_call_helper(2));
	host_counter_now += 10 * SECOND;
	assert_false(host_power_help(3));
	assert_int_equal(power(3)->state, HOST_POWER_OFF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_count, setup),
		cmocka_unit_test_setup(test_start, setup),
		cmocka_unit_test_setup(test_start_refused, setup),
		cmocka_unit_test_setup(test_start_bugs, setup),
		cmocka_unit_test_setup(test_start_of_leaving, setup),
		cmocka_unit_test_setup(test_summon, setup),
		cmocka_unit_test_setup(test_summon_refused, setup),
		cmocka_unit_test_setup(test_summon_late, setup),
		cmocka_unit_test_setup(test_waiter_was_away, setup),
		cmocka_unit_test_setup(test_stop_others, setup),
		cmocka_unit_test_setup(test_stop_all, setup),
		cmocka_unit_test_setup(test_stop_from_other, setup),
		cmocka_unit_test_setup(test_stop_tells_all, setup),
		cmocka_unit_test_setup(test_stop_leaves_nobody, setup),
		cmocka_unit_test_setup(test_stop_never, setup),
		cmocka_unit_test_setup(test_lost_comes_late, setup),
		cmocka_unit_test_setup(test_helper, setup),
		cmocka_unit_test_setup(test_helper_bugs, setup),
		cmocka_unit_test_setup(test_helper_refused, setup),
		cmocka_unit_test_setup(test_stop_helpers, setup),
		cmocka_unit_test_setup(test_stop_others_stops_helpers, setup),
		cmocka_unit_test_setup(test_helpers_lost, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
