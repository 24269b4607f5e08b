/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signature.h - is it the owner's signature?
 *
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2), no heap. The
 * exponentiation is U-Boot's, the hash libtomcrypt's. Nothing here is secret.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RSA_MIN_KEY_BITS and RSA_MAX_KEY_BITS of U-Boot's u-boot/rsa.h */
#define SIGNATURE_MIN_BITS	2048
#define SIGNATURE_MAX_BITS	4096
#define SIGNATURE_MAX_BYTES	(SIGNATURE_MAX_BITS / 8)
#define SIGNATURE_EXPONENT	8
#define SIGNATURE_HASH		32

/*
 * A public key, with the numbers that U-Boot's Montgomery multiplication wants.
 * Numbers are big-endian; of modulus and rr the first bits / 8 bytes count, and
 * they begin at a multiple of 4.
 */
struct signature_key {
	unsigned int bits;	/* of the modulus, a multiple of 32 */
	uint32_t n0inv;		/* -1 / modulus mod 2^32 */
	uint8_t exponent[SIGNATURE_EXPONENT];	/* odd, at least 3 */
	uint8_t modulus[SIGNATURE_MAX_BYTES] __attribute__((aligned(8)));
	uint8_t rr[SIGNATURE_MAX_BYTES] __attribute__((aligned(8)));
	/* rr is 2^(2 * bits) mod modulus */
};

/*
 * Make a key of its numbers: @bits is the length of the modulus, from
 * SIGNATURE_MIN_BITS to SIGNATURE_MAX_BITS and a multiple of 32, and @modulus has
 * bits / 8 bytes of which nothing is read when @bits is none of these.
 *
 * Returns false, with *key of no use, when it is no RSA key that can be used: the
 * modulus is even or shorter than it should be, the exponent even or below 3.
 */
bool signature_key_make(struct signature_key *key, unsigned int bits,
			const uint8_t exponent[SIGNATURE_EXPONENT],
			const uint8_t *modulus);

/*
 * Did the key's owner sign @bytes at @msg with @sig, of key->bits / 8 bytes?
 * Not reentrant.
 */
bool signature_good(const struct signature_key *key, const uint8_t *msg,
		    size_t bytes, const uint8_t *sig);

/*
 * SHA-256 of what comes in pieces, one text at a time: BEGIN, ADD for each piece of
 * at most 4 GiB, DONE.
 */
void signature_hash_begin(void);
void signature_hash_add(const uint8_t *data, size_t bytes);
void signature_hash_done(uint8_t hash[SIGNATURE_HASH]);

#endif /* SIGNATURE_H */
