/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gicv3_internal.h - what gicv3.c and gicv3_own.c share
 */
#ifndef GICV3_INTERNAL_H
#define GICV3_INTERNAL_H

#include "arch.h"

/* Registers of a CPU's private interrupts. */
pa_t gicv3_sgi_frame(unsigned int cpu);
/*
 * Wait until what was written to a CPU's redistributor is in effect.
 * Returns 0 or GICV3_E_TIMEOUT (logged; the CPU is dead).
 */
int gicv3_settle_redist(unsigned int cpu);
/*
 * Let the distributor forward Group 0, of which it may have anything else.
 * Returns 0 or GICV3_E_TIMEOUT (logged).
 */
int gicv3_group0_on(void);

#endif /* GICV3_INTERNAL_H */
