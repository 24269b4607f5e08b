// SPDX-License-Identifier: GPL-2.0-only
/*
 * idreg.c - which features of the CPU a context is told of
 *
 * Only what the monitor scrubs on a switch, or what has no state, may be used:
 * so each register has a mask of the fields that pass, and a CPU with a newer
 * feature offers it only after somebody has looked at it here.
 */
#include "arch_arm64.h"
#include "feature.h"
#include "sysreg.h"

/* Four bits of an ID register, from bit n. */
#define F(n)		(0xfUL << (n))

/* Which of them, by the fields of its encoding. */
#define REG(crm, op2)	((crm) << 3 | (op2))

#define CASE(crm, op2, mask)						\
	case REG(crm, op2):						\
		return sysreg_read(s3_0_c0_c##crm##_##op2) & (mask)

#define ALL		(~0UL)

/* Cap a four-bit field of unsigned value. */
static uint64_t cap(uint64_t reg, unsigned int shift, uint64_t max)
{
	if ((reg >> shift & 0xf) <= max)
		return reg;
	return (reg & ~F(shift)) | max << shift;
}

static uint64_t masked(unsigned int crm, unsigned int op2)
{
	switch (REG(crm, op2)) {
	/* AArch32: only EL0 may use it, the values have no state behind them */
	CASE(1, 0, ALL);
	CASE(1, 1, ALL);
	CASE(1, 2, ALL);
	CASE(1, 3, 0);			/* ID_AFR0 */
	CASE(1, 4, ALL);
	CASE(1, 5, ALL);
	CASE(1, 6, ALL);
	CASE(1, 7, ALL);
	CASE(2, 0, ALL);
	CASE(2, 1, ALL);
	CASE(2, 2, ALL);
	CASE(2, 3, ALL);
	CASE(2, 4, ALL);
	CASE(2, 5, ALL);
	CASE(2, 6, ALL);
	CASE(2, 7, ALL);
	CASE(3, 0, ALL);
	CASE(3, 1, ALL);
	CASE(3, 2, ALL);
	CASE(3, 4, ALL);
	CASE(3, 5, ALL);
	CASE(3, 6, ALL);

	/* ID_AA64PFR0: EL0 EL1 FP AdvSIMD GIC DIT CSV2 CSV3 */
	CASE(4, 0, F(0) | F(4) | F(16) | F(20) | F(24) | F(48) | F(56) | F(60));
	/* ID_AA64PFR1: BT SSBS */
	CASE(4, 1, F(0) | F(4));
	/* ID_AA64DFR0: DebugVer PMUVer BRPs WRPs CTX_CMPs DoubleLock */
	CASE(5, 0, F(0) | F(8) | F(12) | F(20) | F(28) | F(36));
	/* ID_AA64ISAR0: all but TME */
	CASE(6, 0, ALL & ~F(24));
	/* ID_AA64ISAR1: all but XS and LS64, which HCRX_EL2 would trap */
	CASE(6, 1, ALL & ~(F(56) | F(60)));
	/* ID_AA64ISAR2: RPRES GPA3 APA3 BC PAC_frac CLRBHB */
	CASE(6, 2, F(4) | F(8) | F(12) | F(20) | F(24) | F(28));
	/* ID_AA64MMFR0: PARange ASIDBits BigEnd BigEndEL0 TGran16 64 4 ExS */
	CASE(7, 0, F(0) | F(4) | F(8) | F(16) | F(20) | F(24) | F(28) | F(44));
	/* ID_AA64MMFR1: HAFDBS HPDS PAN SpecSEI ETS AFP nTLBPA ECBHB */
	CASE(7, 1, F(0) | F(12) | F(20) | F(24) | F(36) | F(44) | F(48) |
		   F(60));
	/* ID_AA64MMFR2: CnP UAO LSM VARange CCIDX ST AT IDS TTL BBM E0PD */
	CASE(7, 2, F(0) | F(4) | F(8) | F(16) | F(20) | F(28) | F(32) | F(36) |
		   F(48) | F(52) | F(60));
	default:
		return 0;
	}
}

uint64_t idreg_read(unsigned int crm, unsigned int op2)
{
	uint64_t val = masked(crm, op2);

	switch (REG(crm, op2)) {
	case REG(4, 0):			/* ID_AA64PFR0 */
		/* CSV2 level 2 has a register that traps (SCXTNUM). */
		return cap(val, 56, 1);
	case REG(5, 0):			/* ID_AA64DFR0 */
		/* Debug up to Armv8.2, which has no more registers. */
		val = cap(val, 0, 8);
		/* A PMU that is not Arm's cannot be scrubbed. */
		if (!feature_pmu())
			return val & ~F(8);
		/* Registers beyond Armv8.8's trap (PMICNTR, PMUACR, SPMU). */
		return cap(val, 8, 8);
	case REG(7, 0):			/* ID_AA64MMFR0 */
		/* Stage 2 is 40 bits wide. */
		return cap(val, 0, 2);
	case REG(7, 1):			/* ID_AA64MMFR1 */
		/* Hardware's access flag for tables needs TCR2_EL1: traps. */
		return cap(val, 0, 2);
	case REG(7, 2):			/* ID_AA64MMFR2 */
		/* More than 52 bits of address need 128-bit registers: trap. */
		return cap(val, 16, 1);
	default:
		return val;
	}
}
