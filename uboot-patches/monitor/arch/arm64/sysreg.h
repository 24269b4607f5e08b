/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sysreg.h - system register fields that the monitor sets or reads
 *
 * Source: Arm Architecture Reference Manual for A-profile, DDI 0487, section
 * D19 (AArch64 System Register Descriptions), under the register's name.
 */
#ifndef SYSREG_H
#define SYSREG_H

#define BIT(n)			(1UL << (n))

/* HCR_EL2 */
#define HCR_VM			BIT(0)	/* stage 2 on */
#define HCR_SWIO		BIT(1)	/* set/way invalidate also cleans */
#define HCR_TWI			BIT(13)	/* WFI comes to EL2 */
#define HCR_TID3		BIT(18)	/* ID registers come to EL2 */
#define HCR_TSC			BIT(19)	/* SMC comes to EL2 */
#define HCR_TIDCP		BIT(20)	/* implementation defined registers */
#define HCR_TACR		BIT(21)	/* auxiliary control registers */
#define HCR_RW			BIT(31)	/* EL1 is AArch64 */
#define HCR_TLOR		BIT(35)	/* limited ordering regions */
#define HCR_TERR		BIT(36)	/* RAS error records */
#define HCR_APK			BIT(40)	/* pointer authentication keys: allow */
#define HCR_API			BIT(41)	/* its instructions: allow */

/*
 * IMO, FMO and AMO stay 0: interrupts and SErrors of an OS go to it directly.
 * ATA, EnSCXT and NV stay 0: memory tags, software context numbers and nested
 * virtualization are not for contexts (their registers trap).
 */
#define HCR_CONTEXT	(HCR_VM | HCR_SWIO | HCR_TWI | HCR_TID3 | HCR_TSC | \
			 HCR_TIDCP | HCR_TACR | HCR_RW | HCR_TLOR |	    \
			 HCR_TERR | HCR_APK | HCR_API)

/* VTCR_EL2: 40-bit IPA and PA, 4 KiB, two level 1 tables, write-back inner */
#define VTCR_CONTEXT		0x80023558UL

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
#define SCTLR_EL2_RES1		0x30c50830UL
#define SCTLR_EL2_ON		(SCTLR_EL2_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | \
				 SCTLR_I | SCTLR_WXN)

/* SCTLR_EL1 at the start of a context: MMU and caches off */
#define SCTLR_EL1_RESET		0x30d00800UL
#define SCTLR_EL1_SPAN		BIT(23)
#define SCTLR_EL1_DSSBS		BIT(44)

/* TCR_EL2: 39-bit VA, 40-bit PA, 4 KiB, write-back inner shareable walks */
#define TCR_EL2_ON		(BIT(31) | BIT(23) | 2UL << 16 | 3UL << 12 | \
				 1UL << 10 | 1UL << 8 | 25)

/* MAIR_EL2: attribute 0 Device-nGnRnE, 1 normal write-back */
#define MAIR_EL2_ON		0xff00UL
#define ATTR_DEVICE		0UL
#define ATTR_NORMAL		1UL

/* PSTATE as SPSR holds it */
#define PSR_EL1H		0x5UL
#define PSR_MODE_MASK		0xfUL
#define PSR_SPSEL		BIT(0)
#define PSR_MODE_32		BIT(4)
#define PSR_DAIF		0x3c0UL
#define PSR_IL			BIT(20)
#define PSR_SS			BIT(21)
#define PSR_PAN			BIT(22)
#define PSR_SSBS		BIT(12)
#define PSR_DIT			BIT(24)
#define PSR_NZCV		0xf0000000UL

/* ESR */
#define ESR_EC(esr)		((esr) >> 26 & 0x3f)
#define ESR_ISS(esr)		((esr) & 0x1ffffff)
#define ESR_IL			BIT(25)
#define EC_UNKNOWN		0x00
#define EC_WFX			0x01
#define EC_HVC64		0x16
#define EC_SMC64		0x17
#define EC_SYSREG		0x18
#define EC_IABT_LOWER		0x20
#define EC_IABT_SAME		0x21
#define EC_DABT_LOWER		0x24
#define EC_DABT_SAME		0x25

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

/* ISS of a trapped MRS or MSR */
#define SYS_IS_READ(esr)	((esr) & 1)
#define SYS_CRM(esr)		((esr) >> 1 & 0xf)
#define SYS_RT(esr)		((esr) >> 5 & 0x1f)
#define SYS_CRN(esr)		((esr) >> 10 & 0xf)
#define SYS_OP1(esr)		((esr) >> 14 & 7)
#define SYS_OP2(esr)		((esr) >> 17 & 7)
#define SYS_OP0(esr)		((esr) >> 20 & 3)

#ifndef __ASSEMBLER__

#define sysreg_read(reg)						\
({									\
	uint64_t _val;							\
	asm volatile("mrs %0, " #reg : "=r" (_val));			\
	_val;								\
})

#define sysreg_write(reg, val)						\
	asm volatile("msr " #reg ", %x0" : : "rZ" ((uint64_t)(val)))

#define isb()		asm volatile("isb" : : : "memory")
#define dsb(domain)	asm volatile("dsb " #domain : : : "memory")

#endif /* __ASSEMBLER__ */
#endif /* SYSREG_H */
