// SPDX-License-Identifier: GPL-2.0-only
/*
 * setup.c - a CPU's EL2 registers, and the way into EL1
 */
#include "arch.h"
#include "arch_arm64.h"
#include "context.h"
#include "feature.h"
#include "gicv3.h"
#include "log.h"
#include "memory.h"
#include "sysreg.h"
#include "world.h"

#define PARANGE_40_BIT		2
#define SRE_ALL			0xf	/* system registers at EL2, EL1; no bypass */
#define VTTBR_VMID_SHIFT	48

extern char stacks[];

void setup_cpu(void)
{
	/* All counters are EL1's; a CPU without PMU has no such register. */
	uint64_t counters = feature_pmu() ?
			    sysreg_read(pmcr_el0) >> 11 & MDCR_HPMN_MASK : 0;
	uint64_t parange = sysreg_read(id_aa64mmfr0_el1) & 0xf;

	if (parange < PARANGE_40_BIT)
		panic("CPU %u has less than 40 bits of physical address",
		      arch_cpu());

	sysreg_write(hcr_el2, HCR_CONTEXT);
	sysreg_write(cptr_el2, CPTR_CONTEXT);
	sysreg_write(hstr_el2, 0);
	sysreg_write(vtcr_el2, VTCR_CONTEXT);
	sysreg_write(mdcr_el2, counters | MDCR_TPMS | MDCR_HPMD | MDCR_TTRF);
	sysreg_write(cnthctl_el2, CNTHCTL_EL1PCTEN | CNTHCTL_EL1PCEN);
	/* One time for all contexts: a frozen OS sees that it slept. */
	sysreg_write(cntvoff_el2, 0);
	sysreg_write(CNTHP_CTL_EL2, 0);
	sysreg_write(vpidr_el2, sysreg_read(midr_el1));
	sysreg_write(vmpidr_el2, sysreg_read(mpidr_el1));
	sysreg_write(ICC_SRE_EL2, SRE_ALL);
	isb();
	sysreg_write(ICH_HCR_EL2, 0);
	isb();
}

void enter_el1(const struct cpu_entry *entry)
{
	const struct context *ctx = world_current();
	uint64_t stack = (uint64_t)stacks + (arch_cpu() + 1) * STACK_STRIDE;

	/* What is pending here now came after the last context had left. */
	if (arch_serror_drain())
		log_warn("CPU %u: an SError of nobody", arch_cpu());
	scrub_sysregs();
	sysreg_write(vttbr_el2, memory_root(ctx) |
		     (uint64_t)memory_vmid(ctx) << VTTBR_VMID_SHIFT);
	sysreg_write(spsr_el2, PSR_DAIF | PSR_EL1H);
	/* What other contexts left in the instruction cache is not ours. */
	asm volatile("ic iallu; dsb nsh; isb" : : : "memory");
	enter_asm(entry->pc, entry->arg, stack);
}
