// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_chunk.c - seal and open chunks
 */
#include "image_chunk.h"

#include "image_crypto.h"
#include "log.h"
#include "string.h"

#define PREFIX	OSTI_IMAGE_C_DATA

_Static_assert(OSTI_IMAGE_C_ZERO + 6 == PREFIX, "the prefix ends with zeroes");

/* What a tag covers besides. */
static const uint8_t aad[OSTI_IMAGE_AAD] = OSTI_IMAGE_AAD_MAGIC;

static void write_prefix(uint8_t *to, uint8_t codec, uint8_t pages)
{
	memset(to, 0, PREFIX);
	to[OSTI_IMAGE_C_CODEC] = codec;
	to[OSTI_IMAGE_C_PAGES] = pages;
}

void image_chunk_encrypt(const struct image_keys *keys, struct image_work *work,
			 uint32_t bytes, uint8_t *digest)
{
	uint8_t key[OSTI_IMAGE_HASH];

	image_crypto_mac(keys->chunk_digest, work->stored, bytes, digest);
	image_crypto_mac(keys->chunk_key, digest, OSTI_IMAGE_HASH, key);
	image_crypto_seal(key, aad, sizeof(aad), work->stored, bytes,
			  work->stored + bytes);
	image_crypto_wipe(key, sizeof(key));
}

static bool decrypt(const struct image_keys *keys, struct image_work *work,
		    const struct image_chunk *chunk)
{
	uint32_t bytes = chunk->stored - OSTI_IMAGE_TAG;
	uint8_t key[OSTI_IMAGE_HASH];
	bool genuine;

	image_crypto_mac(keys->chunk_key, chunk->digest, OSTI_IMAGE_HASH, key);
	genuine = image_crypto_open(key, aad, sizeof(aad), work->stored, bytes,
				    work->stored + bytes);
	image_crypto_wipe(key, sizeof(key));
	return genuine;
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

/* Is that the id of pages? */
static bool id_is(const struct image_keys *keys, const uint8_t *pages,
		  const struct image_chunk *chunk)
{
	uint8_t id[OSTI_IMAGE_HASH];

	image_chunk_id(keys, pages, chunk->pages, id);
	return image_crypto_equal(id, chunk->id, sizeof(id));
}

/* Copy the chunk's pages out of the partition, one after the other. */
static void gather(struct image_work *work, const struct image_manifest *m,
		   const struct image_chunk *chunk, const uint8_t *ram)
{
	uint32_t page = chunk->first;
	unsigned int i;

	for (i = 0; i < chunk->pages; i++) {
		memcpy(work->plain + i * OSTI_IMAGE_PAGE,
		       ram + (size_t)page * OSTI_IMAGE_PAGE, OSTI_IMAGE_PAGE);
		page = image_manifest_next_page(m, page + 1);
	}
}

/* From work->plain to work->stored, prefix first. Returns how many bytes. */
static uint32_t pack(struct image_work *work, uint8_t pages,
		     const struct image_packing *packing)
{
	uint32_t bytes = pages * OSTI_IMAGE_PAGE;
	uint8_t codec = packing->codec;
	uint32_t packed = 0;

	if (codec != OSTI_IMAGE_CODEC_RAW)
		packed = image_codec_pack(&work->codec, codec, packing->level,
					  work->plain, bytes,
					  work->stored + PREFIX, bytes - 1);
	if (!packed) {
		codec = OSTI_IMAGE_CODEC_RAW;
		packed = bytes;
		memcpy(work->stored + PREFIX, work->plain, bytes);
	}
	write_prefix(work->stored, codec, pages);
	return PREFIX + packed;
}

int image_chunk_seal(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *ram, const struct image_packing *packing,
		     uint32_t *stored, uint8_t *digest)
{
	struct image_chunk chunk;
	uint32_t bytes;
	int error;

	error = image_manifest_chunk(m, index, &chunk);
	if (error)
		return error;
	gather(work, m, &chunk, ram);
	if (!id_is(keys, work->plain, &chunk))
		return OSTI_IMAGE_E_CHANGED;
	bytes = pack(work, chunk.pages, packing);
	image_chunk_encrypt(keys, work, bytes, digest);
	*stored = bytes + OSTI_IMAGE_TAG;
	return OSTI_IMAGE_OK;
}

/* From work->stored, prefix first, to where work->pages points. */
static int unpack(struct image_work *work, uint8_t pages, uint32_t bytes)
{
	uint8_t codec = work->stored[OSTI_IMAGE_C_CODEC];
	const uint8_t *data = work->stored + PREFIX;
	uint8_t prefix[PREFIX];

	write_prefix(prefix, codec, pages);
	if (memcmp(work->stored, prefix, PREFIX))
		return OSTI_IMAGE_E_DECOMPRESS;
	bytes -= PREFIX;
	if (codec == OSTI_IMAGE_CODEC_RAW) {
		work->pages = data;
		return bytes == pages * OSTI_IMAGE_PAGE ?
		       OSTI_IMAGE_OK : OSTI_IMAGE_E_DECOMPRESS;
	}
	work->pages = work->plain;
	return image_codec_unpack(&work->codec, codec, data, bytes, work->plain,
				  pages * OSTI_IMAGE_PAGE);
}

int image_chunk_open(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *stored, uint64_t bytes)
{
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
	error = unpack(work, chunk.pages, bytes - OSTI_IMAGE_TAG);
	if (error)
		return error;
	/*
	 * The tag says that the owner of the key made it; this, that it made it
	 * of these pages.
	 */
	return id_is(keys, work->pages, &chunk) ?
	       OSTI_IMAGE_OK : OSTI_IMAGE_E_CHUNK_ID;
}

void image_chunk_place(const struct image_work *work,
		       const struct image_manifest *m, uint32_t index,
		       uint8_t *ram)
{
	struct image_chunk chunk;
	uint32_t page;
	unsigned int i;

	CHECK(image_manifest_chunk(m, index, &chunk) == OSTI_IMAGE_OK);
	page = chunk.first;
	for (i = 0; i < chunk.pages; i++) {
		memcpy(ram + (size_t)page * OSTI_IMAGE_PAGE,
		       work->pages + i * OSTI_IMAGE_PAGE, OSTI_IMAGE_PAGE);
		page = image_manifest_next_page(m, page + 1);
	}
}
