// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hex.c - hexadecimal digits, as people type them
 */
#include "hex.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_read(const char *text, size_t digits, uint8_t *out, size_t nr)
{
	size_t i;

	if (digits != 2 * nr)
		return false;
	for (i = 0; i < nr; i++) {
		int high = digit(text[2 * i]);
		int low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = high << 4 | low;
	}
	return true;
}
