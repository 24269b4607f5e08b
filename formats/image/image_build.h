/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_build.h - make the manifest of a frozen partition: find its pages that
 * are not zero, cut them into chunks, name those
 *
 *   image_build_begin()
 *   image_build_segment() for each of image_build_segments(), on any CPUs, in
 *	any order
 *   image_build_finish()          the ids are known now
 *   for each chunk: image_chunk_seal() and image_build_set_stored(), or only
 *	the latter for one that the receiver has from an older image
 *   image_build_stored()          the length of the image is known now
 *   image_manifest_seal()
 *
 * Nothing here allocates or locks. A page that changes between
 * image_build_segment() and image_chunk_seal() is found by the latter.
 */
#ifndef IMAGE_BUILD_H
#define IMAGE_BUILD_H

#include "image_keys.h"
#include "image_manifest.h"

#define IMAGE_BUILD_SEGMENTS \
	(OSTI_IMAGE_PARTITION_MAX / OSTI_IMAGE_SEGMENT)

struct image_build {
	const struct image_keys *keys;
	const uint8_t *ram;
	uint8_t *plain;
	struct image_manifest manifest;
	/* Results of the segments; their entries lie apart until the finish. */
	uint16_t chunks[IMAGE_BUILD_SEGMENTS];
	uint16_t pages[IMAGE_BUILD_SEGMENTS];
};

/*
 * Begin. ram is the partition, aligned to 8; how long it is, the resume record
 * says, which is copied. plain has room for IMAGE_MANIFEST_MAX(bytes of the
 * partition), and shall have OSTI_IMAGE_TAG more if it is sealed in place; table
 * has room for IMAGE_TABLE_MAX(). All but record are needed until the end.
 *
 * Returns OSTI_IMAGE_OK or what image_record_parse() returns.
 */
int image_build_begin(struct image_build *b, const struct image_keys *keys,
		      const uint8_t *ram, const uint8_t *record,
		      size_t record_bytes, uint8_t *plain, uint8_t *table);

/* How many segments there are to do: 1 .. IMAGE_BUILD_SEGMENTS. */
uint32_t image_build_segments(const struct image_build *b);

/* Do segment nr, below image_build_segments(). */
void image_build_segment(struct image_build *b, uint32_t nr);

/* All segments are done: close the gaps. b->manifest can be used now. */
void image_build_finish(struct image_build *b);

/*
 * Note how a chunk is stored. image_chunk_seal() says it; for a chunk that is
 * not sealed anew it is taken from the older table that has its id. A wrong
 * value makes an image that is refused, not a false one. digest has
 * OSTI_IMAGE_HASH bytes. Calls for different chunks may be concurrent.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX, _CHUNK_SIZE (cannot be).
 */
int image_build_set_stored(struct image_build *b, uint32_t index,
			   uint32_t stored, const uint8_t *digest);

/*
 * Bytes of all chunks, for the header.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_CHUNK_SIZE when one is not known yet.
 */
int image_build_stored(const struct image_build *b, uint64_t *bytes);

#endif /* IMAGE_BUILD_H */
