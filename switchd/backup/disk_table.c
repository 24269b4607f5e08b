// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk_table.c - the digests of all blocks of a disk
 */
#include "backup/disk_table.h"

#include <stdlib.h>
#include <string.h>

bool disk_table_fits(uint64_t bytes)
{
	return bytes && bytes % REPO_DISK_UNIT == 0 &&
	       repo_segments(bytes) <= REPO_SEGMENTS_MAX;
}

bool disk_table_begin(struct disk_table *t, uint64_t bytes)
{
	memset(t, 0, sizeof(*t));
	if (!bytes)
		return true;
	t->bytes = bytes;
	t->blocks = (uint32_t)repo_disk_blocks(bytes);
	t->front = calloc(1, REPO_DISK_FRONT + (size_t)t->blocks * REPO_KEY);
	return t->front;
}

void disk_table_free(struct disk_table *t)
{
	free(t->front);
	memset(t, 0, sizeof(*t));
}

uint8_t *disk_table_at(const struct disk_table *t, uint32_t nr)
{
	return t->front + REPO_DISK_FRONT + (size_t)nr * REPO_KEY;
}

uint64_t disk_table_offset(uint32_t nr)
{
	return (uint64_t)nr * REPO_BLOCK;
}

uint32_t disk_table_bytes(const struct disk_table *t, uint32_t nr)
{
	return repo_disk_block(t->bytes, nr);
}

void disk_table_digest(const struct disk_table *t, uint8_t digest[REPO_KEY])
{
	repo_disk_digest(t->bytes, t->front, digest);
}
