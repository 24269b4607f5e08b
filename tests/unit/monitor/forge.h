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

/* Header and manifest of a good image; the result, which *m views, is to be freed. */
uint8_t *forge_open(const struct carry_image *image,
		    struct image_header *header, struct image_manifest *m);

/* Give the image this manifest, and a header that says @chunks_bytes. */
void forge_seal(struct carry_image *image, const uint8_t *plain, size_t bytes,
		uint64_t chunks_bytes);

/* The same manifest, but with an id that is not that of its content. */
void forge_manifest_id(struct carry_image *image);

/*
 * Replace a chunk by these bytes, sealed as if they were what the codec made of
 * its pages. There must be as many as before.
 */
void forge_chunk(struct carry_image *image, uint32_t index,
		 const uint8_t *content, size_t bytes);

#endif /* FORGE_H */
