/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile_start.S - as the engine's start.S, but look at every register, and
 * leave something in each at the end
 */
#define FOUND_V		(32 * 8)	/* struct found of hostile.c */
#define FOUND_BYTES	(FOUND_V + 64 * 8)

	.section .text.start, "ax"
	.globl	_start
_start:
	sub	sp, sp, #FOUND_BYTES
	.irp	n, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29
	str	x\n, [sp, #(8 * (\n - 5))]
	.endr
	.irp	n, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
	str	x\n, [sp, #(8 * (\n - 5))]
	.endr
	mrs	x5, nzcv
	mrs	x6, fpcr
	stp	x5, x6, [sp, #(26 * 8)]
	mrs	x5, fpsr
	mrs	x6, tpidr_el0
	stp	x5, x6, [sp, #(28 * 8)]
	mrs	x5, tpidrro_el0
	stp	x5, xzr, [sp, #(30 * 8)]
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	str	q\n, [sp, #(FOUND_V + 16 * \n)]
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str	q\n, [sp, #(FOUND_V + 16 * \n)]
	.endr
	mov	x5, sp
	sub	sp, sp, #32
	stp	x1, x2, [sp]
	str	x3, [sp, #16]
	mov	x1, sp
	mov	w2, w4
	mov	x3, x5
	bl	hostile_main
	sxtw	x0, w0
	ldp	x1, x2, [sp]
	ldr	x3, [sp, #16]

	mov	x4, #-1
	msr	tpidr_el0, x4
	mov	x5, #0x03c00000
	msr	fpcr, x5
	mov	x5, #0x9f
	msr	fpsr, x5
	msr	nzcv, x4
	.irp	n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	mov	x\n, x4
	.endr
	.irp	n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, x4
	.endr
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	dup	v\n\().2d, x4
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	dup	v\n\().2d, x4
	.endr
	svc	#0
	brk	#0
