/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cfi_regs.h - commands and tables of parallel NOR flash
 *
 * Query: JEDEC JESD68.01 "Common Flash Interface (CFI)". Commands and status:
 * Intel StrataFlash Memory (J3) datasheet, sections "Command Set" and "Status
 * Register"; QEMU 7.2 does the same in hw/block/pflash_cfi01.c.
 *
 * A command and a status are 8 bits wide and stand in the low byte of each
 * chip's data lines.
 */
#ifndef CFI_REGS_H
#define CFI_REGS_H

/* Two chips of 16 bits side by side: each byte of both chips at once. */
#define CFI_CHIPS		2
#define CFI_BUS_BYTES		4
#define CFI_BOTH(byte)		((uint32_t)(byte) << 16 | (byte))

/* Commands */
#define CFI_CMD_ERASE		0x20	/* then CFI_CMD_CONFIRM */
#define CFI_CMD_PROGRAM		0x40	/* then the word */
#define CFI_CMD_CLEAR_STATUS	0x50
#define CFI_CMD_QUERY		0x98	/* at CFI_QUERY_AT */
#define CFI_CMD_CONFIRM		0xd0
#define CFI_READ_ARRAY		0xffffffffU	/* 0xff, written to all data lines */

/* Status register; the error bits stay until they are cleared */
#define CFI_SR_LOCKED		(1U << 1)
#define CFI_SR_VOLTAGE		(1U << 3)
#define CFI_SR_PROGRAM_ERROR	(1U << 4)
#define CFI_SR_ERASE_ERROR	(1U << 5)
#define CFI_SR_READY		(1U << 7)
#define CFI_SR_ERRORS		(CFI_SR_LOCKED | CFI_SR_VOLTAGE | \
				 CFI_SR_PROGRAM_ERROR | CFI_SR_ERASE_ERROR)

/* Query table of each chip: index of a byte; it lies at index * bus width */
#define CFI_QUERY_AT		0x55
#define CFI_QRY			0x10	/* 'Q', 'R', 'Y' */
#define CFI_COMMAND_SET		0x13	/* 16 bit */
#define  CFI_SET_INTEL_EXTENDED	0x0001
#define  CFI_SET_INTEL		0x0003
#define CFI_DEVICE_SIZE		0x27	/* log2 of the chip's bytes */
#define CFI_REGIONS		0x2c	/* of equal sectors */
#define CFI_REGION_SECTORS	0x2d	/* 16 bit, less 1 */
#define CFI_REGION_SIZE		0x2f	/* 16 bit, in units of 256 bytes */

#endif /* CFI_REGS_H */
