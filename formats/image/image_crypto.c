// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_crypto.c - the two primitives of the image format
 *
 * libtomcrypt's functions fail only for a NULL pointer, a length or a state
 * that they do not take; here that would be a bug.
 */
#include "image_crypto.h"

#include <tomcrypt.h>

#include <osti/image.h>

#include "log.h"

_Static_assert(sizeof(struct image_mac) >= sizeof(blake2bmac_state),
	       "room for a BLAKE2b state");

static const uint8_t nonce[12];

void image_crypto_hash(const uint8_t *in, size_t bytes, uint8_t *out)
{
	hash_state md;

	CHECK(blake2b_256_init(&md) == CRYPT_OK);
	CHECK(blake2b_process(&md, in, bytes) == CRYPT_OK);
	CHECK(blake2b_done(&md, out) == CRYPT_OK);
}

void image_crypto_mac(const uint8_t *key, const uint8_t *in, size_t bytes,
		      uint8_t *out)
{
	unsigned long outlen = OSTI_IMAGE_HASH;

	CHECK(blake2bmac_memory(key, OSTI_IMAGE_HASH, in, bytes, out,
				&outlen) == CRYPT_OK);
}

void image_crypto_mac_begin(struct image_mac *mac, const uint8_t *key)
{
	CHECK(blake2bmac_init((void *)mac->state, OSTI_IMAGE_HASH, key,
			      OSTI_IMAGE_HASH) == CRYPT_OK);
}

void image_crypto_mac_add(struct image_mac *mac, const uint8_t *in,
			  size_t bytes)
{
	CHECK(blake2bmac_process((void *)mac->state, in, bytes) == CRYPT_OK);
}

void image_crypto_mac_done(struct image_mac *mac, uint8_t *out)
{
	unsigned long outlen = OSTI_IMAGE_HASH;

	CHECK(blake2bmac_done((void *)mac->state, out, &outlen) == CRYPT_OK);
	image_crypto_wipe(mac, sizeof(*mac));
}

/* Key, nonce and what the tag covers besides. */
static void aead_begin(chacha20poly1305_state *aead, const uint8_t *key,
		       const uint8_t *aad, size_t aad_bytes)
{
	ASSERT(aad_bytes % 16 == 0);
	CHECK(chacha20poly1305_init(aead, key, OSTI_IMAGE_HASH) == CRYPT_OK);
	CHECK(chacha20poly1305_setiv(aead, nonce, sizeof(nonce)) == CRYPT_OK);
	CHECK(chacha20poly1305_add_aad(aead, aad, aad_bytes) == CRYPT_OK);
}

static void aead_done(chacha20poly1305_state *aead, uint8_t *tag)
{
	unsigned long taglen = OSTI_IMAGE_TAG;

	CHECK(chacha20poly1305_done(aead, tag, &taglen) == CRYPT_OK);
	image_crypto_wipe(aead, sizeof(*aead));
}

void image_crypto_seal(const uint8_t *key, const uint8_t *aad, size_t aad_bytes,
		       uint8_t *buf, size_t bytes, uint8_t *tag)
{
	chacha20poly1305_state aead;

	aead_begin(&aead, key, aad, aad_bytes);
	CHECK(chacha20poly1305_encrypt(&aead, buf, bytes, buf) == CRYPT_OK);
	aead_done(&aead, tag);
}

bool image_crypto_open(const uint8_t *key, const uint8_t *aad, size_t aad_bytes,
		       uint8_t *buf, size_t bytes, const uint8_t *tag)
{
	uint8_t computed[OSTI_IMAGE_TAG];
	chacha20poly1305_state aead;
	bool genuine;

	aead_begin(&aead, key, aad, aad_bytes);
	CHECK(chacha20poly1305_decrypt(&aead, buf, bytes, buf) == CRYPT_OK);
	aead_done(&aead, computed);
	genuine = image_crypto_equal(computed, tag, OSTI_IMAGE_TAG);
	/* The right tag of a forgery is a secret. */
	image_crypto_wipe(computed, sizeof(computed));
	if (!genuine)
		image_crypto_wipe(buf, bytes);
	return genuine;
}

bool image_crypto_equal(const uint8_t *a, const uint8_t *b, size_t bytes)
{
	return mem_neq(a, b, bytes) == 0;
}

void image_crypto_wipe(void *p, size_t bytes)
{
	zeromem(p, bytes);
}
