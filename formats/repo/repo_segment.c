// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_segment.c - a part of a disk's table: which blocks, and where they are
 */
#include "repo_segment.h"

#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "repo_fields.h"
#include "repo_pack.h"

#define MAGIC	"OSTI-DS1"
#define VERSION	1

/* Offsets */
#define S_VERSION	8
#define S_NUMBER	12
#define S_BLOCKS	16
#define S_PACKS		20
#define S_ZERO		24
#define S_SALT		32
#define S_FIXED		48
/* In an entry of a block */
#define E_PACK		32
#define E_OFFSET	36

uint64_t repo_segments(uint64_t disk_bytes)
{
	uint64_t blocks = repo_disk_blocks(disk_bytes);

	return blocks / REPO_SEGMENT_BLOCKS +
	       (blocks % REPO_SEGMENT_BLOCKS != 0);
}

uint32_t repo_segment_blocks(uint64_t disk_bytes, uint32_t nr)
{
	uint64_t left = repo_disk_blocks(disk_bytes) -
			(uint64_t)nr * REPO_SEGMENT_BLOCKS;

	return left < REPO_SEGMENT_BLOCKS ? (uint32_t)left :
					    REPO_SEGMENT_BLOCKS;
}

size_t repo_segment_size(const struct repo_segment *s)
{
	return S_FIXED + (size_t)s->packs * REPO_PACK_ENTRY +
	       (size_t)s->blocks * REPO_SEGMENT_ENTRY;
}

void repo_segment_write(const struct repo_segment *s, uint8_t *out)
{
	size_t list = (size_t)s->packs * REPO_PACK_ENTRY;

	memset(out, 0, S_FIXED);
	memcpy(out, MAGIC, REPO_MAGIC);
	image_put32(out + S_VERSION, VERSION);
	image_put32(out + S_NUMBER, s->number);
	image_put32(out + S_BLOCKS, s->blocks);
	image_put32(out + S_PACKS, s->packs);
	memcpy(out + S_SALT, s->salt, REPO_SEGMENT_SALT);
	if (list)
		memcpy(out + S_FIXED, s->pack_list, list);
	memcpy(out + S_FIXED + list, s->entries,
	       (size_t)s->blocks * REPO_SEGMENT_ENTRY);
}

void repo_segment_put(uint8_t *entry, const struct repo_segment_block *b)
{
	memcpy(entry, b->digest, REPO_KEY);
	image_put32(entry + E_PACK, b->pack);
	image_put32(entry + E_OFFSET, b->offset);
}

static int parse_fixed(const uint8_t *in, size_t bytes, uint64_t disk_bytes,
		       uint32_t number, struct repo_segment *s)
{
	s->number = image_get32(in + S_NUMBER);
	s->blocks = image_get32(in + S_BLOCKS);
	s->packs = image_get32(in + S_PACKS);
	memcpy(s->salt, in + S_SALT, REPO_SEGMENT_SALT);
	if (!repo_fields_zero(in + S_ZERO, S_SALT - S_ZERO))
		return REPO_E_RESERVED;
	if (number >= repo_segments(disk_bytes) || s->number != number ||
	    s->blocks != repo_segment_blocks(disk_bytes, number))
		return REPO_E_KIND;
	/* No pack is there for nothing. */
	if (s->packs > s->blocks)
		return REPO_E_SIZE;
	if (bytes < repo_segment_size(s))
		return REPO_E_TRUNCATED;
	if (bytes > repo_segment_size(s))
		return REPO_E_SIZE;
	s->pack_list = in + S_FIXED;
	s->entries = s->pack_list + (size_t)s->packs * REPO_PACK_ENTRY;
	return REPO_OK;
}

static int parse_blocks(const struct repo_segment *s, uint64_t disk_bytes)
{
	uint64_t first = (uint64_t)s->number * REPO_SEGMENT_BLOCKS;
	uint32_t i;

	for (i = 0; i < s->blocks; i++) {
		struct repo_segment_block b = repo_segment_block(s, i);
		uint64_t end, bytes;

		if (repo_disk_is_zero(b.digest)) {
			if (b.pack || b.offset)
				return REPO_E_RESERVED;
			continue;
		}
		if (b.pack >= s->packs)
			return REPO_E_PLACE;
		repo_segment_pack(s, b.pack, &bytes);
		end = (uint64_t)b.offset + REPO_BLOCK_TAG +
		      repo_disk_block(disk_bytes, first + i);
		if (end > bytes)
			return REPO_E_PLACE;
	}
	return REPO_OK;
}

int repo_segment_parse(const uint8_t *in, size_t bytes, uint64_t disk_bytes,
		       uint32_t number, struct repo_segment *s)
{
	int error;

	memset(s, 0, sizeof(*s));
	if (bytes < S_FIXED)
		return REPO_E_TRUNCATED;
	error = repo_fields_front(in, MAGIC, VERSION);
	if (!error)
		error = parse_fixed(in, bytes, disk_bytes, number, s);
	if (!error)
		error = repo_pack_list_check(s->pack_list, s->packs);
	return error ? error : parse_blocks(s, disk_bytes);
}

const uint8_t *repo_segment_pack(const struct repo_segment *s, uint32_t pack,
				 uint64_t *bytes)
{
	return repo_pack_listed(s->pack_list, pack, bytes);
}

struct repo_segment_block repo_segment_block(const struct repo_segment *s,
					     uint32_t nr)
{
	const uint8_t *entry = s->entries + (size_t)nr * REPO_SEGMENT_ENTRY;

	return (struct repo_segment_block){
		.digest = entry,
		.pack = image_get32(entry + E_PACK),
		.offset = image_get32(entry + E_OFFSET),
	};
}

void repo_segment_id(const struct repo_keys *keys, const uint8_t *data,
		     size_t bytes, uint8_t id[REPO_KEY])
{
	image_crypto_mac(keys->name, data, bytes, id);
}
