/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start.S - first code after power-on: the selector copies itself to RAM
 *
 * CPU 0, MMU off, flash is readable memory. In RAM because flash gives no code
 * while a word of it is written.
 */
	.section .text.start, "ax"
	.globl	_start
_start:
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
