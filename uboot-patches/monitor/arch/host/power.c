// SPDX-License-Identifier: GPL-2.0-only
/*
 * power.c - power.h for unit tests: CPUs and firmware by script
 *
 * What only arch/arm64 calls, power_cpu_off() and power_standby(), is not here.
 */
#include "power.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"
#include "host_power.h"
#include "log.h"
#include "smccc.h"

struct host_power host_power;

static void go(struct host_power_cpu *c)
{
	c->state = HOST_POWER_GOING;
	c->since = host_counter_now;
}

static bool is_due(const struct host_power_cpu *c, uint64_t ticks)
{
	return ticks != HOST_POWER_NEVER && host_counter_now - c->since >= ticks;
}

static void act(unsigned int cpu)
{
	struct host_power_cpu *c = &host_power.cpu[cpu];

	if (c->state == HOST_POWER_COMING && is_due(c, c->on_ticks)) {
		c->state = HOST_POWER_WAITS;
		cpu_note_power();
	}
	/* With the lock taken by another: lock_or_stop() in main.c. */
	if (c->state == HOST_POWER_WAITS && cpu_must_stop())
		go(c);
	if (c->state == HOST_POWER_RUNS && !c->deaf && cpu_must_stop())
		go(c);
	if (c->state == HOST_POWER_GOING && is_due(c, c->off_ticks))
		c->state = HOST_POWER_OFF;
}

static void tick(void)
{
	const unsigned int caller = host_cpu;

	for (host_cpu = 0; host_cpu < OSTI_MAX_CPUS; host_cpu++)
		if (host_cpu != caller)
			act(host_cpu);
	host_cpu = caller;
}

bool power_cpu_exists(unsigned int cpu)
{
	return host_power.cpu[cpu].exists;
}

int64_t power_cpu_on(unsigned int cpu)
{
	struct host_power_cpu *c = &host_power.cpu[cpu];

	ASSERT(c->exists && c->state == HOST_POWER_OFF);
	if (c->refusal)
		return c->refusal;
	c->state = HOST_POWER_COMING;
	c->since = host_counter_now;
	c->starts++;
	return 0;
}

bool power_cpu_is_off(unsigned int cpu)
{
	tick();
	return host_power.cpu[cpu].state == HOST_POWER_OFF;
}

void power_cpu_nudge(unsigned int cpu)
{
	struct host_power_cpu *c = &host_power.cpu[cpu];
	const unsigned int caller = host_cpu;

	c->nudges++;
	host_cpu = cpu;
	if (c->state == HOST_POWER_RUNS && cpu_must_stop())
		go(c);
	host_cpu = caller;
}

uint32_t power_wait_interrupt(void)
{
	host_power.sleeps++;
	if (!host_power.wakes)
		panic("CPU %u sleeps for ever: the test has no interrupt",
		      host_cpu);
	host_counter_now += host_power.sleep_ticks;
	return host_power.interrupt;
}

int64_t power_arch_features(uint32_t fid)
{
	return fid == host_power.workaround ? host_power.workaround_features :
	       SMCCC_NOT_SUPPORTED;
}

void power_arch_workaround(uint32_t fid, uint32_t arg)
{
	ASSERT(fid == host_power.workaround &&
	       host_power.workaround_features >= 0);
	host_power.workarounds++;
	host_power.workaround_arg = arg;
}

void power_system_off(void)
{
	host_power.offs++;
	mock_assert(0, "power_system_off", __FILE__, __LINE__);
	abort();
}

void power_system_reset(void)
{
	host_power.resets++;
	mock_assert(0, "power_system_reset", __FILE__, __LINE__);
	abort();
}

/* @entry is NULL for a CPU that was called to help. */
static bool arrive(unsigned int cpu, struct cpu_entry *entry)
{
	struct host_power_cpu *c = &host_power.cpu[cpu];
	const unsigned int caller = host_cpu;

	tick();
	if (c->state != HOST_POWER_WAITS)
		return false;
	host_cpu = cpu;
	if (entry)
		cpu_arrive(entry);
	else
		cpu_arrive_helper();
	host_cpu = caller;
	c->state = HOST_POWER_RUNS;
	return true;
}

bool host_power_enter(unsigned int cpu, struct cpu_entry *entry)
{
	return arrive(cpu, entry);
}

bool host_power_help(unsigned int cpu)
{
	return arrive(cpu, NULL);
}

void host_power_leave(unsigned int cpu)
{
	ASSERT(host_power.cpu[cpu].state == HOST_POWER_RUNS);
	go(&host_power.cpu[cpu]);
}

void host_power_reset(unsigned int cpus)
{
	unsigned int cpu;

	memset(&host_power, 0, sizeof(host_power));
	for (cpu = 0; cpu < cpus; cpu++)
		host_power.cpu[cpu].exists = true;
	host_power.cpu[0].state = HOST_POWER_RUNS;
	host_counter_hook = tick;
}
