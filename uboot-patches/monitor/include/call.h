/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call.h - the OSTI calls of include/osti/abi.h
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>

#include "smccc.h"

/* A call under way. */
struct call {
	struct context *ctx;		/* the caller */
	uint64_t entered;
	uint64_t arg[7];		/* arg[n] is xn */
	uint64_t res[SMCCC_REGS];	/* res[n] is xn */
	enum outcome outcome;
	struct cpu_entry *out;
};

/* Is the function identifier in the range of vendor hypervisor services? */
bool call_is_osti(uint32_t fid);
/* As smccc_handle(). */
enum outcome call_handle(uint32_t fid, uint64_t x[SMCCC_REGS],
			 struct cpu_entry *out);

/* The slot that a call of the boot manager names in x1, or the error. */
int64_t call_bm_slot(const struct call *c, struct context **slot);
/* One of the calls about images; knows no others. */
int64_t call_image(uint32_t fid, struct call *c);

#endif /* CALL_H */
