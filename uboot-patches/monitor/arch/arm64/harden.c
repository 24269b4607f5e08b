// SPDX-License-Identifier: GPL-2.0-only
/*
 * harden.c - against what a CPU's predictors carry from one level to another
 *
 * A context can teach the CPU branch targets (CVE-2017-5715) or branch history
 * (CVE-2022-23960) by which EL2 would then speculate. Where the CPU does not
 * keep them apart by itself, the vectors of EL2 make it forget before the first
 * indirect branch: by an instruction, by more branches than its history holds,
 * or by a call to the firmware. Which one: Arm's white paper "Spectre-BHB",
 * version 1.8, with its table of loop counts; DEN 0028, section 7.5 and on.
 */
#include "harden.h"

#include <osti/abi.h>

#include "arch_arm64.h"
#include "feature.h"
#include "power.h"
#include "smccc.h"
#include "sysreg.h"

extern const char vectors[], vectors_clear[], vectors_loop[], vectors_call[];

/* For vectors.S, the same on all CPUs that use them. */
uint64_t harden_loops;
uint64_t harden_fid;

static struct {
	uint32_t predictor;	/* call that forgets branches, or 0 */
	bool stores;		/* firmware may let stores be bypassed */
} cpus[OSTI_MAX_CPUS];

/* MIDR_EL1: implementer and part number */
#define MIDR_MODEL		0xff00fff0UL
#define MODEL(implementer, part) ((implementer) << 24 | (part) << 4)
#define ARM(part)		MODEL(0x41UL, part)
#define AMPERE(part)		MODEL(0xc0UL, part)

/* Branches that fill the history of this model, or 0: it is not affected. */
static unsigned int history_branches(void)
{
	switch (sysreg_read(midr_el1) & MIDR_MODEL) {
	case ARM(0xd07):	/* Cortex-A57 */
	case ARM(0xd08):	/* Cortex-A72 */
		return 8;
	case AMPERE(0xac3):	/* Ampere-1 */
		return 11;
	case ARM(0xd0b):	/* Cortex-A76 */
	case ARM(0xd0c):	/* Neoverse N1 */
	case ARM(0xd0d):	/* Cortex-A77 */
	case ARM(0xd0e):	/* Cortex-A76AE */
		return 24;
	case ARM(0xd40):	/* Neoverse V1 */
	case ARM(0xd41):	/* Cortex-A78 */
	case ARM(0xd42):	/* Cortex-A78AE */
	case ARM(0xd44):	/* Cortex-X1 */
	case ARM(0xd47):	/* Cortex-A710 */
	case ARM(0xd48):	/* Cortex-X2 */
	case ARM(0xd49):	/* Neoverse N2 */
	case ARM(0xd4b):	/* Cortex-A78C */
	case ARM(0xd4c):	/* Cortex-X1C */
		return 32;
	case ARM(0xd4d):	/* Cortex-A715 */
	case ARM(0xd81):	/* Cortex-A720 */
		return 38;
	case ARM(0xd4e):	/* Cortex-X3 */
	case ARM(0xd4f):	/* Neoverse V2 */
		return 132;
	default:
		return 0;
	}
}

/* 0 is the firmware's word for "needed on this CPU". */
static bool firmware_wants(uint32_t fid)
{
	return power_arch_features(fid) == 0;
}

/* The third call does what the first does, and more. */
static uint32_t predictor_call(void)
{
	if (firmware_wants(SMCCC_ARCH_WORKAROUND_3))
		return SMCCC_ARCH_WORKAROUND_3;
	if (firmware_wants(SMCCC_ARCH_WORKAROUND_1))
		return SMCCC_ARCH_WORKAROUND_1;
	return 0;
}

static const char *choose_vectors(uint32_t call)
{
	const unsigned int branches = history_branches();

	if (call && !feature_csv2()) {
		harden_fid = call;
		return vectors_call;
	}
	if (feature_csv2_3() || feature_ecbhb())
		return vectors;
	if (feature_clrbhb())
		return vectors_clear;
	if (branches) {
		if (harden_loops < branches)
			harden_loops = branches;
		return vectors_loop;
	}
	if (call) {
		harden_fid = call;
		return vectors_call;
	}
	return vectors;
}

void harden_cpu(void)
{
	const unsigned int cpu = arch_cpu();

	cpus[cpu].predictor = predictor_call();
	cpus[cpu].stores = firmware_wants(SMCCC_ARCH_WORKAROUND_2);
	sysreg_write(vbar_el2, choose_vectors(cpus[cpu].predictor));
	isb();
}

void harden_context(void)
{
	const unsigned int cpu = arch_cpu();

	if (cpus[cpu].predictor)
		power_arch_workaround(cpus[cpu].predictor, 0);
	/* One context may have switched the workaround off; it starts on. */
	if (cpus[cpu].stores)
		power_arch_workaround(SMCCC_ARCH_WORKAROUND_2, 1);
}
