// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_disk.c - a slot's disk in a repository: blocks, and what stands for all
 */
#include "repo_disk.h"

#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "log.h"
#include "repo_fields.h"

/* Without their NUL. */
#define LABEL		"OSTI disk digest"
#define LABEL_BYTES	16

static const uint8_t aad[16] = "OSTI-DB1";

static const char marker_text[] =
	"This disk is being restored from a backup, or that was interrupted:\n"
	"what is on it is not complete. Nothing is lost: repeat \"switchctl restore\"\n"
	"or \"switchctl pull\" from another operating system of this device.\n";

_Static_assert(sizeof(LABEL) - 1 == LABEL_BYTES &&
	       LABEL_BYTES + 12 == REPO_DISK_FRONT, "label, u64 and u32");
_Static_assert(sizeof(REPO_DISK_MAGIC) == 16, "what the block begins with");

uint64_t repo_disk_blocks(uint64_t bytes)
{
	return bytes / REPO_BLOCK + (bytes % REPO_BLOCK != 0);
}

uint32_t repo_disk_block(uint64_t bytes, uint64_t nr)
{
	uint64_t left = bytes - nr * REPO_BLOCK;

	return left < REPO_BLOCK ? (uint32_t)left : REPO_BLOCK;
}

bool repo_disk_is_zero(const uint8_t digest[REPO_KEY])
{
	return repo_fields_zero(digest, REPO_KEY);
}

/* Each byte is the one before it, and the first is zero. */
static bool all_zero(const uint8_t *block, size_t bytes)
{
	return !block[0] && memcmp(block, block + 1, bytes - 1) == 0;
}

void repo_disk_hash(const uint8_t *block, size_t bytes,
		    uint8_t digest[REPO_KEY])
{
	if (all_zero(block, bytes))
		memset(digest, 0, REPO_KEY);
	else
		image_crypto_hash(block, bytes, digest);
}

void repo_disk_digest(uint64_t bytes, uint8_t *front, uint8_t digest[REPO_KEY])
{
	memcpy(front, LABEL, LABEL_BYTES);
	image_put64(front + LABEL_BYTES, bytes);
	image_put32(front + LABEL_BYTES + 8, REPO_BLOCK);
	image_crypto_hash(front,
			  REPO_DISK_FRONT + repo_disk_blocks(bytes) * REPO_KEY,
			  digest);
}

void repo_disk_seal(const struct repo_keys *keys,
		    const uint8_t digest[REPO_KEY], uint8_t *block,
		    size_t bytes)
{
	uint8_t key[REPO_KEY];

	image_crypto_mac(keys->disk, digest, REPO_KEY, key);
	image_crypto_seal(key, aad, sizeof(aad), block, bytes, block + bytes);
	image_crypto_wipe(key, sizeof(key));
}

bool repo_disk_open(const struct repo_keys *keys,
		    const uint8_t digest[REPO_KEY], uint8_t *block,
		    size_t bytes)
{
	uint8_t key[REPO_KEY], own[REPO_KEY];
	bool good;

	if (bytes <= REPO_BLOCK_TAG)
		return false;
	bytes -= REPO_BLOCK_TAG;
	image_crypto_mac(keys->disk, digest, REPO_KEY, key);
	good = image_crypto_open(key, aad, sizeof(aad), block, bytes,
				 block + bytes);
	image_crypto_wipe(key, sizeof(key));
	if (!good)
		return false;
	/* A tag alone could be made to fit two keys. */
	repo_disk_hash(block, bytes, own);
	if (image_crypto_equal(own, digest, REPO_KEY))
		return true;
	image_crypto_wipe(block, bytes);
	return false;
}

void repo_disk_marker(uint8_t out[REPO_DISK_MARKER])
{
	memset(out, 0, REPO_DISK_MARKER);
	memcpy(out, REPO_DISK_MAGIC, sizeof(REPO_DISK_MAGIC));
	memcpy(out + sizeof(REPO_DISK_MAGIC), marker_text,
	       sizeof(marker_text) - 1);
}
