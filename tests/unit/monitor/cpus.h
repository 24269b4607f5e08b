/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpus.h - CPUs that are in the monitor at the same time
 *
 * CPU 0 is the test, each other one a thread. Only one of them goes on at a time:
 * CPU 0 gives another one its turn, which comes back when that CPU pauses. So
 * each order of events is the test's own.
 *
 * The linker puts cpus.c's lock in front of the monitor's. The test has it
 * but where CPU 0 releases it, and between a cpus_let() and its return. A CPU that
 * naps gives its turn back, or on: when CPU 0 naps, each of the others gets one.
 */
#ifndef CPUS_H
#define CPUS_H

#include <stdbool.h>

/* Only CPU 0 is there. In setup and teardown. */
void cpus_reset(void);

/*
 * A CPU begins at @entry, with its first turn. For host_power.h it goes off when
 * it has come to the end here, and not before.
 */
void cpus_start(unsigned int cpu, void (*entry)(void));
/*
 * Give it a turn: until it waits for the lock, pauses, or ends. Returns whether
 * it is still on.
 */
bool cpus_run(unsigned int cpu);
/* Likewise, with the lock released meanwhile, as between two calls of CPU 0. */
bool cpus_let(unsigned int cpu);
/* Each that is on gets a turn; the latter with the lock released. */
void cpus_run_all(void);
void cpus_let_all(void);
/* The calling CPU, which is not CPU 0, gives its turn back. */
void cpus_pause(void);
/* Those that get a turn when they are nudged (bit n: CPU n), with or without lock. */
extern unsigned int cpus_listening;
/* Has it come to the end, or lost its power? */
bool cpus_is_off(unsigned int cpu);

#endif /* CPUS_H */
