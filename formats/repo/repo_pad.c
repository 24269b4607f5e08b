// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_pad.c - sizes that tell little
 */
#include "repo_pad.h"

#define PAD_MIN	4096

/* Number of the highest bit that is set; bits is not 0. */
static unsigned int log2_of(uint64_t bits)
{
	unsigned int nr = 0;

	while (bits >>= 1)
		nr++;
	return nr;
}

uint64_t repo_pad_size(uint64_t bytes)
{
	unsigned int e, s;
	uint64_t mask;

	if (bytes <= PAD_MIN)
		return PAD_MIN;
	e = log2_of(bytes);
	s = log2_of(e) + 1;
	mask = (1ULL << (e - s)) - 1;
	return (bytes + mask) & ~mask;
}
