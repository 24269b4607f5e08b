// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu.c - which CPUs the running context has on, and which help
 */
#include "cpu.h"

#include <stdatomic.h>

#include <osti/abi.h>

#include "deadline.h"
#include "lock.h"
#include "log.h"
#include "power.h"

static struct {
	enum cpu_state state;
	struct cpu_entry entry;
	atomic_bool powered;	/* reached the monitor since cpu_start() */
	atomic_bool stop;
} cpus[OSTI_MAX_CPUS];

/* Longest time that a CPU may need to come or go. */
#define WAIT_MS	1000

static unsigned int nr_cpus;

void cpu_init(void)
{
	unsigned int cpu;

	nr_cpus = 0;
	while (nr_cpus < OSTI_MAX_CPUS && power_cpu_exists(nr_cpus))
		nr_cpus++;
	for (cpu = 0; cpu < OSTI_MAX_CPUS; cpu++) {
		cpus[cpu].state = cpu == arch_cpu() ? CPU_ON : CPU_OFF;
		atomic_store(&cpus[cpu].powered, false);
		atomic_store(&cpus[cpu].stop, false);
	}
}

unsigned int cpu_count(void)
{
	return nr_cpus;
}

enum cpu_state cpu_state(unsigned int cpu)
{
	ASSERT(cpu < nr_cpus);
	return cpus[cpu].state;
}

/* Is it in EL1, or may it come there? */
static bool is_about(unsigned int cpu)
{
	return cpus[cpu].state == CPU_ON || cpus[cpu].state == CPU_ON_PENDING;
}

bool cpu_alone(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++)
		if (cpu != arch_cpu() && is_about(cpu))
			return false;
	return true;
}

static bool wait_for_power_off(unsigned int cpu)
{
	uint64_t end = deadline_in_ms(WAIT_MS);
	bool late = false;

	while (!power_cpu_is_off(cpu)) {
		if (late)
			return false;
		late = deadline_passed(end);
	}
	return true;
}

/* What it does when it comes is in its state then. */
static bool power_on(unsigned int cpu, enum cpu_state state)
{
	atomic_store(&cpus[cpu].powered, false);
	atomic_store(&cpus[cpu].stop, false);
	cpus[cpu].state = state;
	if (power_cpu_on(cpu)) {
		log_error("the firmware does not power CPU %u on", cpu);
		cpus[cpu].state = CPU_OFF;
		return false;
	}
	return true;
}

bool cpu_start(unsigned int cpu, const struct cpu_entry *entry)
{
	LOCK_ASSERT_HELD();
	ASSERT(cpu < nr_cpus && cpus[cpu].state == CPU_OFF);

	if (!wait_for_power_off(cpu)) {
		log_error("CPU %u has left but keeps its power", cpu);
		return false;
	}
	cpus[cpu].entry = *entry;
	return power_on(cpu, CPU_ON_PENDING);
}

bool cpu_summon(unsigned int cpu)
{
	static const struct cpu_entry nowhere;
	bool late = false;
	uint64_t end;

	LOCK_ASSERT_HELD();
	if (cpus[cpu].state == CPU_LOST || !cpu_start(cpu, &nowhere))
		return false;
	end = deadline_in_ms(WAIT_MS);
	while (!atomic_load(&cpus[cpu].powered)) {
		if (late) {
			log_error("CPU %u was powered on but does not come", cpu);
			/* Should it come later, it finds this and goes. */
			atomic_store(&cpus[cpu].stop, true);
			cpus[cpu].state = CPU_OFF;
			return false;
		}
		late = deadline_passed(end);
	}
	return true;
}

void cpu_redirect(unsigned int cpu, const struct cpu_entry *entry)
{
	LOCK_ASSERT_HELD();
	ASSERT(cpu < nr_cpus && cpus[cpu].state == CPU_ON_PENDING);
	cpus[cpu].entry = *entry;
}

void cpu_note_power(void)
{
	atomic_store(&cpus[arch_cpu()].powered, true);
}

void cpu_arrive(struct cpu_entry *entry)
{
	unsigned int cpu = arch_cpu();

	LOCK_ASSERT_HELD();
	ASSERT(cpu < nr_cpus && cpus[cpu].state == CPU_ON_PENDING);
	*entry = cpus[cpu].entry;
	cpus[cpu].state = CPU_ON;
}

void cpu_leave(void)
{
	LOCK_ASSERT_HELD();
	cpus[arch_cpu()].state = CPU_OFF;
}

bool cpu_call_helper(unsigned int cpu)
{
	LOCK_ASSERT_HELD();
	ASSERT(cpu < nr_cpus);
	if (cpus[cpu].state != CPU_OFF || !power_cpu_is_off(cpu))
		return false;
	return power_on(cpu, CPU_HELPER_PENDING);
}

bool cpu_is_helper(unsigned int cpu)
{
	ASSERT(cpu < nr_cpus);
	return cpus[cpu].state == CPU_HELPER ||
	       cpus[cpu].state == CPU_HELPER_PENDING;
}

void cpu_arrive_helper(void)
{
	unsigned int cpu = arch_cpu();

	LOCK_ASSERT_HELD();
	ASSERT(cpu < nr_cpus && cpus[cpu].state == CPU_HELPER_PENDING);
	cpus[cpu].state = CPU_HELPER;
}

static bool make_off(unsigned int cpu)
{
	const uint64_t end = deadline_in_ms(WAIT_MS);
	bool late = false;

	while (!power_cpu_is_off(cpu)) {
		power_cpu_nudge(cpu);
		if (late)
			return false;
		late = deadline_passed(end);
	}
	return true;
}

/* All of them are told before the first is waited for. */
static uint32_t stop(uint32_t which)
{
	uint32_t lost = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++)
		if (which & 1U << cpu)
			atomic_store(&cpus[cpu].stop, true);
	arch_barrier();

	for (cpu = 0; cpu < nr_cpus; cpu++) {
		if (!(which & 1U << cpu))
			continue;
		if (make_off(cpu))
			cpus[cpu].state = CPU_OFF;
		else
			lost |= 1U << cpu;
	}
	return lost;
}

static uint32_t helpers(void)
{
	uint32_t which = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++)
		if (cpu_is_helper(cpu))
			which |= 1U << cpu;
	return which;
}

uint32_t cpu_stop_others(void)
{
	uint32_t which = helpers();
	unsigned int cpu;

	LOCK_ASSERT_HELD();
	for (cpu = 0; cpu < nr_cpus; cpu++)
		if (is_about(cpu))
			which |= 1U << cpu;
	return stop(which & ~(1U << arch_cpu()));
}

uint32_t cpu_stop_helpers(void)
{
	LOCK_ASSERT_HELD();
	ASSERT(!cpu_is_helper(arch_cpu()));
	return stop(helpers());
}

void cpu_cut_off(unsigned int cpu)
{
	LOCK_ASSERT_HELD();
	ASSERT(cpu < nr_cpus && cpu != arch_cpu());
	cpus[cpu].state = CPU_LOST;
	/* Should it come after all, it finds this and goes. */
	atomic_store(&cpus[cpu].stop, true);
}

bool cpu_must_stop(void)
{
	return atomic_load(&cpus[arch_cpu()].stop);
}
