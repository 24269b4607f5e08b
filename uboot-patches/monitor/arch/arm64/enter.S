/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * enter.S - the last instructions before a context runs
 */
	.text

/*
 * enter_asm(pc, arg, stack): enter EL1 at x0 with x1 in x0 and every other
 * general and SIMD register zero. x2 = top of this CPU's stack, for the next
 * trap. SPSR_EL2 is set. Does not return.
 */
	.globl	enter_asm
enter_asm:
	msr	elr_el2, x0
	mov	sp, x2
	mov	x0, x1

	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movi	v\n\().2d, #0
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	movi	v\n\().2d, #0
	.endr
	msr	fpcr, xzr
	msr	fpsr, xzr

	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	mov	x\n, xzr
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	eret
	/* No straight-line speculation past ERET. */
	dsb	nsh
	isb
