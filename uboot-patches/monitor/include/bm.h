/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bm.h - the boot manager's image in flash
 */
#ifndef BM_H
#define BM_H

#include "cpu.h"

/* Header at BOARD_FLASH_BM; the payload follows BM_PAYLOAD bytes after it. */
#define BM_MAGIC	"OSTI-BM1"
#define BM_PAYLOAD	4096

struct bm_header {
	char magic[8];
	uint32_t size;		/* bytes of payload */
	uint32_t offset;	/* from the start of RAM: load address, entry */
};

/* Copy a fresh boot manager into its zeroed partition; tell its entry. */
void bm_load(struct cpu_entry *entry);

#endif /* BM_H */
