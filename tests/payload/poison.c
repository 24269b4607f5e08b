// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * poison.c - no register content travels from one slot to the next
 *
 * Runs in both slots. Before each exit every CPU of a slot fills all registers
 * with a pattern of the slot; at each entry every CPU stores all registers
 * before it changes any. Two tests on what was stored:
 *  - no word and no half of a word is a pattern (not the other slot's, not
 *    one's own from before);
 *  - whatever a register held, it does not depend on the pattern: entries
 *    after an exit with a pattern and after one with its complement are alike.
 *    This finds narrow fields, too, which no search could.
 *
 * Lives of slot 2, told apart by the count of its entries: in the first it
 * comes and goes by switches, then powers off; in the second it resets; in the
 * third it ends. Slot 1 lives once.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/switch.h"
#include "lib/timer.h"

#define HOT_ROUNDS	4	/* entries by resume in slot 2's first life */

#define PATTERN_1	0x5a17c0de5a17c0deUL
#define PATTERN_2	0xa2b3d4f6a2b3d4f6UL

/* ID_AA64ISAR1_EL1: APA, API */
#define ISAR1_PAUTH	0xff0UL

static const char *const reg_names[] = {
#define R(name, reg, mask) #name,
#include "lib/regs.h"
#undef R
};

enum {
#define R(name, reg, mask) REG_##name,
#include "lib/regs.h"
#undef R
	NR_REGS
};

#define NR_DUMP		(DUMP_REGS + NR_REGS)

/* Kinds of entries that are compared with each other */
#define RESUMED		0
#define TURNED_ON	1

static uint64_t kept[MAX_CPUS][2][NR_DUMP];
static bool have_kept[MAX_CPUS][2];

static uint64_t own_pattern(unsigned int round)
{
	uint64_t pattern = self.slot == 1 ? PATTERN_1 : PATTERN_2;

	return round & 1 ? ~pattern : pattern;
}

/* The name of dump entry @i, good until the next call. */
static const char *entry_name(unsigned int i)
{
	static const char *const fixed[] = {
		"SP", "NZCV", "DAIF", "CurrentEL", "SPSel", "CPACR_EL1",
		"VBAR_EL1", "ESR_EL1", "FAR_EL1", "ELR_EL1", "SPSR_EL1",
		"SCTLR_EL1", "MPIDR_EL1",
	};
	static char numbered[4];
	unsigned int n;

	if (i >= DUMP_REGS)
		return reg_names[i - DUMP_REGS];
	if (i >= DUMP_FPCR)
		return i == DUMP_FPCR ? "FPCR" : "FPSR";
	if (i >= DUMP_SP && i < DUMP_Q)
		return fixed[i - DUMP_SP];
	n = i < DUMP_SP ? i : (i - DUMP_Q) / 2;
	numbered[0] = i < DUMP_SP ? 'X' : 'Q';
	numbered[1] = n >= 10 ? '0' + n / 10 : '0' + n;
	numbered[2] = n >= 10 ? '0' + n % 10 : '\0';
	numbered[3] = '\0';
	return numbered;
}

static bool half_is(uint32_t half, uint64_t pattern)
{
	return half == (uint32_t)pattern || half == (uint32_t)~pattern;
}

static void check_no_pattern(unsigned int cpu)
{
	const uint64_t *dump = cpus[cpu].dump;
	unsigned int i;

	for (i = 0; i < NR_DUMP; i++) {
		uint32_t high = dump[i] >> 32, low = dump[i];

		if (half_is(high, PATTERN_1) || half_is(low, PATTERN_1) ||
		    half_is(high, PATTERN_2) || half_is(low, PATTERN_2))
			test_fail("CPU %u: %s is 0x%lx at entry", cpu,
				  entry_name(i), dump[i]);
	}
}

/* The neighbour's pattern at the last entry was the complement of this one's. */
static void check_independent(unsigned int cpu, unsigned int kind)
{
	const uint64_t *dump = cpus[cpu].dump;
	uint64_t *old = kept[cpu][kind];
	unsigned int i;

	for (i = 0; have_kept[cpu][kind] && i < NR_DUMP; i++) {
		if (dump[i] == old[i])
			continue;
		test_fail("CPU %u: %s is 0x%lx at entry, the last time 0x%lx",
			  cpu, entry_name(i), dump[i], old[i]);
	}
	memcpy(old, dump, NR_DUMP * sizeof(*old));
	have_kept[cpu][kind] = true;
}

/* SLOT_START promises zeros. */
static void check_zero(void)
{
	const uint64_t *dump = cpus[0].dump;
	unsigned int i;

	for (i = 1; i < DUMP_REGS; i++) {
		if ((i > DUMP_SP && i < DUMP_Q) || !dump[i])
			continue;
		test_fail("CPU 0: %s is 0x%lx at start", entry_name(i),
			  dump[i]);
	}
}

static void go_poisoned(uint64_t pattern)
{
	report_abort("CPU_OFF gave %d", cpu_exit(PSCI_CPU_OFF, pattern));
}

static void come_and_go(uint64_t pattern)
{
	gic_cpu_init();
	go_poisoned(pattern);
}

/* Every secondary CPU: look at its entry, leave with the pattern. */
static void visit_secondary_cpus(uint64_t pattern)
{
	unsigned int i;

	for (i = 1; i < self.nr_cpus; i++) {
		if (!cpu_run(i, come_and_go, pattern))
			continue;
		check_no_pattern(i);
		check_independent(i, TURNED_ON);
	}
}

/* Registers that a CPU may lack, or that have no state of their own. */
static const bool optional[NR_REGS] = {
	[REG_SCXTNUM_EL0] = true, [REG_SCXTNUM_EL1] = true,
	[REG_AMAIR_EL1] = true, [REG_AFSR0_EL1] = true,
	[REG_AFSR1_EL1] = true,
	[REG_PAN] = true, [REG_UAO] = true, [REG_DIT] = true,
	[REG_SSBS] = true, [REG_MDCCINT_EL1] = true,
	[REG_DISR_EL1] = true, [REG_ZCR_EL1] = true,
	[REG_TPIDR2_EL0] = true, [REG_SMPRI_EL1] = true,
	[REG_RGSR_EL1] = true, [REG_GCR_EL1] = true,
	[REG_TFSR_EL1] = true, [REG_TFSRE0_EL1] = true,
	[REG_TRFCR_EL1] = true, [REG_LORSA_EL1] = true,
	[REG_LOREA_EL1] = true, [REG_LORN_EL1] = true,
	[REG_LORC_EL1] = true, [REG_TCO] = true, [REG_ACCDATA_EL1] = true,
	[REG_MAIR2_EL1] = true, [REG_PIRE0_EL1] = true,
	[REG_PIR_EL1] = true, [REG_POR_EL1] = true, [REG_POR_EL0] = true,
	[REG_OSECCR_EL1] = true, [REG_OSDTRRX_EL1] = true,
	[REG_OSDTRTX_EL1] = true, [REG_DBGCLAIMCLR_EL1] = true,
	[REG_DBGPRCR_EL1] = true, [REG_SCTLR2_EL1] = true,
	[REG_TCR2_EL1] = true, [REG_GCSCR_EL1] = true, [REG_FPMR] = true,
	[REG_MPAM1_EL1] = true, [REG_MPAM0_EL1] = true,
	[REG_BRBCR_EL1] = true, [REG_BRBFCR_EL1] = true,
	[REG_MDSELR_EL1] = true,
};

/* Is register @reg number @count or above of a row that begins at @first? */
static bool beyond(unsigned int reg, unsigned int first, unsigned int last,
		   unsigned int count)
{
	return reg >= first && reg <= last && reg - first >= count;
}

static bool must_exist(unsigned int reg)
{
	bool pauth = read_sysreg(id_aa64isar1_el1) & ISAR1_PAUTH;
	unsigned int nr_pmu = read_sysreg(pmcr_el0) >> 11 & 0x1f;
	unsigned int nr_bp = (read_sysreg(id_aa64dfr0_el1) >> 12 & 0xf) + 1;
	unsigned int nr_wp = (read_sysreg(id_aa64dfr0_el1) >> 20 & 0xf) + 1;

	return !optional[reg] &&
	       !beyond(reg, REG_APIAKEYLO_EL1, REG_APGAKEYHI_EL1,
		       pauth ? 10 : 0) &&
	       !beyond(reg, REG_DBGBVR0_EL1, REG_DBGBVR5_EL1, nr_bp) &&
	       !beyond(reg, REG_DBGBCR0_EL1, REG_DBGBCR5_EL1, nr_bp) &&
	       !beyond(reg, REG_DBGWVR0_EL1, REG_DBGWVR3_EL1, nr_wp) &&
	       !beyond(reg, REG_DBGWCR0_EL1, REG_DBGWCR3_EL1, nr_wp) &&
	       !beyond(reg, REG_PMEVCNTR0_EL0, REG_PMEVCNTR5_EL0, nr_pmu) &&
	       !beyond(reg, REG_PMEVTYPER0_EL0, REG_PMEVTYPER5_EL0, nr_pmu);
}

/*
 * The other tests must be able to fail: what is poisoned can be read back. A
 * call that returns shows the registers as they were at the call.
 */
static void test_poison_sticks(void)
{
	uint64_t *first = kept[0][TURNED_ON];
	uint64_t *second = cpus[0].dump;
	uint64_t pattern = own_pattern(0);
	unsigned int i;

	test_begin("poison-sticks");
	check_status("PSCI_VERSION", cpu_exit(PSCI_VERSION, pattern), 0x10001);
	memcpy(first, cpus[0].dump, NR_DUMP * sizeof(*first));
	check_status("PSCI_VERSION", cpu_exit(PSCI_VERSION, ~pattern), 0x10001);
	for (i = 1; i < DUMP_REGS; i++) {
		/* Two are used to find the place; some have no room. */
		if (i == 9 || i == 10 || (i > DUMP_SP && i < DUMP_CPACR) ||
		    i == DUMP_MPIDR)
			continue;
		check(first[i] != second[i], "%s cannot be poisoned: 0x%lx",
		      entry_name(i), first[i]);
		if (i <= DUMP_SP || (i >= DUMP_Q && i < DUMP_FPCR))
			check_eq(entry_name(i), first[i], pattern);
	}
	for (i = 0; i < NR_REGS; i++)
		check(!must_exist(i) ||
		      first[DUMP_REGS + i] != second[DUMP_REGS + i],
		      "%s cannot be poisoned: 0x%lx", reg_names[i],
		      first[DUMP_REGS + i]);
	gic_init();
	test_end();
}

static void test_started(void)
{
	test_begin("start");
	check_no_pattern(0);
	check_zero();
	gic_init();
	test_end();
}

static void test_resumed(void)
{
	test_begin("resume");
	check_no_pattern(0);
	check_independent(0, RESUMED);
	gic_init();
	test_end();
}

static void visit_cpus(const char *name, uint64_t pattern)
{
	if (self.nr_cpus < 2)
		return;
	test_begin(name);
	visit_secondary_cpus(pattern);
	test_end();
}

/* Hand over with everything poisoned, and look at what comes back. */
static void hot_round(unsigned int round)
{
	visit_cpus("cpu-on-off", own_pattern(round));
	switch_to(other_slot(), own_pattern(round));
	test_resumed();
}

static void slot_1(void)
{
	unsigned int round;

	/* The last switch but two is answered by SYSTEM_OFF of slot 2 ... */
	for (round = 0; round < HOT_ROUNDS + 1; round++)
		hot_round(round);
	/* ... and these go to its second and third life. */
	hot_round(round++);
	finish_pair();
}

static void slot_2(void)
{
	uint64_t entries = osti_entries();
	unsigned int round;

	if (entries == 1) {
		for (round = 0; round < HOT_ROUNDS; round++)
			hot_round(round);
		visit_cpus("cpu-on-off", own_pattern(round));
		report_note("powers off");
		report_abort("SYSTEM_OFF gave %d",
			     cpu_exit(PSCI_SYSTEM_OFF, own_pattern(round)));
	}
	if (entries == HOT_ROUNDS + 2) {
		visit_cpus("cpu-on-off", own_pattern(0));
		report_note("resets");
		report_abort("SYSTEM_RESET gave %d",
			     cpu_exit(PSCI_SYSTEM_RESET, own_pattern(0)));
	}
	visit_cpus("cpu-on-off", own_pattern(0));
	switch_to(other_slot(), own_pattern(0));
	test_resumed();
	finish_pair();
}

void payload_main(void)
{
	report_start("poison");
	test_started();
	test_poison_sticks();
	if (self.slot == 1)
		slot_1();
	slot_2();
}
