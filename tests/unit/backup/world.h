/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - a slot, a cloud, and devices that use it
 */
#ifndef WORLD_H
#define WORLD_H

#include "model.h"
#include "store_fake.h"

#include "backup/download.h"
#include "backup/move.h"
#include "backup/prune.h"
#include "backup/upload.h"

/* Small ones, so that an image of a few megabytes has several. */
#define WORLD_PACK	(512U << 10)
#define WORLD_DAY	(24 * 3600)

struct world {
	struct fixture f;	/* the slot's memory and keys */
	struct model_disk disk;	/* of the slot, or none */
	struct cloud cloud;
	uint8_t slot_key[REPO_KEY];
	uint8_t slot[REPO_SLOT];
	uint8_t carrier[REPO_KEY];
};

/* A device: its way to the cloud. */
struct courier {
	struct world *w;
	struct store *store;
	struct repository repo;
	struct upload_options upload;
	struct backup_fault fault;
	struct upload_result result;
	/* The disk that a restore writes; made by the first if there is none. */
	struct model_disk target;
	const uint8_t *disk;	/* what it must be then; NULL: the slot's */
};

/*
 * A cloud with a repository; the slot has @bytes of memory with something in it:
 * noise, text, and zeroes.
 */
void world_begin(struct world *w, uint64_t bytes);
void world_end(struct world *w);
/* The slot has a disk, too: noise, and every fourth block is zero. */
void world_disk(struct world *w, uint64_t bytes);
/* Change some of the slot's memory; @seed is not 0. */
void world_change(struct world *w, uint64_t seed);

/* Open the repository for the device of that number. */
void courier_begin(struct courier *c, struct world *w, uint8_t device);
void courier_end(struct courier *c);

/* Back up what is in memory; returns what backup_run() does. */
int courier_backup(struct courier *c);
/* The same, and it has to work. */
void courier_good_backup(struct courier *c);
int courier_push(struct courier *c, bool force);
/*
 * Bring one in; what comes has to be the memory @ram, if that is not NULL, and
 * then the disk c->disk.
 */
int courier_restore(struct courier *c, const char *name, const uint8_t *ram);
int courier_pull(struct courier *c, bool force, const uint8_t *ram);
int courier_prune(struct courier *c, struct prune_result *result);

/* Clocks of cloud and devices go on. */
void world_pass(struct world *w, int64_t seconds);

/*
 * Every backup that is visible has all its packs, and opens. Returns how many
 * there are.
 */
size_t world_check(struct world *w);

#endif /* WORLD_H */
