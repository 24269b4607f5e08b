// SPDX-License-Identifier: GPL-2.0-only
/*
 * help.c - CPUs that the running context does not use, put to work
 */
#include "help.h"

#include "arch.h"
#include "cpu.h"
#include "device.h"
#include "engine.h"
#include "lock.h"
#include "memory.h"
#include "sweep.h"
#include "world.h"

/* How often a CPU without work looks for some. */
#define NAP_US		100

static bool wanted;

static uint64_t ticks(unsigned int us)
{
	return us * arch_counter_hz() / 1000000;
}

void help_call(void)
{
	unsigned int cpu;

	LOCK_ASSERT_HELD();
	wanted = true;
	for (cpu = 0; cpu < cpu_count(); cpu++)
		if (cpu_state(cpu) == CPU_OFF)
			cpu_call_helper(cpu);
}

void help_dismiss(void)
{
	uint32_t lost;

	LOCK_ASSERT_HELD();
	wanted = false;
	lost = cpu_stop_helpers();
	if (!lost)
		return;
	/* What it finds in the engine's table is nothing, and stays so. */
	memory_engine_abandon();
	device_lose_cpus(world_current(), lost);
}

bool help_is_there(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < cpu_count(); cpu++)
		if (cpu_is_helper(cpu))
			return true;
	return false;
}

static void nap(void)
{
	lock_release();
	arch_nap(ticks(NAP_US));
	lock_or_stop();
}

void help_yourself(const struct engine_job *first)
{
	if (!engine_step(first, ENGINE_SLICE_US) && !sweep_step())
		nap();
}

void help_loop(void)
{
	lock_or_stop();
	while (wanted)
		if (!engine_step(NULL, ENGINE_LONG_SLICE_US) && !sweep_step())
			nap();
	lock_release();
}
