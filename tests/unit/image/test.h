/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test.h - what every unit test of the image code includes first
 */
#ifndef TEST_H
#define TEST_H

/* cmocka.h wants the first three. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* A sequence of numbers that is the same in every run (xorshift64). */
static inline uint64_t test_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif /* TEST_H */
