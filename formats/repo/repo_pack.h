/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_pack.h - packs: what holds the chunks, and the blocks of disks
 *
 * A pack is chunks as the monitor gave them, one after the other, and padding
 * that looks like them. A pack is full when another chunk does not fit, and is
 * then as large as every full one; the last of a backup is padded as metadata
 * is. Padding is made of a random seed and is never empty, so that the same
 * chunks never make the same pack again: one that somebody is about to delete
 * cannot be what somebody else has just uploaded.
 */
#ifndef REPO_PACK_H
#define REPO_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "repo_keys.h"

/* Of a full one: 32 blocks of a disk with their tags, and hardly more. */
#define REPO_PACK_BYTES	((8U << 20) + 4096)
#define REPO_PACK_MAX	(16U << 20)	/* that a reader accepts */
#define REPO_PACK_SALT	16		/* least bytes of padding */
/* Bytes of chunks that fit into one. */
#define REPO_PACK_ROOM	(REPO_PACK_BYTES - REPO_PACK_SALT)

/* Size of the last pack with that many bytes, at most REPO_PACK_ROOM. */
size_t repo_pack_last_size(size_t used);

/*
 * Pad @buf, of which the first @used bytes are chunks, to @size, and tell its
 * id. @seed is random and is used once.
 */
void repo_pack_finish(const struct repo_keys *keys, uint8_t *buf, size_t used,
		      size_t size, const uint8_t seed[REPO_KEY],
		      uint8_t id[REPO_KEY]);

/*
 * A list of packs, as a backup and a segment have one: for each id and u64 size,
 * ascending ids.
 */
#define REPO_PACK_ENTRY	40

/* Write the entry of one; there is room for it at @nr. */
void repo_pack_list_put(uint8_t *list, uint32_t nr, const uint8_t id[REPO_KEY],
			uint64_t bytes);
/* Id and size of one, below the length of the list. */
const uint8_t *repo_pack_listed(const uint8_t *list, uint32_t nr,
				uint64_t *bytes);
/* Returns REPO_OK or REPO_E_PACK: a size that none has, or the wrong order. */
int repo_pack_list_check(const uint8_t *list, uint32_t packs);

/* The id of a whole pack. */
void repo_pack_id(const struct repo_keys *keys, const uint8_t *buf, size_t size,
		  uint8_t id[REPO_KEY]);

#endif /* REPO_PACK_H */
