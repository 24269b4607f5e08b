/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem.h - has anybody touched the slot's memory?
 */
#ifndef PAYLOAD_MEM_H
#define PAYLOAD_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memset(void *p, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);

/*
 * All RAM but the payload's own image holds, in each 64-bit word, a value of
 * its address and the seed. So a foreign write shows wherever it lands, and a
 * page of another slot never looks right.
 */
uint64_t mem_word(uint64_t addr, uint64_t seed);
void mem_fill(uint64_t seed);
/* True if all is as filled; else the first wrong word's address. */
bool mem_intact(uint64_t seed, uint64_t *where);

#endif /* PAYLOAD_MEM_H */
