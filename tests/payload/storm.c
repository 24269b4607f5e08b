// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storm.c - CPUs going on and off as fast as they can
 *
 * Needs two CPUs or more. What each call said is counted and must agree with
 * what the CPUs saw. Times are deadlines only.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/rand.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"

#define SEED		0x05710001
#define ONE_ROUNDS	600	/* per CPU, the boot CPU commands */
#define ALL_CYCLES	3000	/* all CPUs command each other */
#define CROSS_ROUNDS	500	/* two callers, one target */
#define DEADLINE_MS	120000
#define PAUSE_TICKS	4000	/* of the boot CPU, at most: 64 us at 62.5 MHz */

static uint64_t entered[MAX_CPUS];
static uint64_t started[MAX_CPUS];	/* SUCCESS of CPU_ON for that CPU */
static uint64_t refused[MAX_CPUS];	/* ALREADY_ON, ON_PENDING */
static uint64_t wrong;
static int64_t wrong_status;
static bool stopping;
static struct rand rands[MAX_CPUS];

static void add(uint64_t *p, uint64_t n)
{
	__atomic_fetch_add(p, n, __ATOMIC_SEQ_CST);
}

static uint64_t get(uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_SEQ_CST);
}

static void counted(uint64_t arg)
{
	unsigned int self_index = cpu_index();

	if (arg != self_index + 100)
		add(&wrong, 1);
	add(&entered[self_index], 1);
}

static void reset_counts(void)
{
	unsigned int i;

	for (i = 0; i < MAX_CPUS; i++) {
		entered[i] = 0;
		started[i] = 0;
		refused[i] = 0;
		rands[i].state = SEED + i;
	}
	wrong = 0;
	wrong_status = 0;
	stopping = false;
}

/* The boot CPU turns all others on at once and waits for them. */
static void test_rounds(void)
{
	unsigned int i, round;

	test_begin("rounds");
	reset_counts();
	for (round = 0; round < ONE_ROUNDS; round++) {
		for (i = 1; i < self.nr_cpus; i++)
			if (!check(cpu_on(i, counted, i + 100) == PSCI_SUCCESS,
				   "round %u: CPU_ON of CPU %u failed", round, i))
				goto out;
		for (i = 1; i < self.nr_cpus; i++)
			if (!check(wait_for(cpu_state(i) == PSCI_AFFINITY_OFF,
					    DEADLINE_MS),
				   "round %u: CPU %u stays in state %d", round,
				   i, cpu_state(i)))
				goto out;
	}
	for (i = 1; i < self.nr_cpus; i++)
		check_eq("entries", get(&entered[i]), ONE_ROUNDS);
	check_eq("wrong contexts", get(&wrong), 0);
out:
	test_end();
}

static void storm_cpu(uint64_t arg);

/*
 * Only the pure call: struct cpu is the same for everybody who starts that
 * CPU, so nobody needs to write it.
 */
static void start_other(unsigned int target)
{
	int status = psci64(PSCI_CPU_ON, target, (uint64_t)cpu_entry,
			    (uint64_t)&cpus[target]);

	if (status == PSCI_SUCCESS) {
		add(&started[target], 1);
	} else if (status == PSCI_ALREADY_ON || status == PSCI_ON_PENDING) {
		add(&refused[target], 1);
	} else {
		wrong_status = status;
		add(&wrong, 1);
	}
}

static void storm_cpu(uint64_t arg)
{
	unsigned int me = cpu_index();
	unsigned int n = 1 + rand_below(&rands[me], 4);

	if (arg != me)
		add(&wrong, 1);
	add(&entered[me], 1);
	while (n-- && !__atomic_load_n(&stopping, __ATOMIC_SEQ_CST)) {
		unsigned int target = rand_below(&rands[me], self.nr_cpus);

		start_other(target);
	}
}

static uint64_t sum(uint64_t *counts)
{
	uint64_t total = 0;
	unsigned int i;

	for (i = 1; i < self.nr_cpus; i++)
		total += get(&counts[i]);
	return total;
}

/* All CPUs turn each other on, without agreement. */
static void test_all(void)
{
	uint64_t begin = counter(), end = begin + counter_ms(DEADLINE_MS);
	unsigned int i;

	test_begin("all");
	reset_counts();
	for (i = 1; i < self.nr_cpus; i++) {
		cpus[i].fn = storm_cpu;
		cpus[i].arg = i;
		cache_flush(&cpus[i], sizeof(cpus[i]));
	}
	while (sum(entered) < ALL_CYCLES && !get(&wrong) && counter() < end) {
		uint64_t pause = counter() + rand_below(&rands[0], PAUSE_TICKS);

		start_other(1 + rand_below(&rands[0], self.nr_cpus - 1));
		/* Without it this CPU gets nearly all turns in the monitor. */
		while (counter() < pause)
			__asm__ volatile("yield");
	}
	check(sum(entered) >= ALL_CYCLES, "only %lu of %u cycles in %u ms",
	      sum(entered), ALL_CYCLES, DEADLINE_MS);
	__atomic_store_n(&stopping, true, __ATOMIC_SEQ_CST);
	for (i = 1; i < self.nr_cpus; i++) {
		check(wait_for(cpu_state(i) == PSCI_AFFINITY_OFF, DEADLINE_MS),
		      "CPU %u stays in state %d", i, cpu_state(i));
		check(get(&entered[i]) == get(&started[i]),
		      "CPU %u was entered %lu times, CPU_ON succeeded %lu times",
		      i, get(&entered[i]), get(&started[i]));
	}
	check(!get(&wrong), "%lu wrong results, one is %ld", get(&wrong),
	      wrong_status);
	check_eq("CPU_ON of the boot CPU", get(&started[0]), 0);
	report_note("%lu cycles in %lu ms, %lu calls refused", sum(entered),
		    (counter() - begin) / counter_ms(1), sum(refused));
	test_end();
}

/*
 * Two callers race for one target: exactly one wins each round. The last
 * secondary CPU is the target, CPU 1 the second caller.
 */
static uint64_t gate;
static uint64_t racer_done;

static void racer(uint64_t target)
{
	uint64_t round;

	for (round = 1; round <= CROSS_ROUNDS; round++) {
		while (get(&gate) < round)
			if (__atomic_load_n(&stopping, __ATOMIC_SEQ_CST))
				return;
		start_other(target);
		add(&racer_done, 1);
	}
}

static void test_race(void)
{
	unsigned int target = self.nr_cpus - 1;
	uint64_t round;

	if (self.nr_cpus < 3)
		return;
	test_begin("race");
	reset_counts();
	gate = 0;
	racer_done = 0;
	cpus[target].fn = counted;
	cpus[target].arg = target + 100;
	cache_flush(&cpus[target], sizeof(cpus[target]));
	if (!check(cpu_on(1, racer, target) == PSCI_SUCCESS, "CPU_ON failed"))
		goto out;
	for (round = 1; round <= CROSS_ROUNDS; round++) {
		add(&gate, 1);
		start_other(target);
		if (!check(wait_for(get(&racer_done) == round, DEADLINE_MS),
			   "round %lu: the other caller is stuck", round) ||
		    !check(wait_for(cpu_state(target) == PSCI_AFFINITY_OFF,
				    DEADLINE_MS),
			   "round %lu: CPU %u stays in state %d", round, target,
			   cpu_state(target)))
			break;
	}
	__atomic_store_n(&stopping, true, __ATOMIC_SEQ_CST);
	check(wait_for(cpu_state(1) == PSCI_AFFINITY_OFF, DEADLINE_MS),
	      "CPU 1 did not go off");
	check_eq("entries", get(&entered[target]), get(&started[target]));
	/* Both may win one after the other, but none may be lost. */
	check_eq("calls", get(&started[target]) + get(&refused[target]),
		 2 * CROSS_ROUNDS);
	check(get(&started[target]) >= CROSS_ROUNDS, "CPU_ON succeeded %lu of %u times",
	      get(&started[target]), CROSS_ROUNDS);
	check(!get(&wrong), "%lu wrong results, one is %ld", get(&wrong),
	      wrong_status);
out:
	test_end();
}

void payload_main(void)
{
	report_start("storm");
	if (self.nr_cpus < 2)
		report_abort("needs 2 CPUs, has %u", self.nr_cpus);
	gic_init();
	test_rounds();
	test_all();
	test_race();
	report_done();
}
