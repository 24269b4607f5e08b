/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kept.h - a call changes x0 and what it names as its results, nothing else
 */
#ifndef PAYLOAD_KEPT_H
#define PAYLOAD_KEPT_H

#include "smc.h"

/* Put into x1..x30 what no call answers. */
void kept_fill(struct smc_regs *regs);
/*
 * The test has failed if a register differs that is no result of the call in
 * before->x[0], which ended with after->x[0].
 */
void kept_check(const struct smc_regs *before, const struct smc_regs *after);
/* Make the call in regs->x[0], and check. */
void kept_call(struct smc_regs *regs);

#endif /* PAYLOAD_KEPT_H */
