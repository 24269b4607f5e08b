/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * optional.S - scrubbing of registers that not every CPU has
 *
 * No ID register tells whether a CPU has the debug communications channel or
 * the claim tags (emulators leave them out), so an access that is undefined is
 * skipped: own_sync in vectors.S.
 */
	.text
	.globl	scrub_optional, optional_start, optional_end

/* scrub_optional(): no arguments, no result; uses x9. */
scrub_optional:
	mov	x9, #0xff
optional_start:
	msr	s2_0_c7_c9_6, x9	/* DBGCLAIMCLR_EL1 */
	msr	s2_0_c0_c2_0, xzr	/* MDCCINT_EL1 */
	msr	s2_0_c0_c0_2, xzr	/* OSDTRRX_EL1 */
	msr	s2_0_c0_c3_2, xzr	/* OSDTRTX_EL1 */
	msr	s2_0_c0_c6_2, xzr	/* OSECCR_EL1 */
optional_end:
	ret
