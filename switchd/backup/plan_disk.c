// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_disk.c - what of the disk older backups have
 *
 * They say the digest of each block and where it is. A block is read, and only
 * sent if it has another digest; or not even read, when it is known that nobody
 * wrote to the disk since.
 */
#include "backup/plan.h"

#include <stdlib.h>
#include <string.h>

#include "backup/segments.h"
#include "image_crypto.h"

bool plan_disk_begin(struct plan *p, uint64_t bytes)
{
	struct plan_disk *d = &p->disk;

	if (!disk_table_begin(&d->table, bytes))
		return false;
	d->segments = (uint32_t)repo_segments(bytes);
	d->segment = calloc((size_t)d->segments + 1, sizeof(*d->segment));
	return d->segment;
}

void plan_disk_free(struct plan *p)
{
	disk_table_free(&p->disk.table);
	free(p->disk.segment);
}

void plan_disk_changed(struct plan *p, uint32_t nr)
{
	p->disk.segment[(nr - p->chunks) / REPO_SEGMENT_BLOCKS].there = false;
}

struct taking {
	struct plan *p;
	const struct inventory *inv;
	const struct backup *b;
	uint32_t nr;
	struct segment s;
	uint32_t pack[REPO_SEGMENT_BLOCKS]; /* in the plan */
};

/* UINT32_MAX: not usable. */
static bool map_packs(struct taking *t)
{
	uint64_t bytes;
	uint32_t i;

	for (i = 0; i < t->s.info.packs; i++) {
		const uint8_t *id = repo_segment_pack(&t->s.info, i, &bytes);

		t->pack[i] = UINT32_MAX;
		if (!inventory_usable(t->inv, id, bytes))
			continue;
		t->pack[i] = plan_add_pack(t->p, id, bytes);
		if (t->pack[i] == UINT32_MAX)
			return false;
	}
	return true;
}

/* Returns whether the block is there. */
static bool take_block(struct taking *t, uint32_t i)
{
	uint32_t block = t->nr * REPO_SEGMENT_BLOCKS + i;
	struct plan_chunk *c = &t->p->chunk[t->p->chunks + block];
	struct repo_segment_block b;

	/* The segment of zeroes has none. */
	if (!t->s.info.blocks) {
		c->state = PLAN_MAYBE;
		return true;
	}
	b = repo_segment_block(&t->s.info, i);
	if (!repo_disk_is_zero(b.digest)) {
		if (t->pack[b.pack] == UINT32_MAX)
			return false;
		c->pack = t->pack[b.pack];
		c->offset = b.offset;
		c->stored = disk_table_bytes(&t->p->disk.table, block) +
			    REPO_BLOCK_TAG;
	}
	c->state = PLAN_MAYBE;
	memcpy(disk_table_at(&t->p->disk.table, block), b.digest, REPO_KEY);
	return true;
}

static int take_segment(struct repository *repo, struct taking *t,
			struct backup_fault *fault)
{
	struct plan_segment *to = &t->p->disk.segment[t->nr];
	const uint8_t *id = repo_backup_segment(&t->b->info, t->nr);
	uint32_t blocks = repo_segment_blocks(t->p->disk.table.bytes, t->nr);
	bool all = repo_disk_is_zero(id) || inventory_has(t->inv, id);
	uint32_t i;
	int error;

	/* The last one of a disk that has grown since. */
	if (repo_segment_blocks(t->b->info.disk.bytes, t->nr) != blocks)
		return BACKUP_OK;
	error = segments_read(repo, t->b, t->nr, &t->s, fault);
	if (error)
		return error;
	if (!map_packs(t))
		error = backup_fault_memory(fault);
	for (i = 0; i < blocks && !error; i++)
		all &= take_block(t, i);
	free(t->s.data);
	if (error)
		return error;
	memcpy(to->id, id, REPO_KEY);
	to->there = all;
	return BACKUP_OK;
}

int plan_disk_take(struct plan *p, struct repository *repo,
		   const struct inventory *inv, const struct backup *b,
		   unsigned int *damaged, struct backup_fault *fault)
{
	struct taking *t = calloc(1, sizeof(*t));
	bool bad = false;
	int error = t ? BACKUP_OK : backup_fault_memory(fault);
	uint32_t i;

	for (i = 0; i < p->disk.segments && i < b->info.disk.segments && !error;
	     i++) {
		t->p = p;
		t->inv = inv;
		t->b = b;
		t->nr = i;
		error = take_segment(repo, t, fault);
		/* Only the blocks of that one have to be sent again. */
		if (error == BACKUP_E_DAMAGED || error == BACKUP_E_MISSING) {
			bad = true;
			error = BACKUP_OK;
		}
	}
	free(t);
	*damaged += bad;
	p->disk.found = !error;
	return error;
}

/* Is all of the disk in the repository, as that backup has it? */
static bool complete(const struct plan *p, const struct backup *b)
{
	uint8_t digest[REPO_KEY];
	uint32_t i;

	for (i = p->chunks; i < p->entries; i++)
		if (p->chunk[i].state != PLAN_MAYBE)
			return false;
	disk_table_digest(&p->disk.table, digest);
	return image_crypto_equal(digest, b->info.disk.digest, REPO_KEY);
}

int plan_disk_known(struct plan *p, struct repository *repo,
		    const struct inventory *inv, const char *name, bool *known,
		    struct backup_fault *fault)
{
	unsigned int damaged = 0;
	struct backup b;
	uint32_t i;
	int error;

	*known = false;
	error = backups_load(repo, name, &b, fault);
	if (error == BACKUP_E_UNKNOWN || error == BACKUP_E_DAMAGED ||
	    error == BACKUP_E_MISSING)
		return BACKUP_OK;
	if (error)
		return error;
	if (b.info.disk.bytes == p->disk.table.bytes)
		error = plan_disk_take(p, repo, inv, &b, &damaged, fault);
	*known = !error && p->disk.found && complete(p, &b);
	backups_free(&b);
	for (i = p->chunks; i < p->entries && *known; i++)
		p->chunk[i].state = repo_disk_is_zero(disk_table_at(
					    &p->disk.table, i - p->chunks))
					    ? PLAN_ZERO
					    : PLAN_SHARED;
	return error;
}
