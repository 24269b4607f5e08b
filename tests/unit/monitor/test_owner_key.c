// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_owner_key.c - the owner's key in the firmware image, which may be anything
 */
#include "test.h"

#include <string.h>

#include <openssl/bn.h>

#include "machine.h"
#include "owner.h"
#include "owner_key.h"

static int setup(void **state)
{
	(void)state;
	machine_reset(1);
	return 0;
}

static void put32(unsigned int at, uint32_t value)
{
	memcpy(machine_owner + at, &value, sizeof(value));
}

/* Numbers that have to be calculated, by another library. */
static void assert_numbers(const struct signature_key *key)
{
	const int len = key->bits / 8;
	BIGNUM *n = BN_bin2bn(key->modulus, len, NULL);
	BIGNUM *rr = BN_new(), *power = BN_new(), *word = BN_new();
	uint8_t wanted[SIGNATURE_MAX_BYTES];
	BN_CTX *ctx = BN_CTX_new();

	BN_set_bit(power, 2 * key->bits);
	BN_mod(rr, power, n, ctx);
	BN_bn2binpad(rr, wanted, len);
	assert_memory_equal(key->rr, wanted, len);
	/* n * n0inv is -1 modulo 2^32. */
	BN_set_word(word, key->n0inv);
	BN_mul(word, word, n, ctx);
	BN_add_word(word, 1);
	BN_mask_bits(word, 32);
	assert_true(BN_is_zero(word));
	BN_free(word);
	BN_free(power);
	BN_free(rr);
	BN_free(n);
	BN_CTX_free(ctx);
}

static void test_key(void **state)
{
	(void)state;
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
	assert_int_equal(owner_key()->bits, 2048);
	assert_int_equal(owner_key()->exponent[7], 1);
	assert_int_equal(owner_key()->exponent[5], 1);
	assert_memory_equal(owner_key()->modulus,
			    machine_owner + OWNER_KEY_MODULUS, 256);
	assert_numbers(owner_key());
}

static void test_larger_key(void **state)
{
	(void)state;
	assert_int_equal(owner_read(OWNER_4096_KEY ".page", machine_owner,
				    sizeof(machine_owner)), OWNER_KEY_BYTES);
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
	assert_int_equal(owner_key()->bits, 4096);
	assert_numbers(owner_key());
}

/* A modulus that 2^bits is just above, and one just above half of it */
static void test_extreme_numbers(void **state)
{
	(void)state;
	memset(machine_owner + OWNER_KEY_MODULUS, 0xff, 256);
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
	assert_numbers(owner_key());
	memset(machine_owner + OWNER_KEY_MODULUS, 0, 256);
	machine_owner[OWNER_KEY_MODULUS] = 0x80;
	machine_owner[OWNER_KEY_MODULUS + 255] = 1;
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
	assert_numbers(owner_key());
}

/* The image as it is built, and flash that was erased */
static void test_none(void **state)
{
	(void)state;
	memset(machine_owner, 0, sizeof(machine_owner));
	assert_int_equal(owner_key_init(), OWNER_KEY_E_NONE);
	memset(machine_owner, 0xff, sizeof(machine_owner));
	assert_int_equal(owner_key_init(), OWNER_KEY_E_NONE);
}

static void test_sizes(void **state)
{
	static const uint32_t bad[] = {
		0, 1, 32, 1024, 2016, 2047, 2049, 4097, 4128, 8192, 0x10000800,
		0xffffffff,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		put32(OWNER_KEY_BITS, bad[i]);
		assert_int_equal(owner_key_init(), OWNER_KEY_E_BAD);
	}
	put32(OWNER_KEY_BITS, 2048);
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
}

static void assert_bad_byte(unsigned int at, uint8_t value)
{
	const uint8_t was = machine_owner[at];

	machine_owner[at] = value;
	assert_int_equal(owner_key_init(), OWNER_KEY_E_BAD);
	machine_owner[at] = was;
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
}

static void test_numbers_that_are_none(void **state)
{
	uint8_t *modulus = machine_owner + OWNER_KEY_MODULUS;
	unsigned int i;

	(void)state;
	/* Even; shorter than it should be */
	assert_bad_byte(OWNER_KEY_MODULUS + 255, modulus[255] & 0xfe);
	assert_bad_byte(OWNER_KEY_MODULUS, modulus[0] & 0x7f);
	assert_bad_byte(OWNER_KEY_EXPONENT + 7, 2);
	for (i = 0; i < 4; i++) {
		assert_bad_byte(OWNER_KEY_ZERO + i, 1);
		assert_bad_byte(OWNER_KEY_ZERO2 + i, 1);
		assert_bad_byte(OWNER_KEY_ZERO2 + 4 + i, 1);
	}
	/* Exponents 1 and 3 */
	memset(machine_owner + OWNER_KEY_EXPONENT, 0, 8);
	machine_owner[OWNER_KEY_EXPONENT + 7] = 1;
	assert_int_equal(owner_key_init(), OWNER_KEY_E_BAD);
	machine_owner[OWNER_KEY_EXPONENT + 7] = 3;
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_key, setup),
		cmocka_unit_test_setup(test_larger_key, setup),
		cmocka_unit_test_setup(test_extreme_numbers, setup),
		cmocka_unit_test_setup(test_none, setup),
		cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_numbers_that_are_none, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
