/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * head.S - first code of the firmware image, and of every CPU that comes up
 */
#include "arch_arm64.h"
#include "board.h"
#include "sysreg.h"

	.section .text.head, "ax"

/*
 * Give EL2 the values that this code relies on, before its first load: who was
 * here before may have left another byte order, another meaning of EL2's
 * registers (E2H), routes, or tables. HCR_EL2 is first, because it says what
 * the others mean. Nothing of EL1 can run yet; stage 2 goes on in enter_el1().
 * Uses x2.
 */
	.macro	known_el2
	msr	daifset, #0xf
	ldr_imm	x2, HCR_RW
	msr	hcr_el2, x2
	isb
	mrs	x2, hcr_el2
	tbnz	x2, #HCR_E2H_SHIFT, no_el2
	ldr_imm	x2, SCTLR_EL2_RES1
	msr	sctlr_el2, x2
	isb
	msr	vttbr_el2, xzr
	/*
	 * While a CPU was off it heard of no invalidation: it may have entries
	 * of a slot that has moved since. Out of reset what TLBs hold is unknown
	 * anyway: DDI 0487, section D8.14 "TLB maintenance".
	 */
	dsb	sy
	tlbi	alle1
	tlbi	alle2
	ic	iallu
	dsb	sy
	isb
	.endm

	/* Without a load: \val has at most 32 bits. */
	.macro	ldr_imm reg, val
	movz	\reg, #((\val) & 0xffff)
	movk	\reg, #((\val) >> 16 & 0xffff), lsl #16
	.endm

/*
 * Reset: CPU 0, EL2, MMU off, runs from flash at whatever address; registers
 * hold nothing of use. Does not return.
 */
	.globl	_start
_start:
	mrs	x0, CurrentEL
	cmp	x0, #(2 << 2)
	b.ne	no_el2
	known_el2

	/* Code and constants, then the initial values of data, to RAM. */
	adr	x0, _start
	mov	x20, x0
	ldr	x1, =image_start
	ldr	x2, =text_end
	bl	copy
	ldr	x1, =data_start
	ldr	x2, =data_end
	bl	copy
	ldr	x1, =bss_start
	ldr	x2, =bss_end
1:	cmp	x1, x2
	b.hs	2f
	stp	xzr, xzr, [x1], #16
	b	1b

	/* Which bank of flash this is: flash.c. */
2:	ldr	x1, =flash_image
	str	x20, [x1]

	/*
	 * The stores above went around the caches. A line that was speculated
	 * into them before must not be what we read once they are on.
	 */
	ldr	x1, =image_start
	ldr	x2, =bss_end
	mrs	x3, ctr_el0
	ubfx	x3, x3, #16, #4		/* DminLine, log2 of words */
	mov	x4, #4
	lsl	x3, x4, x3
3:	dc	ivac, x1
	add	x1, x1, x3
	cmp	x1, x2
	b.lo	3b
	dsb	sy
	ic	iallu
	dsb	sy
	isb
	ldr	x0, =in_ram
	br	x0

in_ram:
	mov	x19, #0
	bl	own_stack
	bl	mmu_build
	b	common

/*
 * A CPU that power_cpu_on() powered on: EL2, MMU off, x0 = its index.
 */
	.globl	secondary_entry
secondary_entry:
	mov	x19, x0
	known_el2
	bl	own_stack

common:
	ldr	x0, =vectors
	msr	vbar_el2, x0
	msr	tpidr_el2, x19
	isb
	bl	mmu_enable
	mov	x0, x19
	bl	main_cpu
	b	.

/* Copy from x0 to [x1, x2), 16-byte multiples; x0 advances. Uses x3, x4. */
copy:
	cmp	x1, x2
	b.hs	1f
	ldp	x3, x4, [x0], #16
	stp	x3, x4, [x1], #16
	b	copy
1:	ret

/* Set the stack of the CPU with index x19. Uses x0, x1. */
own_stack:
	ldr	x0, =stacks
	add	x1, x19, #1
	mov	x2, #STACK_STRIDE
	madd	x0, x1, x2, x0
	mov	sp, x0
	ret

/*
 * There is no monitor without EL2, nor with one that can only be a host's
 * (FEAT_E2H0 missing): say so on the bare UART and stop.
 */
no_el2:
	adr	x0, no_el2_text
	mov	x1, #BOARD_UART_BASE
1:	ldrb	w2, [x0], #1
	cbz	w2, 2f
	str	w2, [x1]
	b	1b
2:	wfe
	b	2b

no_el2_text:
	.asciz	"osti-mon: not started at EL2 with E2H = 0: give QEMU -M virt,virtualization=on\r\n"
	.balign	8
	.ltorg

	/* For each CPU a page that mmu.c leaves out, and its stack. */
	.section .bss.stacks, "aw", %nobits
	.balign	STACK_GUARD
	.globl	stacks
stacks:
	.skip	STACK_STRIDE * 8	/* OSTI_MAX_CPUS */
