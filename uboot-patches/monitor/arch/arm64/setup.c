// SPDX-License-Identifier: GPL-2.0-only
/*
 * setup.c - a CPU's EL2 registers, and the way into EL1
 */
#include "arch.h"
#include "arch_arm64.h"
#include "context.h"
#include "feature.h"
#include "harden.h"
#include "log.h"
#include "memory.h"
#include "pgtable.h"
#include "sysreg.h"
#include "world.h"

#define PARANGE_40_BIT		2
#define SRE_ALL			0xf	/* system registers at EL2, EL1; no bypass */
#define VTTBR_VMID_SHIFT	48

extern char stacks[];

/*
 * Fine-grained traps: bits of registers that the first version knew trap when
 * they are one, all of later features (whose names begin with n) when they are
 * zero. So zero leaves alone what scrub.c resets, and traps the rest: BRBE,
 * GCS, permission indirection and overlays, THE, ACCDATA, TPIDR2, SPMU, new
 * registers of PMU and debug.
 */
static void setup_fine_traps(void)
{
	if (!feature_fgt()) {
		/* No other trap covers what a branch record holds. */
		if (feature_brbe())
			panic("CPU %u records branches and cannot hide it",
			      arch_cpu());
		return;
	}
	sysreg_write(HFGRTR_EL2, 0);
	sysreg_write(HFGWTR_EL2, 0);
	sysreg_write(HFGITR_EL2, 0);
	sysreg_write(HDFGRTR_EL2, 0);
	sysreg_write(HDFGWTR_EL2, 0);
	if (feature_amu())
		sysreg_write(HAFGRTR_EL2, 0);
	if (!feature_fgt2())
		return;
	sysreg_write(HFGRTR2_EL2, 0);
	sysreg_write(HFGWTR2_EL2, 0);
	sysreg_write(HFGITR2_EL2, 0);
	sysreg_write(HDFGRTR2_EL2, 0);
	sysreg_write(HDFGWTR2_EL2, 0);
}

/* All traffic is of partition 0, and EL1 sees nothing of it. */
static void setup_mpam(void)
{
	uint64_t idr;

	if (!feature_mpam())
		return;
	idr = sysreg_read(MPAMIDR_EL1);
	sysreg_write(MPAM0_EL1, 0);
	sysreg_write(MPAM1_EL1, 0);
	sysreg_write(MPAM2_EL2, MPAM2_TRAP_EL1 | MPAM2_TRAP_EL0 |
		     (idr & MPAMIDR_HAS_TIDR ? MPAM2_TIDR : 0));
	if (idr & MPAMIDR_HAS_HCR)
		sysreg_write(MPAMHCR_EL2, MPAMHCR_TRAP_IDR);
}

/*
 * Profiling and trace are off. EL1 has no access: MDCR_EL2.E2PB and .E2TB are
 * 0. What belongs to a higher level is not EL2's to write.
 */
static void setup_trace(void)
{
	if (feature_spe() && !(sysreg_read(PMBIDR_EL1) & PMBIDR_P)) {
		sysreg_write(PMSCR_EL1, 0);
		sysreg_write(PMSCR_EL2, 0);
		sysreg_write(PMBLIMITR_EL1, 0);
	}
	if (feature_trbe() && !(sysreg_read(TRBIDR_EL1) & TRBIDR_P))
		sysreg_write(TRBLIMITR_EL1, 0);
	if (feature_trf()) {
		sysreg_write(TRFCR_EL1, 0);
		sysreg_write(TRFCR_EL2, 0);
	}
}

/*
 * Timers of EL2 are off, and there is one time for all contexts: a frozen OS
 * sees that it slept. CNTHCTL_EL2.ECV is 0, so that CNTPOFF_EL2 has no effect.
 * CNTHPS and CNTHVS are Secure EL2's: the monitor is not there.
 */
static void setup_timers(void)
{
	sysreg_write(cnthctl_el2, CNTHCTL_EL1PCTEN | CNTHCTL_EL1PCEN);
	sysreg_write(cntvoff_el2, 0);
	sysreg_write(CNTHP_CTL_EL2, 0);
	if (feature_vhe())
		sysreg_write(CNTHV_CTL_EL2, 0);
}

/*
 * ACTLR_EL2 and other implementation defined registers stay as the firmware
 * set them up: what they would let EL1 do traps by HCR_EL2.TIDCP and .TACR.
 */
void setup_cpu(void)
{
	/* All counters are EL1's; a CPU without PMU has no such register. */
	uint64_t counters = feature_pmu() ?
			    sysreg_read(pmcr_el0) >> 11 & MDCR_HPMN_MASK : 0;
	uint64_t parange = sysreg_read(id_aa64mmfr0_el1) & 0xf;

	if (parange < PARANGE_40_BIT)
		panic("CPU %u has less than 40 bits of physical address",
		      arch_cpu());

	/* Stage 2 goes on with the first context: there are no tables yet. */
	sysreg_write(hcr_el2, HCR_CONTEXT & ~HCR_VM);
	if (feature_hcx())
		sysreg_write(HCRX_EL2, 0);
	sysreg_write(cptr_el2, CPTR_CONTEXT);
	sysreg_write(hstr_el2, 0);
	sysreg_write(hacr_el2, 0);
	sysreg_write(vtcr_el2, PGTABLE_VTCR_EL2);
	sysreg_write(mdcr_el2, counters | MDCR_TPMS | MDCR_HPMD | MDCR_TTRF);
	sysreg_write(vpidr_el2, sysreg_read(midr_el1));
	sysreg_write(vmpidr_el2, sysreg_read(mpidr_el1));
	if (feature_ras()) {
		sysreg_write(VSESR_EL2, 0);
		sysreg_write(VDISR_EL2, 0);
	}
	setup_fine_traps();
	setup_mpam();
	setup_trace();
	setup_timers();
	sysreg_write(ICC_SRE_EL2, SRE_ALL);
	isb();
	sysreg_write(ICH_HCR_EL2, 0);
	isb();
	harden_cpu();
}

/*
 * Stage 2 of the current context. The registers of stage 1 have been reset, and
 * an ISB came after that. The TLB is emptied last, for two reasons:
 *  - what other contexts left in the instruction cache or TLB is not ours;
 *  - CPUs may walk tables for an AT instruction that they only speculate about,
 *    while registers of stage 1 and 2 belong to different contexts, here or in
 *    arch_tlb_flush(), and keep what they find under the VMID of that moment:
 *    Arm's errata 1319537 (Cortex-A57), 1319367 (A72), 1530923 (A55), 1165522
 *    (A76, Neoverse N1). None of that outlives this, as every context enters
 *    every CPU here.
 */
static void set_stage2(const struct context *ctx)
{
	sysreg_write(vttbr_el2, pa_value(memory_root(ctx)) |
		     (uint64_t)memory_vmid(ctx) << VTTBR_VMID_SHIFT);
	isb();
	sysreg_write(hcr_el2, HCR_CONTEXT);
	isb();
	asm volatile("tlbi alle1; ic iallu; dsb nsh; isb" : : : "memory");
}

void clean_cpu(void)
{
	/* What is pending here now came after the last context had left. */
	if (arch_serror_drain())
		log_warn("CPU %u: an SError of nobody", arch_cpu());
	scrub_sysregs();
}

void enter_el1(const struct cpu_entry *entry)
{
	const struct context *ctx = world_current();
	uint64_t stack = (uint64_t)stacks + (arch_cpu() + 1) * STACK_STRIDE;

	clean_cpu();
	set_stage2(ctx);
	harden_context();
	sysreg_write(spsr_el2, PSR_DAIF | PSR_EL1H);
	enter_asm(ipa_value(entry->pc), entry->arg, stack);
}
