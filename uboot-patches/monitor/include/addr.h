/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * addr.h - addresses: physical ones, and those of a context, which do not mix
 *
 * Each is a struct of one number, so that the compiler refuses one where the
 * other is meant, and a plain number where an address is. In a register it is
 * that number. What crosses a border (osti/abi.h, an image, a register, a table
 * entry, a message) is a plain number: it becomes an address where it comes in.
 */
#ifndef ADDR_H
#define ADDR_H

#include <stdbool.h>
#include <stdint.h>

/* A physical address. The monitor maps all memory that it uses one to one. */
typedef struct { uint64_t pa; } pa_t;

/* An intermediate physical address: what an OS takes for a physical one. */
typedef struct { uint64_t ipa; } ipa_t;

static inline pa_t pa_make(uint64_t number)
{
	return (pa_t) { number };
}

static inline uint64_t pa_value(pa_t addr)
{
	return addr.pa;
}

/* Behind @bytes, which are known to be there: with others use pa_sum(). */
static inline pa_t pa_add(pa_t addr, uint64_t bytes)
{
	return pa_make(addr.pa + bytes);
}

/* The same for a number that was not bounded: false, and no sum, if it wraps. */
static inline bool pa_sum(pa_t addr, uint64_t bytes, pa_t *sum)
{
	return !__builtin_add_overflow(addr.pa, bytes, &sum->pa);
}

/* Bytes from @base on, which is not above @addr. */
static inline uint64_t pa_offset(pa_t addr, pa_t base)
{
	return addr.pa - base.pa;
}

static inline bool pa_equal(pa_t a, pa_t b)
{
	return a.pa == b.pa;
}

static inline bool pa_before(pa_t a, pa_t b)
{
	return a.pa < b.pa;
}

/* Is it a multiple? @align is a power of two. */
static inline bool pa_aligned(pa_t addr, uint64_t align)
{
	return addr.pa % align == 0;
}

/* The multiple that is not above it. */
static inline pa_t pa_align_down(pa_t addr, uint64_t align)
{
	return pa_make(addr.pa & ~(align - 1));
}

static inline ipa_t ipa_make(uint64_t number)
{
	return (ipa_t) { number };
}

static inline uint64_t ipa_value(ipa_t addr)
{
	return addr.ipa;
}

/* As those of physical addresses. */
static inline ipa_t ipa_add(ipa_t addr, uint64_t bytes)
{
	return ipa_make(addr.ipa + bytes);
}

static inline bool ipa_sum(ipa_t addr, uint64_t bytes, ipa_t *sum)
{
	return !__builtin_add_overflow(addr.ipa, bytes, &sum->ipa);
}

static inline uint64_t ipa_offset(ipa_t addr, ipa_t base)
{
	return addr.ipa - base.ipa;
}

static inline bool ipa_before(ipa_t a, ipa_t b)
{
	return a.ipa < b.ipa;
}

static inline bool ipa_aligned(ipa_t addr, uint64_t align)
{
	return addr.ipa % align == 0;
}

/* Where a context finds a device: at the board's own address. */
static inline ipa_t ipa_of_device(pa_t addr)
{
	return ipa_make(addr.pa);
}

#endif /* ADDR_H */
