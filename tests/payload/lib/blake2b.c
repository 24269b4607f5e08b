// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blake2b.c - BLAKE2b-256 of one block, for the chains of events
 *
 * RFC 7693, sections 2.6, 2.7 and 3; words are little-endian, as the CPU.
 */
#include "blake2b.h"

static const uint64_t iv[8] = {
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
	0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
	0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t sigma[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static uint64_t rotate(uint64_t val, unsigned int n)
{
	return val >> n | val << (64 - n);
}

static void mix(uint64_t v[16], unsigned int i, uint64_t x, uint64_t y)
{
	/* Four columns, then four diagonals. */
	const unsigned int turn = i / 4;
	const unsigned int a = i % 4;
	const unsigned int b = 4 + (a + turn) % 4;
	const unsigned int c = 8 + (a + 2 * turn) % 4;
	const unsigned int d = 12 + (a + 3 * turn) % 4;

	v[a] += v[b] + x;
	v[d] = rotate(v[d] ^ v[a], 32);
	v[c] += v[d];
	v[b] = rotate(v[b] ^ v[c], 24);
	v[a] += v[b] + y;
	v[d] = rotate(v[d] ^ v[a], 16);
	v[c] += v[d];
	v[b] = rotate(v[b] ^ v[c], 63);
}

void blake2b_256(const uint64_t *in, unsigned int bytes, uint64_t out[4])
{
	uint64_t m[16], v[16], first = iv[0] ^ 0x01010020;
	unsigned int i, round;

	for (i = 0; i < 16; i++) {
		m[i] = i < bytes / 8 ? in[i] : 0;
		v[i] = iv[i % 8];
	}
	v[0] = first;
	v[12] ^= bytes;
	v[14] = ~v[14];
	for (round = 0; round < 12; round++)
		for (i = 0; i < 8; i++)
			mix(v, i, m[sigma[round % 10][2 * i]],
			    m[sigma[round % 10][2 * i + 1]]);
	for (i = 0; i < 4; i++)
		out[i] = (i ? iv[i] : first) ^ v[i] ^ v[i + 8];
}
