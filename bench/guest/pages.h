/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.h - pages as the memory of an OS has them, for the guest and the host
 *
 * The memory is like that of bench.c of osti-image: of eight pieces of 64 KiB
 * two are zero, one is nearly empty, one is noise, and four repeat themselves
 * as code and tables do.
 */
#ifndef BENCH_PAGES_H
#define BENCH_PAGES_H

#include <stdint.h>
#include <string.h>

#define PAGE		4096
#define PIECE		16		/* pages of one kind */

static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* What stands in a page follows from its number and how often it was written. */
static inline void pages_fill(uint8_t *at, uint64_t page, uint32_t times)
{
	uint64_t seed = (page + 1) * 0x9e3779b97f4a7c15ULL + times;
	unsigned int kind = page / PIECE % 8, i;
	uint64_t words[64], r;

	memset(at, 0, PAGE);
	if (kind < 2)
		return;
	for (i = 0; i < 64; i++)
		words[i] = next_random(&seed);
	if (kind == 2) {
		memcpy(at, words, 64);
		return;
	}
	for (i = 0; i < PAGE; i += 8) {
		r = next_random(&seed);
		if (kind == 3)
			memcpy(at + i, &r, 8);
		else
			memcpy(at + i, &words[r % 64], 4 + r / 64 % 5);
	}
}

#endif /* BENCH_PAGES_H */
