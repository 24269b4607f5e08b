/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_header.h - the plain header of an image
 *
 * What it says is to be trusted only after image_frame_check() (image_frame.h).
 */
#ifndef IMAGE_HEADER_H
#define IMAGE_HEADER_H

#include <stdint.h>

#include <osti/image.h>

/* Whose image it is, and which one. */
struct image_identity {
	uint32_t slot;
	uint8_t name[OSTI_NAME_LEN];
	uint8_t device[OSTI_IMAGE_DEVICE];
	uint64_t generation;
};

struct image_header {
	struct image_identity identity;
	uint64_t saved_at;
	uint32_t chunks;		/* entries of the table */
	uint64_t manifest_bytes;	/* sealed, with the tag */
	uint64_t chunks_bytes;
	uint8_t manifest_id[OSTI_IMAGE_HASH];
	uint8_t record_id[OSTI_IMAGE_HASH];
};

/* Write all OSTI_IMAGE_HEADER bytes, with zeroes for the MAC. */
void image_header_write(const struct image_header *header, uint8_t *out);

/*
 * Read a header of which bytes are there.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_TRUNCATED, _OLD (version 1), _MAGIC,
 * _VERSION, _RESERVED, _SLOT (no such slot number), _GENERATION (0), _SIZE.
 * After OSTI_IMAGE_OK all sizes are within the format's limits.
 */
int image_header_parse(const uint8_t *in, uint64_t bytes,
		       struct image_header *header);

/*
 * Is it the image that is wanted? Compares everything of the identity.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_DEVICE, _SLOT, _GENERATION, the first
 * that differs in this order.
 */
int image_header_match(const struct image_header *header,
		       const struct image_identity *wanted);

/* Bytes of the table. */
uint64_t image_header_table(const struct image_header *header);
/* Offset of the first chunk: behind header, table and manifest. */
uint64_t image_header_first(const struct image_header *header);
/* Bytes of the whole image. None overflow after image_header_parse(). */
uint64_t image_header_total(const struct image_header *header);

#endif /* IMAGE_HEADER_H */
