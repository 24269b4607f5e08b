/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firmware_bank.h - the header of a bank of firmware (docs/firmware-update.md)
 *
 * Shared by the selector, which chooses a bank at power-on, the monitor, which
 * writes one, and the tool that signs. Numbers are little-endian. Pure functions:
 * nothing here touches the flash.
 *
 * NOR flash clears single bits and sets whole sectors. So each state of a bank is a
 * word that is erased until it is so and has no bit set afterwards: it is written
 * without an erase, and power that goes meanwhile leaves one or the other, or a
 * word with some of its bits, which this file gives a meaning.
 */
#ifndef FIRMWARE_BANK_H
#define FIRMWARE_BANK_H

#include <stdbool.h>
#include <stdint.h>

#define FIRMWARE_BANKS		2
#define FIRMWARE_TRIES		3

/* Offsets in the header, in bytes */
#define FIRMWARE_BANK_MAGIC	0	/* 8 bytes */
#define FIRMWARE_BANK_SEQUENCE	8	/* 8 bytes: the bank with more is newer */
#define FIRMWARE_BANK_VERSION	16	/* 8 bytes: of the firmware, from 1 on */
#define FIRMWARE_BANK_LENGTH	24	/* 8 bytes: of the image */
#define FIRMWARE_BANK_TRY	32	/* 4 bytes for each try; any bit clear: made */
#define FIRMWARE_BANK_WHOLE	64	/* 4 bytes, 0: all of it was written */
#define FIRMWARE_BANK_GOOD	68	/* 4 bytes, 0: a start of it was called good */
#define FIRMWARE_BANK_BYTES	72	/* of the header; a multiple of 8 */

/* "OSTI-FB1" */
#define FIRMWARE_BANK_NAME	"OSTI-FB1"

struct firmware_bank {
	bool whole;		/* if not, the rest is 0: there is no firmware */
	bool good;
	unsigned int tries;	/* that are left */
	uint64_t sequence;
	uint64_t version;
	uint64_t bytes;		/* of the image */
};

/* Read a header, whatever it is. @room: the most bytes that an image can have. */
void firmware_bank_read(const uint8_t head[FIRMWARE_BANK_BYTES], uint64_t room,
			struct firmware_bank *bank);

/* May it be started: is it good, or has it a try left? */
bool firmware_bank_may_start(const struct firmware_bank *bank);

/*
 * Which bank is started: of those that may be the newest, if its bit (1 << number) is
 * not in @refused. -1: none. Of two with the same number the first is taken.
 */
int firmware_bank_choose(const struct firmware_bank bank[FIRMWARE_BANKS],
			 unsigned int refused);

/* Offset in the header of the next try's word. The bank has a try left. */
uint32_t firmware_bank_next_try(const uint8_t head[FIRMWARE_BANK_BYTES]);

/* Make a header of which no state is written yet. */
void firmware_bank_make(uint8_t head[FIRMWARE_BANK_BYTES], uint64_t sequence,
			uint64_t version, uint64_t bytes);

#endif /* FIRMWARE_BANK_H */
