// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_pack.c - packs: what holds the chunks, and the blocks of disks
 */
#include "repo_pack.h"

#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "log.h"
#include "repo_error.h"
#include "repo_fields.h"
#include "repo_pad.h"

#define ENTRY_BYTES	REPO_KEY	/* offset of the size in an entry */

void repo_pack_list_put(uint8_t *list, uint32_t nr, const uint8_t id[REPO_KEY],
			uint64_t bytes)
{
	uint8_t *entry = list + (size_t)nr * REPO_PACK_ENTRY;

	memcpy(entry, id, REPO_KEY);
	image_put64(entry + ENTRY_BYTES, bytes);
}

const uint8_t *repo_pack_listed(const uint8_t *list, uint32_t nr,
				uint64_t *bytes)
{
	const uint8_t *entry = list + (size_t)nr * REPO_PACK_ENTRY;

	*bytes = image_get64(entry + ENTRY_BYTES);
	return entry;
}

int repo_pack_list_check(const uint8_t *list, uint32_t packs)
{
	uint64_t bytes;
	uint32_t i;

	for (i = 0; i < packs; i++) {
		repo_pack_listed(list, i, &bytes);
		if (!bytes || bytes > REPO_PACK_MAX)
			return REPO_E_PACK;
	}
	return repo_fields_ascending(list, packs, REPO_PACK_ENTRY) ?
	       REPO_OK : REPO_E_PACK;
}

size_t repo_pack_last_size(size_t used)
{
	uint64_t size = repo_pad_size(used + REPO_PACK_SALT);

	ASSERT(used <= REPO_PACK_ROOM);
	return size < REPO_PACK_BYTES ? size : REPO_PACK_BYTES;
}

void repo_pack_id(const struct repo_keys *keys, const uint8_t *buf, size_t size,
		  uint8_t id[REPO_KEY])
{
	image_crypto_mac(keys->pack, buf, size, id);
}

void repo_pack_finish(const struct repo_keys *keys, uint8_t *buf, size_t used,
		      size_t size, const uint8_t seed[REPO_KEY],
		      uint8_t id[REPO_KEY])
{
	static const uint8_t aad[16];
	uint8_t tag[16];

	ASSERT(used + REPO_PACK_SALT <= size && size <= REPO_PACK_MAX);
	/* The cipher's stream: zeroes, encrypted. */
	memset(buf + used, 0, size - used);
	image_crypto_seal(seed, aad, sizeof(aad), buf + used, size - used, tag);
	repo_pack_id(keys, buf, size, id);
}
