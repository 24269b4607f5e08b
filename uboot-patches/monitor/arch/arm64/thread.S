/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * thread.S - into a thread and back
 *
 * The stack meanwhile, from SP_EL2 on: what is the caller's own, and of the
 * context that has the CPU. vectors.S puts a struct frame below it.
 */
#include "arch_arm64.h"
#include "sysreg.h"

#define SAVED_THREAD	0
#define SAVED_FPCR	16
#define SAVED_X19	32
#define SAVED_Q		128
#define SAVED_SIZE	(SAVED_Q + 32 * 16)

	.macro	all_q op, base, at
	\op	q0, q1, [\base, #(\at)]
	\op	q2, q3, [\base, #(\at + 32)]
	\op	q4, q5, [\base, #(\at + 64)]
	\op	q6, q7, [\base, #(\at + 96)]
	\op	q8, q9, [\base, #(\at + 128)]
	\op	q10, q11, [\base, #(\at + 160)]
	\op	q12, q13, [\base, #(\at + 192)]
	\op	q14, q15, [\base, #(\at + 224)]
	\op	q16, q17, [\base, #(\at + 256)]
	\op	q18, q19, [\base, #(\at + 288)]
	\op	q20, q21, [\base, #(\at + 320)]
	\op	q22, q23, [\base, #(\at + 352)]
	\op	q24, q25, [\base, #(\at + 384)]
	\op	q26, q27, [\base, #(\at + 416)]
	\op	q28, q29, [\base, #(\at + 448)]
	\op	q30, q31, [\base, #(\at + 480)]
	.endm

	.macro	all_callee_saved op
	\op	x19, x20, [sp, #SAVED_X19]
	\op	x21, x22, [sp, #(SAVED_X19 + 16)]
	\op	x23, x24, [sp, #(SAVED_X19 + 32)]
	\op	x25, x26, [sp, #(SAVED_X19 + 48)]
	\op	x27, x28, [sp, #(SAVED_X19 + 64)]
	\op	x29, x30, [sp, #(SAVED_X19 + 80)]
	.endm

	.macro	all_x_from_4 op, base
	\op	x4, x5, [\base, #THREAD_X(4)]
	\op	x6, x7, [\base, #THREAD_X(6)]
	\op	x8, x9, [\base, #THREAD_X(8)]
	\op	x10, x11, [\base, #THREAD_X(10)]
	\op	x12, x13, [\base, #THREAD_X(12)]
	\op	x14, x15, [\base, #THREAD_X(14)]
	\op	x16, x17, [\base, #THREAD_X(16)]
	\op	x18, x19, [\base, #THREAD_X(18)]
	\op	x20, x21, [\base, #THREAD_X(20)]
	\op	x22, x23, [\base, #THREAD_X(22)]
	\op	x24, x25, [\base, #THREAD_X(24)]
	\op	x26, x27, [\base, #THREAD_X(26)]
	\op	x28, x29, [\base, #THREAD_X(28)]
	.endm

	.text
	.globl	thread_run, thread_back

/* thread_run(thread). ELR_EL2, SPSR_EL2, SP_EL0 and TPIDR_EL0 are the thread's. */
thread_run:
	sub	sp, sp, #SAVED_SIZE
	str	x0, [sp, #SAVED_THREAD]
	all_callee_saved stp
	mrs	x1, fpcr
	mrs	x2, fpsr
	stp	x1, x2, [sp, #SAVED_FPCR]
	all_q	stp, sp, SAVED_Q

	ldr	x1, [x0, #THREAD_FPCR]
	ldr	x2, [x0, #THREAD_FPSR]
	msr	fpcr, x1
	msr	fpsr, x2
	all_q	ldp, x0, THREAD_Q
	all_x_from_4 ldp, x0
	ldr	x30, [x0, #THREAD_X(30)]
	ldp	x2, x3, [x0, #THREAD_X(2)]
	ldp	x0, x1, [x0, #THREAD_X(0)]
	eret
	/* No straight-line speculation past ERET. */
	dsb	nsh
	isb

/*
 * From vectors.S, with x0 = RUN_*: of the thread's registers x0..x3 are in the
 * frame at SP and the rest still in place. Returns from thread_run().
 */
thread_back:
	ldr	x1, [sp, #(FRAME_SIZE + SAVED_THREAD)]
	all_x_from_4 stp, x1
	str	x30, [x1, #THREAD_X(30)]
	ldp	x2, x3, [sp, #FRAME_X(0)]
	stp	x2, x3, [x1, #THREAD_X(0)]
	ldp	x2, x3, [sp, #FRAME_X(2)]
	stp	x2, x3, [x1, #THREAD_X(2)]
	add	sp, sp, #FRAME_SIZE
	mrs	x2, fpcr
	mrs	x3, fpsr
	str	x2, [x1, #THREAD_FPCR]
	str	x3, [x1, #THREAD_FPSR]
	all_q	stp, x1, THREAD_Q

	ldp	x2, x3, [sp, #SAVED_FPCR]
	msr	fpcr, x2
	msr	fpsr, x3
	all_q	ldp, sp, SAVED_Q
	all_callee_saved ldp
	add	sp, sp, #SAVED_SIZE
	ret
