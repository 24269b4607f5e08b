/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * smmuv3.h - what devices can reach: the SMMU, stage 1
 *
 * A stream is a device as the SMMU sees it. On PCI bus 0 its number is the
 * function's devfn. A stream that is not attached can move no data. Each
 * context has one context descriptor (CD), one ASID and one translation table
 * (pgtable.h, PGTABLE_SMMU), shared by all streams attached to it.
 *
 * The monitor's lock is held in every call. All waiting is bounded.
 */
#ifndef SMMUV3_H
#define SMMUV3_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>

#include "arch.h"

#define SMMUV3_STREAMS		256
#define SMMUV3_CONTEXTS		(OSTI_MAX_SLOTS + 1)
/* Faults that wait to be read; further ones are lost, and that is reported. */
#define SMMUV3_EVENTS		128

enum smmuv3_error {
	SMMUV3_E_TIMEOUT	= -1,	/* the SMMU did not answer */
	SMMUV3_E_COMMAND	= -2,	/* the SMMU refused a command */
	SMMUV3_E_UNSUPPORTED	= -3,	/* lacks what this file needs */
	SMMUV3_E_BUSY		= -4,	/* attached to another context */
	SMMUV3_E_CONTEXT	= -5,	/* context was not set up */
	SMMUV3_E_FAILED		= -6,	/* it failed a command before */
};

/*
 * Type of a fault: the event number of IHI 0070 section 7.3, or one of the
 * last two, which concern no stream.
 */
enum smmuv3_fault_type {
	SMMUV3_F_UUT			= 0x01,
	SMMUV3_C_BAD_STREAMID		= 0x02,
	SMMUV3_F_STE_FETCH		= 0x03,
	SMMUV3_C_BAD_STE		= 0x04,
	SMMUV3_F_BAD_ATS_TREQ		= 0x05,
	SMMUV3_F_STREAM_DISABLED	= 0x06,
	SMMUV3_F_TRANSL_FORBIDDEN	= 0x07,
	SMMUV3_C_BAD_SUBSTREAMID	= 0x08,
	SMMUV3_F_CD_FETCH		= 0x09,
	SMMUV3_C_BAD_CD			= 0x0a,
	SMMUV3_F_WALK_EABT		= 0x0b,
	SMMUV3_F_TRANSLATION		= 0x10,
	SMMUV3_F_ADDR_SIZE		= 0x11,
	SMMUV3_F_ACCESS			= 0x12,
	SMMUV3_F_PERMISSION		= 0x13,
	SMMUV3_F_TLB_CONFLICT		= 0x20,
	SMMUV3_F_CFG_CONFLICT		= 0x21,

	SMMUV3_LOST			= 0x100, /* the queue was full */
	SMMUV3_GLOBAL			= 0x101, /* the SMMU itself */
};

#define SMMUV3_NO_STREAM	0xffffffffU

struct smmuv3_fault {
	uint32_t type;
	uint32_t stream;	/* or SMMUV3_NO_STREAM */
	bool has_iova;
	bool write;		/* only with has_iova */
	uint64_t iova;		/* with SMMUV3_GLOBAL: bits of SMMU_GERROR */
};

/*
 * Take the SMMU over, from whatever state it is in: every stream aborts, also
 * when the SMMU is switched off later, and no context is set up. Called once,
 * before any device may move data.
 * Returns 0, SMMUV3_E_UNSUPPORTED, _TIMEOUT or _COMMAND; the log says what.
 */
int smmuv3_init(void);

/*
 * Give a context its translation table, whose root is at @root. No stream is
 * attached to the context.
 * Returns 0 or SMMUV3_E_BUSY.
 */
int smmuv3_context_init(unsigned int ctx, pa_t root);

/*
 * Let a stream reach what the context's table maps. Nothing happens if it
 * does already.
 * Returns 0; SMMUV3_E_CONTEXT, _BUSY (detach it first) or _FAILED, and nothing
 * changed; an SMMU that did not do what it was told, whatever it was, may have
 * old translations of any context, and lets nobody in until power-on;
 * SMMUV3_E_TIMEOUT or _COMMAND, and it counts as attached, because it may be.
 */
int smmuv3_attach(unsigned int stream, unsigned int ctx);

/*
 * Let a stream reach nothing. On return 0 all of its accesses have ended.
 * Nothing happens if it is not attached.
 * Returns 0, SMMUV3_E_TIMEOUT or _COMMAND; then the stream may still reach
 * what it could and counts as attached, so that a later call tries again.
 */
int smmuv3_detach(unsigned int stream);

/*
 * Forget translations of the context, after its table changed. On return 0 no
 * device uses an old one any more.
 * Returns 0, SMMUV3_E_TIMEOUT or _COMMAND.
 */
int smmuv3_flush(unsigned int ctx);

/*
 * Take the oldest fault out of the queue.
 * Returns false when there is none. SMMUV3_GLOBAL comes before all others,
 * SMMUV3_LOST after those that were not lost.
 */
bool smmuv3_next_fault(struct smmuv3_fault *fault);

/* Does a fault of that type tell the address that the device asked for? */
bool smmuv3_fault_has_iova(uint32_t type);
/* Name of a fault's type for the log. */
const char *smmuv3_fault_name(uint32_t type);

#endif /* SMMUV3_H */
