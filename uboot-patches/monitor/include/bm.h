/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bm.h - the boot manager's image in flash
 */
#ifndef BM_H
#define BM_H

#include "cpu.h"

/* Of its header (flash.h) at BOARD_FLASH_BM. */
#define BM_MAGIC	"OSTI-BM1"

/* Copy a fresh boot manager into its zeroed partition; tell its entry. */
void bm_load(struct cpu_entry *entry);

#endif /* BM_H */
