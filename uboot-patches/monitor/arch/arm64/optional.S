/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * optional.S - scrubbing of registers that not every CPU has
 *
 * No ID register tells whether a CPU has the debug communications channel, the
 * claim tags or DBGPRCR_EL1 (emulators leave them out), so an access that is
 * undefined is skipped: own_sync in vectors.S.
 */
#include "sysreg.h"

	.text
	.globl	scrub_optional, optional_start, optional_end

/* scrub_optional(): no arguments, no result; uses x9. */
scrub_optional:
	mov	x9, #0xff
optional_start:
	msr	DBGCLAIMCLR_EL1, x9
	msr	DBGPRCR_EL1, xzr
	msr	MDCCINT_EL1, xzr
	msr	OSDTRRX_EL1, xzr
	msr	OSDTRTX_EL1, xzr
	msr	OSECCR_EL1, xzr
optional_end:
	ret
