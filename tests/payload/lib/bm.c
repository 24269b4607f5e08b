// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bm.c - a program that is the boot manager, too
 */
#include <osti/start.h>

#include "arch.h"
#include "bm.h"
#include "cpu.h"
#include "report.h"

/* A statement's numbers lie at multiples of 8, and so does the statement. */
static uint64_t field(unsigned int at)
{
	return *(const uint64_t *)(bm_pages()->statement + at);
}

int64_t bm_call(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2,
		uint64_t x3)
{
	*regs = (struct smc_regs){ .x = { id, x1, x2, x3 } };
	smc_call(regs);
	return regs->x[0];
}

int64_t bm_call_through(struct smc_regs *regs, uint32_t id, uint64_t x1,
			uint64_t x2, uint64_t x3)
{
	int64_t status;

	do {
		status = bm_call(regs, id, x1, x2, x3);
	} while (status == OSTI_AGAIN);
	return status;
}

unsigned int bm_reason(void)
{
	struct smc_regs regs;
	int64_t status = bm_call(&regs, OSTI_CALL_BM_REASON, 0, 0, 0);

	if (status != OSTI_OK)
		report_abort("BM_REASON gave %ld", status);
	return regs.x[1];
}

const struct bm_page *bm_pages(void)
{
	return (const struct bm_page *)image_end;
}

void bm_fill(unsigned int slot)
{
	const uint64_t *image =
		(const uint64_t *)(bm_pages() + bm_pages()->pages);
	const uint64_t bytes = field(OSTI_START_S_KERNEL_LEN);
	struct smc_regs regs;
	uint64_t window, i;
	int64_t status;

	status = bm_call(&regs, OSTI_CALL_SLOT_OPEN, slot, 0, 0);
	if (status != OSTI_OK)
		report_abort("SLOT_OPEN of slot %u gave %ld", slot, status);
	/* The window is mapped as a device here: nothing stays in a cache. */
	window = regs.x[1] + field(OSTI_START_S_KERNEL);
	for (i = 0; i < bytes; i += 8)
		mmio_write64(window + i, image[i / 8]);
	dsb();
}

int64_t bm_try_start(struct smc_regs *regs, unsigned int slot,
		     const void *statement, uint64_t bytes)
{
	static const uint8_t seed[OSTI_START_SEED];

	*regs = (struct smc_regs){ .x = {
		OSTI_CALL_SLOT_START, slot, (uint64_t)statement, bytes,
		(uint64_t)seed } };
	smc_call(regs);
	return regs->x[0];
}

void bm_start(unsigned int slot)
{
	struct smc_regs regs;
	int64_t status;

	bm_fill(slot);
	status = bm_try_start(&regs, slot, bm_pages()->statement,
			      bm_pages()->bytes);
	report_abort("SLOT_START of slot %u gave %ld, reason %lu", slot, status,
		     regs.x[1]);
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
