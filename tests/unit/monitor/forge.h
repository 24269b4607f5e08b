/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forge.h - images taken apart and put together by the portable image code
 *
 * With the slot's keys, so that also what the monitor would never write is
 * sealed well.
 */
#ifndef FORGE_H
#define FORGE_H

#include "carry.h"
#include "image_chunk.h"
#include "image_header.h"
#include "image_manifest.h"

/* The head of an image. */
struct forge {
	struct image_keys keys;
	struct image_frame_keys frame;
	struct image_header header;
	/* What m is a view of, to be changed in place; both can be longer. */
	uint8_t *table;
	uint8_t *plain;
	size_t bytes;			/* of the plain manifest */
	struct image_manifest m;
};

/* That of a good image. */
void forge_open(const struct carry_image *image, struct forge *f);
void forge_close(struct forge *f);
/* The resume record in its manifest, parsed. */
void forge_record(const struct forge *f, struct image_record *record);

/*
 * Its chunks are whole and good, and have what is in memory (CARRY_BYTES) at
 * @want. Returns bits of the codecs that they were made by.
 */
unsigned int forge_assert_memory(const struct carry_image *image,
				 const uint8_t *want);

/*
 * Give the image this table, this manifest, and a header that says what
 * f->header does; the ids of manifest and record are made anew.
 */
void forge_seal(struct carry_image *image, struct forge *f);
/* Give it this header, with a good MAC. */
void forge_header(struct carry_image *image, const struct forge *f);

/* The same manifest, but with an id that is not that of its content. */
void forge_manifest_id(struct carry_image *image);

/*
 * Replace a chunk by these bytes, sealed as if they were what a codec made of
 * its pages: table and manifest name them. There must be as many as before.
 */
void forge_chunk(struct carry_image *image, uint32_t index, uint8_t codec,
		 const uint8_t *content, size_t bytes);

#endif /* FORGE_H */
