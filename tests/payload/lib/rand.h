/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rand.h - repeatable numbers (splitmix64: any seed will do)
 */
#ifndef PAYLOAD_RAND_H
#define PAYLOAD_RAND_H

#include <stdint.h>

struct rand {
	uint64_t state;
};

static inline uint64_t rand_next(struct rand *rand)
{
	uint64_t z = rand->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline uint64_t rand_below(struct rand *rand, uint64_t limit)
{
	return rand_next(rand) % limit;
}

#endif /* PAYLOAD_RAND_H */
