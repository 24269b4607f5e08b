/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_seal.h - seal and open the manifest
 *
 * A manifest's id is a keyed hash of table and manifest, and the key that seals
 * it depends on the id: two different ones never have the same key, also when
 * a generation is sealed a second time because of a power cut. The tag covers
 * the table, through its hash. All buffers are out of the reach of others.
 */
#ifndef IMAGE_SEAL_H
#define IMAGE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "image_keys.h"

/*
 * buf has a plain manifest of that many bytes and room for OSTI_IMAGE_TAG more;
 * it is sealed in place. id gets OSTI_IMAGE_HASH bytes, for the header.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_SIZE (not a manifest's size).
 */
int image_manifest_seal(const struct image_keys *keys, const uint8_t *table,
			size_t table_bytes, uint8_t *buf, size_t bytes,
			uint8_t *id);

/*
 * buf has a sealed manifest of that many bytes, with the tag; in the end the
 * first bytes - OSTI_IMAGE_TAG are the plain manifest. id is the header's.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_SIZE (not a manifest's size), _TAG,
 * _MANIFEST_ID; with the last two buf was wiped.
 */
int image_manifest_open(const struct image_keys *keys, const uint8_t *table,
			size_t table_bytes, uint8_t *buf, size_t bytes,
			const uint8_t *id);

#endif /* IMAGE_SEAL_H */
