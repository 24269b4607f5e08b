/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * generate.h - a few bytes become pages that are hard to cut and to compress
 *
 * Byte 0 says how many pages, byte 1 where they lie. Each two bytes behind are
 * one step: what kind of pages, and how. When there are no more, the first step
 * follows again, with other chance.
 */
#ifndef GENERATE_H
#define GENERATE_H

#include <stddef.h>
#include <stdint.h>

#define GENERATE_MIN	8
#define GENERATE_MAX	80

/* Some pages, and where each lies: number of the page, ascending. */
struct generated {
	unsigned int nr;
	uint16_t at[GENERATE_MAX];
};

/* Below this: numbers of pages. */
#define GENERATE_PAGES	512

/*
 * Write pages into a partition of GENERATE_PAGES zero pages. Some may be zero
 * again. key is that of page hashes, by which chunks are cut.
 */
void generate(const uint8_t *data, size_t size, const uint8_t *key,
	      uint8_t *ram, struct generated *g);

#endif /* GENERATE_H */
