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

/* The same, until the status is not OSTI_AGAIN. */
int64_t bm_call_through(struct smc_regs *regs, uint32_t id, uint64_t x1,
			uint64_t x2, uint64_t x3);

/* Why it was entered: OSTI_REASON_*. */
unsigned int bm_reason(void);

/*
 * What the build puts behind the program (mkself): start statements, the first
 * of which says that the program may run in any slot; then the program as it is
 * before it runs.
 */
struct bm_page {
	uint32_t bytes;			/* of the statement */
	uint32_t pages;			/* how many there are */
	uint8_t statement[4096 - 8];
};

const struct bm_page *bm_pages(void);

/* Open an empty slot and put this program into it. A refusal ends the program. */
void bm_fill(unsigned int slot);
/* SLOT_START with no flags; OSTI_START_E_* in regs->x[1]. The status. */
int64_t bm_try_start(struct smc_regs *regs, unsigned int slot,
		     const void *statement, uint64_t bytes);

/* Both, with the genuine statement; a refusal ends the program. */
void bm_start(unsigned int slot) __attribute__((noreturn));
/* Resume a frozen slot; likewise. */
void bm_resume(unsigned int slot) __attribute__((noreturn));

/* The state of a slot: OSTI_SLOT_*. */
unsigned int bm_slot_state(unsigned int slot);

#endif /* PAYLOAD_BM_H */
