/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arch_arm64.h - what the files of arch/arm64 share
 */
#ifndef ARCH_ARM64_H
#define ARCH_ARM64_H

/* Stacks lie in a row, each above a page that is not mapped. */
#define STACK_GUARD	4096
#define STACK_SIZE	8192
#define STACK_STRIDE	(STACK_GUARD + STACK_SIZE)
#define FAULT_STACK_SIZE 4096

/* Offsets in struct frame, checked in trap.c. */
#define FRAME_X(n)	(8 * (n))
#define FRAME_ELR	(8 * 31)
#define FRAME_SPSR	(8 * 32)
#define FRAME_SIZE	(8 * 34)

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "cpu.h"

/* State of the lower exception level, on the CPU's stack while it is in EL2. */
struct frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t pad;		/* keeps the stack 16-byte aligned */
};

/* The one lock of the monitor. */
/* Take it; a CPU that must stop loses power here instead. */
void lock_or_stop(void);
void lock_release(void);

/* Build the monitor's own page tables, and switch them on for this CPU. */
void mmu_build(void);
void mmu_enable(void);

/* Set this CPU's EL2 registers for running contexts. */
void setup_cpu(void);
/* Reset every register that EL1 or EL0 can read or use. */
void scrub_sysregs(void);
/* optional.S: those of them that not every CPU has. */
void scrub_optional(void);
/* serror.S: take a pending SError; its ESR_EL2, or 0 if there was none. */
uint64_t serror_window(void);
/* Leave EL2 for EL1 with the current context's stage 2; all else scrubbed. */
void enter_el1(const struct cpu_entry *entry) __attribute__((noreturn));
/* enter.S: reset the stack, zero all X and Q registers, ERET. */
void enter_asm(uint64_t pc, uint64_t arg, uint64_t stack)
	__attribute__((noreturn));
/* The calling CPU loses power. */
void cpu_power_off(void) __attribute__((noreturn));

/*
 * Value that a context sees of an ID register, op0 = 3, op1 = 0, CRn = 0.
 * Unallocated numbers read as zero, as the architecture says.
 */
uint64_t idreg_read(unsigned int crm, unsigned int op2);

void console_init(void);

#endif /* __ASSEMBLER__ */
#endif /* ARCH_ARM64_H */
