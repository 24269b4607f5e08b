// SPDX-License-Identifier: GPL-2.0-only
/*
 * psci.c - PSCI 1.1 for the contexts
 */
#include "psci.h"

#include "arch.h"
#include "board.h"
#include "context.h"
#include "cpu.h"
#include "lock.h"
#include "log.h"
#include "power.h"

#define PSCI_RANGE_MASK		0xbfffffe0
#define PSCI_RANGE		0x84000000

bool psci_is_call(uint32_t fid)
{
	return (fid & PSCI_RANGE_MASK) == PSCI_RANGE;
}

static int64_t psci_features(uint32_t fid)
{
	switch (fid) {
	case PSCI_VERSION:
	case PSCI_CPU_SUSPEND:
	case PSCI_64(PSCI_CPU_SUSPEND):
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON:
	case PSCI_64(PSCI_CPU_ON):
	case PSCI_AFFINITY_INFO:
	case PSCI_64(PSCI_AFFINITY_INFO):
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case PSCI_SYSTEM_SUSPEND:
	case PSCI_64(PSCI_SYSTEM_SUSPEND):
	case 0x80000000:	/* SMCCC_VERSION: DEN 0022, section 5.16 */
		return PSCI_SUCCESS;
	default:
		return PSCI_NOT_SUPPORTED;
	}
}

/* May a CPU of the context start here? The address comes from outside. */
static bool entry_is_good(const struct context *ctx, ipa_t entry)
{
	return ipa_aligned(entry, 4) && context_owns(ctx, entry, 4);
}

/* Index of the CPU with this MPIDR, which comes from outside; none is lost. */
static bool find_cpu(uint64_t mpidr, unsigned int *cpu)
{
	for (*cpu = 0; *cpu < cpu_count(); (*cpu)++)
		if (board_mpidr(*cpu) == mpidr)
			return cpu_state(*cpu) != CPU_LOST;
	return false;
}

static int64_t psci_cpu_on(uint64_t mpidr, uint64_t entry, uint64_t arg)
{
	const struct cpu_entry at = { .pc = ipa_make(entry), .arg = arg };
	unsigned int cpu;

	/* The boot manager runs on one CPU; nothing of it expects others. */
	if (world_current()->id == OSTI_CONTEXT_BM)
		return PSCI_DENIED;
	if (!find_cpu(mpidr, &cpu))
		return PSCI_INVALID_PARAMETERS;
	if (!entry_is_good(world_current(), at.pc))
		return PSCI_INVALID_ADDRESS;

	switch (cpu_state(cpu)) {
	case CPU_ON:
	/* It has its power from the monitor, as AFFINITY_INFO says. */
	case CPU_HELPER:
	case CPU_HELPER_PENDING:
		return PSCI_ALREADY_ON;
	case CPU_ON_PENDING:
		return PSCI_ON_PENDING;
	default:
		break;
	}
	return cpu_start(cpu, &at) ? PSCI_SUCCESS : PSCI_INTERNAL_FAILURE;
}

static int64_t psci_affinity_info(uint64_t mpidr, uint64_t level)
{
	unsigned int cpu;

	if (level || !find_cpu(mpidr, &cpu))
		return PSCI_INVALID_PARAMETERS;
	switch (cpu_state(cpu)) {
	case CPU_ON_PENDING:
		return PSCI_AFF_ON_PENDING;
	case CPU_OFF:
		/* OFF promises that it runs no instruction any more. */
		if (power_cpu_is_off(cpu))
			return PSCI_AFF_OFF;
		return PSCI_AFF_ON;
	default:
		return PSCI_AFF_ON;
	}
}

static int64_t psci_cpu_suspend(uint64_t power_state)
{
	/* Standby only: it keeps all state, so entry and context are unused. */
	if (power_state & (PSCI_POWER_STATE_RESERVED | PSCI_POWER_STATE_TYPE))
		return PSCI_INVALID_PARAMETERS;
	return PSCI_SUCCESS;
}

static enum outcome psci_system_suspend(uint64_t entry, uint64_t arg,
					int64_t *ret, struct cpu_entry *out)
{
	const struct resume_point at = {
		.entry = ipa_make(entry),
		.arg = arg,
		.cpu = arch_cpu(),
	};
	uint64_t entered = arch_counter();
	enum outcome outcome;

	if (world_current()->id == OSTI_CONTEXT_BM || !cpu_alone()) {
		*ret = PSCI_DENIED;
		return OUTCOME_RETURN;
	}
	if (!entry_is_good(world_current(), at.entry)) {
		*ret = PSCI_INVALID_ADDRESS;
		return OUTCOME_RETURN;
	}
	outcome = world_suspend(&at, entered, out);
	if (outcome == OUTCOME_RETURN)
		*ret = PSCI_INTERNAL_FAILURE;
	return outcome;
}

static enum outcome psci_cpu_off(int64_t *ret)
{
	/* The last CPU leaves by SYSTEM_OFF: section 5.5.2. */
	if (cpu_alone()) {
		*ret = PSCI_DENIED;
		return OUTCOME_RETURN;
	}
	cpu_leave();
	return OUTCOME_CPU_OFF;
}

enum outcome psci_call(uint32_t fid, const uint64_t arg[3], int64_t *ret,
		       struct cpu_entry *out)
{
	LOCK_ASSERT_HELD();
	/* A 32-bit call has 32-bit arguments: DEN 0028, section 3.1. */
	const uint64_t mask = fid & 0x40000000 ? UINT64_MAX : UINT32_MAX;
	const uint64_t a = arg[0] & mask;
	const uint64_t b = arg[1] & mask;
	const uint64_t c = arg[2] & mask;

	switch (fid) {
	case PSCI_VERSION:
		*ret = PSCI_VERSION_1_1;
		break;
	case PSCI_FEATURES:
		*ret = psci_features(a);
		break;
	case PSCI_CPU_SUSPEND:
	case PSCI_64(PSCI_CPU_SUSPEND):
		/* The caller's 64-bit form keeps power_state 32 bits wide. */
		*ret = psci_cpu_suspend(a & UINT32_MAX);
		return *ret ? OUTCOME_RETURN : OUTCOME_STANDBY;
	case PSCI_CPU_OFF:
		return psci_cpu_off(ret);
	case PSCI_CPU_ON:
	case PSCI_64(PSCI_CPU_ON):
		*ret = psci_cpu_on(a, b, c);
		break;
	case PSCI_AFFINITY_INFO:
	case PSCI_64(PSCI_AFFINITY_INFO):
		*ret = psci_affinity_info(a, b);
		break;
	case PSCI_MIGRATE_INFO_TYPE:
		*ret = PSCI_MIGRATE_NOT_NEEDED;
		break;
	case PSCI_SYSTEM_OFF:
		return world_stop(OSTI_REASON_OFF, out);
	case PSCI_SYSTEM_RESET:
		return world_stop(OSTI_REASON_RESET, out);
	case PSCI_SYSTEM_SUSPEND:
	case PSCI_64(PSCI_SYSTEM_SUSPEND):
		return psci_system_suspend(a, b, ret, out);
	default:
		*ret = PSCI_NOT_SUPPORTED;
		break;
	}
	return OUTCOME_RETURN;
}
