/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * osti_calls.h - all calls and what they change, for tests on either side
 *
 * Written down from osti/abi.h, which is what the tests hold the monitor to.
 */
#ifndef OSTI_CALLS_H
#define OSTI_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/osti/abi.h"

/* Registers as bits: of x@first .. x@last. */
#define X(n)			(1U << (n))
#define X_TO(first, last)	((2U << (last)) - X(first))

/* Who may make it: anybody, the boot manager, whose image is on its way. */
enum osti_caller { FROM_ANY, FROM_BM, FROM_OWNER };

static const struct osti_call {
	uint32_t fid;
	unsigned int ok;	/* registers named with OSTI_OK */
	unsigned int again;	/* and with OSTI_AGAIN */
	enum osti_caller who;
} osti_calls[] = {
	{ OSTI_CALL_INFO, X_TO(1, 7), 0, FROM_ANY },
	{ OSTI_CALL_SLOT_INFO, X_TO(1, 10), 0, FROM_ANY },
	{ OSTI_CALL_TARGET_ARM, 0, 0, FROM_ANY },
	{ OSTI_CALL_TARGET_CANCEL, 0, 0, FROM_ANY },
	{ OSTI_CALL_PHASE_MARK, 0, 0, FROM_ANY },
	{ OSTI_CALL_PHASE_READ, X_TO(1, 10), 0, FROM_ANY },
	{ OSTI_CALL_EVENT_INFO, X_TO(1, 2) | X_TO(4, 11), 0, FROM_ANY },
	{ OSTI_CALL_EVENT_READ, X_TO(1, 9), 0, FROM_ANY },
	{ OSTI_CALL_IMAGE_INFO, X_TO(1, 6), 0, FROM_ANY },
	{ OSTI_CALL_REQUEST_RESULT, X_TO(1, 3), 0, FROM_ANY },
	{ OSTI_CALL_RESUME_INFO, X_TO(1, 8), 0, FROM_ANY },
	{ OSTI_CALL_START_GOOD, X(1), 0, FROM_ANY },
	{ OSTI_CALL_SLOT_KEY, X_TO(1, 4), 0, FROM_ANY },
	{ OSTI_CALL_DISK_KEY, X_TO(1, 8), 0, FROM_ANY },
	{ OSTI_CALL_CARRIER_KEY, X_TO(1, 6), 0, FROM_ANY },
	{ OSTI_CALL_RESTORE_ASK, 0, 0, FROM_ANY },
	{ OSTI_CALL_DISK_SHOW, X(1), 0, FROM_ANY },
	{ OSTI_CALL_DISK_HIDE, 0, 0, FROM_ANY },
	{ OSTI_CALL_FIRMWARE_INFO, X_TO(1, 6), 0, FROM_ANY },
	{ OSTI_CALL_BM_REASON, X_TO(1, 4), 0, FROM_BM },
	{ OSTI_CALL_SLOT_OPEN, X_TO(1, 2), 0, FROM_BM },
	{ OSTI_CALL_SLOT_CLOSE, 0, 0, FROM_BM },
	{ OSTI_CALL_SLOT_START, 0, 0, FROM_BM },
	{ OSTI_CALL_SLOT_RESUME, 0, 0, FROM_BM },
	{ OSTI_CALL_START_CHECK, X_TO(1, 2), 0, FROM_BM },
	{ OSTI_CALL_BM_ANSWER, 0, 0, FROM_BM },
	{ OSTI_CALL_IMAGE_NOTE, 0, 0, FROM_BM },
	{ OSTI_CALL_IMAGE_DROP, 0, 0, FROM_BM },
	{ OSTI_CALL_IMAGE_RETIRE, 0, 0, FROM_BM },
	{ OSTI_CALL_RESTORE_INFO, X_TO(1, 7), 0, FROM_BM },
	{ OSTI_CALL_RESTORE_GRANT, 0, 0, FROM_BM },
	{ OSTI_CALL_KEY_IMPORT, 0, 0, FROM_BM },
	{ OSTI_CALL_FIRMWARE_BEGIN, 0, 0, FROM_BM },
	{ OSTI_CALL_FIRMWARE_ERASE, 0, 0, FROM_BM },
	{ OSTI_CALL_FIRMWARE_WRITE, 0, 0, FROM_BM },
	{ OSTI_CALL_FIRMWARE_FINISH, 0, 0, FROM_BM },
	{ OSTI_CALL_EXPORT_BEGIN, X_TO(1, 2), 0, FROM_ANY },
	{ OSTI_CALL_EXPORT_SCAN, X_TO(1, 4), X(1), FROM_OWNER },
	{ OSTI_CALL_IMAGE_TABLE, X(1), 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_CHUNK, X(1), 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_HAVE, 0, 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_SEAL, X(1), 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_READ, 0, 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_COMMIT, 0, 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_ABORT, 0, 0, FROM_OWNER },
	{ OSTI_CALL_ATTACH, 0, 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_STORED, X(1), 0, FROM_ANY },
	{ OSTI_CALL_EXPORT_GIVE, X(1), 0, FROM_OWNER },
	{ OSTI_CALL_EXPORT_OPEN, X_TO(1, 2), 0, FROM_OWNER },
	{ OSTI_CALL_IMPORT_BEGIN, X(1), 0, FROM_ANY },
	{ OSTI_CALL_IMPORT_WRITE, 0, 0, FROM_OWNER },
	{ OSTI_CALL_IMPORT_OPEN, X_TO(1, 2), 0, FROM_OWNER },
	{ OSTI_CALL_IMPORT_CHUNK, X(1), 0, FROM_OWNER },
	{ OSTI_CALL_IMPORT_CHECK, 0, 0, FROM_OWNER },
	{ OSTI_CALL_IMPORT_COMMIT, 0, 0, FROM_OWNER },
	{ OSTI_CALL_IMPORT_ABORT, 0, 0, FROM_OWNER },
};

#define OSTI_CALLS	(sizeof(osti_calls) / sizeof(osti_calls[0]))

static inline const struct osti_call *osti_call_find(uint32_t fid)
{
	unsigned int n;

	for (n = 0; n < OSTI_CALLS; n++)
		if (osti_calls[n].fid == fid)
			return &osti_calls[n];
	return 0;
}

/* Registers but x0 that any SMC changes, when it ends with this in x0. */
static inline unsigned int smc_results(uint32_t fid, int64_t status)
{
	const struct osti_call *call = osti_call_find(fid);

	if (fid == OSTI_CALL_UID)
		return X_TO(1, 3);
	if (fid == OSTI_CALL_REVISION)
		return X(1);
	if (!call)
		return 0;
	switch (status) {
	case OSTI_OK:
		return call->ok;
	case OSTI_AGAIN:
		return call->again;
	case OSTI_E_IMAGE:
	case OSTI_E_START:
	case OSTI_E_FIRMWARE:
		return X(1);
	default:
		return 0;
	}
}

/*
 * Function identifiers of all kinds: DEN 0028, table "SMCCC owning entities",
 * in both widths, known ones and their neighbours.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} smc_ids[] = {
	/* OSTI, and the general queries of its owner */
	{ 0xc6000000, 0xc600005f }, { 0x86000000, 0x8600005f },
	{ 0x8600ff00, 0x8600ff07 }, { 0xc600ff00, 0xc600ff07 },
	/* PSCI, and the random number generator after it */
	{ 0x84000000, 0x8400001f }, { 0xc4000000, 0xc400001f },
	{ 0x84000050, 0x84000053 }, { 0xc4000050, 0xc4000053 },
	{ 0x8400ff00, 0x8400ff03 },
	/* Architecture calls, with workarounds, and nearly such */
	{ 0x80000000, 0x80000003 }, { 0x80003ffe, 0x80003fff },
	{ 0x80007fff, 0x80008000 }, { 0xc0000000, 0xc0000003 },
	/* Other owners: CPU, SiP, OEM, standard hypervisor, trusted OS */
	{ 0x81000000, 0x81000001 }, { 0xc1000000, 0xc1000001 },
	{ 0x82000000, 0x82000001 }, { 0xc2000000, 0xc2000001 },
	{ 0x83000000, 0x83000001 }, { 0xc3000000, 0xc3000001 },
	{ 0x85000000, 0x85000001 }, { 0xc5000000, 0xc5000001 },
	{ 0x87000000, 0x87000001 }, { 0xc7000000, 0xc7000001 },
	{ 0xb0000000, 0xb0000001 }, { 0xbf000000, 0xbf000001 },
	/* Yielding */
	{ 0x00000000, 0x00000001 }, { 0x02000000, 0x02000001 },
	{ 0x04000000, 0x04000003 }, { 0x44000000, 0x44000003 },
	{ 0x06000000, 0x06000003 }, { 0x46000000, 0x46000003 },
	{ 0xffffffff, 0xffffffff },
};

#define SMC_IDS		(sizeof(smc_ids) / sizeof(smc_ids[0]))

#endif /* OSTI_CALLS_H */
