/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk_layout.h - which blocks the disk of a backup has, and where they are
 */
#ifndef DISK_LAYOUT_H
#define DISK_LAYOUT_H

#include "backup/backups.h"
#include "backup/disk_table.h"
#include "backup/ranges.h"

struct disk_layout {
	struct disk_table table;
	/* All but blocks of zeroes; index is the number of the block. */
	struct range_chunk *places;
	uint32_t nr;
};

/*
 * Read it, for a backup that has a disk; afterwards the digest of the disk is
 * the one that the backup says. disk_layout_free() it in any case.
 * BACKUP_E_STORE, _MISSING, _DAMAGED, _MEMORY.
 */
int disk_layout_load(struct repository *repo, const struct backup *b,
		     struct disk_layout *l, struct backup_fault *fault);
void disk_layout_free(struct disk_layout *l);

#endif /* DISK_LAYOUT_H */
