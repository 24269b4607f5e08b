// SPDX-License-Identifier: GPL-2.0-only
/*
 * cache.c - maintenance by address, which EL0 may do
 *
 * The monitor lets EL0 read CTR_EL0 and clean by address (SCTLR_EL1.UCT, UCI).
 * Other CPUs take part, since the memory is shareable. When the monitor takes the
 * CPU away between an instruction and the barrier, it has a barrier of its own.
 */
#include "jobs.h"

/* Bytes of the smallest data cache line: CTR_EL0.DminLine, log2 of words. */
static uintptr_t line_bytes(void)
{
	uint64_t ctr;

	asm("mrs %0, ctr_el0" : "=r" (ctr));
	return 4UL << (ctr >> 16 & 0xf);
}

void engine_cache_flush(const uint8_t *from, size_t bytes)
{
	const uintptr_t line = line_bytes();
	const uintptr_t end = (uintptr_t)from + bytes;
	uintptr_t p;

	for (p = (uintptr_t)from & ~(line - 1); p < end; p += line)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	asm volatile("dsb sy" : : : "memory");
}
