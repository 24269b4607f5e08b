// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mem.c - has anybody touched the slot's memory?
 */
#include "arch.h"
#include "cpu.h"
#include "mem.h"
#include "smc.h"

#define STEP	0x9e3779b97f4a7c15

void *memset(void *p, int c, size_t n)
{
	char *to = p;

	while (n--)
		*to++ = c;
	return p;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	const char *from = src;
	char *to = dst;

	while (n--)
		*to++ = *from++;
	return dst;
}

uint64_t mem_word(uint64_t addr, uint64_t seed)
{
	return addr / 8 * STEP + seed;
}

static void fill(uint64_t from, uint64_t to, uint64_t seed)
{
	uint64_t val = mem_word(from, seed);
	uint64_t *p;

	for (p = (uint64_t *)from; p < (uint64_t *)to; p++, val += STEP)
		*p = val;
}

static bool intact(uint64_t from, uint64_t to, uint64_t seed, uint64_t *where)
{
	uint64_t val = mem_word(from, seed);
	uint64_t *p;

	for (p = (uint64_t *)from; p < (uint64_t *)to; p++, val += STEP) {
		if (*p != val) {
			*where = (uint64_t)p;
			return false;
		}
	}
	return true;
}

void mem_fill(uint64_t seed)
{
	fill(self.ram_base, (uint64_t)image_start, seed);
	fill((uint64_t)image_end, self.ram_end, seed);
	dsb();
}

bool mem_intact(uint64_t seed, uint64_t *where)
{
	return intact(self.ram_base, (uint64_t)image_start, seed, where) &&
	       intact((uint64_t)image_end, self.ram_end, seed, where);
}
