// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_chunk.c - seal and open chunks
 */
#include "image_chunk.h"

#include <stdbool.h>

#include <lz4.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "log.h"
#include "string.h"

/* Another compressor may give other bytes: it needs another codec number. */
_Static_assert(LZ4_VERSION_NUMBER == 10904 && LZ4_MEMORY_USAGE == 16,
	       "OSTI_IMAGE_CODEC_LZ4 is 1.9.4 with a table of 64 KiB");
_Static_assert(sizeof(((struct image_work *)0)->lz4) >= sizeof(LZ4_stream_t),
	       "room for the compressor");

/* The key of a chunk, and what its tag covers besides. */
struct seal {
	uint8_t key[OSTI_IMAGE_HASH];
	uint8_t aad[OSTI_IMAGE_AAD];
};

static void seal_init(struct seal *seal, const struct image_keys *keys,
		      const uint8_t *id, uint8_t pages, uint8_t codec)
{
	uint8_t in[OSTI_IMAGE_HASH + 1];

	memcpy(in, id, OSTI_IMAGE_HASH);
	in[OSTI_IMAGE_HASH] = codec;
	image_crypto_mac(keys->chunk_key, in, sizeof(in), seal->key);

	memset(seal->aad, 0, sizeof(seal->aad));
	memcpy(seal->aad, OSTI_IMAGE_AAD_MAGIC, OSTI_IMAGE_AAD_VERSION);
	image_put32(seal->aad + OSTI_IMAGE_AAD_VERSION, OSTI_IMAGE_VERSION);
	seal->aad[OSTI_IMAGE_AAD_PAGES] = pages;
	seal->aad[OSTI_IMAGE_AAD_CODEC] = codec;
}

void image_chunk_encrypt(const struct image_keys *keys, struct image_work *work,
			 const uint8_t *id, uint8_t pages, uint8_t codec,
			 uint32_t bytes)
{
	struct seal seal;

	seal_init(&seal, keys, id, pages, codec);
	image_crypto_seal(seal.key, seal.aad, sizeof(seal.aad), work->stored,
			  bytes, work->stored + bytes);
	image_crypto_wipe(&seal, sizeof(seal));
}

static bool decrypt(const struct image_keys *keys, struct image_work *work,
		    const struct image_chunk *chunk)
{
	uint32_t bytes = chunk->stored - OSTI_IMAGE_TAG;
	struct seal seal;
	bool genuine;

	seal_init(&seal, keys, chunk->id, chunk->pages, chunk->codec);
	genuine = image_crypto_open(seal.key, seal.aad, sizeof(seal.aad),
				    work->stored, bytes, work->stored + bytes);
	image_crypto_wipe(&seal, sizeof(seal));
	return genuine;
}

uint32_t image_chunk_compress(struct image_work *work, const uint8_t *from,
			      uint8_t *to, uint32_t bytes)
{
	return LZ4_compress_fast_extState(work->lz4, (const char *)from,
					  (char *)to, bytes, bytes - 1, 1);
}

void image_chunk_id(const struct image_keys *keys, const uint8_t *pages,
		    uint8_t nr, uint8_t *id)
{
	uint8_t hash[OSTI_IMAGE_HASH];
	struct image_mac mac;
	unsigned int i;

	image_crypto_mac_begin(&mac, keys->chunk_id);
	for (i = 0; i < nr; i++) {
		image_crypto_mac(keys->page, pages + i * OSTI_IMAGE_PAGE,
				 OSTI_IMAGE_PAGE, hash);
		image_crypto_mac_add(&mac, hash, sizeof(hash));
	}
	image_crypto_mac_done(&mac, id);
}

/* The pages one after the other: in the partition already, or in work->plain. */
static const uint8_t *gather(struct image_work *work,
			     const struct image_manifest *m,
			     const struct image_chunk *chunk,
			     const uint8_t *ram)
{
	const uint8_t *from = ram + (size_t)chunk->first * OSTI_IMAGE_PAGE;
	uint32_t page = chunk->first;
	unsigned int i = 1;

	while (i < chunk->pages &&
	       image_manifest_next_page(m, page + 1) == page + 1) {
		page++;
		i++;
	}
	if (i == chunk->pages)
		return from;

	memcpy(work->plain, from, i * OSTI_IMAGE_PAGE);
	for (; i < chunk->pages; i++) {
		page = image_manifest_next_page(m, page + 1);
		memcpy(work->plain + i * OSTI_IMAGE_PAGE,
		       ram + (size_t)page * OSTI_IMAGE_PAGE, OSTI_IMAGE_PAGE);
	}
	return work->plain;
}

int image_chunk_seal(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *ram, uint32_t *stored, uint8_t *codec)
{
	struct image_chunk chunk;
	const uint8_t *pages;
	uint32_t bytes;
	int error;

	error = image_manifest_chunk(m, index, &chunk);
	if (error)
		return error;
	pages = gather(work, m, &chunk, ram);
	bytes = image_chunk_compress(work, pages, work->stored,
				     chunk.pages * OSTI_IMAGE_PAGE);
	*codec = OSTI_IMAGE_CODEC_LZ4;
	if (!bytes) {
		*codec = OSTI_IMAGE_CODEC_RAW;
		bytes = chunk.pages * OSTI_IMAGE_PAGE;
		memcpy(work->stored, pages, bytes);
	}
	image_chunk_encrypt(keys, work, chunk.id, chunk.pages, *codec, bytes);
	*stored = bytes + OSTI_IMAGE_TAG;
	return OSTI_IMAGE_OK;
}

int image_chunk_open(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *stored, uint64_t bytes)
{
	uint8_t id[OSTI_IMAGE_HASH];
	struct image_chunk chunk;
	int error;

	error = image_manifest_chunk(m, index, &chunk);
	if (error)
		return error;
	if (bytes != chunk.stored)
		return OSTI_IMAGE_E_CHUNK_SIZE;

	memcpy(work->stored, stored, bytes);
	if (!decrypt(keys, work, &chunk))
		return OSTI_IMAGE_E_CHUNK_TAG;
	work->pages = work->stored;
	if (chunk.codec == OSTI_IMAGE_CODEC_LZ4) {
		int plain = chunk.pages * OSTI_IMAGE_PAGE;

		if (LZ4_decompress_safe((const char *)work->stored,
					(char *)work->plain,
					bytes - OSTI_IMAGE_TAG, plain) != plain)
			return OSTI_IMAGE_E_DECOMPRESS;
		work->pages = work->plain;
	}
	/*
	 * The tag says that the owner of the key made it; this, that it made it
	 * of these pages.
	 */
	image_chunk_id(keys, work->pages, chunk.pages, id);
	if (!image_crypto_equal(id, chunk.id, sizeof(id)))
		return OSTI_IMAGE_E_CHUNK_ID;
	return OSTI_IMAGE_OK;
}

void image_chunk_place(const struct image_work *work,
		       const struct image_manifest *m, uint32_t index,
		       uint8_t *ram)
{
	struct image_chunk chunk;
	uint32_t page;
	unsigned int i;

	ASSERT(image_manifest_chunk(m, index, &chunk) == OSTI_IMAGE_OK);
	page = chunk.first;
	for (i = 0; i < chunk.pages; i++) {
		memcpy(ram + (size_t)page * OSTI_IMAGE_PAGE,
		       work->pages + i * OSTI_IMAGE_PAGE, OSTI_IMAGE_PAGE);
		page = image_manifest_next_page(m, page + 1);
	}
}
