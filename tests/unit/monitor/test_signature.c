// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_signature.c - the owner's signature, and what is none
 *
 * Forgeries that a private key is needed for are made with it: they show that
 * every byte of what the signature holds is looked at. Attacks on verifiers that
 * parse it need no key when the exponent is small.
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include <osti/start.h>

#include "owner.h"
#include "owner_key.h"
#include "signature.h"

#define BYTES		256
#define BODY		OSTI_START_BODY
/* 00 01 ff .. ff 00, DigestInfo, digest */
#define INFO_BYTES	19
#define DIGEST_BYTES	32
#define INFO_AT		(BYTES - DIGEST_BYTES - INFO_BYTES)
#define DIGEST_AT	(BYTES - DIGEST_BYTES)

static struct signature_key start_key, start_key_4096;
static uint8_t statement[OSTI_START_MAX];
/* What a good signature of it holds. */
static uint8_t em[BYTES];

static bool good(const uint8_t *sig)
{
	return signature_good(&start_key, statement, BODY, sig);
}

/* Does a signature that holds @holds count? */
static bool holds_good(const uint8_t *holds)
{
	uint8_t sig[BYTES];

	owner_sign_raw(OWNER_KEY, holds, sig);
	return good(sig);
}

/* From what put-owner makes of the certificate. */
static void make_key(const char *name, unsigned int bits,
		     struct signature_key *key)
{
	uint8_t page[OWNER_KEY_BYTES];

	assert_int_equal(owner_read(name, page, sizeof(page)), sizeof(page));
	assert_true(signature_key_make(key, bits, page + OWNER_KEY_EXPONENT,
				       page + OWNER_KEY_MODULUS));
}

static int setup(void **state)
{
	static const uint8_t info[INFO_BYTES] = {
		0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
	};
	/* openssl dgst -sha256 of the first 2048 bytes of owner.start */
	static const uint8_t digest[DIGEST_BYTES] = {
		0xd4, 0x8d, 0xec, 0xdf, 0x7f, 0x92, 0x10, 0x9a, 0x4d, 0x6a,
		0x28, 0x7a, 0x42, 0x35, 0x93, 0x8b, 0x64, 0x12, 0x9b, 0x4d,
		0x48, 0x0e, 0x13, 0x08, 0xca, 0x3f, 0x4e, 0x92, 0xdc, 0xfa,
		0x19, 0x26,
	};

	(void)state;
	make_key("owner.page", 2048, &start_key);
	make_key("owner4096.page", 4096, &start_key_4096);
	assert_int_equal(owner_read("owner.start", statement,
				    sizeof(statement)), BODY + BYTES);
	memset(em, 0xff, sizeof(em));
	em[0] = 0;
	em[1] = 1;
	em[INFO_AT - 1] = 0;
	memcpy(em + INFO_AT, info, sizeof(info));
	memcpy(em + DIGEST_AT, digest, sizeof(digest));
	return 0;
}

static void test_vectors(void **state)
{
	static uint8_t large[OSTI_START_MAX];

	(void)state;
	assert_int_equal(start_key.bits, 2048);
	assert_true(good(statement + BODY));
	assert_true(holds_good(em));

	assert_int_equal(start_key_4096.bits, 4096);
	assert_int_equal(owner_read("owner4096.start", large, sizeof(large)),
			 OSTI_START_MAX);
	assert_memory_equal(large, statement, BODY);
	assert_true(signature_good(&start_key_4096, large, BODY,
				   large + BODY));
	large[0] ^= 1;
	assert_false(signature_good(&start_key_4096, large, BODY,
				    large + BODY));
}

static void test_every_bit(void **state)
{
	unsigned int bit;

	(void)state;
	/* Each bit of the signature, and one of each byte of the statement. */
	for (bit = 0; bit < 8 * BYTES; bit++) {
		statement[BODY + bit / 8] ^= 1 << bit % 8;
		assert_false(good(statement + BODY));
		statement[BODY + bit / 8] ^= 1 << bit % 8;
	}
	for (bit = 0; bit < BODY; bit++) {
		statement[bit] ^= 1 << bit % 8;
		assert_false(good(statement + BODY));
		statement[bit] ^= 1 << bit % 8;
	}
	assert_true(good(statement + BODY));
}

static void test_every_byte_it_holds(void **state)
{
	unsigned int i;

	(void)state;
	/* What is not below the modulus cannot be signed: byte 0 is 0. */
	for (i = 1; i < BYTES; i++) {
		em[i] ^= 1 << i % 8;
		assert_false(holds_good(em));
		em[i] ^= 1 << i % 8;
	}
	assert_true(holds_good(em));
}

static void test_padding(void **state)
{
	uint8_t bad[BYTES];

	(void)state;
	/* Encryption's block type, and the one of zeros */
	memcpy(bad, em, BYTES);
	bad[1] = 2;
	assert_false(holds_good(bad));
	bad[1] = 0;
	memset(bad + 2, 0, INFO_AT - 2);
	assert_false(holds_good(bad));
	/* The run of ff is not to be cut short by a zero. */
	memcpy(bad, em, BYTES);
	bad[10] = 0;
	assert_false(holds_good(bad));
}

/* 00 01 ff x8 00 DigestInfo digest, then anything: Bleichenbacher, 2006. */
static void test_garbage_behind(void **state)
{
	const unsigned int n = 2 + 8 + 1;
	uint8_t bad[BYTES];
	unsigned int i;

	(void)state;
	memcpy(bad, em, 2 + 8);
	memcpy(bad + 2 + 8, em + INFO_AT - 1, BYTES - INFO_AT + 1);
	for (i = n + INFO_BYTES + DIGEST_BYTES; i < BYTES; i++)
		bad[i] = i * 37;
	assert_false(holds_good(bad));
	memset(bad + n + INFO_BYTES + DIGEST_BYTES, 0,
	       BYTES - n - INFO_BYTES - DIGEST_BYTES);
	assert_false(holds_good(bad));
}

/* Right digest, another description of it. */
static void test_digest_info(void **state)
{
	/* SHA-512/256 has as many bytes; without NULL; BER's long length */
	static const uint8_t no_null[] = {
		0xff, 0xff, 0xff, 0xff, 0x00, 0x30, 0x2f, 0x30, 0x0b, 0x06,
		0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
		0x04, 0x20,
	};
	static const uint8_t long_length[] = {
		0x00, 0x30, 0x81, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
		0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
		0x20,
	};
	uint8_t bad[BYTES];

	(void)state;
	memcpy(bad, em, BYTES);
	bad[INFO_AT + 14] = 6;
	assert_false(holds_good(bad));
	memcpy(bad, em, BYTES);
	memcpy(bad + DIGEST_AT - sizeof(no_null), no_null, sizeof(no_null));
	assert_false(holds_good(bad));
	memcpy(bad, em, BYTES);
	memcpy(bad + DIGEST_AT - sizeof(long_length), long_length,
	       sizeof(long_length));
	assert_false(holds_good(bad));
	/* No description at all */
	memset(bad, 0xff, BYTES);
	bad[0] = 0;
	bad[1] = 1;
	bad[DIGEST_AT - 1] = 0;
	memcpy(bad + DIGEST_AT, em + DIGEST_AT, DIGEST_BYTES);
	assert_false(holds_good(bad));
}

/* @sum = @sig + modulus, the same number modulo it. False if it has a bit more. */
static bool add_modulus(const uint8_t *sig, uint8_t *sum)
{
	unsigned int carry = 0;
	int i;

	for (i = BYTES - 1; i >= 0; i--) {
		carry += sig[i] + start_key.modulus[i];
		sum[i] = carry;
		carry >>= 8;
	}
	return !carry;
}

/* RFC 8017, section 5.2.2, step 1: a signature is below the modulus. */
static void test_not_below_the_modulus(void **state)
{
	uint8_t sig[BYTES], sum[BYTES];
	unsigned int n = 0;

	(void)state;
	assert_false(good(start_key.modulus));
	memset(sig, 0xff, sizeof(sig));
	assert_false(good(sig));
	memcpy(sig, start_key.modulus, BYTES);
	sig[BYTES - 1]++;
	assert_false(good(sig));
	/* One of many messages has a signature that is small enough. */
	do {
		assert_in_range(n, 0, 1000);
		statement[BODY - 1] = n;
		statement[BODY - 2] = n++ >> 8;
		owner_sign(OWNER_KEY, statement, BODY, sig);
	} while (!add_modulus(sig, sum));
	assert_true(good(sig));
	assert_false(good(sum));
}

static void test_numbers(void **state)
{
	uint8_t sig[BYTES] = { 0 };

	(void)state;
	assert_false(good(sig));
	sig[BYTES - 1] = 1;
	assert_false(good(sig));
	memcpy(sig, start_key.modulus, BYTES);
	sig[BYTES - 1]--;
	assert_false(good(sig));
}

static void test_other_key(void **state)
{
	uint8_t sig[BYTES];

	(void)state;
	owner_sign(OWNER_OTHER_KEY, statement, BODY, sig);
	assert_false(good(sig));
	owner_sign(OWNER_KEY, statement, BODY, sig);
	assert_true(good(sig));
	assert_memory_equal(sig, statement + BODY, BYTES);
	/* Of another message */
	owner_sign(OWNER_KEY, statement, BODY - 1, sig);
	assert_false(good(sig));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_vectors, setup),
		cmocka_unit_test_setup(test_every_bit, setup),
		cmocka_unit_test_setup(test_every_byte_it_holds, setup),
		cmocka_unit_test_setup(test_padding, setup),
		cmocka_unit_test_setup(test_garbage_behind, setup),
		cmocka_unit_test_setup(test_digest_info, setup),
		cmocka_unit_test_setup(test_not_below_the_modulus, setup),
		cmocka_unit_test_setup(test_numbers, setup),
		cmocka_unit_test_setup(test_other_key, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
