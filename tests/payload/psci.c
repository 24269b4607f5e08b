// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * psci.c - every PSCI call and every error of it
 *
 * Needs two CPUs or more. Source of the expected values: Arm DEN 0022 (PSCI
 * 1.1) and docs/abi.md where the specification leaves a choice.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/kept.h"
#include "lib/mem.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"

#define DEADLINE_MS	10000
#define DTB_MAGIC	0xedfe0dd0U	/* big endian, read little endian */

/* CurrentEL and SPSel of EL1h, DAIF all masked */
#define EL1		4
#define SP_ELX		1
#define DAIF_ALL	0x3c0
#define SCTLR_M		1

static volatile uint32_t release;

static void test_start(void)
{
	const uint64_t *dump = cpus[0].dump;
	unsigned int i;

	test_begin("start");
	check(dump[0] % 8 == 0 && dump[0] >= self.ram_base &&
	      dump[0] < self.ram_end &&
	      *(const uint32_t *)dump[0] == DTB_MAGIC,
	      "x0 = 0x%lx is not a device tree", dump[0]);
	for (i = 1; i < 31; i++)
		check(dump[i] == 0, "x%u is 0x%lx", i, dump[i]);
	check_eq("CurrentEL", dump[DUMP_CURRENTEL], EL1);
	check_eq("SPSel", dump[DUMP_SPSEL], SP_ELX);
	check_eq("DAIF", dump[DUMP_DAIF], DAIF_ALL);
	check_eq("SCTLR_EL1.M", dump[DUMP_SCTLR] & SCTLR_M, 0);
	check_eq("MPIDR_EL1 without U", dump[DUMP_MPIDR] & 0xff00ffffff, 0);
	check(self.slot >= 1 && self.slot <= self.nr_slots, "own slot is %u",
	      self.slot);
	check_eq("base of RAM", self.ram_base, OSTI_RAM_IPA);
	check((uint64_t)image_start >= self.ram_base &&
	      (uint64_t)image_end <= self.ram_end, "image is outside RAM");
	test_end();
}

static void test_version(void)
{
	test_begin("version");
	check_status("PSCI_VERSION", psci(PSCI_VERSION, 0, 0, 0), 0x10001);
	check_status("MIGRATE_INFO_TYPE",
		     psci(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2);
	check_status("SMCCC_VERSION by PSCI_FEATURES",
		     psci(PSCI_FEATURES, SMCCC_VERSION, 0, 0), PSCI_SUCCESS);
	check(smc3(SMCCC_VERSION, 0, 0, 0) >= 0x10002,
	      "SMCCC_VERSION is 0x%lx", smc3(SMCCC_VERSION, 0, 0, 0));
	test_end();
}

static void test_features(void)
{
	static const uint32_t supported[] = {
		PSCI_VERSION, PSCI_CPU_SUSPEND, PSCI_CPU_SUSPEND | PSCI_SMC64,
		PSCI_CPU_OFF, PSCI_CPU_ON, PSCI_CPU_ON | PSCI_SMC64,
		PSCI_AFFINITY_INFO, PSCI_AFFINITY_INFO | PSCI_SMC64,
		PSCI_MIGRATE_INFO_TYPE, PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET,
		PSCI_FEATURES, PSCI_SYSTEM_SUSPEND,
		PSCI_SYSTEM_SUSPEND | PSCI_SMC64,
	};
	static const uint32_t unsupported[] = {
		PSCI_VERSION | PSCI_SMC64, PSCI_CPU_OFF | PSCI_SMC64,
		PSCI_MIGRATE, PSCI_MIGRATE | PSCI_SMC64,
		PSCI_MIGRATE_INFO_UP_CPU, PSCI_MIGRATE_INFO_TYPE | PSCI_SMC64,
		PSCI_SYSTEM_OFF | PSCI_SMC64, PSCI_SYSTEM_RESET | PSCI_SMC64,
		PSCI_FEATURES | PSCI_SMC64, PSCI_CPU_FREEZE,
		PSCI_CPU_DEFAULT_SUSPEND, PSCI_NODE_HW_STATE,
		PSCI_SET_SUSPEND_MODE, PSCI_STAT_RESIDENCY, PSCI_STAT_COUNT,
		PSCI_SYSTEM_RESET2, PSCI_SYSTEM_RESET2 | PSCI_SMC64,
		PSCI_MEM_PROTECT, PSCI_MEM_PROTECT_CHECK_RANGE, 0x8400001f,
		0xc400001f, 0x04000000, 0x44000003, 0, 0xffffffff,
	};
	unsigned int i;

	test_begin("features");
	for (i = 0; i < sizeof(supported) / sizeof(*supported); i++)
		check(psci(PSCI_FEATURES, supported[i], 0, 0) >= 0,
		      "0x%x is said to be missing", supported[i]);
	for (i = 0; i < sizeof(unsupported) / sizeof(*unsupported); i++)
		check(psci(PSCI_FEATURES, unsupported[i], 0, 0) ==
		      PSCI_NOT_SUPPORTED, "0x%x is said to be there",
		      unsupported[i]);
	/* A 32-bit call has 32-bit arguments, whatever lies above. */
	check_status("FEATURES with garbage above bit 31",
		     psci(PSCI_FEATURES, 0xdeadbeef00000000 | PSCI_CPU_ON, 0, 0),
		     PSCI_SUCCESS);
	test_end();
}

static void test_unknown(void)
{
	static const uint32_t ids[] = {
		PSCI_MIGRATE, PSCI_MIGRATE | PSCI_SMC64,
		PSCI_MIGRATE_INFO_UP_CPU, PSCI_CPU_FREEZE,
		PSCI_CPU_DEFAULT_SUSPEND, PSCI_NODE_HW_STATE,
		PSCI_SET_SUSPEND_MODE, PSCI_STAT_RESIDENCY, PSCI_STAT_COUNT,
		PSCI_SYSTEM_RESET2, PSCI_SYSTEM_RESET2 | PSCI_SMC64,
		PSCI_MEM_PROTECT, PSCI_MEM_PROTECT_CHECK_RANGE,
		/* no such width */
		PSCI_VERSION | PSCI_SMC64, PSCI_CPU_OFF | PSCI_SMC64,
		PSCI_SYSTEM_OFF | PSCI_SMC64, PSCI_SYSTEM_RESET | PSCI_SMC64,
		/* no such function, no such owner, yielding */
		0x8400001f, 0xc400ffff, 0x81000000, 0x82000000, 0x83000000,
		0x85000000, 0x87000000, 0xb0000000, 0xbf000000, 0x04000003,
		0, 0x95c1ba5e, 0x44000003,
	};
	unsigned int i;
	int status;

	test_begin("unknown");
	for (i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		status = psci(ids[i], 0, 0, 0);
		check(status == PSCI_NOT_SUPPORTED, "0x%x gave %d", ids[i],
		      status);
	}
	test_end();
}

/* With arguments that mean something. */
static void check_preserved(uint32_t id, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct smc_regs regs;

	kept_fill(&regs);
	regs.x[0] = id;
	regs.x[1] = x1;
	regs.x[2] = x2;
	regs.x[3] = x3;
	kept_call(&regs);
}

static void test_registers(void)
{
	test_begin("registers");
	check_preserved(PSCI_VERSION, 0, 0, 0);
	check_preserved(PSCI_FEATURES, PSCI_CPU_ON, 0, 0);
	check_preserved(PSCI_AFFINITY_INFO | PSCI_SMC64, 0, 0, 0);
	check_preserved(PSCI_CPU_ON | PSCI_SMC64, 0, (uint64_t)cpu_entry, 0);
	check_preserved(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0);
	check_preserved(PSCI_SYSTEM_SUSPEND | PSCI_SMC64, 0, 0, 0);
	check_preserved(PSCI_CPU_SUSPEND, 1 << 16, 0, 0);
	check_preserved(0x8400001f, 1, 2, 3);
	check_preserved(0x12345678, 1, 2, 3);
	test_end();
}

static void test_fp_registers(void)
{
	static uint64_t before[64] __attribute__((aligned(16)));
	static uint64_t after[64] __attribute__((aligned(16)));
	unsigned int i;

	test_begin("fp-registers");
	for (i = 0; i < 64; i++)
		before[i] = 0x0123456789abcdef * (i + 1);
#define QPAIR(op, a, b, off) #op " q" #a ", q" #b ", [%0, #" #off "]\n\t"
#define ALL_Q(op)							\
	QPAIR(op, 0, 1, 0) QPAIR(op, 2, 3, 32) QPAIR(op, 4, 5, 64)	\
	QPAIR(op, 6, 7, 96) QPAIR(op, 8, 9, 128) QPAIR(op, 10, 11, 160)	\
	QPAIR(op, 12, 13, 192) QPAIR(op, 14, 15, 224)			\
	QPAIR(op, 16, 17, 256) QPAIR(op, 18, 19, 288)			\
	QPAIR(op, 20, 21, 320) QPAIR(op, 22, 23, 352)			\
	QPAIR(op, 24, 25, 384) QPAIR(op, 26, 27, 416)			\
	QPAIR(op, 28, 29, 448) QPAIR(op, 30, 31, 480)
	__asm__ volatile(".arch_extension fp\n\t" ALL_Q(ldp)
			 :: "r"(before) : "memory");
	psci(PSCI_VERSION, 0, 0, 0);
	psci64(PSCI_CPU_ON, 0, 0, 0);
	psci(0x8400001f, 0, 0, 0);
	__asm__ volatile(ALL_Q(stp) :: "r"(after) : "memory");
	for (i = 0; i < 64; i++)
		check(after[i] == before[i], "q%u changed", i / 2);
	test_end();
}

static void test_affinity_info(void)
{
	unsigned int i;

	test_begin("affinity-info");
	for (i = 0; i < self.nr_cpus; i++) {
		int want = i ? PSCI_AFFINITY_OFF : PSCI_AFFINITY_ON;

		check_status("AFFINITY_INFO", psci(PSCI_AFFINITY_INFO, i, 0, 0),
			     want);
		check_status("AFFINITY_INFO, 64 bits",
			     psci64(PSCI_AFFINITY_INFO, i, 0, 0), want);
	}
	for (i = 1; i < 5; i++)
		check_status("level above 0",
			     psci64(PSCI_AFFINITY_INFO, 0, i, 0),
			     PSCI_INVALID_PARAMETERS);
	check_status("level 2^32 of a 64-bit call",
		     psci64(PSCI_AFFINITY_INFO, 0, 1UL << 32, 0),
		     PSCI_INVALID_PARAMETERS);
	check_status("no such CPU",
		     psci64(PSCI_AFFINITY_INFO, self.nr_cpus, 0, 0),
		     PSCI_INVALID_PARAMETERS);
	check_status("no such cluster",
		     psci64(PSCI_AFFINITY_INFO, 0x100, 0, 0),
		     PSCI_INVALID_PARAMETERS);
	check_status("no such Aff3",
		     psci64(PSCI_AFFINITY_INFO, 1UL << 32, 0, 0),
		     PSCI_INVALID_PARAMETERS);
	check_status("all ones", psci64(PSCI_AFFINITY_INFO, ~0UL, 0, 0),
		     PSCI_INVALID_PARAMETERS);
	test_end();
}

static const struct {
	const char *what;
	uint64_t entry;
} bad_entries[] = {
	{ "entry 0", 0 },
	{ "entry in flash", 0x00100000 },
	{ "entry in the GIC", GICD_BASE },
	{ "entry in the UART", UART_BASE },
	{ "entry in the SMMU", SMMU_BASE },
	{ "entry in PCI memory", PCI_BAR_BASE },
	{ "entry just below RAM", OSTI_RAM_IPA - 4 },
	{ "entry in the window", OSTI_WINDOW_IPA },
	{ "entry in ECAM", ECAM_BASE },
	{ "entry at the top of 40 bits", 0xfffffffffc },
	{ "entry above 40 bits", 0x10000000000 },
	{ "entry with bit 40 set above RAM", 0x10040000000 },
	{ "entry at the top", 0xfffffffffffffffc },
	{ "entry with a sign", 0xffffffff40000000 },
	{ "entry off by 1", OSTI_RAM_IPA + 1 },
	{ "entry off by 2", OSTI_RAM_IPA + 2 },
	{ "entry off by 3", OSTI_RAM_IPA + 3 },
};

#define NR_BAD_ENTRIES	(sizeof(bad_entries) / sizeof(*bad_entries))

static void test_cpu_on_errors(void)
{
	static const uint64_t bad_cpus[] = {
		0x100, 0x10000, 1UL << 32, 0xff, ~0UL, 1UL << 63 | 1,
		1UL << 24 | 1, 1UL << 40 | 1,
	};
	uint64_t entry = (uint64_t)cpu_raw_entry;
	unsigned int i;
	int status;

	test_begin("cpu-on-errors");
	memset(raw_entries, 0, sizeof(raw_entries));
	check_status("CPU_ON of oneself", psci64(PSCI_CPU_ON, 0, entry, 0),
		     PSCI_ALREADY_ON);
	check_status("CPU_ON of oneself, 32 bits",
		     psci(PSCI_CPU_ON, 0, entry, 0), PSCI_ALREADY_ON);
	check_status("no such CPU", psci64(PSCI_CPU_ON, self.nr_cpus, entry, 0),
		     PSCI_INVALID_PARAMETERS);
	for (i = 0; i < sizeof(bad_cpus) / sizeof(*bad_cpus); i++) {
		status = psci64(PSCI_CPU_ON, bad_cpus[i], entry, 0);
		check(status == PSCI_INVALID_PARAMETERS, "CPU 0x%lx gave %d",
		      bad_cpus[i], status);
	}
	for (i = 0; i < NR_BAD_ENTRIES; i++)
		check_status(bad_entries[i].what,
			     psci64(PSCI_CPU_ON, 1, bad_entries[i].entry, 0),
			     PSCI_INVALID_ADDRESS);
	check_status("entry at the end of RAM",
		     psci64(PSCI_CPU_ON, 1, self.ram_end, 0),
		     PSCI_INVALID_ADDRESS);
	check_status("entry in the last page of other's memory",
		     psci64(PSCI_CPU_ON, 1, self.ram_end + 0xffc, 0),
		     PSCI_INVALID_ADDRESS);
	check_status("CPU 1 afterwards", cpu_state(1), PSCI_AFFINITY_OFF);
	check_eq("raw entries", raw_entries[1].count, 0);
	test_end();
}

static bool raw_entered(unsigned int cpu, uint64_t count)
{
	cache_flush(&raw_entries[cpu], sizeof(raw_entries[cpu]));
	return *(volatile uint64_t *)&raw_entries[cpu].count == count;
}

static void check_raw(unsigned int cpu, uint32_t id, uint64_t target,
		      uint64_t entry, uint64_t context, uint64_t want)
{
	struct raw_entry *raw = &raw_entries[cpu];
	int status;

	memset(raw, 0, sizeof(*raw));
	cache_flush(raw, sizeof(*raw));
	status = psci(id, target, entry, context);
	if (!check(status == PSCI_SUCCESS, "CPU_ON 0x%x of CPU %u gave %d", id,
		   cpu, status))
		return;
	if (!check(wait_for(raw_entered(cpu, 1) &&
			    cpu_state(cpu) == PSCI_AFFINITY_OFF, DEADLINE_MS),
		   "CPU %u did not come and go", cpu))
		return;
	check_eq("context in x0", raw->x0, want);
	check_eq("CurrentEL", raw->currentel, EL1);
	check_eq("SPSel", raw->spsel, SP_ELX);
	check_eq("DAIF", raw->daif, DAIF_ALL);
	check_eq("SCTLR_EL1.M, C, I", raw->sctlr & 0x1005, 0);
	check_eq("SCTLR_EL1.EE", raw->sctlr >> 25 & 1, 0);
	check_eq("MPIDR_EL1", raw->mpidr & 0xff00ffffff, cpu);
}

static void test_cpu_on_entry(void)
{
	uint64_t entry = (uint64_t)cpu_raw_entry;
	unsigned int i;

	test_begin("cpu-on-entry");
	for (i = 1; i < self.nr_cpus; i++) {
		check_raw(i, PSCI_CPU_ON | PSCI_SMC64, i, entry,
			  0x0123456789abcdef, 0x0123456789abcdef);
		check_raw(i, PSCI_CPU_ON | PSCI_SMC64, i, entry, 0, 0);
		check_raw(i, PSCI_CPU_ON | PSCI_SMC64, i, entry, ~0UL, ~0UL);
		check_raw(i, PSCI_CPU_ON, i | 0xdeadbeef00000000,
			  entry | 0xdeadbeef00000000, 0xdeadbeefcafebabe,
			  0xcafebabe);
	}
	test_end();
}

static void stay(uint64_t arg)
{
	(void)arg;
	while (!release)
		__asm__ volatile("yield");
}

static void test_cpu_on_twice(void)
{
	unsigned int i, pending = 0;

	test_begin("cpu-on-twice");
	release = 0;
	for (i = 1; i < self.nr_cpus; i++) {
		int status = cpu_on(i, stay, 0);

		check_status("CPU_ON", status, PSCI_SUCCESS);
		status = psci64(PSCI_CPU_ON, i, (uint64_t)cpu_entry, 0);
		if (status == PSCI_ON_PENDING)
			pending++;
		check(status == PSCI_ON_PENDING || status == PSCI_ALREADY_ON,
		      "second CPU_ON of CPU %u gave %d", i, status);
		check(wait_for(cpu_state(i) == PSCI_AFFINITY_ON, DEADLINE_MS),
		      "CPU %u stays in state %d", i, cpu_state(i));
		check_status("CPU_ON of a CPU that is on",
			     psci64(PSCI_CPU_ON, i, (uint64_t)cpu_entry, 0),
			     PSCI_ALREADY_ON);
	}
	release = 1;
	dsb();
	for (i = 1; i < self.nr_cpus; i++)
		check(wait_for(cpu_state(i) == PSCI_AFFINITY_OFF, DEADLINE_MS),
		      "CPU %u did not go off", i);
	report_note("ON_PENDING seen %u times", pending);
	test_end();
}

/* OFF is OFF: the next CPU_ON must not hear ALREADY_ON. */
static void nothing(uint64_t arg)
{
	(void)arg;
}

static void test_cpu_off(void)
{
	unsigned int i, round;

	test_begin("cpu-off");
	for (round = 0; round < 20; round++)
		for (i = 1; i < self.nr_cpus; i++)
			cpu_run(i, nothing, 0);
	test_end();
}

/* The boot CPU is a CPU like any other. */
static void revive_boot_cpu(uint64_t arg)
{
	int status = PSCI_INTERNAL_FAILURE;

	(void)arg;
	if (wait_for(cpu_state(0) == PSCI_AFFINITY_OFF, DEADLINE_MS))
		status = psci64(PSCI_CPU_ON, 0, (uint64_t)cpu_raw_entry, 42);
	release = status == PSCI_SUCCESS ? 1 : 2;
	dsb();
	/* cpu_raw_entry goes off again; then let the boot CPU come back. */
	if (wait_for(raw_entered(0, 1) && cpu_state(0) == PSCI_AFFINITY_OFF,
		     DEADLINE_MS))
		release += 2;
	cpus[0].status = CPU_RESUMED;
	cache_flush(&cpus[0], sizeof(cpus[0]));
	psci64(PSCI_CPU_ON, 0, (uint64_t)cpu_return_entry, (uint64_t)&cpus[0]);
}

static void test_boot_cpu_off(void)
{
	test_begin("boot-cpu-off");
	release = 0;
	memset(raw_entries, 0, sizeof(raw_entries));
	cache_flush(raw_entries, sizeof(raw_entries));
	if (check(cpu_on(1, revive_boot_cpu, 0) == PSCI_SUCCESS,
		  "CPU_ON of CPU 1 failed")) {
		check_status("CPU_OFF of the boot CPU", cpu_leave(),
			     CPU_RESUMED);
		gic_cpu_init();
		check_eq("steps of CPU 1", release, 3);
		check_eq("context in x0", raw_entries[0].x0, 42);
		check_eq("MPIDR_EL1", raw_entries[0].mpidr & 0xff00ffffff, 0);
		check(wait_for(cpu_state(1) == PSCI_AFFINITY_OFF, DEADLINE_MS),
		      "CPU 1 did not go off");
	}
	test_end();
}

static void test_system_suspend_errors(void)
{
	unsigned int i;

	test_begin("system-suspend-errors");
	for (i = 0; i < NR_BAD_ENTRIES; i++)
		check_status(bad_entries[i].what,
			     psci64(PSCI_SYSTEM_SUSPEND, bad_entries[i].entry,
				    0, 0), PSCI_INVALID_ADDRESS);
	check_status("entry 0, 32 bits", psci(PSCI_SYSTEM_SUSPEND, 0, 0, 0),
		     PSCI_INVALID_ADDRESS);
	check_status("entry at the end of RAM",
		     psci64(PSCI_SYSTEM_SUSPEND, self.ram_end, 0, 0),
		     PSCI_INVALID_ADDRESS);
	release = 0;
	for (i = 1; i < self.nr_cpus; i++) {
		check_status("CPU_ON", cpu_on(i, stay, 0), PSCI_SUCCESS);
		check_status("SYSTEM_SUSPEND with another CPU on",
			     psci64(PSCI_SYSTEM_SUSPEND, (uint64_t)cpu_entry,
				    (uint64_t)&cpus[0], 0), PSCI_DENIED);
		check_status("the same in 32 bits",
			     psci(PSCI_SYSTEM_SUSPEND, (uint64_t)cpu_entry,
				  (uint64_t)&cpus[0], 0), PSCI_DENIED);
	}
	release = 1;
	dsb();
	for (i = 1; i < self.nr_cpus; i++)
		check(wait_for(cpu_state(i) == PSCI_AFFINITY_OFF, DEADLINE_MS),
		      "CPU %u did not go off", i);
	test_end();
}

static void test_cpu_suspend(void)
{
	/* PSCI_FEATURES(CPU_SUSPEND) bit 1: extended format of power_state */
	bool extended = psci(PSCI_FEATURES, PSCI_CPU_SUSPEND, 0, 0) & 2;
	uint32_t power_down = 1U << (extended ? 30 : 16);
	uint64_t before;
	unsigned int i;

	test_begin("cpu-suspend");
	for (i = 0; i < 4; i++) {
		uint32_t id = PSCI_CPU_SUSPEND | (i & 1 ? PSCI_SMC64 : 0);
		unsigned int ms = i & 2 ? 0 : 30;

		gic_enable(0, INTID_CNTV, false);
		before = counter();
		timer_arm(ms);
		/* As long as nothing is pending it may wake, but need not. */
		check_status("CPU_SUSPEND to standby", psci(id, 0, 0, 0),
			     PSCI_SUCCESS);
		check(counter() - before >= counter_ms(ms),
		      "standby ended %lu ticks after its start, %u ms are %lu",
		      counter() - before, ms, counter_ms(ms));
		check_eq("the interrupt pending after standby", gic_take(),
			 INTID_CNTV);
		timer_stop();
	}
	check_status("CPU_SUSPEND to power-down",
		     psci(PSCI_CPU_SUSPEND, power_down, (uint64_t)cpu_entry,
			  (uint64_t)&cpus[0]), PSCI_INVALID_PARAMETERS);
	check_status("CPU_SUSPEND to power-down, 64 bits",
		     psci64(PSCI_CPU_SUSPEND, power_down, (uint64_t)cpu_entry,
			    (uint64_t)&cpus[0]), PSCI_INVALID_PARAMETERS);
	test_end();
}

static void test_interrupt(void)
{
	struct cpu *cpu = &cpus[0];

	test_begin("interrupt");
	cpu->irqs = 0;
	gic_enable(0, INTID_CNTV, false);
	timer_arm(1);
	__asm__ volatile("msr daifclr, #2");
	check(wait_for(*(volatile uint32_t *)&cpu->irqs, DEADLINE_MS),
	      "no timer interrupt");
	__asm__ volatile("msr daifset, #2");
	timer_stop();
	check_eq("interrupt", cpu->last_irq, INTID_CNTV);
	check_eq("number of interrupts", cpu->irqs, 1);
	test_end();
}

void payload_main(void)
{
	report_start("psci");
	if (self.nr_cpus < 2)
		report_abort("needs 2 CPUs, has %u", self.nr_cpus);
	gic_init();
	test_start();
	test_version();
	test_features();
	test_unknown();
	test_registers();
	test_fp_registers();
	test_affinity_info();
	test_cpu_on_errors();
	test_cpu_on_entry();
	test_cpu_on_twice();
	test_cpu_off();
	test_boot_cpu_off();
	test_system_suspend_errors();
	test_interrupt();
	test_cpu_suspend();
	report_done();
}
