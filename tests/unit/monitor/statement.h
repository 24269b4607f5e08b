/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statement.h - start statements for the machine of machine.h
 *
 * Signed with the key that the monitor under test has.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdint.h>

#include <osti/start.h>

#include "machine.h"

#define STATEMENT_BYTES		(OSTI_START_BODY + 256)
/* Where the boot manager has it and the seed: with any alignment */
#define STATEMENT_IPA		0x42000001UL
#define STATEMENT_SEED_IPA	0x42001003UL

#define STATEMENT_KERNEL	(MACHINE_ENTRY - OSTI_RAM_IPA)
#define STATEMENT_KERNEL_BYTES	5001
#define STATEMENT_RAMDISK	0x600000UL
#define STATEMENT_RAMDISK_BYTES	999

/* A good one, of version 1, for all slots; the RAM disk is wanted or not. */
void statement_make(uint8_t body[OSTI_START_BODY], bool ramdisk);
void statement_put64(uint8_t *body, unsigned int field, uint64_t val);
/* Sign it, and put it where the boot manager has it. */
void statement_sign(const uint8_t body[OSTI_START_BODY]);
/* Sign a good one, which processes that are forked then need not do. */
void statement_prepare(void);
/* Put a good one there, without a RAM disk. */
void statement_good(void);
/* The kernel that a good statement tells of, STATEMENT_KERNEL_BYTES. */
const uint8_t *statement_kernel(void);
/* Fill an open slot with what a good statement wants, RAM disk included. */
void statement_fill(unsigned int slot);

/* SLOT_START or START_CHECK with what the boot manager has there. */
struct machine_smc statement_call(uint64_t fid, unsigned int slot);

#endif /* STATEMENT_H */
