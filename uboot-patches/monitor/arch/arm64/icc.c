// SPDX-License-Identifier: GPL-2.0-only
/*
 * icc.c - the CPU's interface of the GIC, while the monitor waits for its own
 */
#include "arch_arm64.h"
#include "sysreg.h"

/* Lets priority 0 through, whatever number of bits a priority has. */
#define PMR_HIGHEST	0x10

/*
 * What is active keeps back what is not of higher priority, and an active one
 * of priority 0 all others: so nothing counts as active. The mask takes over
 * for it, or else an interrupt that the context cannot be given now would be
 * signalled over and over. ICC_BPR0_EL1 says which bits of a priority count;
 * its least value lets all count that can.
 */
void icc_open(struct icc_mask *was)
{
	const uint64_t running = sysreg_read(ICC_RPR_EL1);
	uint64_t priority;

	was->priority = sysreg_read(ICC_PMR_EL1);
	was->group0 = sysreg_read(ICC_IGRPEN0_EL1);
	was->point0 = sysreg_read(ICC_BPR0_EL1);
	/* Priorities of lower rank have registers of their own, if any. */
	was->active0 = sysreg_read(ICC_AP0R0_EL1);
	was->active1 = sysreg_read(ICC_AP1R0_EL1);

	priority = running < was->priority ? running : was->priority;
	sysreg_write(ICC_PMR_EL1, priority > PMR_HIGHEST ? priority :
				  PMR_HIGHEST);
	sysreg_write(ICC_BPR0_EL1, 0);
	sysreg_write(ICC_AP0R0_EL1, 0);
	sysreg_write(ICC_AP1R0_EL1, 0);
	sysreg_write(ICC_IGRPEN0_EL1, 1);
	isb();
}

void icc_close(const struct icc_mask *was)
{
	sysreg_write(ICC_IGRPEN0_EL1, was->group0);
	sysreg_write(ICC_AP1R0_EL1, was->active1);
	sysreg_write(ICC_AP0R0_EL1, was->active0);
	sysreg_write(ICC_BPR0_EL1, was->point0);
	sysreg_write(ICC_PMR_EL1, was->priority);
	isb();
}
