// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packer.c - threads put chunks and blocks into packs, one thread sends those
 */
#include "backup/packer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "image_crypto.h"
#include "repo_pack.h"

bool packer_begin(struct packer *p, const struct repo_keys *keys,
		  struct plan *plan, size_t pack_bytes, unsigned int nr)
{
	unsigned int i;

	memset(p, 0, sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->given, NULL);
	pthread_cond_init(&p->ready, NULL);
	p->keys = keys;
	p->plan = plan;
	p->pack_bytes = pack_bytes;
	p->last = &p->first;
	p->packs = calloc(nr, sizeof(*p->packs));
	if (!p->packs)
		return false;
	p->nr = nr;
	for (i = 0; i < nr; i++) {
		p->packs[i].buf = malloc(pack_bytes);
		if (!p->packs[i].buf)
			return false;
		p->packs[i].next = p->free;
		p->free = &p->packs[i];
	}
	return true;
}

void packer_end(struct packer *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		free(p->packs[i].buf);
		free(p->packs[i].chunks);
	}
	free(p->packs);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
}

/* Pad the pack and give it its id, without the lock; then it is ready. */
static void close_pack(struct packer *p, struct pack *pack, bool last)
{
	uint8_t seed[REPO_KEY], id[REPO_KEY];
	ssize_t got;

	got = getrandom(seed, sizeof(seed), 0);
	assert(got == sizeof(seed));
	pack->size = p->pack_bytes;
	if (last && repo_pack_last_size(pack->used) < pack->size)
		pack->size = repo_pack_last_size(pack->used);
	repo_pack_finish(p->keys, pack->buf, pack->used, pack->size, seed, id);
	image_crypto_wipe(seed, sizeof(seed));
	pthread_mutex_lock(&p->lock);
	memcpy(p->plan->pack[pack->number].id, id, REPO_KEY);
	p->plan->pack[pack->number].bytes = pack->size;
	pack->next = NULL;
	*p->last = pack;
	p->last = &pack->next;
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
}

/* With the lock: it ends here, for those that wait as well. */
static void out_of_memory(struct packer *p)
{
	p->no_memory = true;
	pthread_cond_broadcast(&p->given);
	pthread_cond_signal(&p->ready);
}

/*
 * A pack with nothing in it becomes the open one. Others may wait for a buffer of
 * their own, and have room in this one; it may be the last.
 */
static void open_pack(struct packer *p)
{
	static const uint8_t unknown[REPO_KEY];
	struct pack *pack = p->free;
	uint32_t number = plan_add_pack(p->plan, unknown, 0);

	if (number == UINT32_MAX) {
		out_of_memory(p);
		return;
	}
	p->free = pack->next;
	pack->number = number;
	pack->used = 0;
	pack->nr_chunks = 0;
	pack->chunk_bytes = 0;
	p->open = pack;
	pthread_cond_broadcast(&p->given);
}

/* Room in its list of chunks for one more. */
static bool grow_list(struct packer *p, struct pack *pack)
{
	uint32_t room = pack->room ? 2 * pack->room : 256;
	uint32_t *more;

	if (pack->nr_chunks < pack->room)
		return true;
	more = realloc(pack->chunks, room * sizeof(*more));
	if (!more) {
		out_of_memory(p);
		return false;
	}
	pack->chunks = more;
	pack->room = room;
	return true;
}

/* An equal chunk of this image was packed before: the same place does. */
static bool add_equal(struct packer *p, uint32_t chunk, const uint8_t *tag,
		      size_t bytes)
{
	const struct plan_chunk *other;
	uint32_t first;

	/* No two blocks of a disk that is encrypted are equal. */
	if (chunk >= p->plan->chunks)
		return false;
	first = plan_first(p->plan, chunk);
	other = &p->plan->chunk[first];
	if (first == chunk || other->state != PLAN_SENT ||
	    other->stored != bytes ||
	    !image_crypto_equal(other->tag, tag, PLAN_TAG))
		return false;
	p->plan->chunk[chunk] = *other;
	return true;
}

static void place(struct packer *p, struct pack *pack, uint32_t chunk,
		  const uint8_t *stored, size_t bytes)
{
	struct plan_chunk *c = &p->plan->chunk[chunk];

	memcpy(pack->buf + pack->used, stored, bytes);
	c->state = PLAN_SENT;
	c->pack = pack->number;
	c->offset = (uint32_t)pack->used;
	c->stored = (uint32_t)bytes;
	memcpy(c->tag, stored + bytes - PLAN_TAG, PLAN_TAG);
	pack->chunks[pack->nr_chunks++] = chunk;
	pack->chunk_bytes += bytes;
	pack->used += bytes;
}

/*
 * With the lock: make the open pack one with that much room. *full is one that
 * the caller has to close, without the lock, and then to call again.
 */
static bool get_room(struct packer *p, size_t bytes, struct pack **full)
{
	*full = NULL;
	while (!p->stopped && !p->no_memory) {
		if (p->open &&
		    p->pack_bytes - REPO_PACK_SALT - p->open->used >= bytes)
			return grow_list(p, p->open);
		if (p->open) {
			*full = p->open;
			p->open = NULL;
			return true;
		}
		if (p->free)
			open_pack(p);
		else
			pthread_cond_wait(&p->given, &p->lock);
	}
	return false;
}

bool packer_add(struct packer *p, uint32_t chunk, const uint8_t *stored,
		size_t bytes)
{
	struct pack *full;
	bool ok;

	assert(bytes >= PLAN_TAG && bytes <= p->pack_bytes - REPO_PACK_SALT);
	do {
		pthread_mutex_lock(&p->lock);
		ok = add_equal(p, chunk, stored + bytes - PLAN_TAG, bytes);
		if (ok) {
			pthread_mutex_unlock(&p->lock);
			return true;
		}
		ok = get_room(p, bytes, &full);
		if (ok && !full)
			place(p, p->open, chunk, stored, bytes);
		pthread_mutex_unlock(&p->lock);
		if (full)
			close_pack(p, full, false);
	} while (full);
	return ok;
}

void packer_flush(struct packer *p)
{
	struct pack *open;

	pthread_mutex_lock(&p->lock);
	open = p->open;
	p->open = NULL;
	pthread_mutex_unlock(&p->lock);
	if (open)
		close_pack(p, open, true);
}

void packer_stop(struct packer *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopped = true;
	pthread_cond_broadcast(&p->given);
	pthread_cond_broadcast(&p->ready);
	pthread_mutex_unlock(&p->lock);
}

struct pack *packer_take(struct packer *p)
{
	struct pack *pack;

	pthread_mutex_lock(&p->lock);
	pack = p->first;
	if (pack) {
		p->first = pack->next;
		if (!p->first)
			p->last = &p->first;
	}
	pthread_mutex_unlock(&p->lock);
	return pack;
}

void packer_give(struct packer *p, struct pack *pack)
{
	pthread_mutex_lock(&p->lock);
	pack->next = p->free;
	p->free = pack;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
}
