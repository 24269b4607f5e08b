/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gic.h - GICv3 with one security state (Arm IHI 0069)
 *
 * Interrupts below 32 belong to a CPU: their functions take its index, which
 * the others ignore.
 */
#ifndef PAYLOAD_GIC_H
#define PAYLOAD_GIC_H

#include <stdbool.h>
#include <stdint.h>

/* All interrupts disabled, not pending, not active, group 1; groups on. */
void gic_init(void);
/* CPU interface of the calling CPU, ready for every priority. */
void gic_cpu_init(void);

void gic_enable(unsigned int cpu, unsigned int intid, bool edge);
void gic_disable(unsigned int cpu, unsigned int intid);
bool gic_enabled(unsigned int cpu, unsigned int intid);
bool gic_pending(unsigned int cpu, unsigned int intid);
bool gic_active(unsigned int cpu, unsigned int intid);
void gic_pend(unsigned int cpu, unsigned int intid);
void gic_unpend(unsigned int cpu, unsigned int intid);
void gic_activate(unsigned int cpu, unsigned int intid);

/*
 * Acknowledge and end the highest pending interrupt of this CPU, and disable
 * it, so that a level comes once. Its number, 1023 = none.
 */
unsigned int gic_take(void);

/*
 * All of the distributor and of @nr_cpus redistributors that software can
 * write: program it with values from @seed, and store what it reads as.
 */
#define GIC_STATE_WORDS		1024
struct gic_state {
	unsigned int words;
	uint32_t val[GIC_STATE_WORDS];
	uint32_t addr[GIC_STATE_WORDS];
};

void gic_scramble(unsigned int nr_cpus, uint64_t seed);
void gic_read_state(unsigned int nr_cpus, struct gic_state *state);

#endif /* PAYLOAD_GIC_H */
