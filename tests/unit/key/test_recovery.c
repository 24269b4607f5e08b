// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recovery keys: what docs/recovery-key.md says, and that whatever a person gets
 * wrong is found, and in which row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "recovery_key.h"

#define KEYS	40
#define DIGITS	"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define ROW	RECOVERY_KEY_ROW
#define ALL	(RECOVERY_KEY_ROWS * ROW)

/* The test vectors of docs/recovery-key.md, made by another program. */
static const struct {
	const char *key;
	const char *text;
} vectors[] = {
	{ "0000000000000000000000000000000000000000000000000000000000000000",
	  "0000-0000-0001 0000-0000-0002 0000-0000-0003 0000-0000-0004 0000-0000-BM3B" },
	{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	  "000G-40R4-0M3M 0E20-9185-GR33 8E1W-8124-GK24 GAHC-5RR3-4D11 P70X-3RFG-EB7M" },
	{ "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	  "ZZZZ-ZZZZ-ZZZJ ZZZZ-ZZZZ-ZZZH ZZZZ-ZZZZ-ZZZG ZZZZ-ZZZZ-ZZZQ ZZZZ-ZZZG-P1T2" },
	{ "041b0889528a5c5ddd825fe86459ba88b1b93f88f9d246403a6d952fe22b0105",
	  "0GDG-H2AJ-H9E8 5VQC-2BZM-68PK DTH2-RVJF-W8Z2 794C-G1TD-PAJY ZRHB-042G-3Y8G" },
};

/* ---- Helpers --------------------------------------------------------------- */

static void from_hex(const char *hex, uint8_t key[RECOVERY_KEY_BYTES])
{
	char byte[3] = "";
	char *end;
	size_t i;

	for (i = 0; i < RECOVERY_KEY_BYTES; i++) {
		memcpy(byte, hex + 2 * i, 2);
		key[i] = (uint8_t)strtoul(byte, &end, 16);
		assert_ptr_equal(end, byte + 2);
	}
}

static void random_key(uint8_t key[RECOVERY_KEY_BYTES])
{
	size_t i;

	for (i = 0; i < RECOVERY_KEY_BYTES; i++)
		key[i] = (uint8_t)(rand() >> 8);
}

/* The digits of a key alone. */
static void make_digits(const uint8_t key[RECOVERY_KEY_BYTES],
			char out[ALL + 1])
{
	char text[RECOVERY_KEY_TEXT];
	size_t n = 0;
	size_t i;

	recovery_key_encode(key, text);
	for (i = 0; text[i]; i++)
		if (text[i] != '-' && text[i] != ' ')
			out[n++] = text[i];
	assert_int_equal(n, ALL);
	out[n] = '\0';
}

/* Reads a copy that ends exactly where it ends. */
static int decode(const char *text, size_t bytes,
		  uint8_t key[RECOVERY_KEY_BYTES], unsigned int *row)
{
	char *exact = malloc(bytes ? bytes : 1);
	int err;

	assert_non_null(exact);
	memcpy(exact, text, bytes);
	err = recovery_key_decode(exact, bytes, key, row);
	free(exact);
	return err;
}

static void good(const char *text, const uint8_t expected[RECOVERY_KEY_BYTES])
{
	uint8_t key[RECOVERY_KEY_BYTES];
	unsigned int row = 99;

	assert_int_equal(decode(text, strlen(text), key, &row), 0);
	assert_int_equal(row, 0);
	assert_memory_equal(key, expected, sizeof(key));
}

static void bad_bytes(const char *text, size_t bytes, int err, unsigned int at)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	uint8_t before[RECOVERY_KEY_BYTES];
	unsigned int row = 99;

	memset(key, 0x5a, sizeof(key));
	memcpy(before, key, sizeof(key));
	assert_int_equal(decode(text, bytes, key, &row), err);
	assert_int_equal(row, at);
	assert_memory_equal(key, before, sizeof(key));
}

static void bad(const char *text, int err, unsigned int at)
{
	bad_bytes(text, strlen(text), err, at);
}

/* ---- Tests ------------------------------------------------------------------ */

static void test_vectors(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[RECOVERY_KEY_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		from_hex(vectors[i].key, key);
		memset(text, 'x', sizeof(text));
		recovery_key_encode(key, text);
		assert_string_equal(text, vectors[i].text);
		good(vectors[i].text, key);
	}
}

static void test_round_trip(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[RECOVERY_KEY_TEXT];
	size_t i;

	(void)state;
	/* Each bit alone, then chance. */
	for (i = 0; i < 8 * RECOVERY_KEY_BYTES; i++) {
		memset(key, 0, sizeof(key));
		key[i / 8] = (uint8_t)(1 << i % 8);
		recovery_key_encode(key, text);
		good(text, key);
	}
	for (i = 0; i < 1000; i++) {
		random_key(key);
		recovery_key_encode(key, text);
		assert_int_equal(strlen(text), RECOVERY_KEY_TEXT - 1);
		good(text, key);
	}
}

static void test_ways_to_write(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];

	(void)state;
	from_hex(vectors[1].key, key);
	good("000g40r40m3m0e209185gr338e1w8124gk24gahc5rr34d11p70x3rfgeb7m",
	     key);
	good("  000g-40r4-0m3m\r\n0e20-9185-gr33\n8e1w 8124 gk24\tgahc5rr3 4d11 --p70x-3rfg-eb7m\n",
	     key);
	/* O is 0, I and L are 1. */
	good("OooG-4Or4-om3m oe20-9l85-gr33 8eIw-8i24-gk24 gahc-5rr3-4dLl p70x-3rfg-eb7m",
	     key);
}

static void test_wrong_digit(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[ALL + 1];
	size_t i, k;
	char c;
	int n;

	(void)state;
	for (n = 0; n < KEYS; n++) {
		random_key(key);
		make_digits(key, text);
		for (i = 0; i < ALL; i++) {
			c = text[i];
			for (k = 0; k < 32; k++) {
				if (DIGITS[k] == c)
					continue;
				text[i] = DIGITS[k];
				bad(text, RECOVERY_KEY_E_ROW,
				    (unsigned int)(i / ROW + 1));
			}
			text[i] = c;
		}
	}
}

static void swap(char *a, char *b)
{
	char c = *a;

	*a = *b;
	*b = c;
}

/* Any two digits of a row, so neighbours, too; and neighbours of two rows. */
static void test_swapped(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[ALL + 1];
	size_t i, k;
	int n;

	(void)state;
	for (n = 0; n < KEYS; n++) {
		random_key(key);
		make_digits(key, text);
		for (i = 0; i < ALL; i++)
			for (k = i + 1; k < ALL &&
			     (k == i + 1 || k / ROW == i / ROW); k++) {
				if (text[i] == text[k])
					continue;
				swap(&text[i], &text[k]);
				bad(text, RECOVERY_KEY_E_ROW,
				    (unsigned int)(i / ROW + 1));
				swap(&text[i], &text[k]);
			}
	}
}

/* Two rows that changed places are told by the first of them. */
static void test_rows_swapped(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[ALL + 1];
	size_t i, k, at;
	int n;

	(void)state;
	for (n = 0; n < KEYS; n++) {
		random_key(key);
		make_digits(key, text);
		for (i = 0; i < RECOVERY_KEY_ROWS; i++)
			for (k = i + 1; k < RECOVERY_KEY_ROWS; k++) {
				for (at = 0; at < ROW; at++)
					swap(&text[i * ROW + at],
					     &text[k * ROW + at]);
				bad(text, RECOVERY_KEY_E_ROW,
				    (unsigned int)(i + 1));
				for (at = 0; at < ROW; at++)
					swap(&text[i * ROW + at],
					     &text[k * ROW + at]);
			}
	}
}

/* Rows of two keys: each is right, and only the whole tells. */
static void test_rows_of_two_keys(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[ALL + 1], other[ALL + 1], mixed[ALL + 1];
	size_t i;

	(void)state;
	from_hex(vectors[1].key, key);
	make_digits(key, text);
	from_hex(vectors[3].key, key);
	make_digits(key, other);
	for (i = 0; i < RECOVERY_KEY_ROWS; i++) {
		memcpy(mixed, text, sizeof(mixed));
		memcpy(mixed + i * ROW, other + i * ROW, ROW);
		bad(mixed, RECOVERY_KEY_E_WHOLE, 0);
	}
}

static void test_missing_and_too_much(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	unsigned int row, wrong = 0;
	char text[ALL + 2];
	size_t i;

	(void)state;
	from_hex(vectors[3].key, key);
	make_digits(key, text);
	for (i = 0; i < ALL; i++)
		bad_bytes(text, i, RECOVERY_KEY_E_SHORT,
			  (unsigned int)(i / ROW + 1));
	text[ALL] = '0';
	bad_bytes(text, ALL + 1, RECOVERY_KEY_E_LONG, 0);
	text[ALL] = '?';
	bad_bytes(text, ALL + 1, RECOVERY_KEY_E_LONG, 0);
	text[ALL] = '\0';
	/* One left out: never good, nearly always told in its row. */
	for (i = 0; i < ALL; i++) {
		char less[ALL];

		memcpy(less, text, i);
		memcpy(less + i, text + i + 1, ALL - i);
		assert_int_not_equal(decode(less, ALL - 1, key, &row), 0);
		wrong += row != i / ROW + 1;
	}
	assert_true(wrong <= 4);
}

static void test_no_digit(void **state)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	char text[ALL + 1];
	int c;

	(void)state;
	from_hex(vectors[3].key, key);
	make_digits(key, text);
	for (c = 1; c < 256; c++) {
		if (strchr(DIGITS "abcdefghjkmnpqrstvwxyzOoIiLl -\t\r\n", c))
			continue;
		text[ROW + 3] = (char)c;
		bad(text, RECOVERY_KEY_E_DIGIT, 2);
	}
	text[ROW + 3] = '\0';
	bad_bytes(text, ALL, RECOVERY_KEY_E_DIGIT, 2);
	bad("", RECOVERY_KEY_E_SHORT, 1);
	bad("\n - ", RECOVERY_KEY_E_SHORT, 1);
}

/* All checks are right, but it is of a later form. */
static void test_form(void **state)
{
	(void)state;
	bad("0000-0000-0001 0000-0000-0002 0000-0000-0003 0000-0000-0004 0000-0001-TRT5",
	    RECOVERY_KEY_E_FORM, 0);
}

static void test_errors(void **state)
{
	int i, k;

	(void)state;
	for (i = RECOVERY_KEY_OK; i >= RECOVERY_KEY_E_LAST; i--) {
		assert_non_null(recovery_key_error(i));
		for (k = i + 1; k <= 1; k++)
			assert_string_not_equal(recovery_key_error(i),
						recovery_key_error(k));
	}
	assert_string_equal(recovery_key_error(1), "unknown error");
	assert_string_equal(recovery_key_error(RECOVERY_KEY_E_LAST - 1),
			    "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_ways_to_write),
		cmocka_unit_test(test_wrong_digit),
		cmocka_unit_test(test_swapped),
		cmocka_unit_test(test_rows_swapped),
		cmocka_unit_test(test_rows_of_two_keys),
		cmocka_unit_test(test_missing_and_too_much),
		cmocka_unit_test(test_no_digit),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_errors),
	};

	srand(9);
	return cmocka_run_group_tests_name("key_recovery", tests, NULL, NULL);
}
