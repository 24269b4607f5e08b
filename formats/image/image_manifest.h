/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_manifest.h - the manifest of an image, in plain text, and its table
 *
 * A struct image_manifest is a view: record, bitmap, layout and table stay in
 * the buffers of the caller, which must outlive it and be out of the reach of
 * others. image_build.h makes manifests, image_seal.h encrypts and decrypts them.
 */
#ifndef IMAGE_MANIFEST_H
#define IMAGE_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include <osti/image.h>

#include "image_record.h"

struct image_manifest {
	uint64_t partition_bytes;	/* as its record says */
	uint64_t pages;			/* that are not zero */
	uint32_t chunks;
	uint32_t record_bytes;
	uint8_t *record;
	uint8_t *bitmap;
	uint8_t *layout;
	uint8_t *table;
	size_t bytes;			/* of the whole plaintext */
};

/* What layout and table say of a chunk. */
struct image_chunk {
	uint8_t id[OSTI_IMAGE_HASH];
	uint8_t digest[OSTI_IMAGE_HASH];
	uint32_t stored;		/* bytes, with the tag; 0: not known yet */
	uint32_t first;			/* number of its first page */
	uint8_t pages;
};

/* Most chunks that a partition of that many bytes can have. */
#define IMAGE_CHUNKS_MAX(bytes) \
	((bytes) / OSTI_IMAGE_PAGE / OSTI_IMAGE_CHUNK_MIN)
/* Most bytes of its table, and of its manifest in plain text. */
#define IMAGE_TABLE_MAX(bytes) \
	(IMAGE_CHUNKS_MAX(bytes) * OSTI_IMAGE_T_ENTRY)
#define IMAGE_MANIFEST_MAX(bytes) \
	(OSTI_IMAGE_M_FIXED + OSTI_IMAGE_RECORD_MAX + \
	 (bytes) / OSTI_IMAGE_PAGE / 8 + \
	 IMAGE_CHUNKS_MAX(bytes) * OSTI_IMAGE_L_ENTRY)

/*
 * Check everything that can be checked in a manifest of that many bytes, which
 * was decrypted and is genuine, with its table of that many entries, and make a
 * view of both. chunks_bytes is the header's. Time grows with the partition:
 * one pass over bitmap, layout and table.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_TRUNCATED, _SIZE, _RESERVED, _BITMAP,
 * _TABLE, and what image_record_parse() returns.
 */
int image_manifest_parse(uint8_t *plain, size_t bytes, uint8_t *table,
			 uint32_t chunks, uint64_t chunks_bytes,
			 struct image_manifest *m);

/*
 * Another record for the same memory: it takes the place of the one in the
 * manifest, which is moved. The plaintext's buffer has room for
 * IMAGE_MANIFEST_MAX(bytes of the partition).
 *
 * Returns OSTI_IMAGE_OK, what image_record_parse() returns, or
 * OSTI_IMAGE_E_PARTITION: it is of a partition of another size.
 */
int image_manifest_set_record(struct image_manifest *m, const uint8_t *record,
			      size_t bytes);

/*
 * Bytes of all chunks, as the table has them now.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_CHUNK_SIZE: one cannot have that many.
 */
int image_manifest_stored(const struct image_manifest *m, uint64_t *bytes);

/* Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX. */
int image_manifest_chunk(const struct image_manifest *m, uint32_t index,
			 struct image_chunk *chunk);

/*
 * Number of the first page from @from on that the bitmap has, or the number
 * of pages of the partition when there is none.
 */
uint32_t image_manifest_next_page(const struct image_manifest *m, uint32_t from);

/* Is that a size that a stored chunk of that many pages can have? */
int image_chunk_stored_ok(uint8_t pages, uint32_t stored);

#endif /* IMAGE_MANIFEST_H */
