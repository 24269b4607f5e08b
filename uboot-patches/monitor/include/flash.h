/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flash.h - the firmware image in flash, and the programs in it
 *
 * A header, the payload FLASH_PAYLOAD bytes after its start; scripts/mkfirmware
 * writes both. What is in flash may be anything: nothing of the header is used
 * before it was bounded. Offsets are from the start of the image, which is that of
 * the bank that the monitor was started from.
 */
#ifndef FLASH_H
#define FLASH_H

#include "arch.h"

#define FLASH_PAYLOAD	4096

struct flash_header {
	char magic[8];
	uint32_t size;		/* bytes of payload */
	uint32_t offset;	/* where it goes: from the start of its memory */
};

/* Where in the image a program may lie. */
struct flash_place {
	uint64_t start;		/* of the header */
	uint64_t end;		/* nothing of it lies there or behind */
	const char *magic;	/* 8 characters */
};

enum {
	FLASH_OK = 0,
	FLASH_E_MAGIC = -1,	/* there is no such program */
	FLASH_E_SIZE = -2,	/* it is empty, or does not fit */
};

/*
 * Where the monitor was started, which is in the image, at its beginning if there is
 * nothing before it: head.S sets it, before any C code runs.
 */
extern uint64_t flash_image;

/* The bank that the image lies in: 0 (A) or 1 (B). */
unsigned int flash_bank(void);

/* Read @bytes at @offset, both multiples of 8 and within the image. */
void flash_read(uint64_t offset, void *to, size_t bytes);

/*
 * Copy the payload to where it goes in @bytes of memory at @to, and let it reach
 * the point of coherency. @to is a multiple of 8. Up to 7 bytes behind the
 * payload are written, too: they count as its own.
 *
 * Returns FLASH_OK, or FLASH_E_* when nothing was written. @header gets what
 * flash has in any case: without FLASH_OK it is for a message only.
 */
int flash_load(const struct flash_place *place, pa_t to, uint64_t bytes,
	       struct flash_header *header);

#endif /* FLASH_H */
