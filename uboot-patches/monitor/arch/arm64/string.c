// SPDX-License-Identifier: GPL-2.0-only
/*
 * string.c - memory functions
 *
 * Partitions go by arch_zero(); the most that is moved here is a chunk of an
 * image. Words need not be aligned: that is normal memory, with the MMU on. What
 * runs before that has small and aligned objects only.
 */
#include "string.h"

#include <stdint.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word;

/* Moved by pairs of registers. */
struct block {
	word w[8];
} __attribute__((packed, may_alias));

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	for (; n >= sizeof(struct block); n -= sizeof(struct block)) {
		*(struct block *)d = *(const struct block *)s;
		d += sizeof(struct block);
		s += sizeof(struct block);
	}
	for (; n >= sizeof(word); n -= sizeof(word)) {
		*(word *)d = *(const word *)s;
		d += sizeof(word);
		s += sizeof(word);
	}
	while (n--)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if (d <= s)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	const uint64_t pattern = 0x0101010101010101UL * (uint8_t)c;
	uint8_t *d = dst;

	for (; n >= sizeof(struct block); n -= sizeof(struct block)) {
		*(struct block *)d = (struct block){ {
			pattern, pattern, pattern, pattern,
			pattern, pattern, pattern, pattern,
		} };
		d += sizeof(struct block);
	}
	for (; n >= sizeof(word); n -= sizeof(word)) {
		*(word *)d = pattern;
		d += sizeof(word);
	}
	while (n--)
		*d++ = c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a;
	const uint8_t *q = b;

	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}
