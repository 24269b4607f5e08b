/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vectors.S - exceptions that are taken to EL2
 *
 * SP_EL2 is the top of the CPU's own stack whenever a context runs, and not far
 * below it in arch_run(), so there is always room for one struct frame.
 */
#include "arch_arm64.h"
#include "sysreg.h"

	.macro	save_first
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #FRAME_X(0)]
	stp	x2, x3, [sp, #FRAME_X(2)]
	.endm

	.macro	save_rest
	stp	x4, x5, [sp, #FRAME_X(4)]
	stp	x6, x7, [sp, #FRAME_X(6)]
	stp	x8, x9, [sp, #FRAME_X(8)]
	stp	x10, x11, [sp, #FRAME_X(10)]
	stp	x12, x13, [sp, #FRAME_X(12)]
	stp	x14, x15, [sp, #FRAME_X(14)]
	stp	x16, x17, [sp, #FRAME_X(16)]
	stp	x18, x19, [sp, #FRAME_X(18)]
	stp	x20, x21, [sp, #FRAME_X(20)]
	stp	x22, x23, [sp, #FRAME_X(22)]
	stp	x24, x25, [sp, #FRAME_X(24)]
	stp	x26, x27, [sp, #FRAME_X(26)]
	stp	x28, x29, [sp, #FRAME_X(28)]
	mrs	x0, elr_el2
	stp	x30, x0, [sp, #FRAME_X(30)]
	mrs	x1, spsr_el2
	str	x1, [sp, #FRAME_SPSR]
	.endm

	.macro	vector target
	.balign	0x80
	b	\target
	.endm

	/* Nothing to be done */
	.macro	forget_none
	.endm

	/* CLRBHB, an instruction in the space of hints */
	.macro	forget_clear
	hint	#22
	isb
	.endm

	/* More branches than the history holds: harden.c */
	.macro	forget_loop
	adrp	x0, harden_loops
	ldr	x0, [x0, :lo12:harden_loops]
1:	b	2f
2:	subs	x0, x0, #1
	b.ne	1b
	dsb	nsh
	isb
	.endm

	/* The firmware's call; it changes x0..x3 at most: DEN 0028, 2.6 */
	.macro	forget_call
	adrp	x0, harden_fid
	ldr	x0, [x0, :lo12:harden_fid]
	smc	#0
	.endm

	.macro	vector_lower forget, target
	.balign	0x80
	save_first
	\forget
	b	\target
	.endm

	.macro	table name, forget
	.balign	0x800
	.globl	\name
\name:
	/* EL2 with SP_EL0, which the monitor never uses */
	vector	own_fault
	vector	own_fault
	vector	own_fault
	vector	own_fault
	/* EL2: the monitor's own fault; interrupts are masked here */
	vector	own_sync
	vector	own_fault
	vector	own_fault
	vector	own_serror
	/* AArch64 EL1 and EL0; all but the first only from EL0 in arch_run() */
	vector_lower \forget, lower_sync
	vector_lower \forget, lower_interrupt
	vector_lower \forget, lower_interrupt
	vector_lower \forget, lower_serror
	/* AArch32 EL0 of a context */
	vector_lower \forget, lower_sync
	vector	own_fault
	vector	own_fault
	vector	own_fault
	.endm

	.text
	table	vectors, forget_none
	table	vectors_clear, forget_clear
	table	vectors_loop, forget_loop
	table	vectors_call, forget_call

/*
 * From EL1 or EL0. In: the lower level's registers, of which x0..x3 are in the
 * frame and the rest still in place. trap_lower(frame) returns
 * when the same code goes on; then all registers are as the frame has them.
 * Those of arch_run() take another way: thread.S.
 */
lower_sync:
	mrs	x0, hcr_el2
	tbnz	x0, #HCR_TGE_SHIFT, 1f
	save_rest
	mov	x0, sp
	bl	trap_lower
	ldr	x1, [sp, #FRAME_SPSR]
	ldp	x30, x0, [sp, #FRAME_X(30)]
	msr	elr_el2, x0
	msr	spsr_el2, x1
	ldp	x0, x1, [sp, #FRAME_X(0)]
	ldp	x2, x3, [sp, #FRAME_X(2)]
	ldp	x4, x5, [sp, #FRAME_X(4)]
	ldp	x6, x7, [sp, #FRAME_X(6)]
	ldp	x8, x9, [sp, #FRAME_X(8)]
	ldp	x10, x11, [sp, #FRAME_X(10)]
	ldp	x12, x13, [sp, #FRAME_X(12)]
	ldp	x14, x15, [sp, #FRAME_X(14)]
	ldp	x16, x17, [sp, #FRAME_X(16)]
	ldp	x18, x19, [sp, #FRAME_X(18)]
	ldp	x20, x21, [sp, #FRAME_X(20)]
	ldp	x22, x23, [sp, #FRAME_X(22)]
	ldp	x24, x25, [sp, #FRAME_X(24)]
	ldp	x26, x27, [sp, #FRAME_X(26)]
	ldp	x28, x29, [sp, #FRAME_X(28)]
	add	sp, sp, #FRAME_SIZE
	eret
	/* No straight-line speculation past ERET. */
	dsb	nsh
	isb
1:	mov	x0, #RUN_SYNC
	b	thread_back

lower_interrupt:
	mov	x0, #RUN_INTERRUPT
	b	thread_back

lower_serror:
	mov	x0, #RUN_SERROR
	b	thread_back

/*
 * From EL2: a register of optional.S that this CPU does not have is skipped,
 * with all registers as they were; all else is a fault. The scratch registers
 * are EL0's, which are zero while optional.S runs.
 */
own_sync:
	msr	tpidr_el0, x0
	msr	tpidrro_el0, x1
	mrs	x0, esr_el2
	lsr	x0, x0, #26
	cbnz	x0, 1f
	mrs	x0, elr_el2
	ldr	x1, =optional_start
	cmp	x0, x1
	b.lo	1f
	ldr	x1, =optional_end
	cmp	x0, x1
	b.hs	1f
	add	x0, x0, #4
	msr	elr_el2, x0
	mrs	x0, tpidr_el0
	mrs	x1, tpidrro_el0
	msr	tpidr_el0, xzr
	msr	tpidrro_el0, xzr
	eret
1:	mrs	x0, tpidr_el0
	mrs	x1, tpidrro_el0

/* From EL2: what serror.S waits for; anywhere else A is set. */
own_serror:
	mrs	x11, elr_el2
	adrp	x12, serror_window_start
	add	x12, x12, :lo12:serror_window_start
	cmp	x11, x12
	b.lo	own_fault
	adrp	x12, serror_window_end
	add	x12, x12, :lo12:serror_window_end
	cmp	x11, x12
	b.hi	own_fault
	msr	elr_el2, x12
	mrs	x0, spsr_el2
	orr	x0, x0, #PSR_A
	msr	spsr_el2, x0
	mrs	x0, esr_el2
	eret
	/* No straight-line speculation past ERET. */
	dsb	nsh
	isb

/* The monitor's own fault: dump and reset. The stack may be what broke. */
own_fault:
	msr	tpidr_el0, x0
	ldr	x0, =fault_stack_top
	mov	sp, x0
	mrs	x0, tpidr_el0
	save_first
	save_rest
	mov	x0, sp
	bl	trap_own
	b	.
	.ltorg

	/* Behind the stacks, laid out as they are: mmu.c. */
	.section .bss.fault_stack, "aw", %nobits
	.balign	STACK_GUARD
	.globl	fault_stack, fault_stack_top
fault_stack:
	.skip	STACK_GUARD + FAULT_STACK_SIZE
fault_stack_top:
