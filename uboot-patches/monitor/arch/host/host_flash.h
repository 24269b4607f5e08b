/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_flash.h - flash for unit tests: two NOR chips each, Intel commands
 *
 * Programming only clears bits and an erase sets a sector. The NV flash has the
 * sectors that the monitor uses, that of the firmware is all there. A program that
 * would have to set a bit fails the test: QEMU would do it and hide the mistake.
 *
 * Power can be cut at any write to the bus. What that write does is then done
 * only in part (host_flash.cut_seed), and cut_hook is called, which must not
 * return: it longjmp()s to where the test powers the device on again.
 */
#ifndef HOST_FLASH_H
#define HOST_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"

#define HOST_FLASH_SECTORS	3
#define HOST_FLASH_BYTES	(HOST_FLASH_SECTORS * BOARD_NV_SECTOR)
#define HOST_FLASH_CHIPS	2

struct host_flash {
	/* What is in it; a test may change it */
	uint8_t *data;
	size_t bytes;			/* that data has */
	uint8_t query[0x40];		/* CFI table, of both chips */
	/* Scripted faults */
	bool absent;			/* reads as ones, as an empty bus */
	bool stuck;			/* the next commands never finish */
	unsigned int busy_reads;	/* status reads until ready */
	unsigned int fail_at;		/* this operation from now on fails ... */
	uint8_t fail_status;		/* ... with this status, 0 = silently */
	unsigned int fail_chip;		/* ... in this chip */
	unsigned int fail_more;		/* ... and as many after it do nothing */
	bool fail_done;			/* it does its work all the same */
	bool fail_hang;			/* it never finishes, nor does another */
	bool no_ready_after_clear;	/* as QEMU: ready again with an operation */
	/* Power */
	unsigned long cut_at;		/* this write to the bus; 0 = never */
	uint64_t cut_seed;		/* how it is done in part; see .c */
	void (*cut_hook)(void);
	/* What it saw */
	unsigned long writes;		/* to the bus */
	unsigned int programs, erases;	/* that were begun */
};

/* That of the NV state, and that of the firmware */
extern struct host_flash host_flash;
extern struct host_flash host_firmware;

/* Put a blank flash like QEMU's, as after reset, on the bus. */
void host_flash_add(void);
void host_firmware_add(void);
/* Power off and on, of both: contents stay; faults, power cut and counts are gone. */
void host_flash_reset(void);
/* Is it readable memory, with no error left in the status? */
bool host_flash_idle(void);
bool host_firmware_idle(void);
/* Let it wait for the second cycle of this command, as after a reset. */
void host_flash_pend(uint8_t cmd);

#endif /* HOST_FLASH_H */
