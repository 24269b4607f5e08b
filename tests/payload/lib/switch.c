// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.c - going to the other slot and coming back
 */
#include "cpu.h"
#include "report.h"
#include "smc.h"
#include "switch.h"

unsigned int other_slot(void)
{
	return 3 - self.slot;
}

void switch_to(unsigned int slot, uint64_t pattern)
{
	struct smc_regs regs;
	int64_t status;

	status = osti_call(&regs, OSTI_CALL_TARGET_ARM, slot, 0);
	if (status != OSTI_OK)
		report_abort("TARGET_ARM for slot %u gave %ld", slot, status);
	status = cpu_suspend(pattern);
	if (status != CPU_RESUMED)
		report_abort("SYSTEM_SUSPEND for slot %u gave %ld", slot,
			     status);
	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	if (regs.x[7] != OSTI_TARGET_NONE)
		report_abort("target %lu is still armed after a switch",
			     regs.x[7]);
}

void finish_pair(void)
{
	if (self.slot == 1) {
		report_totals();
		switch_to(other_slot(), 0);
		report_abort("slot 2 came back after the end");
	}
	report_done();
}
