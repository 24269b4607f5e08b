/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk_table.h - the digests of all blocks of a disk
 *
 * 32 bytes for 256 KiB of disk: 8 MiB for one of 64 GiB.
 */
#ifndef DISK_TABLE_H
#define DISK_TABLE_H

#include <stdbool.h>

#include "repo_segment.h"

struct disk_table {
	uint64_t bytes; /* of the disk; 0: there is none */
	uint32_t blocks;
	uint8_t *front; /* REPO_DISK_FRONT bytes, then the digests */
};

/*
 * For a disk of that many bytes, which a repository has room for; all blocks are
 * zero. False without memory; disk_table_free() it in any case.
 */
bool disk_table_begin(struct disk_table *t, uint64_t bytes);
void disk_table_free(struct disk_table *t);

/* Has a repository room for a disk of that many bytes? */
bool disk_table_fits(uint64_t bytes);

/* The digest of block @nr, for who reads and who writes. */
uint8_t *disk_table_at(const struct disk_table *t, uint32_t nr);
/* Where block @nr begins, and how long it is. */
uint64_t disk_table_offset(uint32_t nr);
uint32_t disk_table_bytes(const struct disk_table *t, uint32_t nr);

/* The digest of the disk. */
void disk_table_digest(const struct disk_table *t, uint8_t digest[REPO_KEY]);

#endif /* DISK_TABLE_H */
