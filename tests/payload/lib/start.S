/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.S - image header and the three entries of a payload
 *
 * Every entry: EL1h, MMU off, DAIF masked. The dump is taken before anything
 * is changed; so one register must be known to be worthless, see each entry.
 */
#include "cpu.h"
#include "psci.h"

	.section .head.start, "ax"
	/* arm64 boot protocol, Linux Documentation/arm64/booting.rst */
	.globl	image_start
image_start:
	b	start
	.long	0
	.quad	0			/* text_offset */
	/* here payload.lds puts the size of the image */
	.section .head.end, "a"
	.quad	0xa			/* little endian, 4K pages, any place */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.text

/* x0 = struct cpu, already stored as dump[0] where it matters. Uses x1, x2, x9 */
.macro dump
	str	x1, [x0, #8]
	stp	x2, x3, [x0, #16]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	mov	x1, sp
	stp	x30, x1, [x0, #240]
	bl	dump_system
.endm

/*
 * Start: x0 = argument, all others 0 by contract. So x1 serves as pointer; if
 * it is not zero, that is what must be kept, and the argument is lost.
 */
start:
	cbnz	x1, 1f
	adrp	x1, cpus
	str	x0, [x1, #DUMP_X * 8]
	mov	x0, x1
	mov	x1, #0
	b	2f
1:	adrp	x0, cpus
	str	xzr, [x0, #DUMP_X * 8]
2:	dump
	mov	x19, x0

	/* Own image is position independent: apply R_AARCH64_RELATIVE. */
	adrp	x20, image_start
	adrp	x1, rela_start
	add	x1, x1, :lo12:rela_start
	adrp	x2, rela_end
	add	x2, x2, :lo12:rela_end
3:	cmp	x1, x2
	b.hs	4f
	ldp	x3, x4, [x1]		/* offset, info */
	ldr	x5, [x1, #16]		/* addend */
	add	x1, x1, #24
	cmp	w4, #1027		/* R_AARCH64_RELATIVE */
	b.ne	3b
	add	x5, x5, x20
	str	x5, [x3, x20]
	b	3b

4:	adrp	x1, bss_start
	adrp	x2, bss_end
5:	cmp	x1, x2
	b.hs	6f
	stp	xzr, xzr, [x1], #16
	b	5b
6:	dsb	sy
	ic	iallu
	dsb	sy
	isb

	add	x1, x19, #CPU_STACK_TOP
	mov	sp, x1
	mov	x0, x19
	bl	cpu_init
	bl	payload_start
	b	.

/* CPU_ON: context = x0 = struct cpu. */
	.globl	cpu_entry
cpu_entry:
	str	x0, [x0, #DUMP_X * 8]
	dump
	mov	x19, x0
	add	x1, x19, #CPU_STACK_TOP
	mov	sp, x1
	bl	cpu_init
	mov	x0, x19
	bl	cpu_run_fn
	b	.

/* SYSTEM_SUSPEND: context = x0 = struct cpu. */
resume_entry:
	str	x0, [x0, #DUMP_X * 8]
	dump
	mov	x1, #CPU_RESUMED
	str	x1, [x0, #CPU_STATUS]
	/* fall through */

/* x0 = struct cpu, MMU off, status stored: return from cpu_suspend(). */
cpu_return:
	mov	x19, x0
	ldr	x1, [x0, #CPU_SAVED + 96]
	mov	sp, x1
	bl	cpu_init
	ldr	x0, [x19, #CPU_STATUS]
	add	x9, x19, #CPU_SAVED
	ldp	x21, x22, [x9, #16]
	ldp	x23, x24, [x9, #32]
	ldp	x25, x26, [x9, #48]
	ldp	x27, x28, [x9, #64]
	ldp	x29, x30, [x9, #80]
	ldp	x19, x20, [x9]
	ret

/* x9 = struct cpu of the calling CPU. Uses x10. */
.macro this_cpu
	mrs	x10, mpidr_el1
	and	x10, x10, #0xff
	adrp	x9, cpus
	add	x9, x9, x10, lsl #CPU_SHIFT
.endm

/* Keep what a C function may expect to survive, and let memory have it. */
.macro save_callee
	this_cpu
	add	x11, x9, #CPU_SAVED
	stp	x19, x20, [x11]
	stp	x21, x22, [x11, #16]
	stp	x23, x24, [x11, #32]
	stp	x25, x26, [x11, #48]
	stp	x27, x28, [x11, #64]
	stp	x29, x30, [x11, #80]
	mov	x12, sp
	str	x12, [x11, #96]
	mov	x11, x9
	add	x12, x9, #CPU_BYTES
1:	dc	civac, x11
	add	x11, x11, #16		/* smallest line there is */
	cmp	x11, x12
	b.lo	1b
	dsb	sy
.endm

/* int cpu_suspend(uint64_t pattern) */
	.globl	cpu_suspend
cpu_suspend:
	save_callee
	mov	x3, x0
	ldr	x0, =(PSCI_SYSTEM_SUSPEND | PSCI_SMC64)
	adr	x1, resume_entry
	mov	x2, x9
	cbnz	x3, poison
	smc	#0
	ret

/* int cpu_leave(void) */
	.globl	cpu_leave
cpu_leave:
	save_callee
	ldr	x0, =PSCI_CPU_OFF
	smc	#0
	ret

/* The CPU_ON entry that ends cpu_leave(): context = x0 = struct cpu. */
	.globl	cpu_return_entry
cpu_return_entry:
	b	cpu_return

/* int cpu_exit(uint32_t id, uint64_t pattern) */
	.globl	cpu_exit
cpu_exit:
	save_callee
	mov	x3, x1
	mov	x2, x3
	b	poison

/*
 * x0..x2 = call, x3 = pattern. Fill everything and call; no stack, no return
 * but by the saved state.
 */
poison:
	mrs	x4, sctlr_el1
	bic	x4, x4, #1		/* M */
	msr	sctlr_el1, x4
	adr	x4, skip_vectors
	msr	vbar_el1, x4
	ldr	x4, =CPACR_ALL
	msr	cpacr_el1, x4
	isb

	/* Registers that writing can only set must begin empty. */
	mov	x4, #-1
	msr	pmcntenclr_el0, x4
	msr	pmintenclr_el1, x4
	msr	pmovsclr_el0, x4
	/* Those that are written under another name */
	and	x4, x3, #1
	msr	oslar_el1, x4
	mov	x4, #-1
	msr	S2_0_C7_C9_6, x4	/* DBGCLAIMCLR_EL1 */
	msr	S2_0_C7_C8_6, x3	/* DBGCLAIMSET_EL1 */

#define R(name, reg, mask)						\
	.if	mask ;							\
	mrs	x4, reg ;						\
	ldr	x5, =mask ;						\
	bic	x4, x4, x5 ;						\
	and	x6, x3, x5 ;						\
	orr	x4, x4, x6 ;						\
	msr	reg, x4 ;						\
	.endif ;
#include "regs.h"
#undef R

	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	dup	v\n\().2d, x3
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	dup	v\n\().2d, x3
	.endr
	msr	fpcr, x3
	msr	fpsr, x3
	mov	sp, x3
	msr	elr_el1, x3
	msr	spsr_el1, x3
	msr	esr_el1, x3
	msr	far_el1, x3
	msr	vbar_el1, x3
	msr	nzcv, x3
	ldr	x5, =0x10300000		/* TTA, FPEN */
	and	x4, x3, x5
	msr	cpacr_el1, x4
	.irp	n, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
	mov	x\n, x3
	.endr
	.irp	n, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, x3
	.endr
	smc	#0

	/* Refused: the caller hears why, and can look at all but x0, x9, x10. */
	this_cpu
	str	x0, [x9, #CPU_STATUS]
	mov	x0, x9
	dump
	b	cpu_return
	.ltorg

/* x0 = struct cpu: dump all but general registers. Uses x1..x3, x9. */
dump_system:
	mrs	x1, nzcv
	mrs	x2, daif
	stp	x1, x2, [x0, #DUMP_NZCV * 8]
	mrs	x1, currentel
	mrs	x2, spsel
	stp	x1, x2, [x0, #DUMP_CURRENTEL * 8]
	mrs	x1, cpacr_el1
	mrs	x2, vbar_el1
	stp	x1, x2, [x0, #DUMP_CPACR * 8]
	mrs	x1, esr_el1
	mrs	x2, far_el1
	stp	x1, x2, [x0, #DUMP_ESR * 8]
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	stp	x1, x2, [x0, #DUMP_ELR * 8]
	mrs	x1, sctlr_el1
	mrs	x2, mpidr_el1
	stp	x1, x2, [x0, #DUMP_SCTLR * 8]

	/* From here on a register that does not exist is skipped. */
	adr	x1, skip_vectors
	msr	vbar_el1, x1
	ldr	x1, =CPACR_ALL
	msr	cpacr_el1, x1
	isb

	add	x1, x0, #DUMP_Q * 8
	stp	q0, q1, [x1]
	stp	q2, q3, [x1, #32]
	stp	q4, q5, [x1, #64]
	stp	q6, q7, [x1, #96]
	stp	q8, q9, [x1, #128]
	stp	q10, q11, [x1, #160]
	stp	q12, q13, [x1, #192]
	stp	q14, q15, [x1, #224]
	stp	q16, q17, [x1, #256]
	stp	q18, q19, [x1, #288]
	stp	q20, q21, [x1, #320]
	stp	q22, q23, [x1, #352]
	stp	q24, q25, [x1, #384]
	stp	q26, q27, [x1, #416]
	stp	q28, q29, [x1, #448]
	stp	q30, q31, [x1, #480]
	add	x1, x0, #DUMP_FPCR * 8
	mrs	x2, fpcr
	mrs	x3, fpsr
	stp	x2, x3, [x1], #16

	ldr	x3, =DUMP_UNDEFINED
#define R(name, reg, mask)						\
	mov	x2, x3 ;						\
	mrs	x2, reg ;						\
	str	x2, [x1], #8 ;
#include "regs.h"
#undef R
	dsb	sy
	ret
	.ltorg

/* Exception vectors that skip the instruction. Uses x9. */
	.balign	2048
skip_vectors:
	.rept	16
	.balign	128
	mrs	x9, elr_el1
	add	x9, x9, #4
	msr	elr_el1, x9
	eret
	.endr

/* Context must come in x0; so x0 is kept and the place found by MPIDR. */
	.globl	cpu_raw_entry
cpu_raw_entry:
	mrs	x1, mpidr_el1
	and	x2, x1, #0xff
	adrp	x3, raw_entries
	add	x3, x3, :lo12:raw_entries
	add	x3, x3, x2, lsl #6
	mrs	x4, currentel
	stp	x0, x4, [x3]
	mrs	x4, spsel
	mrs	x5, daif
	stp	x4, x5, [x3, #16]
	mrs	x4, sctlr_el1
	stp	x4, x1, [x3, #32]
	ldr	x4, [x3, #48]
	add	x4, x4, #1
	str	x4, [x3, #48]
	dsb	sy
	ldr	x0, =PSCI_CPU_OFF
	smc	#0
	b	.
	.ltorg
