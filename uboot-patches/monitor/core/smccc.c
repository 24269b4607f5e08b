// SPDX-License-Identifier: GPL-2.0-only
/*
 * smccc.c - every SMC of a context comes in here
 */
#include "smccc.h"

#include "call.h"
#include "event.h"
#include "lock.h"
#include "power.h"
#include "psci.h"

static int64_t smccc_arch_features(uint32_t fid)
{
	switch (fid) {
	case SMCCC_VERSION:
	case SMCCC_ARCH_FEATURES:
		return 0;
	case SMCCC_ARCH_WORKAROUND_1:
	case SMCCC_ARCH_WORKAROUND_2:
	case SMCCC_ARCH_WORKAROUND_3:
		return power_arch_features(fid);
	default:
		return SMCCC_NOT_SUPPORTED;
	}
}

/*
 * The firmware below does what its CPUs need, for the calling one. What it keeps
 * of that (SMCCC_ARCH_WORKAROUND_2) is reset when another context comes.
 */
static bool smccc_workaround(uint32_t fid, uint32_t arg)
{
	switch (fid) {
	case SMCCC_ARCH_WORKAROUND_1:
	case SMCCC_ARCH_WORKAROUND_2:
	case SMCCC_ARCH_WORKAROUND_3:
		if (power_arch_features(fid) < 0)
			return false;
		power_arch_workaround(fid, arg);
		return true;
	default:
		return false;
	}
}

enum outcome smccc_handle(uint64_t x[SMCCC_REGS], struct cpu_entry *out)
{
	LOCK_ASSERT_HELD();
	/* The function identifier is w0: DEN 0028, section 2.5. */
	uint32_t fid = x[0];
	int64_t ret = SMCCC_NOT_SUPPORTED;
	enum outcome outcome = OUTCOME_RETURN;

	if (call_is_osti(fid))
		return call_handle(fid, x, out);

	if (psci_is_call(fid)) {
		outcome = psci_call(fid, &x[1], &ret, out);
	} else if (fid == SMCCC_VERSION) {
		ret = SMCCC_VERSION_1_2;
	} else if (fid == SMCCC_ARCH_FEATURES) {
		ret = smccc_arch_features(x[1]);
	} else if (smccc_workaround(fid, x[1])) {
		ret = 0;
	} else if (fid != TRNG_VERSION) {
		/* Linux asks for entropy at every start; that is no offence. */
		event_offence(OSTI_EV_BAD_SMC, world_current()->id, fid, 0);
	}
	if (outcome == OUTCOME_RETURN || outcome == OUTCOME_STANDBY)
		x[0] = ret;
	return outcome;
}
