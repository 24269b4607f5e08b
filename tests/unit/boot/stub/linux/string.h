/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linux/string.h - of U-Boot, as far as what is tested here needs it */
#include <stddef.h>

/* The first byte that is another, or NULL. */
static inline const void *memchr_inv(const void *start, int c, size_t bytes)
{
	const unsigned char *p = start;

	for (; bytes; p++, bytes--)
		if (*p != (unsigned char)c)
			return p;
	return NULL;
}
