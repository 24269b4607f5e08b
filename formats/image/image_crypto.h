/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_crypto.h - the two primitives of the image format
 *
 * Keyed BLAKE2b-256 (RFC 7693) and ChaCha20-Poly1305 (RFC 8439), both
 * libtomcrypt's. Keys and digests have OSTI_IMAGE_HASH bytes.
 */
#ifndef IMAGE_CRYPTO_H
#define IMAGE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* State of a computation in steps, in libtomcrypt's form. */
struct image_mac {
	uint64_t state[64];
};

/* out = BLAKE2b-256 of in, without a key: for what is not of an image. */
void image_crypto_hash(const uint8_t *in, size_t bytes, uint8_t *out);

/* out = keyed BLAKE2b-256 of in. */
void image_crypto_mac(const uint8_t *key, const uint8_t *in, size_t bytes,
		      uint8_t *out);

/* The same in steps. _done() wipes the state. */
void image_crypto_mac_begin(struct image_mac *mac, const uint8_t *key);
void image_crypto_mac_add(struct image_mac *mac, const uint8_t *in,
			  size_t bytes);
void image_crypto_mac_done(struct image_mac *mac, uint8_t *out);

/*
 * Seal bytes (at least one) in place and write the tag. Nonce 0: the key may
 * seal one content only, ever. aad_bytes is a multiple of 16.
 */
void image_crypto_seal(const uint8_t *key, const uint8_t *aad, size_t aad_bytes,
		       uint8_t *buf, size_t bytes, uint8_t *tag);

/*
 * Open them in place. When the result is false the tag was wrong, and buf was
 * wiped.
 */
bool image_crypto_open(const uint8_t *key, const uint8_t *aad, size_t aad_bytes,
		       uint8_t *buf, size_t bytes, const uint8_t *tag);

/* Compare in constant time. */
bool image_crypto_equal(const uint8_t *a, const uint8_t *b, size_t bytes);
/* Zero what is not used any more; compilers do not leave it out. */
void image_crypto_wipe(void *p, size_t bytes);

#endif /* IMAGE_CRYPTO_H */
