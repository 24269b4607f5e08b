/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * addr.h - addresses: physical ones, and those of a context
 *
 * What crosses a border (osti/abi.h, an image, a register, a table entry, a
 * message) is a plain number: it becomes an address where it comes in.
 */
#ifndef ADDR_H
#define ADDR_H

#include <stdbool.h>
#include <stdint.h>

/* A physical address. The monitor maps all memory that it uses one to one. */
typedef uint64_t pa_t;

/* An intermediate physical address: what an OS takes for a physical one. */
typedef uint64_t ipa_t;

static inline pa_t pa_make(uint64_t number)
{
	return number;
}

static inline uint64_t pa_value(pa_t addr)
{
	return addr;
}

/* Behind @bytes, which are known to be there: with others use pa_sum(). */
static inline pa_t pa_add(pa_t addr, uint64_t bytes)
{
	return pa_make(addr + bytes);
}

/* The same for a number that was not bounded: false, and no sum, if it wraps. */
static inline bool pa_sum(pa_t addr, uint64_t bytes, pa_t *sum)
{
	return !__builtin_add_overflow(addr, bytes, sum);
}

/* Bytes from @base on, which is not above @addr. */
static inline uint64_t pa_offset(pa_t addr, pa_t base)
{
	return addr - base;
}

static inline bool pa_equal(pa_t a, pa_t b)
{
	return a == b;
}

static inline bool pa_before(pa_t a, pa_t b)
{
	return a < b;
}

/* Is it a multiple? @align is a power of two. */
static inline bool pa_aligned(pa_t addr, uint64_t align)
{
	return addr % align == 0;
}

/* The multiple that is not above it. */
static inline pa_t pa_align_down(pa_t addr, uint64_t align)
{
	return pa_make(addr & ~(align - 1));
}

static inline ipa_t ipa_make(uint64_t number)
{
	return number;
}

static inline uint64_t ipa_value(ipa_t addr)
{
	return addr;
}

/* As those of physical addresses. */
static inline ipa_t ipa_add(ipa_t addr, uint64_t bytes)
{
	return ipa_make(addr + bytes);
}

static inline bool ipa_sum(ipa_t addr, uint64_t bytes, ipa_t *sum)
{
	return !__builtin_add_overflow(addr, bytes, sum);
}

static inline uint64_t ipa_offset(ipa_t addr, ipa_t base)
{
	return addr - base;
}

static inline bool ipa_before(ipa_t a, ipa_t b)
{
	return a < b;
}

static inline bool ipa_aligned(ipa_t addr, uint64_t align)
{
	return addr % align == 0;
}

/* Where a context finds a device: at the board's own address. */
static inline ipa_t ipa_of_device(pa_t addr)
{
	return ipa_make(addr);
}

#endif /* ADDR_H */
