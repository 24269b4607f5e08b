// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * foreign_text.c - text that others wrote and that a person is to read
 */
#include "common/foreign_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/util.h"

/* First and last character of each range that is not shown. */
static const struct {
	uint32_t first;
	uint32_t last;
} hidden[] = {
	{ 0x00, 0x1f },	    { 0x7f, 0x9f },	  { 0xad, 0xad },
	{ 0x61c, 0x61c },   { 0x180e, 0x180e },	  { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f },	  { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

static bool is_hidden(uint32_t c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hidden); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

/* Bytes that follow a first byte; -1: it is none. */
static int followers(uint8_t byte)
{
	if (byte < 0x80)
		return 0;
	if (byte >= 0xc2 && byte <= 0xdf)
		return 1;
	if ((byte & 0xf0) == 0xe0)
		return 2;
	return byte >= 0xf0 && byte <= 0xf4 ? 3 : -1;
}

/* Bytes of the character at text, which is not its end; 0: it is none. */
static size_t decode(const char *text, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t first = (uint8_t)text[0];
	int more = followers(first);
	uint32_t c;
	int i;

	if (more < 0)
		return 0;
	c = more ? first & (0x3fu >> more) : first;
	for (i = 1; i <= more; i++) {
		/* The end of the text is no follower, either. */
		if (((uint8_t)text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((uint8_t)text[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return (size_t)more + 1;
}

void foreign_text_clean(char *text)
{
	uint32_t c = 0;
	size_t n;

	while (*text) {
		n = decode(text, &c);
		if (n && !is_hidden(c)) {
			text += n;
			continue;
		}
		for (n = n ? n : 1; n; n--)
			*text++ = '?';
	}
}
