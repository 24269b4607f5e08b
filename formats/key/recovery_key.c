// SPDX-License-Identifier: GPL-2.0-only
/*
 * recovery_key.c - a slot key as text that a person can copy
 */
#include "recovery_key.h"

/* Digits of a row without its check digit, and of all rows. */
#define ROW_DATA	(RECOVERY_KEY_ROW - 1)
#define DIGITS		(RECOVERY_KEY_ROWS * RECOVERY_KEY_ROW)
#define GROUP		4
#define DIGIT_BITS	5
/*
 * What is written: the key, 4 bits that tell the form, which are 0, and 15 bits
 * of a check over both; zero from there to the end of a byte.
 */
#define RAW		35
#define FORM_AT		RECOVERY_KEY_BYTES
#define CHECKED		52		/* digits that the check covers */
#define CHECK_POLY	0x4599U		/* that of CAN, for its 15 bits */
#define CHECK_START	0x7fffU
/* x^5 + x^2 + 1, for which x has the largest order, 31. */
#define FIELD_POLY	0x25U

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void wipe(void *p, size_t bytes)
{
	volatile uint8_t *at = p;

	while (bytes--)
		*at++ = 0;
}

static unsigned int digit_get(const uint8_t raw[RAW], unsigned int i)
{
	unsigned int bit = i * DIGIT_BITS;
	const uint8_t *at = &raw[bit / 8];

	return ((unsigned int)at[0] << 8 | at[1]) >> (11 - bit % 8) & 31;
}

static void digit_put(uint8_t raw[RAW], unsigned int i, unsigned int digit)
{
	unsigned int bit = i * DIGIT_BITS;
	unsigned int value = digit << (11 - bit % 8);

	raw[bit / 8] |= value >> 8;
	raw[bit / 8 + 1] |= value & 0xff;
}

/* Times x in the field of 32 elements. */
static unsigned int times_x(unsigned int a)
{
	a <<= 1;
	return a & 32 ? a ^ FIELD_POLY : a;
}

/*
 * The check digit of a row. Each place has a weight of its own, none is 0, and
 * that of the check digit is 1: so one wrong digit, or two that changed places,
 * always shows. The number of the row is added, so that a row in another's place
 * shows, too.
 */
static unsigned int row_check(const uint8_t raw[RAW], unsigned int row)
{
	unsigned int sum = 0;
	unsigned int i;

	/* Horner: the last of them gets the weight x, the first x^11. */
	for (i = 0; i < ROW_DATA; i++)
		sum = times_x(sum ^ digit_get(raw, row * ROW_DATA + i));
	return sum ^ (row + 1);
}

/* The check over key and form. */
static unsigned int whole_check(const uint8_t raw[RAW])
{
	unsigned int sum = CHECK_START;
	unsigned int digit, i, bit;

	for (i = 0; i < CHECKED; i++) {
		digit = digit_get(raw, i);
		for (bit = DIGIT_BITS; bit--;) {
			sum = sum << 1 ^ (digit >> bit & 1) << 15;
			if (sum & 0x8000)
				sum ^= 0x8000 | CHECK_POLY;
		}
	}
	return sum;
}

static unsigned int whole_check_get(const uint8_t raw[RAW])
{
	return digit_get(raw, CHECKED) << 10 |
	       digit_get(raw, CHECKED + 1) << 5 | digit_get(raw, CHECKED + 2);
}

static void whole_check_put(uint8_t raw[RAW])
{
	unsigned int sum = whole_check(raw);

	digit_put(raw, CHECKED, sum >> 10);
	digit_put(raw, CHECKED + 1, sum >> 5 & 31);
	digit_put(raw, CHECKED + 2, sum & 31);
}

static char *write_row(const uint8_t raw[RAW], unsigned int row, char *to)
{
	unsigned int i;

	for (i = 0; i < ROW_DATA; i++) {
		*to++ = digits[digit_get(raw, row * ROW_DATA + i)];
		if (i % GROUP == GROUP - 1)
			*to++ = '-';
	}
	*to++ = digits[row_check(raw, row)];
	return to;
}

void recovery_key_encode(const uint8_t key[RECOVERY_KEY_BYTES],
			 char text[RECOVERY_KEY_TEXT])
{
	uint8_t raw[RAW] = { 0 };
	unsigned int i;

	for (i = 0; i < RECOVERY_KEY_BYTES; i++)
		raw[i] = key[i];
	whole_check_put(raw);
	for (i = 0; i < RECOVERY_KEY_ROWS; i++) {
		text = write_row(raw, i, text);
		*text++ = ' ';
	}
	text[-1] = '\0';
	wipe(raw, sizeof(raw));
}

/* A digit's value, or -1. */
static int value_of(char c)
{
	int i;

	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	for (i = 0; i < 32; i++)
		if (digits[i] == c)
			return i;
	return -1;
}

static int is_gap(char c)
{
	return c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r';
}

/* Takes digit number @n of the text, -1 if it is none. */
static int take(uint8_t raw[RAW], unsigned int n, int digit)
{
	unsigned int row = n / RECOVERY_KEY_ROW;
	unsigned int at = n % RECOVERY_KEY_ROW;

	if (n == DIGITS)
		return RECOVERY_KEY_E_LONG;
	if (digit < 0)
		return RECOVERY_KEY_E_DIGIT;
	if (at < ROW_DATA)
		digit_put(raw, row * ROW_DATA + at, digit);
	else if ((unsigned int)digit != row_check(raw, row))
		return RECOVERY_KEY_E_ROW;
	return RECOVERY_KEY_OK;
}

/* Reads all digits; @n is then how many were good. */
static int read_digits(const char *text, size_t bytes, uint8_t raw[RAW],
		       unsigned int *n)
{
	size_t i;
	int err;

	for (i = 0; i < bytes; i++) {
		if (is_gap(text[i]))
			continue;
		err = take(raw, *n, value_of(text[i]));
		if (err)
			return err;
		(*n)++;
	}
	return *n < DIGITS ? RECOVERY_KEY_E_SHORT : RECOVERY_KEY_OK;
}

int recovery_key_decode(const char *text, size_t bytes,
			uint8_t key[RECOVERY_KEY_BYTES], unsigned int *row)
{
	uint8_t raw[RAW] = { 0 };
	unsigned int n = 0;
	unsigned int i;
	int err;

	*row = 0;
	err = read_digits(text, bytes, raw, &n);
	if (err && n < DIGITS)
		*row = n / RECOVERY_KEY_ROW + 1;
	if (!err && whole_check(raw) != whole_check_get(raw))
		err = RECOVERY_KEY_E_WHOLE;
	if (!err && raw[FORM_AT] >> 4)
		err = RECOVERY_KEY_E_FORM;
	for (i = 0; !err && i < RECOVERY_KEY_BYTES; i++)
		key[i] = raw[i];
	wipe(raw, sizeof(raw));
	return err;
}

const char *recovery_key_error(int err)
{
	static const char * const texts[-RECOVERY_KEY_E_LAST + 1] = {
		[-RECOVERY_KEY_OK] = "no error",
		[-RECOVERY_KEY_E_DIGIT] = "a character that is no digit of a key",
		[-RECOVERY_KEY_E_ROW] = "wrong check digit: a digit is wrong, missing or too much",
		[-RECOVERY_KEY_E_SHORT] = "the key ends here, but it has 5 rows of 12 digits",
		[-RECOVERY_KEY_E_LONG] = "there is more than the 5 rows of a key",
		[-RECOVERY_KEY_E_WHOLE] = "each row is right, but they are not of one key",
		[-RECOVERY_KEY_E_FORM] = "the key is of a form that is not known here; it needs a newer version",
	};

	if (err > 0 || err < RECOVERY_KEY_E_LAST)
		return "unknown error";
	return texts[-err];
}
