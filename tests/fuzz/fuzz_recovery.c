// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_recovery.c - recovery keys as a person typed them
 *
 * Input: the text. What is read as a key is written as the same digits; what is
 * not, leaves no key behind, and says in which row it went wrong.
 */
#include "fuzz.h"
#include "recovery_key.h"

#define DIGITS	(RECOVERY_KEY_ROWS * RECOVERY_KEY_ROW)

/* What of a text counts, in one way of writing. Return: how many digits. */
static size_t plain(const char *text, size_t bytes, char out[DIGITS])
{
	size_t n = 0;
	size_t i;
	char c;

	for (i = 0; i < bytes; i++) {
		c = text[i];
		if (c && strchr(" -\t\r\n", c))
			continue;
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		CHECK(n < DIGITS);
		out[n++] = c;
	}
	return n;
}

static void check_good(const char *text, size_t bytes,
		       const uint8_t key[RECOVERY_KEY_BYTES])
{
	char again[RECOVERY_KEY_TEXT];
	char a[DIGITS], b[DIGITS];

	recovery_key_encode(key, again);
	CHECK(strlen(again) == RECOVERY_KEY_TEXT - 1);
	CHECK(plain(text, bytes, a) == DIGITS);
	CHECK(plain(again, strlen(again), b) == DIGITS);
	CHECK(!memcmp(a, b, DIGITS));
}

static void check_bad(int err, unsigned int row,
		      const uint8_t key[RECOVERY_KEY_BYTES])
{
	unsigned int i;

	CHECK(err < 0 && err >= RECOVERY_KEY_E_LAST);
	for (i = 0; i < RECOVERY_KEY_BYTES; i++)
		CHECK(key[i] == 0x5a);
	switch (err) {
	case RECOVERY_KEY_E_LONG:
	case RECOVERY_KEY_E_WHOLE:
	case RECOVERY_KEY_E_FORM:
		CHECK(!row);
		break;
	default:
		CHECK(row >= 1 && row <= RECOVERY_KEY_ROWS);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t key[RECOVERY_KEY_BYTES];
	uint8_t *exact = fuzz_copy(data, size);
	unsigned int row = 99;
	int err;

	memset(key, 0x5a, sizeof(key));
	err = recovery_key_decode((const char *)exact, size, key, &row);
	if (err)
		check_bad(err, row, key);
	else
		check_good((const char *)exact, size, key);
	free(exact);
	return 0;
}
