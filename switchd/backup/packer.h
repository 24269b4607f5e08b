/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packer.h - threads put chunks and blocks into packs, one thread sends those
 *
 * There is a fixed number of buffers. Who has a chunk and finds none free waits
 * until a pack was sent: memory does not grow with the image.
 */
#ifndef PACKER_H
#define PACKER_H

#include <pthread.h>
#include <stdbool.h>

#include "backup/plan.h"
#include "backup/store.h"

struct packer;

/* A pack that is being filled, or was. */
struct pack {
	uint8_t *buf;
	size_t used;
	size_t size;
	uint32_t number; /* in the plan */
	uint32_t *chunks; /* in it, by their numbers in the plan */
	uint32_t nr_chunks;
	uint32_t room;
	uint64_t chunk_bytes;
	struct pack *next;
	/* Of who sends it. */
	struct store_request request;
	char path[REPO_PATH];
	void *owner;
	bool sending;
};

struct packer {
	const struct repo_keys *keys;
	struct plan *plan;
	size_t pack_bytes;
	struct pack *packs;
	unsigned int nr;
	pthread_mutex_t lock; /* of all below, and of the plan's chunks */
	pthread_cond_t given; /* there may be room, or it ends */
	pthread_cond_t ready; /* a pack is full, or a maker has ended */
	struct pack *open;
	struct pack *free;
	struct pack *first; /* full ones */
	struct pack **last;
	bool stopped;
	bool no_memory;
};

/* False without memory. packer_end() it in any case. */
bool packer_begin(struct packer *p, const struct repo_keys *keys,
		  struct plan *plan, size_t pack_bytes, unsigned int nr);
void packer_end(struct packer *p);

/*
 * Put a chunk, or a sealed block, into a pack; from any thread. Returns false when the packer was
 * stopped, or there is no memory.
 */
bool packer_add(struct packer *p, uint32_t chunk, const uint8_t *stored,
		size_t bytes);
/* No chunk comes any more: the pack that is open is full. */
void packer_flush(struct packer *p);
/* Nobody shall wait for a buffer any more. */
void packer_stop(struct packer *p);

/* A full pack, or NULL; its request has to be begun. */
struct pack *packer_take(struct packer *p);
/* Its buffer can be used again. */
void packer_give(struct packer *p, struct pack *pack);

#endif /* PACKER_H */
