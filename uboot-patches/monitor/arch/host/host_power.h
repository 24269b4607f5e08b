/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_power.h - CPUs and the firmware below the monitor, for unit tests
 *
 * A CPU goes through the states of enum host_power_state as its script says.
 * Time is arch_counter(); each look at it, and each call of power.h, lets all
 * CPUs do what is due. A CPU acts as itself: arch_cpu() is its number then.
 */
#ifndef HOST_POWER_H
#define HOST_POWER_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>

#include "cpu.h"

#define HOST_POWER_NEVER	UINT64_MAX

enum host_power_state {
	HOST_POWER_OFF,
	HOST_POWER_COMING,	/* CPU_ON was called */
	HOST_POWER_WAITS,	/* in the monitor, waits for its lock */
	HOST_POWER_RUNS,	/* in EL1, or helps */
	HOST_POWER_GOING,	/* has left EL1 for good, still has power */
};

struct host_power_cpu {
	/* Script */
	bool exists;
	int64_t refusal;	/* what CPU_ON answers, unless 0 */
	uint64_t on_ticks;	/* COMING -> WAITS */
	uint64_t off_ticks;	/* GOING -> OFF */
	bool deaf;		/* RUNS: sees a stop only when nudged */
	/* State and record */
	enum host_power_state state;
	uint64_t since;		/* in COMING or GOING */
	unsigned int starts;
	unsigned int nudges;
};

struct host_power {
	struct host_power_cpu cpu[OSTI_MAX_CPUS];
	/* Script: what ends power_wait_interrupt(), and after how long */
	bool wakes;
	uint32_t interrupt;
	uint64_t sleep_ticks;
	/* Script: one workaround that the firmware has, and its answer */
	uint32_t workaround;
	int64_t workaround_features;
	/* Record */
	unsigned int workarounds;
	uint32_t workaround_arg;
	unsigned int sleeps;
	unsigned int offs, resets;	/* of the device */
};

extern struct host_power host_power;

/*
 * As after reset: CPU 0 runs, CPUs 1 .. @cpus - 1 are off and come and go at
 * once. After host_reset().
 */
void host_power_reset(unsigned int cpus);

/*
 * The monitor's lock is free for a CPU that waits. Returns true when it went
 * into EL1 at *entry, false when it goes off because it had to.
 */
bool host_power_enter(unsigned int cpu, struct cpu_entry *entry);

/* Likewise, for one that was called to help: true when it does. */
bool host_power_help(unsigned int cpu);

/* A CPU that was told OUTCOME_CPU_OFF does it, or one that helped enough. */
void host_power_leave(unsigned int cpu);

#endif /* HOST_POWER_H */
