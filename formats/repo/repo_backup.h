/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_backup.h - what a repository says of one backup
 *
 * Everything but the chunks: the image's header, table and sealed manifest,
 * which pack has which chunk and where, which segments (repo_segment.h) say that
 * of the slot's disk, and what to show to a person.
 */
#ifndef REPO_BACKUP_H
#define REPO_BACKUP_H

#include <stddef.h>
#include <stdint.h>

#include "image_header.h"
#include "repo_error.h"
#include "repo_holder.h"
#include "repo_pack.h"

#define REPO_HOST	64	/* bytes of a host's name */
#define REPO_PLACE	8	/* u32 number of the pack, u32 offset in it */
/* A pack holds no less than a chunk, so there are never more of them. */
#define REPO_PACKS_MAX	1048576U

enum repo_backup_kind {
	REPO_BACKUP = 1,	/* the OS stayed where it was */
	REPO_PUSHED = 2,	/* made to give the local copy up */
};

/* A disk that belongs to the image. */
struct repo_backup_disk {
	uint64_t bytes;			/* 0: there is none */
	uint32_t segments;
	uint8_t digest[REPO_KEY];	/* repo_disk_digest() */
	/* An id for each; zero: all blocks of it are. */
	const uint8_t *segment_list;
};

/*
 * Pointers are into the buffer of who gave it. To write, header, table and
 * chunks need not be set: they are in head.
 */
struct repo_backup {
	enum repo_backup_kind kind;
	uint64_t time;			/* seconds since 1970 (UTC) */
	uint64_t began;			/* when its making began */
	uint64_t bytes_new;		/* of what was uploaded for it */
	uint64_t bytes_shared;		/* of what was there */
	uint8_t device[REPO_DEVICE];
	char label[REPO_LABEL + 1];
	char host[REPO_HOST + 1];
	uint32_t packs;
	/* REPO_PACK_ENTRY each, ascending ids; with those of the disk's blocks */
	const uint8_t *pack_list;
	const uint8_t *places;		/* REPO_PLACE for each chunk */
	const uint8_t *head;		/* image header, table, sealed manifest */
	size_t head_bytes;
	struct repo_backup_disk disk;
	/* Set by repo_backup_parse(). */
	struct image_header header;
	const uint8_t *table;
};

/* Bytes of its plain metadata; header.chunks counts. */
size_t repo_backup_size(const struct repo_backup *b);
/* @out has room for repo_backup_size(). */
void repo_backup_write(const struct repo_backup *b, uint8_t *out);

/*
 * Check all that can be checked without the slot's key; afterwards every place
 * lies in its pack. Returns REPO_OK or REPO_E_TRUNCATED, _SIZE, _MAGIC,
 * _VERSION, _RESERVED, _KIND, _TEXT, _HEADER, _TABLE, _PACK, _PLACE, _DISK.
 */
int repo_backup_parse(const uint8_t *in, size_t bytes, struct repo_backup *b);

/* Id and size of a pack, below b->packs. */
const uint8_t *repo_backup_pack(const struct repo_backup *b, uint32_t pack,
				uint64_t *bytes);

/* Id of a segment of its disk, below b->disk.segments. */
const uint8_t *repo_backup_segment(const struct repo_backup *b, uint32_t nr);

struct repo_place {
	uint32_t pack;
	uint32_t offset;
	uint32_t bytes;
};

/* Where a chunk lies, below b->header.chunks. */
struct repo_place repo_backup_place(const struct repo_backup *b,
				    uint32_t chunk);

#endif /* REPO_BACKUP_H */
