// SPDX-License-Identifier: GPL-2.0-only
/*
 * smmuv3_fault.c - what the SMMU's faults are called, and what they tell
 */
#include "smmuv3.h"

bool smmuv3_fault_has_iova(uint32_t type)
{
	switch (type) {
	case SMMUV3_F_UUT:
	case SMMUV3_F_TRANSL_FORBIDDEN:
	case SMMUV3_F_WALK_EABT:
	case SMMUV3_F_TRANSLATION:
	case SMMUV3_F_ADDR_SIZE:
	case SMMUV3_F_ACCESS:
	case SMMUV3_F_PERMISSION:
	case SMMUV3_F_TLB_CONFLICT:
		return true;
	default:
		return false;
	}
}

const char *smmuv3_fault_name(uint32_t type)
{
	switch (type) {
	case SMMUV3_F_UUT:
		return "F_UUT";
	case SMMUV3_C_BAD_STREAMID:
		return "C_BAD_STREAMID";
	case SMMUV3_F_STE_FETCH:
		return "F_STE_FETCH";
	case SMMUV3_C_BAD_STE:
		return "C_BAD_STE";
	case SMMUV3_F_BAD_ATS_TREQ:
		return "F_BAD_ATS_TREQ";
	case SMMUV3_F_STREAM_DISABLED:
		return "F_STREAM_DISABLED";
	case SMMUV3_F_TRANSL_FORBIDDEN:
		return "F_TRANSL_FORBIDDEN";
	case SMMUV3_C_BAD_SUBSTREAMID:
		return "C_BAD_SUBSTREAMID";
	case SMMUV3_F_CD_FETCH:
		return "F_CD_FETCH";
	case SMMUV3_C_BAD_CD:
		return "C_BAD_CD";
	case SMMUV3_F_WALK_EABT:
		return "F_WALK_EABT";
	case SMMUV3_F_TRANSLATION:
		return "F_TRANSLATION";
	case SMMUV3_F_ADDR_SIZE:
		return "F_ADDR_SIZE";
	case SMMUV3_F_ACCESS:
		return "F_ACCESS";
	case SMMUV3_F_PERMISSION:
		return "F_PERMISSION";
	case SMMUV3_F_TLB_CONFLICT:
		return "F_TLB_CONFLICT";
	case SMMUV3_F_CFG_CONFLICT:
		return "F_CFG_CONFLICT";
	case SMMUV3_LOST:
		return "faults lost";
	case SMMUV3_GLOBAL:
		return "global error";
	default:
		return "unknown";
	}
}
