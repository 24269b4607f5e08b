/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start.S - first code after power-on: the selector copies itself to RAM
 *
 * CPU 0, MMU off, flash is readable memory. In RAM because flash gives no code
 * while a word of it is written. A firmware before it may have left EL2 as it
 * likes, big-endian for one: the monitor puts all of it in order, and here only
 * what the selector's own loads and stores depend on.
 */
#define HCR_EL2_RW	0x8000		/* bits 31 to 16; EL1 is AArch64 */
#define SCTLR_EL2_HIGH	0x30c5		/* likewise, and below: RES1 */
#define SCTLR_EL2_LOW	0x0830

	.section .text.start, "ax"
	.globl	_start
_start:
	movz	x0, #HCR_EL2_RW, lsl #16
	msr	hcr_el2, x0
	isb
	movz	x0, #SCTLR_EL2_HIGH, lsl #16
	movk	x0, #SCTLR_EL2_LOW
	msr	sctlr_el2, x0
	isb
	adr	x0, _start
	ldr	x1, =image_start
	ldr	x2, =image_end
1:	ldp	x3, x4, [x0], #16
	stp	x3, x4, [x1], #16
	cmp	x1, x2
	b.lo	1b
	dsb	sy
	ic	iallu
	dsb	sy
	isb
	ldr	x0, =stack_top
	mov	sp, x0
	ldr	x0, =selector_main
	br	x0
	.ltorg
