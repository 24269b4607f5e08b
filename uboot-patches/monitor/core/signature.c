// SPDX-License-Identifier: GPL-2.0-only
/*
 * signature.c - is it the owner's signature?
 *
 * What the signature must hold is made here and compared as a whole. Nothing
 * that comes out of it is parsed, so there is no length in it to lie with.
 */
#include "signature.h"

#include <tomcrypt.h>
#include <u-boot/rsa.h>
#include <u-boot/rsa-mod-exp.h>

#include "log.h"
#include "string.h"

#define DIGEST_BYTES	32
#define MAX_BYTES	(SIGNATURE_MAX_BITS / 8)

_Static_assert(SIGNATURE_MIN_BITS == RSA_MIN_KEY_BITS &&
	       SIGNATURE_MAX_BITS == RSA_MAX_KEY_BITS,
	       "sizes of keys as U-Boot's code has them");

/* DigestInfo of SHA-256 up to the digest: RFC 8017, section 9.2, note 1. */
static const uint8_t digest_info[] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
	0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
};

/* EMSA-PKCS1-v1_5 (RFC 8017, section 9.2): 00 01 ff .. ff 00 DigestInfo. */
static void encode(const uint8_t *msg, size_t bytes, uint8_t *out, size_t len)
{
	uint8_t *digest = out + len - DIGEST_BYTES;
	uint8_t *info = digest - sizeof(digest_info);
	hash_state md;

	memset(out, 0xff, len);
	out[0] = 0x00;
	out[1] = 0x01;
	info[-1] = 0x00;
	memcpy(info, digest_info, sizeof(digest_info));
	/* These fail only for a bad length or a state that was not set up. */
	CHECK(sha256_init(&md) == CRYPT_OK);
	CHECK(sha256_process(&md, msg, bytes) == CRYPT_OK);
	CHECK(sha256_done(&md, digest) == CRYPT_OK);
}

bool signature_good(const struct signature_key *key, const uint8_t *msg,
		    size_t bytes, const uint8_t *sig)
{
	/* Not on the stack, of which the exponentiation takes 4 KiB. */
	static uint8_t wanted[MAX_BYTES], found[MAX_BYTES];
	const size_t len = key->bits / 8;
	struct key_prop prop = {
		.rr = key->rr,
		.modulus = key->modulus,
		.public_exponent = key->exponent,
		.n0inv = key->n0inv,
		.num_bits = key->bits,
		.exp_len = sizeof(key->exponent),
	};

	ASSERT(key->bits >= SIGNATURE_MIN_BITS && key->bits % 32 == 0 &&
	       key->bits <= SIGNATURE_MAX_BITS);
	/* RSAVP1: a signature is a number below the modulus, both big-endian. */
	if (memcmp(sig, key->modulus, len) >= 0)
		return false;
	CHECK(!rsa_mod_exp_sw(sig, len, &prop, found));
	encode(msg, bytes, wanted, len);
	return memcmp(found, wanted, len) == 0;
}
