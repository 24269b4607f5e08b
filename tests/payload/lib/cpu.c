// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cpu.c - bringing up CPUs and their MMU
 */
#include "arch.h"
#include "cpu.h"
#include "print.h"
#include "report.h"
#include "smc.h"
#include "timer.h"

/* Off within this time after its function returned, on a loaded host. */
#define CPU_OFF_MS	10000

struct cpu cpus[MAX_CPUS] __attribute__((section(".noinit")));
struct raw_entry raw_entries[MAX_CPUS] __attribute__((aligned(64)));

_Static_assert(sizeof(struct cpu) == CPU_BYTES, "CPU_BYTES");
_Static_assert(offsetof(struct cpu, saved) == CPU_SAVED, "CPU_SAVED");
_Static_assert(offsetof(struct cpu, status) == CPU_STATUS, "CPU_STATUS");
_Static_assert(offsetof(struct cpu, stack) == CPU_HEAD, "CPU_HEAD");
_Static_assert(sizeof(struct raw_entry) == 64, "cpu_raw_entry");

#define R(name, reg, mask) + 1
_Static_assert(DUMP_REGS
#include "regs.h"
	       <= DUMP_MAX, "DUMP_MAX");
#undef R

extern char vectors[];
void payload_start(void);
void cpu_run_fn(struct cpu *cpu);

/*
 * Identity map of 40 bits with 1 GiB blocks: a level 0 table of two entries,
 * a level 1 table each. Arm DDI 0487, D8.3.
 */
#define GIB			(1UL << 30)
#define DESC_TABLE		0x3UL
#define DESC_BLOCK		0x1UL
#define DESC_ATTR(n)		((uint64_t)(n) << 2)
#define DESC_INNER_SHAREABLE	(3UL << 8)
#define DESC_AF			(1UL << 10)
#define DESC_XN			(3UL << 53)	/* PXN, UXN */
#define ATTR_NORMAL		0
#define ATTR_DEVICE		1
#define MAIR			0x04ffUL	/* nGnRE, write-back */
/* T0SZ 24, no TTBR1, write-back inner shareable walks, 40-bit IPA */
#define TCR			(24UL | 1UL << 8 | 1UL << 10 | 3UL << 12 | \
				 1UL << 23 | 2UL << 32)
/* RES1 bits of Armv8.0 */
#define SCTLR_MMU_OFF		0x30d00800UL
#define SCTLR_MMU_ON		(SCTLR_MMU_OFF | 1UL << 12 | 1UL << 2 | 1UL)

static uint64_t level0[512] __attribute__((aligned(4096)));
static uint64_t level1[2][512] __attribute__((aligned(4096)));

static void mmu_tables(void)
{
	uint64_t ram_end = self.ram_end;
	unsigned int i;

	for (i = 0; i < 1024; i++) {
		uint64_t addr = i * GIB;

		level1[i / 512][i % 512] = addr | DESC_BLOCK | DESC_AF |
			(addr >= self.ram_base && addr < ram_end ?
			 DESC_ATTR(ATTR_NORMAL) | DESC_INNER_SHAREABLE :
			 DESC_ATTR(ATTR_DEVICE) | DESC_XN);
	}
	level0[0] = (uint64_t)level1[0] | DESC_TABLE;
	level0[1] = (uint64_t)level1[1] | DESC_TABLE;
	dsb();
}

void mmu_on(void)
{
	write_sysreg(mair_el1, MAIR);
	write_sysreg(tcr_el1, TCR);
	write_sysreg(ttbr0_el1, (uint64_t)level0);
	__asm__ volatile("dsb sy\n\ttlbi vmalle1\n\tdsb sy\n\tic iallu\n\t"
			 "dsb sy\n\tisb" ::: "memory");
	write_sysreg(sctlr_el1, SCTLR_MMU_ON);
	isb();
}

void mmu_off(void)
{
	cache_flush(image_start,
		    (uint64_t)image_end - (uint64_t)image_start);
	write_sysreg(sctlr_el1, SCTLR_MMU_OFF);
	isb();
}

void cpu_init(struct cpu *cpu)
{
	write_sysreg(vbar_el1, (uint64_t)vectors);
	write_sysreg(cpacr_el1, CPACR_ALL);
	write_sysreg(mdscr_el1, 0);
	write_sysreg(oslar_el1, 0);
	write_sysreg(sctlr_el1, SCTLR_MMU_OFF);
	isb();
	/* Only the boot CPU comes here before there are tables. */
	if (!self.ram_bytes) {
		osti_self_read();
		mmu_tables();
	}
	/* The dump was written past the cache. */
	cache_flush(cpu->dump, sizeof(cpu->dump));
	mmu_on();
	cpu->probing = false;
}

void payload_start(void)
{
	uart_init();
	payload_main();
	report_abort("the program returned");
}

void cpu_run_fn(struct cpu *cpu)
{
	cpu->fn(cpu->arg);
	cpu_off();
}

void cpu_off(void)
{
	int status;

	cache_flush(&cpus[cpu_index()], sizeof(struct cpu));
	status = psci(PSCI_CPU_OFF, 0, 0, 0);
	report_abort("CPU_OFF gave %d on CPU %u", status, cpu_index());
}

int cpu_on(unsigned int index, void (*fn)(uint64_t arg), uint64_t arg)
{
	cpus[index].fn = fn;
	cpus[index].arg = arg;
	cpus[index].irqs = 0;
	cache_flush(&cpus[index], sizeof(struct cpu));
	return psci64(PSCI_CPU_ON, index, (uint64_t)cpu_entry,
		      (uint64_t)&cpus[index]);
}

int cpu_state(unsigned int index)
{
	return psci64(PSCI_AFFINITY_INFO, index, 0, 0);
}

bool cpu_run(unsigned int index, void (*fn)(uint64_t arg), uint64_t arg)
{
	int status = cpu_on(index, fn, arg);

	if (!check(status == PSCI_SUCCESS, "CPU_ON of CPU %u gave %d", index,
		   status))
		return false;
	return check(wait_for(cpu_state(index) == PSCI_AFFINITY_OFF,
			      CPU_OFF_MS),
		     "CPU %u was not off again after %u ms", index, CPU_OFF_MS);
}
