/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - what of an image is in the repository, and where
 *
 * One entry for each chunk of the image, and then one for each block of the
 * slot's disk. The places of chunks that are there
 * come from older backups, which say their digest, too, so that they need not
 * even be made; or from an upload that was interrupted: those are made, and
 * compared, but not sent. Blocks that are there are read, and compared, too.
 */
#ifndef PLAN_H
#define PLAN_H

#include "backup/disk_table.h"
#include "backup/inventory.h"

#define PLAN_TAG 16 /* bytes: the end of a stored chunk */

enum plan_state {
	PLAN_WANTED, /* is to be made and sent */
	PLAN_MAYBE, /* is to be made or read, and sent if it is another */
	PLAN_SHARED, /* was there */
	PLAN_SENT, /* in a pack that was uploaded for this backup */
	PLAN_ZERO, /* a block of zeroes: is nowhere */
};

struct backup;

struct plan_chunk {
	enum plan_state state;
	uint32_t pack; /* number in the plan's packs */
	uint32_t offset;
	uint32_t stored;
	uint8_t tag[PLAN_TAG]; /* only of a chunk that was made */
};

struct plan_pack {
	uint8_t id[REPO_KEY];
	uint64_t bytes;
	bool good; /* there, and not to be deleted */
};

struct plan_segment {
	uint8_t id[REPO_KEY]; /* zero: all blocks of it are */
	bool there; /* with just these blocks */
};

struct plan_disk {
	/* What is said to be in PLAN_MAYBE blocks, and is in others. */
	struct disk_table table;
	uint32_t segments;
	struct plan_segment *segment;
	bool found; /* an older backup has a disk */
};

struct plan {
	uint32_t chunks;
	uint32_t entries; /* chunks, and behind them blocks */
	struct plan_disk disk;
	const uint8_t *table; /* of the image */
	struct plan_chunk *chunk;
	uint32_t *order; /* numbers of chunks, by their ids */
	struct plan_pack *pack;
	uint32_t packs;
	uint32_t room;
	uint64_t newest; /* time of the newest backup; 0: none */
};

/*
 * Nothing is there yet. A disk of 0 bytes is none. False without memory;
 * plan_free() it in any case.
 */
bool plan_begin(struct plan *p, const uint8_t *table, uint32_t chunks,
		uint64_t disk_bytes);
void plan_free(struct plan *p);

/*
 * The first in @order with the id of chunk @nr: equal chunks of one image have
 * equal ids.
 */
uint32_t plan_first(const struct plan *p, uint32_t nr);

/* For qsort_r(), of numbers of packs, by their ids; @plan is the plan. */
int plan_compare_packs(const void *a, const void *b, void *plan);

/* Add a pack; returns its number, or UINT32_MAX without memory. */
uint32_t plan_add_pack(struct plan *p, const uint8_t id[REPO_KEY],
		       uint64_t bytes);

/*
 * What older backups have of the image, from the newest on, if its pack is
 * usable, and of the disk what the newest has that has one at all; @have is
 * called for each such chunk, and what it returns, if it is not 0, ends the
 * search and is in *have_error. A backup that is damaged is passed over and
 * counted: others may have the same. Notes the newest one's time.
 * BACKUP_E_STORE, _SOURCE (have), _MEMORY.
 */
int plan_from_backups(struct plan *p, struct repository *repo,
		      const struct inventory *inv,
		      int (*have)(void *data, uint32_t chunk, uint32_t stored,
				  const uint8_t *digest),
		      void *data, unsigned int *damaged, int *have_error,
		      struct backup_fault *fault);

/*
 * plan_disk.c: what backup @b has of the disk is PLAN_MAYBE. A segment that is
 * damaged is passed over, and the backup counted in *damaged.
 * BACKUP_E_STORE, _MEMORY.
 */
int plan_disk_take(struct plan *p, struct repository *repo,
		   const struct inventory *inv, const struct backup *b,
		   unsigned int *damaged, struct backup_fault *fault);
/*
 * The disk is that of backup @name: if all of it is usable, *known, and no block
 * needs to be read.
 * BACKUP_E_STORE, _MEMORY.
 */
int plan_disk_known(struct plan *p, struct repository *repo,
		    const struct inventory *inv, const char *name, bool *known,
		    struct backup_fault *fault);
/* Of plan_begin() and plan_free(). */
bool plan_disk_begin(struct plan *p, uint64_t bytes);
void plan_disk_free(struct plan *p);

/*
 * Block @nr, as an entry of the plan, is another one than an older backup has:
 * its segment has to be written.
 */
void plan_disk_changed(struct plan *p, uint32_t nr);

/* What was uploaded for a backup that was interrupted. */
void plan_from_catalogue(struct plan *p, struct repository *repo,
			 const struct inventory *inv);
/* Note a pack, of which all entries are PLAN_SENT, for that. */
void plan_to_catalogue(const struct plan *p, struct repository *repo,
		       uint32_t pack, const uint32_t *chunks, uint32_t nr);

/*
 * Every entry whose pack cannot be used any more is PLAN_WANTED again, and no
 * segment that cannot is there. Returns how many of both.
 */
uint32_t plan_settle(struct plan *p, const struct inventory *inv);

#endif /* PLAN_H */
