/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_build.h - make the manifest of a frozen partition: find its pages that
 * are not zero, cut them into chunks, name those
 *
 *   image_build_begin()
 *   image_build_segments() times, on any CPUs, in any order:
 *	image_build_segment_begin(), then image_build_segment_step() until it
 *	has no more to do
 *   image_build_finish()          the ids are known now
 *   for each chunk: image_chunk_seal(), or image_build_set_stored() for one
 *	that the receiver has from an older image
 *   image_build_stored()          the length of the image is known now
 *   image_seal_begin() and _step()
 *
 * Nothing here allocates or locks. The partition must not change meanwhile.
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

/* Work on one segment. */
struct image_segment {
	struct image_build *build;
	uint32_t nr;
	uint32_t page;			/* the next one to look at */
	uint32_t end;
	uint32_t first;			/* of the chunk that is not full yet */
	uint16_t pages;			/* of the segment so far */
	uint16_t chunks;
	uint8_t chunk_pages;
	uint8_t hashes[OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_HASH];
};

/*
 * Begin. ram is the partition, info->partition_bytes long, aligned to 8. plain
 * has capacity bytes, at least image_manifest_max(), and shall have
 * OSTI_IMAGE_TAG more if it is sealed in place. Both and keys are needed until
 * the end; info is copied, also the GIC state that it points to.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_SIZE (partition), _GIC, _RESUME,
 * _SPACE.
 */
int image_build_begin(struct image_build *b, const struct image_keys *keys,
		      const uint8_t *ram, const struct image_info *info,
		      uint8_t *plain, size_t capacity);

/* How many segments there are to do: 1 .. IMAGE_BUILD_SEGMENTS. */
uint32_t image_build_segments(const struct image_build *b);

/* Begin with segment nr, below image_build_segments(). */
void image_build_segment_begin(struct image_segment *s, struct image_build *b,
			       uint32_t nr);

/*
 * Look at up to max_pages (at least one) more pages.
 * Returns OSTI_IMAGE_AGAIN, or OSTI_IMAGE_OK when the segment is done.
 */
int image_build_segment_step(struct image_segment *s, uint32_t max_pages);

/*
 * All segments are done: make the table. b->manifest can be used now.
 */
void image_build_finish(struct image_build *b);

/*
 * Note how a chunk is stored. image_chunk_seal() says it; for a chunk that is
 * not sealed anew it is taken from the older manifest that has its id. A wrong
 * value makes an image that is refused, not a false one. Calls for different
 * chunks may be concurrent.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_INDEX, _CHUNK_SIZE (cannot be).
 */
int image_build_set_stored(struct image_build *b, uint32_t index,
			   uint32_t stored, uint8_t codec);

/*
 * Bytes of all chunks, for the header.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_CHUNK_SIZE when one is not known yet.
 */
int image_build_stored(const struct image_build *b, uint64_t *bytes);

#endif /* IMAGE_BUILD_H */
