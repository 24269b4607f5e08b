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

/*
 * A public key as tools/mkkey.c makes it of a certificate. Numbers are
 * big-endian; modulus and rr have bits / 8 bytes, which begin at a multiple of
 * 4.
 */
struct signature_key {
	unsigned int bits;	/* of the modulus, a multiple of 32 */
	uint32_t n0inv;		/* -1 / modulus mod 2^32 */
	uint8_t exponent[8];	/* odd, at least 3 */
	const uint8_t *modulus;
	const uint8_t *rr;	/* 2^(2 * bits) mod modulus */
};

/* The owner's key: the build makes it (start_key.c). */
extern const struct signature_key start_key;

/*
 * Did the key's owner sign @bytes at @msg with @sig, of key->bits / 8 bytes?
 * Not reentrant.
 */
bool signature_good(const struct signature_key *key, const uint8_t *msg,
		    size_t bytes, const uint8_t *sig);

#endif /* SIGNATURE_H */
