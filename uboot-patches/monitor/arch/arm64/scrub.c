// SPDX-License-Identifier: GPL-2.0-only
/*
 * scrub.c - reset every register that EL1 or EL0 can read or use
 *
 * Runs before each entry of EL1 at a new place, so that no value travels from
 * one context to the next. General and SIMD registers: enter.S. Registers that
 * contexts cannot reach (SVE, MTE, RAS error records, trace, AMU, nearly all of
 * SME: setup.c makes them trap) hold nothing of theirs.
 */
#include "arch_arm64.h"
#include "feature.h"
#include "sysreg.h"

#define FIELD(reg, shift)	((reg) >> (shift) & 0xf)

static void scrub_control(void)
{
	sysreg_write(sctlr_el1, SCTLR_EL1_RESET);
	sysreg_write(ttbr0_el1, 0);
	sysreg_write(ttbr1_el1, 0);
	sysreg_write(tcr_el1, 0);
	sysreg_write(mair_el1, 0);
	sysreg_write(amair_el1, 0);
	sysreg_write(vbar_el1, 0);
	sysreg_write(cpacr_el1, 0);
	sysreg_write(contextidr_el1, 0);
	sysreg_write(tpidr_el0, 0);
	sysreg_write(tpidrro_el0, 0);
	sysreg_write(tpidr_el1, 0);
	sysreg_write(csselr_el1, 0);
	sysreg_write(par_el1, 0);
	sysreg_write(esr_el1, 0);
	sysreg_write(far_el1, 0);
	sysreg_write(afsr0_el1, 0);
	sysreg_write(afsr1_el1, 0);
	sysreg_write(elr_el1, 0);
	sysreg_write(spsr_el1, 0);
	sysreg_write(sp_el0, 0);
	sysreg_write(sp_el1, 0);
}

/* Registers of AArch32 at EL0 and EL1 that AArch64 EL1 cannot, but EL0 can. */
static void scrub_aarch32(void)
{
	if (!feature_aarch32_el0())
		return;
	sysreg_write(spsr_abt, 0);
	sysreg_write(spsr_und, 0);
	sysreg_write(spsr_irq, 0);
	sysreg_write(spsr_fiq, 0);
	if (!feature_aarch32_el1())
		return;
	sysreg_write(dacr32_el2, 0);
	sysreg_write(ifsr32_el2, 0);
	sysreg_write(fpexc32_el2, 0);
	sysreg_write(dbgvcr32_el2, 0);
}

static void scrub_timers(void)
{
	sysreg_write(cntp_ctl_el0, 0);
	sysreg_write(cntv_ctl_el0, 0);
	sysreg_write(cntp_cval_el0, 0);
	sysreg_write(cntv_cval_el0, 0);
	sysreg_write(cntkctl_el1, 0);
}

#define SCRUB_PAIR(n, count, control, value)		\
	do {						\
		if ((count) > (n)) {			\
			sysreg_write(control, 0);	\
			sysreg_write(value, 0);		\
		}					\
	} while (0)

#define SCRUB_BREAK(n)	SCRUB_PAIR(n, brps, dbgbcr##n##_el1, dbgbvr##n##_el1)
#define SCRUB_WATCH(n)	SCRUB_PAIR(n, wrps, dbgwcr##n##_el1, dbgwvr##n##_el1)

static void scrub_debug(void)
{
	uint64_t dfr0 = sysreg_read(id_aa64dfr0_el1);
	/* The fields hold the number of pairs less one. */
	unsigned int brps = FIELD(dfr0, 12) + 1;
	unsigned int wrps = FIELD(dfr0, 20) + 1;

	sysreg_write(mdscr_el1, 0);
	sysreg_write(osdlr_el1, 0);
	sysreg_write(oslar_el1, 0);
	scrub_optional();

	SCRUB_BREAK(0);
	SCRUB_BREAK(1);
	SCRUB_BREAK(2);
	SCRUB_BREAK(3);
	SCRUB_BREAK(4);
	SCRUB_BREAK(5);
	SCRUB_BREAK(6);
	SCRUB_BREAK(7);
	SCRUB_BREAK(8);
	SCRUB_BREAK(9);
	SCRUB_BREAK(10);
	SCRUB_BREAK(11);
	SCRUB_BREAK(12);
	SCRUB_BREAK(13);
	SCRUB_BREAK(14);
	SCRUB_BREAK(15);
	SCRUB_WATCH(0);
	SCRUB_WATCH(1);
	SCRUB_WATCH(2);
	SCRUB_WATCH(3);
	SCRUB_WATCH(4);
	SCRUB_WATCH(5);
	SCRUB_WATCH(6);
	SCRUB_WATCH(7);
	SCRUB_WATCH(8);
	SCRUB_WATCH(9);
	SCRUB_WATCH(10);
	SCRUB_WATCH(11);
	SCRUB_WATCH(12);
	SCRUB_WATCH(13);
	SCRUB_WATCH(14);
	SCRUB_WATCH(15);
}

static void scrub_pmu(void)
{
	unsigned int counters;
	unsigned int i;

	if (!feature_pmu())
		return;

	counters = sysreg_read(pmcr_el0) >> 11 & 0x1f;
	sysreg_write(pmcr_el0, 0);
	sysreg_write(pmcntenclr_el0, UINT32_MAX);
	sysreg_write(pmintenclr_el1, UINT32_MAX);
	for (i = 0; i < counters; i++) {
		sysreg_write(pmselr_el0, i);
		isb();
		sysreg_write(pmxevtyper_el0, 0);
		sysreg_write(pmxevcntr_el0, 0);
	}
	sysreg_write(pmselr_el0, 0);
	sysreg_write(pmccntr_el0, 0);
	sysreg_write(pmccfiltr_el0, 0);
	sysreg_write(pmuserenr_el0, 0);
	sysreg_write(pmovsclr_el0, UINT32_MAX);
}

static void scrub_pauth(void)
{
	if (!feature_pauth())
		return;
	sysreg_write(APIAKEYLO_EL1, 0);
	sysreg_write(APIAKEYHI_EL1, 0);
	sysreg_write(APIBKEYLO_EL1, 0);
	sysreg_write(APIBKEYHI_EL1, 0);
	sysreg_write(APDAKEYLO_EL1, 0);
	sysreg_write(APDAKEYHI_EL1, 0);
	sysreg_write(APDBKEYLO_EL1, 0);
	sysreg_write(APDBKEYHI_EL1, 0);
	sysreg_write(APGAKEYLO_EL1, 0);
	sysreg_write(APGAKEYHI_EL1, 0);
}

/*
 * DISR_EL1 can be written by an OS although RAS is not offered to it: no trap
 * covers it while SErrors go to EL1.
 */
static void scrub_ras(void)
{
	if (feature_ras())
		sysreg_write(DISR_EL1, 0);
}

/*
 * TPIDR2_EL0 comes with SME, but the trap of SME in CPTR_EL2 does not cover it
 * (DDI 0487, "TPIDR2_EL0"): without fine-grained traps EL1 reaches it.
 */
static void scrub_sme(void)
{
	if (feature_sme())
		sysreg_write(TPIDR2_EL0, 0);
}

static void scrub_gic(void)
{
	unsigned int bits;

	sysreg_write(ICC_SRE_EL1, 7);
	isb();
	sysreg_write(ICC_IGRPEN0_EL1, 0);
	sysreg_write(ICC_IGRPEN1_EL1, 0);
	isb();
	sysreg_write(ICC_PMR_EL1, 0);
	sysreg_write(ICC_BPR0_EL1, 0);
	sysreg_write(ICC_BPR1_EL1, 0);
	sysreg_write(ICC_CTLR_EL1, 0);
	/* Active priorities: 1, 2 or 4 registers a group by priority bits. */
	bits = (sysreg_read(ICC_CTLR_EL1) >> 8 & 7) + 1;
	sysreg_write(ICC_AP0R0_EL1, 0);
	sysreg_write(ICC_AP1R0_EL1, 0);
	if (bits > 5) {
		sysreg_write(ICC_AP0R1_EL1, 0);
		sysreg_write(ICC_AP1R1_EL1, 0);
	}
	if (bits > 6) {
		sysreg_write(ICC_AP0R2_EL1, 0);
		sysreg_write(ICC_AP0R3_EL1, 0);
		sysreg_write(ICC_AP1R2_EL1, 0);
		sysreg_write(ICC_AP1R3_EL1, 0);
	}
	isb();
}

void scrub_sysregs(void)
{
	scrub_control();
	scrub_aarch32();
	scrub_timers();
	scrub_debug();
	scrub_pmu();
	scrub_pauth();
	scrub_ras();
	scrub_sme();
	scrub_gic();
	/* The Linux boot protocol allows FP; its trap is EL1's to set. */
	isb();
}
