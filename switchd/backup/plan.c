// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan.c - what of an image is in the repository, and where
 */
#include "backup/plan.h"

#include <stdlib.h>
#include <string.h>

#include "backup/backups.h"
#include "backup/catalogue.h"
#include "image_bytes.h"
#include "image_crypto.h"

static const uint8_t *id_of(const struct plan *p, uint32_t nr)
{
	return p->table + (size_t)nr * OSTI_IMAGE_T_ENTRY + OSTI_IMAGE_T_ID;
}

static int compare(const void *a, const void *b, void *data)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int ret = memcmp(id_of(data, x), id_of(data, y), OSTI_IMAGE_HASH);

	if (ret)
		return ret;
	return x < y ? -1 : x > y;
}

bool plan_begin(struct plan *p, const uint8_t *table, uint32_t chunks,
		uint64_t disk_bytes)
{
	uint32_t i;

	memset(p, 0, sizeof(*p));
	if (!plan_disk_begin(p, disk_bytes))
		return false;
	p->chunks = chunks;
	p->entries = chunks + p->disk.table.blocks;
	p->table = table;
	p->chunk = calloc((size_t)p->entries + 1, sizeof(*p->chunk));
	p->order = calloc((size_t)chunks + 1, sizeof(*p->order));
	if (!p->chunk || !p->order)
		return false;
	for (i = 0; i < chunks; i++)
		p->order[i] = i;
	qsort_r(p->order, chunks, sizeof(*p->order), compare, p);
	return true;
}

void plan_free(struct plan *p)
{
	free(p->chunk);
	free(p->order);
	free(p->pack);
	plan_disk_free(p);
	memset(p, 0, sizeof(*p));
}

/* Position in the order of the first chunk with that id, or p->chunks. */
static uint32_t find(const struct plan *p, const uint8_t *id)
{
	uint32_t low = 0, high = p->chunks;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (memcmp(id_of(p, p->order[middle]), id, OSTI_IMAGE_HASH) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < p->chunks &&
	    memcmp(id_of(p, p->order[low]), id, OSTI_IMAGE_HASH) != 0)
		return p->chunks;
	return low;
}

uint32_t plan_first(const struct plan *p, uint32_t nr)
{
	return p->order[find(p, id_of(p, nr))];
}

int plan_compare_packs(const void *a, const void *b, void *plan)
{
	const struct plan *p = plan;

	return memcmp(p->pack[*(const uint32_t *)a].id,
		      p->pack[*(const uint32_t *)b].id, REPO_KEY);
}

uint32_t plan_add_pack(struct plan *p, const uint8_t id[REPO_KEY],
		       uint64_t bytes)
{
	if (p->packs == p->room) {
		uint32_t room = p->room ? 2 * p->room : 64;
		struct plan_pack *more;

		more = realloc(p->pack, room * sizeof(*more));
		if (!more)
			return UINT32_MAX;
		p->pack = more;
		p->room = room;
	}
	memcpy(p->pack[p->packs].id, id, REPO_KEY);
	p->pack[p->packs].bytes = bytes;
	p->pack[p->packs].good = true;
	return p->packs++;
}

/* ---- From older backups ------------------------------------------------------ */

struct search {
	struct plan *p;
	const struct inventory *inv;
	int (*have)(void *data, uint32_t chunk, uint32_t stored,
		    const uint8_t *digest);
	void *data;
	uint32_t wanted; /* chunks that were not found yet */
	unsigned int *damaged;
};

/* Numbers, in the plan, of the packs of a backup; UINT32_MAX: not usable. */
static uint32_t *map_packs(const struct search *s, const struct backup *b)
{
	uint32_t *map = calloc((size_t)b->info.packs + 1, sizeof(*map));
	uint32_t i;

	for (i = 0; map && i < b->info.packs; i++) {
		uint64_t bytes;
		const uint8_t *id = repo_backup_pack(&b->info, i, &bytes);

		map[i] = UINT32_MAX;
		if (!inventory_usable(s->inv, id, bytes))
			continue;
		map[i] = plan_add_pack(s->p, id, bytes);
		if (map[i] != UINT32_MAX)
			continue;
		free(map);
		return NULL;
	}
	return map;
}

/* Chunk @nr of @b has that id: take it for all of the image with the same. */
static int take(struct search *s, const struct backup *b, uint32_t nr,
		uint32_t pack, uint32_t at)
{
	const uint8_t *entry = b->info.table + (size_t)nr * OSTI_IMAGE_T_ENTRY;
	struct repo_place place = repo_backup_place(&b->info, nr);
	struct plan *p = s->p;

	for (; at < p->chunks; at++) {
		struct plan_chunk *c = &p->chunk[p->order[at]];
		int error;

		if (memcmp(id_of(p, p->order[at]), entry + OSTI_IMAGE_T_ID,
			   OSTI_IMAGE_HASH) != 0)
			break;
		if (c->state != PLAN_WANTED)
			continue;
		error = s->have(s->data, p->order[at], place.bytes,
				entry + OSTI_IMAGE_T_DIGEST);
		if (error)
			return error;
		c->state = PLAN_SHARED;
		c->pack = pack;
		c->offset = place.offset;
		c->stored = place.bytes;
		s->wanted--;
	}
	return 0;
}

static int search_backup(struct search *s, const struct backup *b,
			 int *have_error, struct backup_fault *fault)
{
	uint32_t *map = map_packs(s, b);
	uint32_t i;

	if (!map)
		return backup_fault_memory(fault);
	for (i = 0; i < b->info.header.chunks && s->wanted && !*have_error;
	     i++) {
		uint32_t pack = map[repo_backup_place(&b->info, i).pack];

		if (pack != UINT32_MAX)
			*have_error = take(
				s, b, i, pack,
				find(s->p,
				     b->info.table +
					     (size_t)i * OSTI_IMAGE_T_ENTRY));
	}
	free(map);
	if (*have_error)
		return backup_fault_set(
			fault, BACKUP_E_SOURCE,
			"the image does not take chunks that are there: %s",
			strerror(-*have_error));
	return BACKUP_OK;
}

/* Has the search still something to look for? */
static bool searching(const struct search *s)
{
	return s->wanted || (s->p->disk.table.bytes && !s->p->disk.found);
}

static int search_name(struct search *s, struct repository *repo,
		       const char *name, int *have_error,
		       struct backup_fault *fault)
{
	struct backup b;
	int error;

	error = backups_load(repo, name, &b, fault);
	switch (error) {
	case BACKUP_OK:
		break;
	case BACKUP_E_DAMAGED:
	case BACKUP_E_MISSING:
		(*s->damaged)++;
		return BACKUP_OK;
	case BACKUP_E_UNKNOWN:
		/* Somebody has just deleted it. */
		return BACKUP_OK;
	default:
		return error;
	}
	error = search_backup(s, &b, have_error, fault);
	if (!error && b.info.disk.bytes && s->p->disk.table.bytes &&
	    !s->p->disk.found)
		error = plan_disk_take(s->p, repo, s->inv, &b, s->damaged,
				       fault);
	backups_free(&b);
	return error;
}

int plan_from_backups(struct plan *p, struct repository *repo,
		      const struct inventory *inv,
		      int (*have)(void *data, uint32_t chunk, uint32_t stored,
				  const uint8_t *digest),
		      void *data, unsigned int *damaged, int *have_error,
		      struct backup_fault *fault)
{
	struct search s = { .p = p,
			    .inv = inv,
			    .have = have,
			    .data = data,
			    .wanted = p->chunks,
			    .damaged = damaged };
	struct backup_names names;
	size_t i;
	int error;

	*have_error = 0;
	error = backups_names(repo, &names, fault);
	if (!error && names.nr)
		p->newest = repo_name_time(names.names[names.nr - 1]);
	for (i = names.nr; i-- && searching(&s) && !error;)
		error = search_name(&s, repo, names.names[i], have_error,
				    fault);
	free(names.names);
	return error;
}

/* ---- From what was interrupted ------------------------------------------------- */

/*
 * A pack in the catalogue: its bytes, u64; how many chunks are in it, u64; for
 * each of them id, tag, u32 offset, u32 stored; for each block digest, u32
 * number, u32 offset; and a keyed hash of all of it and of the pack's id, so
 * that a damaged file does not send anybody to a wrong place.
 */
#define NOTE_FIXED 16
#define NOTE_ENTRY (OSTI_IMAGE_HASH + PLAN_TAG + 8)
#define NOTE_BLOCK (REPO_KEY + 8)

static void note_mac(const struct repository *repo, const uint8_t *pack,
		     const uint8_t *body, size_t bytes, uint8_t *mac)
{
	struct image_mac m;

	image_crypto_mac_begin(&m, repo->keys.name);
	image_crypto_mac_add(&m, pack, REPO_KEY);
	image_crypto_mac_add(&m, body, bytes);
	image_crypto_mac_done(&m, mac);
}

struct recall {
	struct plan *p;
	const struct repository *repo;
	const struct inventory *inv;
};

static void recall_chunk(struct plan *p, uint32_t pack, const uint8_t *entry)
{
	uint32_t at = find(p, entry);

	for (; at < p->chunks; at++) {
		struct plan_chunk *c = &p->chunk[p->order[at]];

		if (memcmp(id_of(p, p->order[at]), entry, OSTI_IMAGE_HASH) != 0)
			break;
		if (c->state != PLAN_WANTED)
			continue;
		c->state = PLAN_MAYBE;
		c->pack = pack;
		memcpy(c->tag, entry + OSTI_IMAGE_HASH, PLAN_TAG);
		c->offset = image_get32(entry + OSTI_IMAGE_HASH + PLAN_TAG);
		c->stored = image_get32(entry + OSTI_IMAGE_HASH + PLAN_TAG + 4);
	}
}

/* It was sent because it is not what older backups have: it is newer. */
static void recall_block(struct plan *p, uint32_t pack, const uint8_t *entry)
{
	uint32_t nr = image_get32(entry + REPO_KEY);
	struct plan_chunk *c;

	if (nr >= p->disk.table.blocks)
		return;
	c = &p->chunk[p->chunks + nr];
	if (c->state != PLAN_WANTED && c->state != PLAN_MAYBE)
		return;
	memcpy(disk_table_at(&p->disk.table, nr), entry, REPO_KEY);
	c->state = PLAN_MAYBE;
	c->pack = pack;
	c->offset = image_get32(entry + REPO_KEY + 4);
	c->stored = disk_table_bytes(&p->disk.table, nr) + REPO_BLOCK_TAG;
	plan_disk_changed(p, p->chunks + nr);
}

static void recall(const uint8_t *id, const uint8_t *body, size_t bytes,
		   void *data)
{
	struct recall *r = data;
	uint8_t mac[REPO_KEY];
	uint64_t chunks;
	uint32_t pack;
	size_t end;

	if (bytes < NOTE_FIXED + REPO_KEY)
		return;
	bytes -= REPO_KEY;
	note_mac(r->repo, id, body, bytes, mac);
	if (!image_crypto_equal(mac, body + bytes, REPO_KEY) ||
	    !inventory_usable(r->inv, id, image_get64(body)))
		return;
	pack = plan_add_pack(r->p, id, image_get64(body));
	if (pack == UINT32_MAX)
		return;
	/* We wrote it, so sizes are what they must be. */
	chunks = image_get64(body + 8);
	end = NOTE_FIXED + chunks * NOTE_ENTRY;
	body += NOTE_FIXED;
	for (; chunks; chunks--, body += NOTE_ENTRY)
		recall_chunk(r->p, pack, body);
	for (; end < bytes; end += NOTE_BLOCK, body += NOTE_BLOCK)
		recall_block(r->p, pack, body);
}

void plan_from_catalogue(struct plan *p, struct repository *repo,
			 const struct inventory *inv)
{
	struct recall r = { .p = p, .repo = repo, .inv = inv };

	if (repo->catalogue)
		catalogue_each_pack(repo->catalogue, repo->slot, recall, &r);
}

static uint8_t *note_chunk(const struct plan *p, uint32_t nr, uint8_t *to)
{
	const struct plan_chunk *c = &p->chunk[nr];

	memcpy(to, id_of(p, nr), OSTI_IMAGE_HASH);
	memcpy(to + OSTI_IMAGE_HASH, c->tag, PLAN_TAG);
	image_put32(to + OSTI_IMAGE_HASH + PLAN_TAG, c->offset);
	image_put32(to + OSTI_IMAGE_HASH + PLAN_TAG + 4, c->stored);
	return to + NOTE_ENTRY;
}

static uint8_t *note_block(const struct plan *p, uint32_t nr, uint8_t *to)
{
	memcpy(to, disk_table_at(&p->disk.table, nr - p->chunks), REPO_KEY);
	image_put32(to + REPO_KEY, nr - p->chunks);
	image_put32(to + REPO_KEY + 4, p->chunk[nr].offset);
	return to + NOTE_BLOCK;
}

void plan_to_catalogue(const struct plan *p, struct repository *repo,
		       uint32_t pack, const uint32_t *entries, uint32_t nr)
{
	uint64_t chunks = 0;
	uint8_t *body, *to;
	uint32_t i;

	if (!repo->catalogue)
		return;
	body = malloc(NOTE_FIXED + (size_t)nr * NOTE_ENTRY + REPO_KEY);
	/* Without it they would only be sent again. */
	if (!body)
		return;
	to = body + NOTE_FIXED;
	for (i = 0; i < nr; i++) {
		if (entries[i] >= p->chunks)
			continue;
		to = note_chunk(p, entries[i], to);
		chunks++;
	}
	for (i = 0; i < nr; i++)
		if (entries[i] >= p->chunks)
			to = note_block(p, entries[i], to);
	image_put64(body, p->pack[pack].bytes);
	image_put64(body + 8, chunks);
	note_mac(repo, p->pack[pack].id, body, to - body, to);
	catalogue_add_pack(repo->catalogue, repo->slot, p->pack[pack].id, body,
			   to - body + REPO_KEY);
	free(body);
}

/* Not one that is wanted, nor a block of zeroes, nor one that may be. */
static bool has_pack(const struct plan *p, uint32_t nr)
{
	enum plan_state state = p->chunk[nr].state;

	if (state == PLAN_WANTED || state == PLAN_ZERO)
		return false;
	return state != PLAN_MAYBE || p->chunk[nr].stored;
}

uint32_t plan_settle(struct plan *p, const struct inventory *inv)
{
	uint32_t lost = 0;
	uint32_t i;

	for (i = 0; i < p->packs; i++)
		p->pack[i].good =
			inventory_usable(inv, p->pack[i].id, p->pack[i].bytes);
	for (i = 0; i < p->entries; i++) {
		if (has_pack(p, i) && !p->pack[p->chunk[i].pack].good) {
			p->chunk[i].state = PLAN_WANTED;
			if (i >= p->chunks)
				plan_disk_changed(p, i);
			lost++;
		}
	}
	for (i = 0; i < p->disk.segments; i++) {
		struct plan_segment *s = &p->disk.segment[i];

		if (s->there && !repo_disk_is_zero(s->id) &&
		    !inventory_has(inv, s->id)) {
			s->there = false;
			lost++;
		}
	}
	return lost;
}
