/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_manifest.h - the manifest of an image, in plain text
 *
 * A struct image_manifest is a view: bitmap, table and GIC state stay in the
 * buffer of the caller, which must outlive it and be out of the reach of others.
 * image_build.h makes manifests, image_seal.h encrypts and decrypts them.
 */
#ifndef IMAGE_MANIFEST_H
#define IMAGE_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include <osti/image.h>

/* What the manifest says besides pages and chunks. */
struct image_info {
	uint64_t partition_bytes;
	uint64_t entry;			/* resume record */
	uint64_t arg;
	uint32_t cpu;
	uint64_t frozen_at;
	uint64_t counter;
	uint8_t platform[OSTI_IMAGE_HASH];
	const uint8_t *gic;		/* gic_bytes, as the caller made them */
	uint32_t gic_bytes;
};

struct image_manifest {
	struct image_info info;
	uint64_t pages;
	uint32_t chunks;
	uint8_t *bitmap;
	uint8_t *table;
	size_t bytes;			/* of the whole plaintext */
};

/* An entry of the table. */
struct image_chunk {
	uint8_t id[OSTI_IMAGE_HASH];
	uint32_t first;			/* number of its first page */
	uint32_t stored;		/* bytes, with the tag */
	uint8_t pages;
	uint8_t codec;
};

/*
 * Bytes that the plaintext can have at most, or 0 when partition_bytes or
 * gic_bytes are not within the format's limits.
 */
size_t image_manifest_max(uint64_t partition_bytes, uint32_t gic_bytes);

/*
 * Check everything that can be checked in a manifest of that many bytes, which
 * was decrypted and is genuine, and make a view of it. chunks_bytes is the
 * header's. Time grows with the partition: one pass over bitmap and table.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_TRUNCATED, _SIZE, _RESERVED, _GIC,
 * _RESUME, _BITMAP, _TABLE.
 */
int image_manifest_parse(uint8_t *plain, size_t bytes, uint64_t chunks_bytes,
			 struct image_manifest *m);

/*
 * Does it fit where it shall be resumed? platform has OSTI_IMAGE_HASH bytes.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_PARTITION, _PLATFORM.
 */
int image_manifest_match(const struct image_manifest *m,
			 uint64_t partition_bytes, const uint8_t *platform);

/*
 * Read an entry. Entries of parsed manifests are good; so are those of built
 * ones except for stored, which is 0 as long as it is not known.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX.
 */
int image_manifest_chunk(const struct image_manifest *m, uint32_t index,
			 struct image_chunk *chunk);

/*
 * Number of the first page from @from on that the bitmap has, or the number
 * of pages of the partition when there is none.
 */
uint32_t image_manifest_next_page(const struct image_manifest *m, uint32_t from);

/* Is that a size that a stored chunk can have? */
int image_manifest_stored_ok(uint8_t pages, uint8_t codec, uint32_t stored);

#endif /* IMAGE_MANIFEST_H */
