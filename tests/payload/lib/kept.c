// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kept.c - a call changes x0 and what it names as its results, nothing else
 */
#include "kept.h"

#include "report.h"
#include "../../lib/osti_calls.h"

void kept_fill(struct smc_regs *regs)
{
	unsigned int i;

	for (i = 1; i < 31; i++)
		regs->x[i] = 0x1111111111111111UL * (i % 15 + 1) + i;
}

void kept_check(const struct smc_regs *before, const struct smc_regs *after)
{
	const uint32_t id = before->x[0];
	const unsigned int results = smc_results(id, after->x[0]);
	unsigned int i;

	for (i = 1; i < 31; i++)
		check(after->x[i] == before->x[i] || (results & X(i)),
		      "0x%x gave %ld and changed x%u from 0x%lx to 0x%lx", id,
		      (int64_t)after->x[0], i, before->x[i], after->x[i]);
}

void kept_call(struct smc_regs *regs)
{
	const struct smc_regs before = *regs;

	smc_call(regs);
	kept_check(&before, regs);
}
