/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * psci.h - Power State Coordination Interface, numbers and guest side
 *
 * Numbers: Arm DEN 0022 ("PSCI"), version 1.1 (DEN 0022D), section 5.
 */
#ifndef PSCI_H
#define PSCI_H

#define PSCI_VERSION			0x84000000
#define PSCI_CPU_SUSPEND		0x84000001
#define PSCI_CPU_OFF			0x84000002
#define PSCI_CPU_ON			0x84000003
#define PSCI_AFFINITY_INFO		0x84000004
#define PSCI_MIGRATE			0x84000005
#define PSCI_MIGRATE_INFO_TYPE		0x84000006
#define PSCI_SYSTEM_OFF			0x84000008
#define PSCI_SYSTEM_RESET		0x84000009
#define PSCI_FEATURES			0x8400000a
#define PSCI_SYSTEM_SUSPEND		0x8400000e
/* The same call with 64-bit arguments: section 5.2.1. */
#define PSCI_64(fn)			((fn) | 0x40000000)

/* Section 5.2.2 */
#define PSCI_SUCCESS			0
#define PSCI_NOT_SUPPORTED		(-1)
#define PSCI_INVALID_PARAMETERS		(-2)
#define PSCI_DENIED			(-3)
#define PSCI_ALREADY_ON			(-4)
#define PSCI_ON_PENDING			(-5)
#define PSCI_INTERNAL_FAILURE		(-6)
#define PSCI_INVALID_ADDRESS		(-9)

/* AFFINITY_INFO, section 5.7.1 */
#define PSCI_AFF_ON			0
#define PSCI_AFF_OFF			1
#define PSCI_AFF_ON_PENDING		2

/* MIGRATE_INFO_TYPE, section 5.9.1: no trusted OS that would have to move */
#define PSCI_MIGRATE_NOT_NEEDED		2

/* CPU_SUSPEND power_state, original format, section 5.4.2 */
#define PSCI_POWER_STATE_TYPE		(1U << 16)	/* power-down */
#define PSCI_POWER_STATE_RESERVED	0xfcfe0000U

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include "world.h"

/* Version that the monitor implements for its contexts. */
#define PSCI_VERSION_1_1		0x00010001

/* Is this one of the numbers that DEN 0022 keeps for PSCI? */
bool psci_is_call(uint32_t fid);
/*
 * Answer a PSCI call of the running context: @arg are x1..x3 as they came.
 * With OUTCOME_RETURN the status is in *@ret. Monitor's lock is held.
 */
enum outcome psci_call(uint32_t fid, const uint64_t arg[3], int64_t *ret,
		       struct cpu_entry *out);

#endif /* __ASSEMBLER__ */
#endif /* PSCI_H */
