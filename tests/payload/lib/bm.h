/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bm.h - a program that is the boot manager, too
 *
 * The firmware image then has the program where U-Boot is else (Makefile). It
 * runs as context 0, afresh each time that the monitor enters it, and lets a
 * copy of itself run in a slot.
 */
#ifndef PAYLOAD_BM_H
#define PAYLOAD_BM_H

#include <stdint.h>

#include "smc.h"

/* A call with three arguments; results in regs->x[1..11]. The status. */
int64_t bm_call(struct smc_regs *regs, uint32_t id, uint64_t x1, uint64_t x2,
		uint64_t x3);

/* Why it was entered: OSTI_REASON_*. */
unsigned int bm_reason(void);

/* Start this program in an empty slot. A refusal ends the program. */
void bm_start(unsigned int slot) __attribute__((noreturn));
/* Resume a frozen slot; likewise. */
void bm_resume(unsigned int slot) __attribute__((noreturn));

/* The state of a slot: OSTI_SLOT_*. */
unsigned int bm_slot_state(unsigned int slot);

#endif /* PAYLOAD_BM_H */
