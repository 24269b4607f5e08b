/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - what of an image is in the repository, and where
 *
 * One entry for each chunk of the image. The places of chunks that are there
 * come from older backups, which say their digest, too, so that they need not
 * even be made; or from an upload that was interrupted: those are made, and
 * compared, but not sent.
 */
#ifndef PLAN_H
#define PLAN_H

#include "backup/inventory.h"

#define PLAN_TAG	16	/* bytes: the end of a stored chunk */

enum plan_state {
	PLAN_WANTED,	/* is to be made and sent */
	PLAN_MAYBE,	/* is to be made, and sent if it is another */
	PLAN_SHARED,	/* was there */
	PLAN_SENT,	/* in a pack that was uploaded for this backup */
};

struct plan_chunk {
	enum plan_state state;
	uint32_t pack;			/* number in the plan's packs */
	uint32_t offset;
	uint32_t stored;
	uint8_t tag[PLAN_TAG];		/* not of one from an older backup */
};

struct plan_pack {
	uint8_t id[REPO_KEY];
	uint64_t bytes;
	bool good;			/* there, and not to be deleted */
};

struct plan {
	uint32_t chunks;
	const uint8_t *table;		/* of the image */
	struct plan_chunk *chunk;
	uint32_t *order;		/* numbers of chunks, by their ids */
	struct plan_pack *pack;
	uint32_t packs;
	uint32_t room;
};

/* Nothing is there yet. False without memory; plan_free() it in any case. */
bool plan_begin(struct plan *p, const uint8_t *table, uint32_t chunks);
void plan_free(struct plan *p);

/*
 * The first in @order with the id of chunk @nr: equal chunks of one image have
 * equal ids.
 */
uint32_t plan_first(const struct plan *p, uint32_t nr);

/* Add a pack; returns its number, or UINT32_MAX without memory. */
uint32_t plan_add_pack(struct plan *p, const uint8_t id[REPO_KEY],
		       uint64_t bytes);

/*
 * What older backups have of the image, from the newest on, if its pack is
 * usable; @have is called for each such chunk, and what it returns, if it is
 * not 0, ends the search and is in *have_error. A backup that is damaged is
 * passed over and counted: others may have the same.
 * BACKUP_E_STORE, _SOURCE (have), _MEMORY.
 */
int plan_from_backups(struct plan *p, struct repository *repo,
		      const struct inventory *inv,
		      int (*have)(void *data, uint32_t chunk, uint32_t stored,
				  const uint8_t *digest),
		      void *data, unsigned int *damaged, int *have_error,
		      struct backup_fault *fault);

/* What was uploaded for a backup that was interrupted. */
void plan_from_catalogue(struct plan *p, struct repository *repo,
			 const struct inventory *inv);
/* Note a pack, of which all chunks are PLAN_SENT, for that. */
void plan_to_catalogue(const struct plan *p, struct repository *repo,
		       uint32_t pack, const uint32_t *chunks, uint32_t nr);

/*
 * Every chunk whose pack cannot be used any more is PLAN_WANTED again. Returns
 * how many.
 */
uint32_t plan_settle(struct plan *p, const struct inventory *inv);

#endif /* PLAN_H */
