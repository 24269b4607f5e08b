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

/* Offsets in struct arch_thread, checked in run.c. */
#define THREAD_X(n)	(8 * (n))
#define THREAD_FPCR	(8 * 35)
#define THREAD_FPSR	(8 * 36)
#define THREAD_Q	(8 * 38)

/* What brought a CPU back from a thread: thread.S */
#define RUN_SYNC	0
#define RUN_INTERRUPT	1
#define RUN_SERROR	2

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"

/* State of the lower exception level, on the CPU's stack while it is in EL2. */
struct frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t pad;		/* keeps the stack 16-byte aligned */
};

/* Build the monitor's own page tables, and switch them on for this CPU. */
void mmu_build(void);
void mmu_enable(void);
/* Is all of a range of RAM mapped? */
bool mmu_is_mapped(pa_t addr, uint64_t bytes);

/* Set this CPU's EL2 registers for running contexts. */
void setup_cpu(void);
/* Reset every register that EL1 or EL0 can read or use. */
void scrub_sysregs(void);
/* The same, and drop what SError is pending: no context has this CPU. */
void clean_cpu(void);
/* optional.S: those of them that not every CPU has. */
void scrub_optional(void);
/* serror.S: take a pending SError; its ESR_EL2, or 0 if there was none. */
uint64_t serror_window(void);
/* Leave EL2 for EL1 with the current context's stage 2; all else scrubbed. */
void enter_el1(const struct cpu_entry *entry) __attribute__((noreturn));
/* enter.S: reset the stack, zero all X and Q registers, ERET. */
void enter_asm(uint64_t pc, uint64_t arg, uint64_t stack)
	__attribute__((noreturn));
/*
 * thread.S: load X and Q registers, FPCR and FPSR of a thread and ERET. Returns
 * RUN_* when the thread has trapped; they are saved then, and the context's Q
 * registers, FPCR and FPSR are as they were.
 */
struct arch_thread;
unsigned int thread_run(struct arch_thread *thread);

/* What a context lets its CPU's interface of the GIC signal. */
struct icc_mask {
	uint64_t priority, group0, point0, active0, active1;
};

/*
 * Let interrupts of Group 0 with priority 0, the monitor's own, through
 * whatever the context has masked, and no others than before.
 */
void icc_open(struct icc_mask *was);
void icc_close(const struct icc_mask *was);

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
