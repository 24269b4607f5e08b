/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_frame.h - is an image genuine, and which one is it?
 *
 * What the monitor itself has to know of an image, and nothing else of it: that
 * a header and a resume record were made under a slot's key by somebody who has
 * struct image_frame_keys. All it takes is a keyed hash over a bounded number
 * of bytes.
 */
#ifndef IMAGE_FRAME_H
#define IMAGE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "image_header.h"
#include "image_keys.h"

/* Write a header of OSTI_IMAGE_HEADER bytes with its MAC. */
void image_frame_write(const struct image_frame_keys *keys,
		       const struct image_header *header, uint8_t *out);

/*
 * Is that a header of OSTI_IMAGE_HEADER bytes made with these keys?
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_TAG.
 */
int image_frame_check(const struct image_frame_keys *keys, const uint8_t *in);

/* The id of a resume record of that many bytes. */
void image_frame_record(const struct image_frame_keys *keys,
			const uint8_t *record, size_t bytes,
			uint8_t id[OSTI_IMAGE_HASH]);

#endif /* IMAGE_FRAME_H */
