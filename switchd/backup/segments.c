// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * segments.c - the table of a backup's disk, as the repository has it
 */
#include "backup/segments.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "image_bytes.h"
#include "image_crypto.h"

/* ---- To read ------------------------------------------------------------------- */

static int parse(const struct repository *repo, const struct backup *b,
		 uint32_t nr, const char *path,
		 const struct repository_object *o, struct segment *s,
		 struct backup_fault *fault)
{
	uint8_t id[REPO_KEY];
	int error;

	repo_segment_id(&repo->keys, o->data, o->bytes, id);
	if (!image_crypto_equal(id, repo_backup_segment(&b->info, nr),
				REPO_KEY))
		return backup_fault_set(
			fault, BACKUP_E_DAMAGED,
			"object %s is not the segment that its name says",
			path);
	error = repo_segment_parse(o->data, o->bytes, b->info.disk.bytes, nr,
				   &s->info);
	if (error)
		return backup_fault_set(
			fault, BACKUP_E_DAMAGED,
			"object %s, part of the disk of backup %s: %s", path,
			b->name, repo_error_text(error));
	return BACKUP_OK;
}

int segments_read(struct repository *repo, const struct backup *b, uint32_t nr,
		  struct segment *s, struct backup_fault *fault)
{
	const uint8_t *id = repo_backup_segment(&b->info, nr);
	struct repository_object o;
	char path[REPO_PATH];
	int error;

	memset(s, 0, sizeof(*s));
	if (repo_disk_is_zero(id))
		return BACKUP_OK;
	repo_path_segment(repo->slot, id, path);
	error = repository_read(repo, REPO_KIND_SEGMENT, path, &o, fault);
	if (error)
		return error;
	error = parse(repo, b, nr, path, &o, s, fault);
	if (error)
		free(o.buf);
	else
		s->data = o.buf;
	return error;
}

/* ---- To write ------------------------------------------------------------------ */

struct writing {
	struct plan *p;
	uint32_t first; /* the segment's first block, in the plan */
	uint32_t pack[REPO_SEGMENT_BLOCKS]; /* numbers, each once, by id */
	struct repo_segment info;
	uint8_t packs[REPO_SEGMENT_BLOCKS * REPO_PACK_ENTRY];
	uint8_t entries[REPO_SEGMENT_BLOCKS * REPO_SEGMENT_ENTRY];
};

static const uint8_t *id_of(const struct plan *p, uint32_t pack)
{
	return p->pack[pack].id;
}

/* The plan may have a pack several times. */
static void list_packs(struct writing *w)
{
	uint32_t all[REPO_SEGMENT_BLOCKS], nr = 0, i;

	for (i = 0; i < w->info.blocks; i++)
		if (w->p->chunk[w->first + i].state != PLAN_ZERO)
			all[nr++] = w->p->chunk[w->first + i].pack;
	qsort_r(all, nr, sizeof(*all), plan_compare_packs, w->p);
	w->info.packs = 0;
	for (i = 0; i < nr; i++) {
		if (i && plan_compare_packs(&all[i], &all[i - 1], w->p) == 0)
			continue;
		repo_pack_list_put(w->packs, w->info.packs, id_of(w->p, all[i]),
				   w->p->pack[all[i]].bytes);
		w->pack[w->info.packs++] = all[i];
	}
}

static uint32_t number_of(const struct writing *w, uint32_t pack)
{
	uint32_t i = 0;

	while (memcmp(id_of(w->p, w->pack[i]), id_of(w->p, pack), REPO_KEY))
		i++;
	return i;
}

static void list_blocks(struct writing *w)
{
	uint32_t i;

	for (i = 0; i < w->info.blocks; i++) {
		const struct plan_chunk *c = &w->p->chunk[w->first + i];
		struct repo_segment_block b = {
			.digest = disk_table_at(&w->p->disk.table,
						w->first + i - w->p->chunks),
		};

		assert(c->state >= PLAN_SHARED);
		if (c->state != PLAN_ZERO) {
			b.pack = number_of(w, c->pack);
			b.offset = c->offset;
		}
		repo_segment_put(w->entries + (size_t)i * REPO_SEGMENT_ENTRY,
				 &b);
	}
}

static int send(struct repository *repo, const struct repo_segment *info,
		uint8_t id[REPO_KEY], struct backup_fault *fault)
{
	size_t bytes = repo_segment_size(info);
	uint8_t *data = malloc(bytes);
	char path[REPO_PATH];
	int error;

	if (!data)
		return backup_fault_memory(fault);
	repo_segment_write(info, data);
	repo_segment_id(&repo->keys, data, bytes, id);
	repo_path_segment(repo->slot, id, path);
	error = repository_write(repo, STORE_PUT, REPO_KIND_SEGMENT, path, data,
				 bytes, NULL, fault);
	free(data);
	return error;
}

static int write_one(struct repository *repo, struct plan *p, uint32_t nr,
		     struct writing *w, struct backup_fault *fault)
{
	struct plan_segment *s = &p->disk.segment[nr];
	ssize_t got;
	int error;

	w->p = p;
	w->first = p->chunks + nr * REPO_SEGMENT_BLOCKS;
	w->info = (struct repo_segment){
		.number = nr,
		.blocks = repo_segment_blocks(p->disk.table.bytes, nr),
		.pack_list = w->packs,
		.entries = w->entries,
	};
	list_packs(w);
	if (!w->info.packs) {
		memset(s->id, 0, REPO_KEY);
		s->there = true;
		return BACKUP_OK;
	}
	list_blocks(w);
	got = getrandom(w->info.salt, REPO_SEGMENT_SALT, 0);
	assert(got == REPO_SEGMENT_SALT);
	error = send(repo, &w->info, s->id, fault);
	s->there = !error;
	return error;
}

int segments_write(struct repository *repo, struct plan *p,
		   struct backup_fault *fault)
{
	struct writing *w = malloc(sizeof(*w));
	int error = w ? BACKUP_OK : backup_fault_memory(fault);
	uint32_t i;

	for (i = 0; i < p->disk.segments && !error; i++)
		if (!p->disk.segment[i].there)
			error = write_one(repo, p, i, w, fault);
	free(w);
	return error;
}
