/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_gic.h - a GICv3 for unit tests: one security state, no LPIs unless asked
 *
 * Behaves like QEMU's, but stricter: the SGI frame of a sleeping redistributor
 * reads as zero and ignores writes.
 */
#ifndef HOST_GIC_H
#define HOST_GIC_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_GIC_BANKS		10	/* 0 is private to a CPU */
#define HOST_GIC_FRAMES		10

struct host_gic_bank {
	uint32_t group, enabled, latch, line, active, edge;
	uint8_t priority[32];
};

struct host_gic {
	/* Set before gicv3_init() */
	unsigned int banks;	/* that exist, with bank 0 */
	unsigned int told_lines;/* INTIDs that GICD_TYPER tells */
	unsigned int frames;
	uint32_t affinity[HOST_GIC_FRAMES];
	bool lpis;
	bool espi, nmi;
	uint32_t ppinum[HOST_GIC_FRAMES];
	uint32_t arch;
	/* Scripted faults: a register never settles */
	bool rwp_stuck;
	bool redist_rwp_stuck[HOST_GIC_FRAMES];
	bool waker_stuck[HOST_GIC_FRAMES];
	/* State */
	uint32_t ctlr;
	struct host_gic_bank bank[HOST_GIC_BANKS];
	uint64_t route[32 * HOST_GIC_BANKS];
	struct {
		uint32_t waker;
		uint64_t propbaser, pendbaser;
		struct host_gic_bank bank;
	} frame[HOST_GIC_FRAMES];
};

extern struct host_gic host_gic;

/* Put a GIC with this many CPUs, as after reset, on the bus. */
void host_gic_add(unsigned int cpus);

/* Is an enabled interrupt of this group pending for the CPU of the frame? */
bool host_gic_signals(unsigned int frame, unsigned int group);

#endif /* HOST_GIC_H */
