/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysreg.h - system register fields that the monitor sets or reads
 *
 * Source: Arm Architecture Reference Manual for A-profile, DDI 0487, section
 * D19 (AArch64 System Register Descriptions), under the register's name.
 */
#ifndef SYSREG_H
#define SYSREG_H

#ifdef __ASSEMBLER__
#define BIT(n)			(1 << (n))
#else
#define BIT(n)			(1UL << (n))
#endif

/*
 * Registers whose names the assembler does not know without an extension of
 * its architecture. s<op0>_<op1>_c<CRn>_c<CRm>_<op2>, section D19.1.
 */
#define ID_AA64ISAR2_EL1	s3_0_c0_c6_2
#define ID_AA64MMFR3_EL1	s3_0_c0_c7_3

/* The features behind them are in feature.h. */
#define SCTLR2_EL2		s3_4_c1_c0_3
#define HCRX_EL2		s3_4_c1_c2_2
#define TCR2_EL2		s3_4_c2_c0_3
#define GCSCR_EL2		s3_4_c2_c5_0
#define VSESR_EL2		s3_4_c5_c2_3
#define DISR_EL1		s3_0_c12_c1_1
#define  DISR_A			BIT(31)	/* an SError was deferred */
#define VDISR_EL2		s3_4_c12_c1_1
#define CNTHP_CTL_EL2		s3_4_c14_c2_1
#define  CNTHP_CTL_ENABLE	BIT(0)
#define CNTHP_CVAL_EL2		s3_4_c14_c2_2
#define CNTHV_CTL_EL2		s3_4_c14_c3_1
#define TPIDR2_EL0		s3_3_c13_c0_5

/* Fine-grained traps */
#define HFGRTR_EL2		s3_4_c1_c1_4
#define HFGWTR_EL2		s3_4_c1_c1_5
#define HFGITR_EL2		s3_4_c1_c1_6
#define HDFGRTR2_EL2		s3_4_c3_c1_0
#define HDFGWTR2_EL2		s3_4_c3_c1_1
#define HFGRTR2_EL2		s3_4_c3_c1_2
#define HFGWTR2_EL2		s3_4_c3_c1_3
#define HDFGRTR_EL2		s3_4_c3_c1_4
#define HDFGWTR_EL2		s3_4_c3_c1_5
#define HAFGRTR_EL2		s3_4_c3_c1_6
#define HFGITR2_EL2		s3_4_c3_c1_7

/* Memory partitioning and monitoring: Arm DDI 0598, section 15 */
#define MPAM1_EL1		s3_0_c10_c5_0
#define MPAM0_EL1		s3_0_c10_c5_1
#define MPAMIDR_EL1		s3_0_c10_c4_4
#define  MPAMIDR_HAS_HCR	BIT(17)
#define  MPAMIDR_HAS_TIDR	BIT(58)
#define MPAMHCR_EL2		s3_4_c10_c4_0
#define  MPAMHCR_TRAP_IDR	BIT(31)
#define MPAM2_EL2		s3_4_c10_c5_0
#define  MPAM2_TRAP_EL1		BIT(48)
#define  MPAM2_TRAP_EL0		BIT(49)
#define  MPAM2_TIDR		BIT(58)

/* Statistical profiling, trace */
#define PMSCR_EL1		s3_0_c9_c9_0
#define PMBLIMITR_EL1		s3_0_c9_c10_0
#define PMBIDR_EL1		s3_0_c9_c10_7
#define  PMBIDR_P		BIT(4)	/* its owner is a higher level */
#define PMSCR_EL2		s3_4_c9_c9_0
#define TRBLIMITR_EL1		s3_0_c9_c11_0
#define TRBIDR_EL1		s3_0_c9_c11_7
#define  TRBIDR_P		BIT(4)	/* its owner is a higher level */
#define TRFCR_EL1		s3_0_c1_c2_1
#define TRFCR_EL2		s3_4_c1_c2_1

/* Keys of pointer authentication */
#define APIAKEYLO_EL1		s3_0_c2_c1_0
#define APIAKEYHI_EL1		s3_0_c2_c1_1
#define APIBKEYLO_EL1		s3_0_c2_c1_2
#define APIBKEYHI_EL1		s3_0_c2_c1_3
#define APDAKEYLO_EL1		s3_0_c2_c2_0
#define APDAKEYHI_EL1		s3_0_c2_c2_1
#define APDBKEYLO_EL1		s3_0_c2_c2_2
#define APDBKEYHI_EL1		s3_0_c2_c2_3
#define APGAKEYLO_EL1		s3_0_c2_c3_0
#define APGAKEYHI_EL1		s3_0_c2_c3_1

/* CPU interface of the GIC: Arm IHI 0069, section 12.2 */
#define ICC_PMR_EL1		s3_0_c4_c6_0
#define ICC_BPR0_EL1		s3_0_c12_c8_3
#define ICC_AP0R0_EL1		s3_0_c12_c8_4
#define ICC_AP0R1_EL1		s3_0_c12_c8_5
#define ICC_AP0R2_EL1		s3_0_c12_c8_6
#define ICC_AP0R3_EL1		s3_0_c12_c8_7
#define ICC_AP1R0_EL1		s3_0_c12_c9_0
#define ICC_AP1R1_EL1		s3_0_c12_c9_1
#define ICC_AP1R2_EL1		s3_0_c12_c9_2
#define ICC_AP1R3_EL1		s3_0_c12_c9_3
#define ICC_RPR_EL1		s3_0_c12_c11_3
#define ICC_HPPIR1_EL1		s3_0_c12_c12_2
#define ICC_BPR1_EL1		s3_0_c12_c12_3
#define ICC_CTLR_EL1		s3_0_c12_c12_4
#define ICC_SRE_EL1		s3_0_c12_c12_5
#define ICC_IGRPEN0_EL1		s3_0_c12_c12_6
#define ICC_IGRPEN1_EL1		s3_0_c12_c12_7
#define ICC_SRE_EL2		s3_4_c12_c9_5
#define ICH_HCR_EL2		s3_4_c12_c11_0

/* Debug registers that emulators lack: optional.S */
#define OSDTRRX_EL1		s2_0_c0_c0_2
#define MDCCINT_EL1		s2_0_c0_c2_0
#define OSDTRTX_EL1		s2_0_c0_c3_2
#define OSECCR_EL1		s2_0_c0_c6_2
#define DBGPRCR_EL1		s2_0_c1_c4_4
#define DBGCLAIMCLR_EL1		s2_0_c7_c9_6

/* HCR_EL2 */
#define HCR_VM			BIT(0)	/* stage 2 on */
#define HCR_SWIO		BIT(1)	/* set/way invalidate also cleans */
#define HCR_FMO			BIT(3)	/* FIQs come to EL2 */
#define HCR_IMO			BIT(4)	/* IRQs come to EL2 */
#define HCR_AMO			BIT(5)	/* SErrors come to EL2 */
#define HCR_DC			BIT(12)	/* stage 1 is off, memory write-back */
#define HCR_TWI			BIT(13)	/* WFI comes to EL2 */
#define HCR_TWE			BIT(14)	/* WFE comes to EL2 */
#define HCR_TID3		BIT(18)	/* ID registers come to EL2 */
#define HCR_TSC			BIT(19)	/* SMC comes to EL2 */
#define HCR_TIDCP		BIT(20)	/* implementation defined registers */
#define HCR_TACR		BIT(21)	/* auxiliary control registers */
#define HCR_TGE_SHIFT		27	/* EL0 without EL1 */
#define HCR_TGE			BIT(HCR_TGE_SHIFT)
#define HCR_RW			BIT(31)	/* EL1 is AArch64 */
#define HCR_E2H_SHIFT		34	/* EL2 is a host's, as with FEAT_VHE */
#define HCR_TLOR		BIT(35)	/* limited ordering regions */
#define HCR_TERR		BIT(36)	/* RAS error records */
#define HCR_APK			BIT(40)	/* pointer authentication keys: allow */
#define HCR_API			BIT(41)	/* its instructions: allow */

/*
 * IMO, FMO and AMO stay 0: interrupts and SErrors of an OS go to it directly.
 * AMO is 1 only in serror.S, where EL2 takes what an OS left pending.
 * ATA, EnSCXT and NV stay 0: memory tags, software context numbers and nested
 * virtualization are not for contexts (their registers trap).
 */
#define HCR_CONTEXT	(HCR_VM | HCR_SWIO | HCR_TWI | HCR_TID3 | HCR_TSC | \
			 HCR_TIDCP | HCR_TACR | HCR_RW | HCR_TLOR |	    \
			 HCR_TERR | HCR_APK | HCR_API)

/*
 * For arch_run(). With TGE all that EL0 causes comes to EL2; it makes FMO, IMO
 * and AMO count as 1, which they are to be seen to be. APK and API are 0: the
 * keys of pointer authentication are the context's. The other traps that
 * contexts have are about EL1.
 */
#define HCR_RUN		(HCR_VM | HCR_FMO | HCR_IMO | HCR_AMO | HCR_DC |    \
			 HCR_TWI | HCR_TWE | HCR_TIDCP | HCR_TGE | HCR_RW)

/* CPTR_EL2 (E2H = 0): trap trace, AMU, SVE and SME; FP and SIMD are free */
#define CPTR_RES1		0x33ffUL
#define CPTR_TTA		BIT(20)
#define CPTR_TAM		BIT(30)
#define CPTR_CONTEXT		(CPTR_RES1 | CPTR_TTA | CPTR_TAM)

/* CNTHCTL_EL2 (E2H = 0): EL1 may use the physical counter and timer */
#define CNTHCTL_EL1PCTEN	BIT(0)
#define CNTHCTL_EL1PCEN		BIT(1)

/* MDCR_EL2: no counting at EL2; sampling, trace filter registers trap */
#define MDCR_HPMN_MASK		0x1fUL
#define MDCR_TPMS		BIT(14)
#define MDCR_HPMD		BIT(17)
#define MDCR_TTRF		BIT(19)

/* SCTLR_EL2 */
#define SCTLR_M			BIT(0)
#define SCTLR_C			BIT(2)
#define SCTLR_SA		BIT(3)
#define SCTLR_I			BIT(12)
#define SCTLR_WXN		BIT(19)
#define SCTLR_EL2_RES1		0x30c50830
#define SCTLR_EL2_ON		(SCTLR_EL2_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | \
				 SCTLR_I | SCTLR_WXN)

/* SCTLR_EL1 at the start of a context: MMU and caches off */
#define SCTLR_EL1_RESET		0x30d00800UL
#define SCTLR_EL1_DZE		BIT(14)	/* EL0 may use DC ZVA, */
#define SCTLR_EL1_UCT		BIT(15)	/* read CTR_EL0, */
#define SCTLR_EL1_UCI		BIT(26)	/* and clean caches */
#define SCTLR_EL1_SPAN		BIT(23)
#define SCTLR_EL1_DSSBS		BIT(44)
/* For arch_run(): as above, so also little-endian and with traps of WFI, WFE */
#define SCTLR_EL1_RUN		(SCTLR_EL1_RESET | SCTLR_EL1_DZE | \
				 SCTLR_EL1_UCT | SCTLR_EL1_UCI)

/* CPACR_EL1: EL0 may use FP and SIMD, nothing else that it is about */
#define CPACR_FPEN		(3UL << 20)
/* PMCR_EL0 */
#define PMCR_E			BIT(0)	/* counters count */
/* ISR_EL1 */
#define ISR_A			BIT(8)	/* an SError is pending */

/* TCR_EL2: 39-bit VA, 40-bit PA, 4 KiB, write-back inner shareable walks */
#define TCR_EL2_ON		(BIT(31) | BIT(23) | 2UL << 16 | 3UL << 12 | \
				 1UL << 10 | 1UL << 8 | 25)

/* MAIR_EL2: attribute 0 Device-nGnRnE, 1 normal write-back, 2 not cacheable */
#define MAIR_EL2_ON		0x44ff00UL
#define ATTR_DEVICE		0UL
#define ATTR_NORMAL		1UL
#define ATTR_NONCACHED		2UL

/* PSTATE as SPSR holds it */
#define PSR_EL1H		0x5UL
#define PSR_MODE_MASK		0xfUL
#define PSR_SPSEL		BIT(0)
#define PSR_MODE_32		BIT(4)
#define PSR_A			BIT(8)
#define PSR_DAIF		0x3c0UL
#define PSR_IL			BIT(20)
#define PSR_SS			BIT(21)
#define PSR_PAN			BIT(22)
#define PSR_SSBS		BIT(12)
#define PSR_DIT			BIT(24)
#define PSR_NZCV		0xf0000000UL

/* ESR */
#define ESR_EC_SHIFT		26
#define ESR_EC(esr)		((esr) >> ESR_EC_SHIFT & 0x3f)
#define ESR_ISS(esr)		((esr) & 0x1ffffff)
#define ESR_IL			BIT(25)
#define EC_UNKNOWN		0x00
#define EC_WFX			0x01
#define EC_SVC64		0x15
#define EC_HVC64		0x16
#define EC_SMC64		0x17
#define EC_SYSREG		0x18
#define EC_IABT_LOWER		0x20
#define EC_IABT_SAME		0x21
#define EC_DABT_LOWER		0x24
#define EC_DABT_SAME		0x25
#define EC_SERROR		0x2f

#define ISS_FSC(esr)		((esr) & 0x3f)
#define FSC_TYPE_MASK		0x3c
#define FSC_TRANSLATION		0x04	/* levels 0..3 in the low bits */
#define FSC_EXTERNAL		0x10
#define ISS_WNR			BIT(6)
#define ISS_S1PTW		BIT(7)
#define ISS_FNV			BIT(10)
#define ISS_SF			BIT(15)
#define ISS_SRT(esr)		((esr) >> 16 & 0x1f)
#define ISS_SSE			BIT(21)
#define ISS_SAS(esr)		((esr) >> 22 & 3)
#define ISS_ISV			BIT(24)
/* Of SMC: its immediate. */
#define ISS_IMM16(esr)		((esr) & 0xffff)

/* Where a stage 2 fault was (DDI 0487, "HPFAR_EL2"): FIPA, and what FAR adds. */
#define HPFAR_IPA(hpfar)	(((hpfar) & 0xfffffffff0UL) << 8)
#define FAR_PAGE_OFFSET		0xfffUL

/* Offsets in a vector table, by where the exception comes from. */
#define VECTORS_SP_EL0		0x000
#define VECTORS_SP_ELX		0x200
#define VECTORS_LOWER_64	0x400
#define VECTORS_LOWER_32	0x600

/* ID_AA64MMFR1_EL1 */
#define MMFR1_PAN(reg)		((reg) >> 20 & 0xf)

/* Of ICC_HPPIR1_EL1 */
#define HPPIR_INTID(reg)	((reg) & 0xffffff)

/* ISS of a trapped MRS or MSR */
#define SYS_IS_READ(esr)	((esr) & 1)
#define SYS_CRM(esr)		((esr) >> 1 & 0xf)
#define SYS_RT(esr)		((esr) >> 5 & 0x1f)
#define SYS_CRN(esr)		((esr) >> 10 & 0xf)
#define SYS_OP1(esr)		((esr) >> 14 & 7)
#define SYS_OP2(esr)		((esr) >> 17 & 7)
#define SYS_OP0(esr)		((esr) >> 20 & 3)

#ifndef __ASSEMBLER__

#include <stdint.h>

/* Two steps each, so that @reg may be a name from above. */
#define sysreg_read(reg)	sysreg_read_(reg)
#define sysreg_read_(reg)						\
({									\
	uint64_t _val;							\
	asm volatile("mrs %0, " #reg : "=r" (_val));			\
	_val;								\
})

#define sysreg_write(reg, val)	sysreg_write_(reg, val)
#define sysreg_write_(reg, val)						\
	asm volatile("msr " #reg ", %x0" : : "rZ" ((uint64_t)(val)))

#define isb()		asm volatile("isb" : : : "memory")
#define dsb(domain)	asm volatile("dsb " #domain : : : "memory")

#endif /* __ASSEMBLER__ */
#endif /* SYSREG_H */
