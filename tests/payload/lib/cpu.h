/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.h - a CPU's state in a payload, entries and exits; C and assembly
 *
 * At every entry (start, CPU_ON, resume) the first instructions store all that
 * a register can hold into the CPU's dump, before anything is changed. The
 * MMU is on between an entry and an exit: identity map, RAM of the slot
 * normal, all else device memory.
 */
#ifndef PAYLOAD_CPU_H
#define PAYLOAD_CPU_H

/* Indexes into struct cpu.dump, 8 bytes each; X0..X30 first. */
#define DUMP_X			0
#define DUMP_SP			31
#define DUMP_NZCV		32
#define DUMP_DAIF		33
#define DUMP_CURRENTEL		34
#define DUMP_SPSEL		35
#define DUMP_CPACR		36
#define DUMP_VBAR		37
#define DUMP_ESR		38
#define DUMP_FAR		39
#define DUMP_ELR		40
#define DUMP_SPSR		41
#define DUMP_SCTLR		42
#define DUMP_MPIDR		43
#define DUMP_Q			44	/* Q0..Q31, 2 each */
#define DUMP_FPCR		108
#define DUMP_FPSR		109
#define DUMP_REGS		110	/* lib/regs.h in order */
#define DUMP_MAX		256

/* A register that could not be read: no pattern or reset value is this. */
#define DUMP_UNDEFINED		0x756e646566696e65

/* Layout of struct cpu */
#define CPU_SHIFT		15
#define CPU_BYTES		(1 << CPU_SHIFT)
#define CPU_SAVED		(DUMP_MAX * 8)	/* x19..x30, sp */
#define CPU_STATUS		(CPU_SAVED + 13 * 8)
#define CPU_HEAD		4096
#define CPU_STACK_TOP		CPU_BYTES

/* cpu_suspend() came back by its entry, not by an error. */
#define CPU_RESUMED		1

/* CPACR_EL1 that leaves the refusal of SVE and SME to the monitor */
#define CPACR_ALL		0x3330000

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include "platform.h"

/* An exception that a probe ran into. */
struct fault {
	bool taken;
	uint64_t esr;
	uint64_t far;
	uint64_t elr;
	uint64_t x3;		/* base register of a load with writeback */
};

#define ESR_EC(esr)		((esr) >> 26 & 0x3f)
#define ESR_FSC(esr)		((esr) & 0x3f)
#define EC_UNKNOWN		0x00
#define EC_SYSREG		0x18
#define EC_IABORT		0x21	/* same exception level */
#define EC_DABORT		0x25
#define FSC_EXTERNAL		0x10	/* synchronous, not on a walk */
#define FSC_ALIGNMENT		0x21

struct cpu {
	uint64_t dump[DUMP_MAX];
	uint64_t saved[13];
	int64_t status;
	void (*fn)(uint64_t arg);
	uint64_t arg;
	bool probing;			/* exceptions are expected */
	struct fault fault;		/* of the last probe */
	uint32_t irqs;			/* interrupts taken as exceptions */
	uint32_t last_irq;
	uint8_t head_pad[CPU_HEAD - CPU_STATUS - 80];
	uint8_t stack[CPU_BYTES - CPU_HEAD];
} __attribute__((aligned(CPU_BYTES)));

extern struct cpu cpus[MAX_CPUS];

/* Image of the payload with its stacks, page-aligned. */
extern char image_start[], image_end[];

/* The program. Runs on the boot CPU. */
void payload_main(void);

/* MMU, vectors and FP of the calling CPU; called at every entry. */
void cpu_init(struct cpu *cpu);
void mmu_on(void);
void mmu_off(void);

/*
 * Start CPU @index with fn(arg) on its own stack; it powers itself off when fn
 * returns. The PSCI status of CPU_ON.
 */
int cpu_on(unsigned int index, void (*fn)(uint64_t arg), uint64_t arg);
/* The PSCI state of a CPU. */
int cpu_state(unsigned int index);
/* cpu_on() must succeed and the CPU be off again within a deadline. */
bool cpu_run(unsigned int index, void (*fn)(uint64_t arg), uint64_t arg);
void cpu_off(void) __attribute__((noreturn));

/*
 * SYSTEM_SUSPEND. CPU_RESUMED, or the PSCI error. With a @pattern, all
 * registers hold it at the call.
 */
int cpu_suspend(uint64_t pattern);
/*
 * CPU_OFF, SYSTEM_OFF or SYSTEM_RESET with @pattern in all registers. If the
 * call returns, its status; the dump then shows the registers after it.
 */
int cpu_exit(uint32_t id, uint64_t pattern);

/*
 * CPU_OFF, to come back when another CPU has set cpu->status and called
 * CPU_ON with cpu_return_entry and the struct cpu as context: that status. Or
 * the PSCI error.
 */
int cpu_leave(void);
void cpu_return_entry(void);

/*
 * A CPU_ON entry that stores x0, CurrentEL, SPSel, DAIF, SCTLR_EL1, MPIDR_EL1
 * and 1 at raw_entries[CPU], and powers off.
 */
struct raw_entry {
	uint64_t x0;
	uint64_t currentel;
	uint64_t spsel;
	uint64_t daif;
	uint64_t sctlr;
	uint64_t mpidr;
	uint64_t count;
	uint64_t pad;
};

extern struct raw_entry raw_entries[MAX_CPUS];
void cpu_raw_entry(void);

/* The CPU_ON entry behind cpu_on(); context = &cpus[index]. */
void cpu_entry(void);

#endif /* __ASSEMBLER__ */

#endif /* PAYLOAD_CPU_H */
