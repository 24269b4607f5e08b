/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_seal.h - seal and open header and manifest
 *
 * In steps, because a manifest can have megabytes: image_seal_begin() or
 * image_open_begin(), then image_seal_step() until it does not answer
 * OSTI_IMAGE_AGAIN any more. All buffers are out of the reach of others until
 * then.
 *
 * A manifest's id is a keyed hash of header and manifest, and the key that seals
 * it depends on the id. So two different manifests never have the same key,
 * also when a generation is sealed a second time because of a power cut.
 */
#ifndef IMAGE_SEAL_H
#define IMAGE_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image_crypto.h"
#include "image_header.h"
#include "image_keys.h"

struct image_seal {
	const struct image_keys *keys;
	uint8_t *header;
	uint8_t *buf;
	size_t bytes;		/* without the tag */
	size_t done;
	bool sealing;
	bool crypting;		/* else hashing */
	uint8_t id[OSTI_IMAGE_HASH];
	struct image_mac mac;
	struct image_aead aead;
};

/*
 * Seal: buf has a plain manifest of that many bytes and room for
 * OSTI_IMAGE_TAG more. In the end buf is the sealed manifest, out is the header
 * of OSTI_IMAGE_HEADER bytes. Of *header identity, saved_at and chunks_bytes are
 * used.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_SIZE (not a manifest's size).
 */
int image_seal_begin(struct image_seal *s, const struct image_keys *keys,
		     const struct image_header *header, uint8_t *out,
		     uint8_t *buf, size_t bytes);

/*
 * Open: in is a header, parsed as *header, buf the sealed manifest that it
 * tells of, bytes what there is of it. In the end the first bytes -
 * OSTI_IMAGE_TAG of buf are the plain manifest.
 *
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_TRUNCATED, _SIZE (too long).
 */
int image_open_begin(struct image_seal *s, const struct image_keys *keys,
		     const struct image_header *header, uint8_t *in,
		     uint8_t *buf, size_t bytes);

/*
 * Handle up to max_bytes (at least one) more.
 * Returns OSTI_IMAGE_AGAIN or OSTI_IMAGE_OK; when opening also OSTI_IMAGE_E_TAG
 * or _MANIFEST_ID, and then buf was wiped. In the end the state is wiped.
 */
int image_seal_step(struct image_seal *s, size_t max_bytes);

#endif /* IMAGE_SEAL_H */
