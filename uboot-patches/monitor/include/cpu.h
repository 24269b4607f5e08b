/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpu.h - which CPUs the running context has on
 *
 * Only one context runs at a time, so there is one table. All functions but
 * cpu_must_stop() and cpu_came_home() are called with the monitor's lock held.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

enum cpu_state {
	CPU_OFF,
	CPU_ON_PENDING,		/* powered on, not yet in the monitor */
	CPU_ON,
};

/* Where a CPU enters EL1. */
struct cpu_entry {
	ipa_t pc;
	uint64_t arg;
};

/* Count the CPUs; the caller's is on, all others are off. */
void cpu_init(void);
unsigned int cpu_count(void);
/*
 * The monitor's view: a CPU is CPU_OFF as soon as it has left EL1 for good,
 * which is a little before power_cpu_is_off() tells so.
 */
enum cpu_state cpu_state(unsigned int cpu);
/* Does the calling CPU run alone? */
bool cpu_alone(void);

/*
 * Power a CPU on that is CPU_OFF; it will enter EL1 at @entry.
 * Returns false when the firmware did not take it.
 */
bool cpu_start(unsigned int cpu, const struct cpu_entry *entry);
/*
 * As cpu_start(), but wait until the CPU has arrived in the monitor, where it
 * waits for the lock; cpu_redirect() tells it where to go.
 */
bool cpu_summon(unsigned int cpu);
void cpu_redirect(unsigned int cpu, const struct cpu_entry *entry);
/* On the CPU that came up: note it and learn where to go. */
void cpu_arrive(struct cpu_entry *entry);
/* A powered-on CPU calls this first, before it waits for the lock. */
void cpu_note_power(void);
/* The calling CPU is about to lose power. */
void cpu_leave(void);

/*
 * Take all other CPUs out of EL1 and off. The caller has emptied the stage 2
 * table of the running context, so that none of them can go on in EL1.
 */
void cpu_stop_others(void);
/* Must the calling CPU power off now? Checked on every entry to EL2. */
bool cpu_must_stop(void);

#endif /* CPU_H */
