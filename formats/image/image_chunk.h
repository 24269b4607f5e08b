/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_chunk.h - seal and open chunks
 *
 * Each call handles one chunk (at most 64 pages) and needs a struct image_work
 * of its own; calls with different ones may be concurrent. What is read from or
 * for others goes through the work area once: they may share the memory of
 * "stored", and gain nothing by changing it meanwhile.
 *
 * A work area has secrets in it; image_crypto_wipe() it in the end.
 */
#ifndef IMAGE_CHUNK_H
#define IMAGE_CHUNK_H

#include "image_keys.h"
#include "image_manifest.h"

#define IMAGE_CHUNK_PLAIN	(OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_PAGE)
/* What a stored chunk has at most. */
#define IMAGE_CHUNK_STORED	(IMAGE_CHUNK_PLAIN + OSTI_IMAGE_TAG)

struct image_work {
	uint64_t lz4[8200];		/* state of the compressor */
	uint8_t plain[IMAGE_CHUNK_PLAIN];
	uint8_t stored[IMAGE_CHUNK_STORED];
	/* Where image_chunk_open() left the pages: in plain or in stored. */
	const uint8_t *pages;
};

/*
 * Compress and encrypt a chunk of a manifest that was built, from the partition
 * at ram. The result is work->stored; the same pages give the same bytes.
 * *stored and *codec are for image_build_set_stored().
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX.
 */
int image_chunk_seal(const struct image_keys *keys, struct image_work *work,
		     const struct image_manifest *m, uint32_t index,
		     const uint8_t *ram, uint32_t *stored, uint8_t *codec);

/*
 * Check, decrypt and decompress a chunk of a manifest that was parsed, of
 * which bytes are at stored. On success work has the pages.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX, _CHUNK_SIZE, _CHUNK_TAG,
 * _DECOMPRESS, _CHUNK_ID.
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
 * Encrypt bytes at work->stored, which are what codec makes of a chunk, and
 * add the tag. The steps that image_chunk_seal() is made of, for tests.
 */
void image_chunk_encrypt(const struct image_keys *keys, struct image_work *work,
			 const uint8_t *id, uint8_t pages, uint8_t codec,
			 uint32_t bytes);
/* Compress; returns how many bytes are at @to, 0 if they would not be fewer. */
uint32_t image_chunk_compress(struct image_work *work, const uint8_t *from,
			      uint8_t *to, uint32_t bytes);
/* The id of that many pages, one after the other. */
void image_chunk_id(const struct image_keys *keys, const uint8_t *pages,
		    uint8_t nr, uint8_t *id);

#endif /* IMAGE_CHUNK_H */
