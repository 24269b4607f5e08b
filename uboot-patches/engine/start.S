/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start.S - begin a job and end it, as engine_abi.h says
 *
 *   x0 job  x1..x3 arguments  x4 worker  SP top of the worker's stack
 *   -> SVC #0: x0 status  x1..x3 results
 */
	.section .text.start, "ax"
	.globl	_start
	.type	_start, %function
_start:
	sub	sp, sp, #32
	stp	x1, x2, [sp]
	str	x3, [sp, #16]
	mov	x1, sp
	mov	w2, w4
	bl	engine_main
	sxtw	x0, w0
	ldp	x1, x2, [sp]
	ldr	x3, [sp, #16]
	svc	#0
	/* A job has one end only. */
	brk	#0
	.size	_start, . - _start
