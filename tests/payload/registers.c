// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * registers.c - what calls of all kinds leave in x1..x30
 *
 * SMC Calling Convention 1.1 and later (Arm DEN 0028, section 2.6): a call keeps
 * x4..x17 unless they are its results, and compilers rely on it. The monitor
 * promises it of x1..x3, too.
 */
#include "lib/arch.h"
#include "lib/gic.h"
#include "lib/kept.h"
#include "lib/platform.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"
#include "../lib/osti_calls.h"

/* Would the call with this x1, done right, not come back by itself? */
static bool harmless(uint32_t id, uint64_t x1)
{
	switch (id) {
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		return false;
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_SUSPEND | PSCI_SMC64:
		/* StateType 0 is standby, and nothing would wake it. */
		return x1 >> 16 & 1;
	default:
		return true;
	}
}

static void check_id(uint32_t id, const struct smc_regs *args)
{
	struct smc_regs regs = *args;

	regs.x[0] = id;
	if (harmless(id, regs.x[1]))
		kept_call(&regs);
}

static void check_all(const struct smc_regs *args)
{
	unsigned int n;
	uint64_t id;

	for (n = 0; n < SMC_IDS; n++)
		for (id = smc_ids[n].first; id <= smc_ids[n].last; id++)
			check_id(id, args);
}

/* No argument means anything: errors, for most. */
static void test_patterns(void)
{
	struct smc_regs regs;

	test_begin("patterns");
	kept_fill(&regs);
	check_all(&regs);
	test_end();
}

/* Slot 1, record 1, ring 1, and the boot manager: many of these succeed. */
static void test_arguments(void)
{
	struct smc_regs regs;

	test_begin("arguments");
	kept_fill(&regs);
	regs.x[1] = 1;
	regs.x[2] = 0;
	check_all(&regs);
	regs.x[1] = OSTI_CONTEXT_BM;
	check_all(&regs);
	test_end();
}

static void test_standby(void)
{
	struct smc_regs regs;

	test_begin("standby");
	kept_fill(&regs);
	regs.x[0] = PSCI_CPU_SUSPEND | PSCI_SMC64;
	regs.x[1] = 0;
	/* A pending interrupt ends it although it is masked. */
	gic_enable(0, INTID_CNTV, false);
	timer_arm(1);
	kept_call(&regs);
	timer_stop();
	gic_disable(0, INTID_CNTV);
	check_status("CPU_SUSPEND", regs.x[0], PSCI_SUCCESS);
	test_end();
}

void payload_main(void)
{
	report_start("registers");
	gic_init();
	test_patterns();
	test_arguments();
	test_standby();
	report_done();
}
