/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * segments.h - the table of a backup's disk, as the repository has it
 */
#ifndef SEGMENTS_H
#define SEGMENTS_H

#include "backup/backups.h"
#include "backup/disk_table.h"
#include "backup/plan.h"

struct segment {
	struct repo_segment info; /* points into data */
	uint8_t *data;
};

/*
 * Read segment @nr of a backup that has a disk, from the catalogue if it is
 * there. One of zeroes only has no blocks. The caller free()s data.
 * BACKUP_E_STORE, _MISSING, _DAMAGED, _MEMORY.
 */
int segments_read(struct repository *repo, const struct backup *b, uint32_t nr,
		  struct segment *s, struct backup_fault *fault);

/*
 * Write those of the plan that are not there, with all blocks done and in packs
 * that were sent. BACKUP_E_STORE, _MEMORY.
 */
int segments_write(struct repository *repo, struct plan *p,
		   struct backup_fault *fault);

#endif /* SEGMENTS_H */
