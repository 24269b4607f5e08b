// SPDX-License-Identifier: GPL-2.0-only
/*
 * mem.c - memory functions, which compilers call by name
 *
 * All memory is normal, so nothing need be aligned. What is moved most are pages
 * and chunks, by pairs of SIMD registers.
 */
#include "string.h"

#include <stdint.h>

typedef uint8_t __attribute__((vector_size(16), may_alias, aligned(1))) quad;
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

#define BLOCK	(4 * sizeof(quad))

/*
 * A block is read before it is written, and each is done before the next, so
 * either order is right for what overlaps in its direction.
 */
static inline void move_block(uint8_t *d, const uint8_t *s)
{
	const quad a = *(const quad *)s;
	const quad b = *(const quad *)(s + 16);
	const quad c = *(const quad *)(s + 32);
	const quad e = *(const quad *)(s + 48);

	*(quad *)d = a;
	*(quad *)(d + 16) = b;
	*(quad *)(d + 32) = c;
	*(quad *)(d + 48) = e;
}

static void move_up(uint8_t *d, const uint8_t *s, size_t n)
{
	for (; n >= BLOCK; n -= BLOCK, d += BLOCK, s += BLOCK)
		move_block(d, s);
	for (; n >= sizeof(word); n -= sizeof(word)) {
		*(word *)d = *(const word *)s;
		d += sizeof(word);
		s += sizeof(word);
	}
	while (n--)
		*d++ = *s++;
}

static void move_down(uint8_t *d, const uint8_t *s, size_t n)
{
	for (; n >= BLOCK; n -= BLOCK)
		move_block(d + n - BLOCK, s + n - BLOCK);
	while (n--)
		d[n] = s[n];
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	move_up(dst, src, n);
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	if ((uintptr_t)dst <= (uintptr_t)src)
		move_up(dst, src, n);
	else
		move_down(dst, src, n);
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	const uint8_t b = c;
	const quad q = { b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b };
	uint8_t *d = dst;

	for (; n >= BLOCK; n -= BLOCK, d += BLOCK) {
		*(quad *)d = q;
		*(quad *)(d + 16) = q;
		*(quad *)(d + 32) = q;
		*(quad *)(d + 48) = q;
	}
	for (; n >= sizeof(q); n -= sizeof(q), d += sizeof(q))
		*(quad *)d = q;
	while (n--)
		*d++ = b;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a;
	const uint8_t *q = b;

	for (; n >= sizeof(word); n -= sizeof(word)) {
		if (*(const word *)p != *(const word *)q)
			break;
		p += sizeof(word);
		q += sizeof(word);
	}
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}
