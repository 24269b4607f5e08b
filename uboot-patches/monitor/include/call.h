/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call.h - the OSTI calls of include/osti/abi.h
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>

#include "smccc.h"

/* Is the function identifier in the range of vendor hypervisor services? */
bool call_is_osti(uint32_t fid);
/* As smccc_handle(). */
enum outcome call_handle(uint32_t fid, uint64_t x[SMCCC_REGS],
			 struct cpu_entry *out);

#endif /* CALL_H */
