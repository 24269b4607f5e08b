// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bm.c - a program that is the boot manager, too
 */
#include "arch.h"
#include "bm.h"
#include "cpu.h"
#include "report.h"

extern char bss_start[];

int64_t bm_call(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2,
		uint64_t x3)
{
	*regs = (struct smc_regs){ .x = { id, x1, x2, x3 } };
	smc_call(regs);
	return regs->x[0];
}

unsigned int bm_reason(void)
{
	struct smc_regs regs;
	int64_t status = bm_call(&regs, OSTI_CALL_BM_REASON, 0, 0, 0);

	if (status != OSTI_OK)
		report_abort("BM_REASON gave %ld", status);
	return regs.x[1];
}

void bm_start(unsigned int slot)
{
	const uint64_t offset = (uint64_t)image_start - self.ram_base;
	const uint64_t bytes = (uint64_t)bss_start - (uint64_t)image_start;
	struct smc_regs regs;
	uint64_t window, i;
	int64_t status;

	status = bm_call(&regs, OSTI_CALL_SLOT_OPEN, slot, 0, 0);
	if (status != OSTI_OK)
		report_abort("SLOT_OPEN of slot %u gave %ld", slot, status);
	/* The window is mapped as a device here: nothing stays in a cache. */
	window = regs.x[1] + offset;
	for (i = 0; i < bytes; i += 8)
		mmio_write64(window + i, *(uint64_t *)(image_start + i));
	dsb();
	status = bm_call(&regs, OSTI_CALL_SLOT_START, slot,
			 OSTI_RAM_IPA + offset, OSTI_RAM_IPA);
	report_abort("SLOT_START of slot %u gave %ld", slot, status);
}

void bm_resume(unsigned int slot)
{
	struct smc_regs regs;
	int64_t status = bm_call(&regs, OSTI_CALL_SLOT_RESUME, slot, 0, 0);

	report_abort("SLOT_RESUME of slot %u gave %ld", slot, status);
}

unsigned int bm_slot_state(unsigned int slot)
{
	struct smc_regs regs;
	int64_t status = bm_call(&regs, OSTI_CALL_SLOT_INFO, slot, 0, 0);

	return status == OSTI_OK ? regs.x[1] : OSTI_SLOT_STATES;
}
