/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpu.h - which CPUs the running context has on, and which help
 *
 * Only one context runs at a time, so there is one table. A CPU that helps runs
 * the image engine (engine.h), never a context. All functions but cpu_must_stop()
 * and cpu_note_power() are called with the monitor's lock held.
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
	CPU_HELPER_PENDING,	/* powered on to help, not yet in the monitor */
	CPU_HELPER,
	CPU_LOST,		/* did not answer; not used until power-on */
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
/*
 * Does the calling CPU run alone? One that helps or is lost is no company: it is
 * nobody's.
 */
bool cpu_alone(void);

/*
 * Power a CPU on that is CPU_OFF; it will enter EL1 at @entry.
 * Returns false when the firmware did not take it.
 */
bool cpu_start(unsigned int cpu, const struct cpu_entry *entry);
/*
 * As cpu_start(), but wait until the CPU has arrived in the monitor, where it
 * waits for the lock; cpu_redirect() tells it where to go. @cpu may be lost.
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
 * Power a CPU on to help, and do not wait for it: it may come at any time or
 * never. Returns false, with nothing changed, when it is not CPU_OFF, still has
 * its power, or when the firmware does not take it.
 */
bool cpu_call_helper(unsigned int cpu);
/* Is the CPU there to help, or called? */
bool cpu_is_helper(unsigned int cpu);
/* On the CPU that was called: it has come. */
void cpu_arrive_helper(void);
/*
 * Let all helpers go off. Returns those that did not go within 1 s, as
 * cpu_stop_others() does: they find nothing in the engine's table, which has to
 * stay empty for ever, and the caller cuts them off.
 */
uint32_t cpu_stop_helpers(void);

/*
 * Take all other CPUs out of EL1 and off, and those that help. The caller has emptied the stage 2
 * table of the running context, so that none of them can go on in EL1.
 *
 * Returns those that did not go within 1 s, bit n for CPU n; the caller cuts
 * them off. Such a CPU does not work as the architecture says, or the firmware
 * does not take its power. It can do no harm: it has no translation left, and
 * the first instruction that it fetches brings it to EL2, where it must stop.
 * The table that it may still use has to stay empty for ever, however.
 */
uint32_t cpu_stop_others(void);
/*
 * Never use the CPU again, which is not the caller's: for every context it does
 * not exist. If it is on its way into EL1, it goes off instead.
 */
void cpu_cut_off(unsigned int cpu);
/* Must the calling CPU power off now? Checked on every entry to EL2. */
bool cpu_must_stop(void);

#endif /* CPU_H */
