/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_smmu.h - an SMMUv3 for unit tests: stage 1, linear stream table
 *
 * Checks what QEMU 7.2 checks (hw/arm/smmuv3.c), and caches configuration and
 * translations until a command tells it to forget them, so that a forgotten
 * command shows.
 */
#ifndef HOST_SMMU_H
#define HOST_SMMU_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_SMMU_COMMANDS	256

struct host_smmu {
	/* Scripted faults */
	bool cr0_stuck;		/* CR0ACK does not follow */
	bool gbpa_stuck;	/* GBPA.Update stays */
	bool cmdq_stuck;	/* takes no commands */
	uint8_t bad_opcode;	/* refuse this command */
	bool always_bad;	/* ... and whatever comes in its place */
	bool full_is_gerror;	/* report a full event queue as QEMU does */
	/* Registers */
	uint32_t idr0, idr1, idr5;
	uint32_t cr0, cr1, cr2, gbpa, irq_ctrl, gerror, gerrorn;
	uint64_t strtab_base, cmdq_base, eventq_base;
	uint32_t strtab_cfg, cmdq_prod, cmdq_cons, eventq_prod, eventq_cons;
	/* Commands that it has done */
	uint64_t command[HOST_SMMU_COMMANDS][2];
	unsigned int nr_commands;
};

extern struct host_smmu host_smmu;

/* Put an SMMU like QEMU's, as after reset, on the bus. */
void host_smmu_add(void);

/*
 * A device accesses memory.
 * Returns 0 with *pa set, or the type of the event that it becomes, which is
 * recorded; HOST_SMMU_ABORT when it is aborted without one.
 */
#define HOST_SMMU_ABORT	(-1)
int host_smmu_access(uint32_t stream, uint64_t iova, bool write, uint64_t *pa);

/* Record an event of four words, or note that the queue is full. */
void host_smmu_event(const uint64_t dw[4]);

#endif /* HOST_SMMU_H */
