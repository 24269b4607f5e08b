/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_chunk.h - seal and open chunks
 *
 * Each call handles one chunk (at most 64 pages) and needs a struct image_work
 * of its own; calls with different ones may be concurrent. What is read from or
 * for others goes through the work area once: they may share the memory of
 * "stored" or of the partition, and gain nothing by changing it meanwhile.
 *
 * What is sealed is a prefix (codec, pages) and the compressed pages. Its keyed
 * hash is the chunk's digest, and the key that seals it depends on the digest:
 * so no two contents ever have the same key, whatever compresses them.
 *
 * A work area has secrets in it; image_crypto_wipe() it in the end.
 */
#ifndef IMAGE_CHUNK_H
#define IMAGE_CHUNK_H

#include "image_codec.h"
#include "image_keys.h"
#include "image_manifest.h"

#define IMAGE_CHUNK_PLAIN	(OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_PAGE)

struct image_work {
	struct image_codec codec;
	uint8_t plain[IMAGE_CHUNK_PLAIN] __attribute__((aligned(64)));
	uint8_t stored[OSTI_IMAGE_STORED_MAX] __attribute__((aligned(64)));
	/* Where image_chunk_open() left the pages: in plain or in stored. */
	const uint8_t *pages;
};

/* How to compress: a codec that does not make a chunk smaller is not used. */
struct image_packing {
	uint8_t codec;			/* OSTI_IMAGE_CODEC_* */
	int level;			/* of zstd */
};

/*
 * How an image is stored where nobody says otherwise. Somebody waits while a local
 * one is written to the device's own disk; a copy goes over a network, and is kept
 * where every byte costs.
 */
#define IMAGE_PACKING_LOCAL	{ OSTI_IMAGE_CODEC_ZSTD, 2 }
#define IMAGE_PACKING_COPY	{ OSTI_IMAGE_CODEC_ZSTD, 3 }

/*
 * Copy, compress and encrypt a chunk of a manifest that was built, from the
 * partition at ram. The result is work->stored; *stored and digest, of
 * OSTI_IMAGE_HASH bytes, are for image_build_set_stored().
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX, _CHANGED (its pages are not those
 * that its id was made of).
 */
int image_chunk_seal(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *ram, const struct image_packing *packing,
		     uint32_t *stored, uint8_t *digest);

/*
 * Check, decrypt and decompress a chunk of a manifest that was parsed, of
 * which bytes are at stored. On success work has the pages.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX, _CHUNK_SIZE, _CHUNK_TAG,
 * _DECOMPRESS (also a prefix that is none, or other pages than the layout
 * says), _CHUNK_ID.
 */
int image_chunk_open(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *stored, uint64_t bytes);

/*
 * Copy the pages of the chunk that image_chunk_open() has just opened to their
 * places in the partition at ram. Pages that no chunk has are left alone: the
 * caller gives a zeroed partition.
 */
void image_chunk_place(const struct image_work *work,
		       const struct image_manifest *m, uint32_t index,
		       uint8_t *ram);

/*
 * Steps that image_chunk_seal() is made of, for tests. Encrypt what is at
 * work->stored, prefix first, bytes long, and add the tag; tell the digest.
 */
void image_chunk_encrypt(const struct image_keys *keys, struct image_work *work,
			 uint32_t bytes, uint8_t *digest);
/* The id of that many pages, one after the other. */
void image_chunk_id(const struct image_keys *keys, const uint8_t *pages,
		    uint8_t nr, uint8_t *id);

#endif /* IMAGE_CHUNK_H */
