// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk_layout.c - which blocks the disk of a backup has, and where they are
 */
#include "backup/disk_layout.h"

#include <stdlib.h>
#include <string.h>

#include "backup/segments.h"
#include "image_crypto.h"

static int compare_id(const void *id, const void *entry)
{
	return memcmp(id, entry, REPO_KEY);
}

/* Number of a pack in the backup's list, which is sorted; or b->info.packs. */
static uint32_t find_pack(const struct backup *b, const uint8_t *id,
			  uint64_t bytes)
{
	const uint8_t *found = bsearch(id, b->info.pack_list, b->info.packs,
				       REPO_PACK_ENTRY, compare_id);
	uint64_t listed;
	uint32_t nr;

	if (!found)
		return b->info.packs;
	nr = (uint32_t)((size_t)(found - b->info.pack_list) / REPO_PACK_ENTRY);
	repo_backup_pack(&b->info, nr, &listed);
	return listed == bytes ? nr : b->info.packs;
}

static int add_segment(const struct backup *b, uint32_t nr,
		       const struct repo_segment *s, struct disk_layout *l,
		       struct backup_fault *fault)
{
	uint32_t i;

	for (i = 0; i < s->blocks; i++) {
		uint32_t block = nr * REPO_SEGMENT_BLOCKS + i;
		struct repo_segment_block from = repo_segment_block(s, i);
		struct range_chunk *to = &l->places[l->nr];
		const uint8_t *id;
		uint64_t bytes;

		if (repo_disk_is_zero(from.digest))
			continue;
		memcpy(disk_table_at(&l->table, block), from.digest, REPO_KEY);
		id = repo_segment_pack(s, from.pack, &bytes);
		to->pack = find_pack(b, id, bytes);
		if (to->pack == b->info.packs)
			return backup_fault_set(
				fault, BACKUP_E_DAMAGED,
				"backup %s does not name a pack that block %u of its disk is in",
				b->name, block);
		to->offset = from.offset;
		to->bytes = disk_table_bytes(&l->table, block) + REPO_BLOCK_TAG;
		to->index = block;
		l->nr++;
	}
	return BACKUP_OK;
}

int disk_layout_load(struct repository *repo, const struct backup *b,
		     struct disk_layout *l, struct backup_fault *fault)
{
	const struct repo_backup_disk *disk = &b->info.disk;
	uint8_t digest[REPO_KEY];
	struct segment s;
	uint32_t i;
	int error = BACKUP_OK;

	memset(l, 0, sizeof(*l));
	if (!disk_table_begin(&l->table, disk->bytes))
		return backup_fault_memory(fault);
	l->places = calloc(l->table.blocks, sizeof(*l->places));
	if (!l->places)
		return backup_fault_memory(fault);
	for (i = 0; i < disk->segments && !error; i++) {
		error = segments_read(repo, b, i, &s, fault);
		if (error)
			break;
		error = add_segment(b, i, &s.info, l, fault);
		free(s.data);
	}
	if (error)
		return error;
	disk_table_digest(&l->table, digest);
	if (!image_crypto_equal(digest, disk->digest, REPO_KEY))
		return backup_fault_set(
			fault, BACKUP_E_DAMAGED,
			"the blocks of the disk of backup %s are not those that it was made of",
			b->name);
	return BACKUP_OK;
}

void disk_layout_free(struct disk_layout *l)
{
	disk_table_free(&l->table);
	free(l->places);
	memset(l, 0, sizeof(*l));
}
