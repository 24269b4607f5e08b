/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sweep.h - memory that is to be zeroed, in pieces and by several CPUs
 *
 * For the engine's memory and the partitions of slots, in blocks of 2 MiB. All
 * with the monitor's lock held; sweep_step() releases it while it zeroes.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>

#include "arch.h"

#define SWEEP_BLOCK	0x200000UL

/* What power-on left in memory is nobody's business: all of it is dirty. */
void sweep_init(void);
/* Something was written there: multiples of SWEEP_BLOCK, in nobody's table. */
void sweep_soil(pa_t addr, uint64_t bytes);
/* It is wanted: zero what is dirty, from now on whenever a CPU has time. */
void sweep_want(pa_t addr, uint64_t bytes);
/* Zero a block that is wanted. False: there is none left to begin with. */
bool sweep_step(void);
/* Is all of it zero, and in the point of coherency? */
bool sweep_done(pa_t addr, uint64_t bytes);
/* Want it, and return when it is done; keeps the lock. */
void sweep_finish(pa_t addr, uint64_t bytes);

#endif /* SWEEP_H */
