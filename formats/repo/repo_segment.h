/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_segment.h - a part of a disk's table: which blocks, and where they are
 *
 * A backup names the segments of its disk. One that did not change is named by
 * the next backup, too, so that a large disk costs no large table each day. It
 * has random bytes in it, as packs have: what somebody is about to delete is
 * never what somebody else has just written.
 */
#ifndef REPO_SEGMENT_H
#define REPO_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "repo_disk.h"
#include "repo_error.h"

#define REPO_SEGMENT_BLOCKS	256U	/* 64 MiB of the disk */
#define REPO_SEGMENT_SALT	16
#define REPO_SEGMENTS_MAX	16384U	/* of a disk: 1 TiB */
#define REPO_SEGMENT_ENTRY	40	/* digest, u32 pack, u32 offset */

struct repo_segment {
	uint32_t number;	/* of the segment, in its disk */
	uint32_t blocks;	/* 1 .. REPO_SEGMENT_BLOCKS */
	uint32_t packs;
	uint8_t salt[REPO_SEGMENT_SALT];
	const uint8_t *pack_list;	/* as of a backup: id, u64 size */
	const uint8_t *entries;		/* REPO_SEGMENT_ENTRY for each block */
};

struct repo_segment_block {
	const uint8_t *digest;	/* zero: the block is, and has no place */
	uint32_t pack;
	uint32_t offset;
};

/* Number of segments of a disk of that many bytes. */
uint64_t repo_segments(uint64_t disk_bytes);
/* Blocks of segment @nr, below repo_segments(). */
uint32_t repo_segment_blocks(uint64_t disk_bytes, uint32_t nr);

size_t repo_segment_size(const struct repo_segment *s);
/* @out has room for repo_segment_size(). */
void repo_segment_write(const struct repo_segment *s, uint8_t *out);
void repo_segment_put(uint8_t *entry, const struct repo_segment_block *b);

/*
 * Check it as the segment @number of a disk of that many bytes; afterwards every
 * block lies in its pack. Pointers are into @in. Returns REPO_OK or
 * REPO_E_TRUNCATED, _SIZE, _MAGIC, _VERSION, _RESERVED, _KIND (another segment,
 * or of another disk), _PACK, _PLACE.
 */
int repo_segment_parse(const uint8_t *in, size_t bytes, uint64_t disk_bytes,
		       uint32_t number, struct repo_segment *s);

/* Id and size of a pack, below s->packs. */
const uint8_t *repo_segment_pack(const struct repo_segment *s, uint32_t pack,
				 uint64_t *bytes);
/* What it says of a block, below s->blocks. */
struct repo_segment_block repo_segment_block(const struct repo_segment *s,
					     uint32_t nr);

/* Its id: where it is stored, and what a backup calls it. */
void repo_segment_id(const struct repo_keys *keys, const uint8_t *data,
		     size_t bytes, uint8_t id[REPO_KEY]);

#endif /* REPO_SEGMENT_H */
