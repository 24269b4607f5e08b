// SPDX-License-Identifier: GPL-2.0-only
/*
 * feature.c - what the calling CPU has
 *
 * Fields of ID registers: Arm DDI 0487, section D19.2, under the register's
 * name. A field that a CPU does not know reads as zero.
 */
#include "feature.h"

#include "sysreg.h"

#define FIELD(reg, shift)	(sysreg_read(reg) >> (shift) & 0xf)

#define FEATURE(name, reg, shift, least)		\
	bool feature_##name(void)			\
	{						\
		return FIELD(reg, shift) >= (least);	\
	}

FEATURE(aarch32_el0, id_aa64pfr0_el1, 0, 2)
FEATURE(aarch32_el1, id_aa64pfr0_el1, 4, 2)
FEATURE(ras, id_aa64pfr0_el1, 28, 1)
FEATURE(amu, id_aa64pfr0_el1, 44, 1)
FEATURE(csv2, id_aa64pfr0_el1, 56, 1)
FEATURE(csv2_3, id_aa64pfr0_el1, 56, 3)
FEATURE(sme, id_aa64pfr1_el1, 24, 1)
FEATURE(gcs, id_aa64pfr1_el1, 44, 1)
FEATURE(spe, id_aa64dfr0_el1, 32, 1)
FEATURE(trf, id_aa64dfr0_el1, 40, 1)
FEATURE(trbe, id_aa64dfr0_el1, 44, 1)
FEATURE(brbe, id_aa64dfr0_el1, 52, 1)
FEATURE(clrbhb, ID_AA64ISAR2_EL1, 28, 1)
FEATURE(fgt, id_aa64mmfr0_el1, 56, 1)
FEATURE(fgt2, id_aa64mmfr0_el1, 56, 2)
FEATURE(vhe, id_aa64mmfr1_el1, 8, 1)
FEATURE(hcx, id_aa64mmfr1_el1, 40, 1)
FEATURE(ecbhb, id_aa64mmfr1_el1, 60, 1)
FEATURE(tcr2, ID_AA64MMFR3_EL1, 0, 1)
FEATURE(sctlr2, ID_AA64MMFR3_EL1, 4, 1)

/* Version 0.1 of MPAM has 0 in the first field and 1 in the second. */
bool feature_mpam(void)
{
	return FIELD(id_aa64pfr0_el1, 40) || FIELD(id_aa64pfr1_el1, 16);
}

bool feature_pmu(void)
{
	const unsigned int version = FIELD(id_aa64dfr0_el1, 8);

	/* 0xf: one that the architecture does not define. */
	return version && version != 0xf;
}

/* APA, API, GPA, GPI; GPA3, APA3: one for each algorithm and kind of key. */
bool feature_pauth(void)
{
	return FIELD(id_aa64isar1_el1, 4) || FIELD(id_aa64isar1_el1, 8) ||
	       FIELD(id_aa64isar1_el1, 24) || FIELD(id_aa64isar1_el1, 28) ||
	       FIELD(ID_AA64ISAR2_EL1, 8) || FIELD(ID_AA64ISAR2_EL1, 12);
}
