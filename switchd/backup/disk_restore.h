/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk_restore.h - the part of a download that brings a disk back
 *
 * Blocks that the disk has already are not fetched. While others are written the
 * disk begins with a block that says so (REPO_DISK_MARKER), and what belongs
 * there is written last: who starts from such a disk knows that it is not
 * complete, and the same restore again mends it.
 */
#ifndef DISK_RESTORE_H
#define DISK_RESTORE_H

#include "backup/backups.h"
#include "backup/disk_layout.h"
#include "backup/image_disk.h"

struct disk_restore {
	struct repository *repo;
	const struct backup *backup;
	struct image_disk *disk;
	bool write; /* else the blocks are only looked at */
	struct disk_layout layout;
	/* To be set between begin and run, as of struct fetch_job. */
	void (*told)(void *data, uint32_t done, uint64_t bytes);
	void *data;
	unsigned int takers;
	size_t memory;
	size_t range_bytes;
	/* Its own */
	uint8_t *first; /* block 0, until the end */
	uint32_t same; /* blocks that need not be fetched */
	uint64_t moved; /* bytes of blocks */
};

/*
 * Look whether all of the disk is in the repository, say to @disk which one it
 * is, and, if it is to be written, open it. All zeroes, with which nothing was
 * begun, can be ended, too.
 * BACKUP_E_STORE, _MISSING, _DAMAGED, _REFUSED, _SINK (no disk, or a smaller
 * one), _INTERRUPTED, _MEMORY.
 */
int disk_restore_begin(struct disk_restore *r, struct repository *repo,
		       const struct backup *backup, struct image_disk *disk,
		       bool verify, struct backup_fault *fault);
/*
 * Fetch its blocks and write them; the others are untouched.
 * BACKUP_E_STORE, _MISSING, _DAMAGED, _REFUSED, _SINK, _INTERRUPTED, _MEMORY.
 */
int disk_restore_run(struct disk_restore *r, struct backup_fault *fault);
void disk_restore_end(struct disk_restore *r);

#endif /* DISK_RESTORE_H */
