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

#define DIGEST_BYTES	SIGNATURE_HASH

_Static_assert(SIGNATURE_MIN_BITS == RSA_MIN_KEY_BITS &&
	       SIGNATURE_MAX_BITS == RSA_MAX_KEY_BITS,
	       "sizes of keys as U-Boot's code has them");

/* DigestInfo of SHA-256 up to the digest: RFC 8017, section 9.2, note 1. */
static const uint8_t digest_info[] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
	0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
};

/* ---- A key -------------------------------------------------------------------- */

/* -1 / modulus mod 2^32, by Newton's method: each step doubles the right bits. */
static uint32_t make_n0inv(const uint8_t *end)
{
	const uint32_t low = (uint32_t)end[-4] << 24 | end[-3] << 16 |
			     end[-2] << 8 | end[-1];
	uint32_t inv = 1;
	unsigned int i;

	for (i = 0; i < 5; i++)
		inv *= 2 - low * inv;
	return -inv;
}

/* @a -= @b, modulo 256^len */
static void subtract(uint8_t *a, const uint8_t *b, size_t len)
{
	int borrow = 0;

	while (len--) {
		const int d = a[len] - b[len] - borrow;

		a[len] = d;
		borrow = d < 0;
	}
}

/* @a *= 2, modulo 256^len. Returns the bit that does not fit. */
static unsigned int twice(uint8_t *a, size_t len)
{
	unsigned int carry = 0;

	while (len--) {
		carry |= (unsigned int)a[len] << 1;
		a[len] = carry;
		carry >>= 8;
	}
	return carry;
}

/*
 * 2^bits less the modulus is 2^bits modulo it, as its first bit is set. Twice
 * that, as many times as there are bits, is what is wanted.
 */
static void make_rr(struct signature_key *key)
{
	const size_t len = key->bits / 8;
	unsigned int i;

	subtract(key->rr, key->modulus, len);
	for (i = 0; i < key->bits; i++)
		if (twice(key->rr, len) ||
		    memcmp(key->rr, key->modulus, len) >= 0)
			subtract(key->rr, key->modulus, len);
}

static bool exponent_good(const uint8_t *e)
{
	unsigned int rest = e[SIGNATURE_EXPONENT - 1] & 0xfe;
	unsigned int i;

	for (i = 0; i < SIGNATURE_EXPONENT - 1; i++)
		rest |= e[i];
	return e[SIGNATURE_EXPONENT - 1] & 1 && rest;
}

bool signature_key_make(struct signature_key *key, unsigned int bits,
			const uint8_t exponent[SIGNATURE_EXPONENT],
			const uint8_t *modulus)
{
	const size_t len = bits / 8;

	memset(key, 0, sizeof(*key));
	if (bits < SIGNATURE_MIN_BITS || bits > SIGNATURE_MAX_BITS ||
	    bits % 32)
		return false;
	if (!(modulus[0] & 0x80) || !(modulus[len - 1] & 1) ||
	    !exponent_good(exponent))
		return false;
	key->bits = bits;
	memcpy(key->exponent, exponent, sizeof(key->exponent));
	memcpy(key->modulus, modulus, len);
	key->n0inv = make_n0inv(modulus + len);
	make_rr(key);
	return true;
}

/* ---- A signature ---------------------------------------------------------------- */

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
	static uint8_t wanted[SIGNATURE_MAX_BYTES];
	static uint8_t found[SIGNATURE_MAX_BYTES];
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

/* ---- A hash in pieces ------------------------------------------------------------ */

static hash_state pieces;

void signature_hash_begin(void)
{
	CHECK(sha256_init(&pieces) == CRYPT_OK);
}

void signature_hash_add(const uint8_t *data, size_t bytes)
{
	CHECK(sha256_process(&pieces, data, bytes) == CRYPT_OK);
}

void signature_hash_done(uint8_t hash[SIGNATURE_HASH])
{
	CHECK(sha256_done(&pieces, hash) == CRYPT_OK);
}
