/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call.h - the OSTI calls of include/osti/abi.h
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>

#include "smccc.h"

/* The registers x@first .. x@last as bits. */
#define CALL_RESULTS(first, last) \
	((2U << (last)) - (1U << (first)))

/*
 * A call under way.
 *
 * A handler puts its answer into res. The caller gets of it what core/call_list.h
 * names for the call and the status, and with OSTI_E_IMAGE, OSTI_E_START and
 * OSTI_E_FIRMWARE x1; so what else a handler leaves in res goes nowhere, and all
 * other registers stay the caller's own.
 */
struct call {
	struct context *ctx;		/* the caller */
	uint64_t entered;
	uint64_t arg[7];		/* arg[n] is xn */
	uint64_t res[SMCCC_REGS];	/* res[n] is xn, 0 at first */
	enum outcome outcome;
	struct cpu_entry *out;
	/* A slot's own memory that the monitor has mapped for it, or 0 bytes */
	pa_t mapped;
	uint64_t mapped_bytes;
};

/* Is the function identifier in the range of vendor hypervisor services? */
bool call_is_osti(uint32_t fid);
/* As smccc_handle(). */
enum outcome call_handle(uint32_t fid, uint64_t x[SMCCC_REGS],
			 struct cpu_entry *out);

/* The slot that a call names in x1, or the error. */
int64_t call_slot(const struct call *c, struct context **slot);
/*
 * A buffer of the caller, as an IPA and a length from outside. It can be used
 * until the handler returns, by one that is not the boot manager's once in a call.
 */
int64_t call_buffer(struct call *c, uint64_t ipa, uint64_t bytes,
		    uint8_t **buf);

/* The handlers of core/call_list.h: arguments and results are in osti/abi.h. */
#define CALL(name, handler, who, results, again) \
	int64_t handler(struct call *c);
#include "../core/call_list.h"

#endif /* CALL_H */
