/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_disk.h - a slot's disk in a repository: blocks, and what stands for all
 *
 * A disk is cut into blocks, each of which is sealed and put into a pack as
 * chunks are. A block of zeroes is nowhere: its digest is zero. The digest of
 * the disk is made of those of its blocks, so that what did not change need not
 * be read again; it is what the image of the slot's memory says of its disk
 * (OSTI_ATTACH_DISK).
 */
#ifndef REPO_DISK_H
#define REPO_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osti/image.h>

#include "repo_keys.h"

#define REPO_BLOCK	OSTI_DISK_BLOCK	/* bytes; the last one may have fewer */
#define REPO_BLOCK_TAG	OSTI_IMAGE_TAG	/* bytes that sealing adds */
#define REPO_DISK_UNIT	4096U		/* a disk's size is a multiple of it */
/* In front of the blocks' digests, for the digest of the disk */
#define REPO_DISK_FRONT	28

/*
 * A disk that is being restored begins with this block, until all others are
 * written: 16 bytes that say so, and a text for people.
 */
#define REPO_DISK_MARKER 4096		/* bytes */
#define REPO_DISK_MAGIC	"OSTI-DISK-PART\n"	/* with its NUL */

/* Number of blocks of a disk of that many bytes. */
uint64_t repo_disk_blocks(uint64_t bytes);
/* Bytes of block @nr, below repo_disk_blocks(). */
uint32_t repo_disk_block(uint64_t bytes, uint64_t nr);
/* Is the digest that of a block of zeroes? */
bool repo_disk_is_zero(const uint8_t digest[REPO_KEY]);

/* The digest of a block: BLAKE2b-256, or zero for zeroes. */
void repo_disk_hash(const uint8_t *block, size_t bytes,
		    uint8_t digest[REPO_KEY]);
/*
 * The digest of a disk of that many bytes. @front has REPO_DISK_FRONT bytes of
 * room, and right behind them the digests of all blocks.
 */
void repo_disk_digest(uint64_t bytes, uint8_t *front, uint8_t digest[REPO_KEY]);

/*
 * Seal a block in place, under a key that depends on its digest; @block has room
 * for REPO_BLOCK_TAG more. Equal blocks of a slot are equal when sealed.
 */
void repo_disk_seal(const struct repo_keys *keys,
		    const uint8_t digest[REPO_KEY], uint8_t *block,
		    size_t bytes);
/*
 * Open it in place, of that many bytes with its tag. False when it is not the
 * block of this digest; then it was wiped.
 */
bool repo_disk_open(const struct repo_keys *keys,
		    const uint8_t digest[REPO_KEY], uint8_t *block,
		    size_t bytes);

/* Write the block that says that a restore is not complete. */
void repo_disk_marker(uint8_t out[REPO_DISK_MARKER]);

#endif /* REPO_DISK_H */
