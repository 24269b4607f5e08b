/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * regs.h - the system registers that one OS could leave for the next
 *
 * R(name, encoding, mask): mask are the bits that poison.S may set at will
 * without losing control before its SMC; 0 = only looked at. Registers that a
 * CPU lacks, or that the monitor hides, read as DUMP_UNDEFINED. This file is
 * included with different definitions of R, from C and assembly. Encodings
 * instead of names where the assembler's default architecture lacks the name.
 * Names and fields: Arm DDI 0487, chapter D17; GICv3: Arm IHI 0069, chapter 12.
 */
#define R_ALL	0xffffffffffffffff

/* Software thread and context identification, EL0 stack */
R(TPIDR_EL0,		tpidr_el0,		R_ALL)
R(TPIDRRO_EL0,		tpidrro_el0,		R_ALL)
R(TPIDR_EL1,		tpidr_el1,		R_ALL)
R(CONTEXTIDR_EL1,	contextidr_el1,		R_ALL)
R(SP_EL0,		sp_el0,			R_ALL)
R(SCXTNUM_EL0,		S3_3_C13_C0_7,		R_ALL)
R(SCXTNUM_EL1,		S3_0_C13_C0_7,		R_ALL)

/* Translation (poisoned with the MMU off) */
R(TTBR0_EL1,		ttbr0_el1,		R_ALL)
R(TTBR1_EL1,		ttbr1_el1,		R_ALL)
R(TCR_EL1,		tcr_el1,		R_ALL)
R(MAIR_EL1,		mair_el1,		R_ALL)
R(AMAIR_EL1,		amair_el1,		R_ALL)
R(PAR_EL1,		par_el1,		R_ALL)

/* Control: nothing of SCTLR_EL1 that changes memory accesses at EL1 */
R(SCTLR_EL1,		sctlr_el1,		0xcc15c210)
R(CSSELR_EL1,		csselr_el1,		0xf)
R(AFSR0_EL1,		afsr0_el1,		R_ALL)
R(AFSR1_EL1,		afsr1_el1,		R_ALL)

/* Optional process state, as registers */
R(PAN,			S3_0_C4_C2_3,		0x400000)
R(UAO,			S3_0_C4_C2_4,		0x800000)
R(DIT,			S3_3_C4_C2_5,		0x1000000)
R(SSBS,			S3_3_C4_C2_6,		0x1000)

/* Generic timer */
R(CNTKCTL_EL1,		cntkctl_el1,		R_ALL)
R(CNTV_CVAL_EL0,	cntv_cval_el0,		R_ALL)
R(CNTV_CTL_EL0,		cntv_ctl_el0,		0x3)
R(CNTP_CVAL_EL0,	cntp_cval_el0,		R_ALL)
R(CNTP_CTL_EL0,		cntp_ctl_el0,		0x3)

/* Debug: MDSCR_EL1 without SS and KDE, which would take exceptions */
R(OSLSR_EL1,		oslsr_el1,		0)
R(MDSCR_EL1,		mdscr_el1,		0x9000)
R(MDCCINT_EL1,		mdccint_el1,		0x60000000)
R(OSECCR_EL1,		S2_0_C0_C6_2,		R_ALL)
R(OSDTRRX_EL1,		S2_0_C0_C0_2,		R_ALL)
R(OSDTRTX_EL1,		S2_0_C0_C3_2,		R_ALL)
R(DBGPRCR_EL1,		S2_0_C1_C4_4,		0x1)
R(DBGCLAIMCLR_EL1,	S2_0_C7_C9_6,		0)
R(DBGBVR0_EL1,		dbgbvr0_el1,		R_ALL)
R(DBGBVR1_EL1,		dbgbvr1_el1,		R_ALL)
R(DBGBVR2_EL1,		dbgbvr2_el1,		R_ALL)
R(DBGBVR3_EL1,		dbgbvr3_el1,		R_ALL)
R(DBGBVR4_EL1,		dbgbvr4_el1,		R_ALL)
R(DBGBVR5_EL1,		dbgbvr5_el1,		R_ALL)
R(DBGBCR0_EL1,		dbgbcr0_el1,		R_ALL)
R(DBGBCR1_EL1,		dbgbcr1_el1,		R_ALL)
R(DBGBCR2_EL1,		dbgbcr2_el1,		R_ALL)
R(DBGBCR3_EL1,		dbgbcr3_el1,		R_ALL)
R(DBGBCR4_EL1,		dbgbcr4_el1,		R_ALL)
R(DBGBCR5_EL1,		dbgbcr5_el1,		R_ALL)
R(DBGWVR0_EL1,		dbgwvr0_el1,		R_ALL)
R(DBGWVR1_EL1,		dbgwvr1_el1,		R_ALL)
R(DBGWVR2_EL1,		dbgwvr2_el1,		R_ALL)
R(DBGWVR3_EL1,		dbgwvr3_el1,		R_ALL)
R(DBGWCR0_EL1,		dbgwcr0_el1,		R_ALL)
R(DBGWCR1_EL1,		dbgwcr1_el1,		R_ALL)
R(DBGWCR2_EL1,		dbgwcr2_el1,		R_ALL)
R(DBGWCR3_EL1,		dbgwcr3_el1,		R_ALL)

/* Performance monitors: PMCR_EL0 without its reset bits */
R(PMCR_EL0,		pmcr_el0,		0x79)
R(PMCNTENSET_EL0,	pmcntenset_el0,		R_ALL)
R(PMOVSSET_EL0,		pmovsset_el0,		R_ALL)
R(PMINTENSET_EL1,	pmintenset_el1,		R_ALL)
R(PMUSERENR_EL0,	pmuserenr_el0,		0xf)
R(PMSELR_EL0,		pmselr_el0,		0x1f)
R(PMCCNTR_EL0,		pmccntr_el0,		R_ALL)
R(PMCCFILTR_EL0,	pmccfiltr_el0,		R_ALL)
R(PMEVCNTR0_EL0,	pmevcntr0_el0,		R_ALL)
R(PMEVCNTR1_EL0,	pmevcntr1_el0,		R_ALL)
R(PMEVCNTR2_EL0,	pmevcntr2_el0,		R_ALL)
R(PMEVCNTR3_EL0,	pmevcntr3_el0,		R_ALL)
R(PMEVCNTR4_EL0,	pmevcntr4_el0,		R_ALL)
R(PMEVCNTR5_EL0,	pmevcntr5_el0,		R_ALL)
R(PMEVTYPER0_EL0,	pmevtyper0_el0,		R_ALL)
R(PMEVTYPER1_EL0,	pmevtyper1_el0,		R_ALL)
R(PMEVTYPER2_EL0,	pmevtyper2_el0,		R_ALL)
R(PMEVTYPER3_EL0,	pmevtyper3_el0,		R_ALL)
R(PMEVTYPER4_EL0,	pmevtyper4_el0,		R_ALL)
R(PMEVTYPER5_EL0,	pmevtyper5_el0,		R_ALL)

/* Pointer authentication keys */
R(APIAKEYLO_EL1,	S3_0_C2_C1_0,		R_ALL)
R(APIAKEYHI_EL1,	S3_0_C2_C1_1,		R_ALL)
R(APIBKEYLO_EL1,	S3_0_C2_C1_2,		R_ALL)
R(APIBKEYHI_EL1,	S3_0_C2_C1_3,		R_ALL)
R(APDAKEYLO_EL1,	S3_0_C2_C2_0,		R_ALL)
R(APDAKEYHI_EL1,	S3_0_C2_C2_1,		R_ALL)
R(APDBKEYLO_EL1,	S3_0_C2_C2_2,		R_ALL)
R(APDBKEYHI_EL1,	S3_0_C2_C2_3,		R_ALL)
R(APGAKEYLO_EL1,	S3_0_C2_C3_0,		R_ALL)
R(APGAKEYHI_EL1,	S3_0_C2_C3_1,		R_ALL)

/* Of features that the monitor hides; here in case that it does not */
R(DISR_EL1,		S3_0_C12_C1_1,		0x80000000)
R(ZCR_EL1,		S3_0_C1_C2_0,		0xf)
R(TPIDR2_EL0,		S3_3_C13_C0_5,		R_ALL)
R(SMPRI_EL1,		S3_0_C1_C2_4,		0xf)
R(RGSR_EL1,		S3_0_C1_C0_5,		R_ALL)
R(GCR_EL1,		S3_0_C1_C0_6,		0xffff)
R(TFSR_EL1,		S3_0_C5_C6_0,		0x3)
R(TFSRE0_EL1,		S3_0_C5_C6_1,		0x3)
R(TRFCR_EL1,		S3_0_C1_C2_1,		0x3)
R(LORSA_EL1,		S3_0_C10_C4_0,		R_ALL)
R(LOREA_EL1,		S3_0_C10_C4_1,		R_ALL)
R(LORN_EL1,		S3_0_C10_C4_2,		R_ALL)
R(LORC_EL1,		S3_0_C10_C4_3,		R_ALL)
R(TCO,			S3_3_C4_C2_7,		0x2000000)
R(ACCDATA_EL1,		S3_0_C13_C0_5,		R_ALL)
R(MAIR2_EL1,		S3_0_C10_C2_1,		R_ALL)
R(PIRE0_EL1,		S3_0_C10_C2_2,		R_ALL)
R(PIR_EL1,		S3_0_C10_C2_3,		R_ALL)
R(POR_EL1,		S3_0_C10_C2_4,		R_ALL)
R(POR_EL0,		S3_3_C10_C2_4,		R_ALL)
R(SCTLR2_EL1,		S3_0_C1_C0_3,		0)
R(TCR2_EL1,		S3_0_C2_C0_3,		R_ALL)
R(GCSCR_EL1,		S3_0_C2_C5_0,		0)
R(FPMR,			S3_3_C4_C4_2,		R_ALL)
R(MPAM1_EL1,		S3_0_C10_C5_0,		0xffffffff)
R(MPAM0_EL1,		S3_0_C10_C5_1,		0xffffffff)
R(BRBCR_EL1,		S2_1_C9_C0_0,		0)
R(BRBFCR_EL1,		S2_1_C9_C0_1,		0xffff0000)
R(MDSELR_EL1,		S2_0_C0_C4_2,		0x30)

/* GIC CPU interface */
R(ICC_PMR_EL1,		S3_0_C4_C6_0,		0xff)
R(ICC_BPR0_EL1,		S3_0_C12_C8_3,		0x7)
R(ICC_BPR1_EL1,		S3_0_C12_C12_3,		0x7)
R(ICC_CTLR_EL1,		S3_0_C12_C12_4,		0x3)
R(ICC_IGRPEN0_EL1,	S3_0_C12_C12_6,		0x1)
R(ICC_IGRPEN1_EL1,	S3_0_C12_C12_7,		0x1)
R(ICC_AP0R0_EL1,	S3_0_C12_C8_4,		0xffffffff)
R(ICC_AP1R0_EL1,	S3_0_C12_C9_0,		0xffffffff)

#undef R_ALL
