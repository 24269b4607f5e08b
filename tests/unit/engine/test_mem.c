// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_mem.c - the image engine's memory functions against the C library's
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* mem.c is compiled with these names. */
void *engine_memcpy(void *restrict dst, const void *restrict src, size_t n);
void *engine_memmove(void *dst, const void *src, size_t n);
void *engine_memset(void *dst, int c, size_t n);
int engine_memcmp(const void *a, const void *b, size_t n);

/* More than two blocks, with a rest of each size. */
#define MOST	200
#define AROUND	80

static void fill(uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = i * 7 + 1;
}

/* Behind each end is memory that must not be touched (ASan). */
static void test_copy(void **state)
{
	size_t n, at;

	(void)state;
	for (n = 0; n <= MOST; n++) {
		for (at = 0; at < 16; at++) {
			uint8_t *from = malloc(at + n);
			uint8_t *to = malloc(at + n + 1);

			fill(from, at + n);
			memset(to, 0xee, at + n + 1);
			assert_ptr_equal(engine_memcpy(to + at, from + at, n),
					 to + at);
			assert_memory_equal(to + at, from + at, n);
			assert_int_equal(to[at + n], 0xee);
			assert_true(!at || to[at - 1] == 0xee);
			free(from);
			free(to);
		}
	}
}

static void test_move(void **state)
{
	uint8_t ours[MOST + 2 * AROUND], theirs[sizeof(ours)];
	size_t n, to;

	(void)state;
	for (n = 0; n <= MOST; n++) {
		for (to = 0; to <= 2 * AROUND; to++) {
			fill(ours, sizeof(ours));
			fill(theirs, sizeof(theirs));
			assert_ptr_equal(engine_memmove(ours + to,
							ours + AROUND, n),
					 ours + to);
			memmove(theirs + to, theirs + AROUND, n);
			assert_memory_equal(ours, theirs, sizeof(ours));
		}
	}
}

static void test_set(void **state)
{
	size_t n, at;

	(void)state;
	for (n = 0; n <= MOST; n++) {
		for (at = 0; at < 16; at++) {
			uint8_t *ours = malloc(at + n);
			uint8_t *theirs = malloc(at + n);

			fill(ours, at + n);
			fill(theirs, at + n);
			/* Of the value only the lowest byte counts. */
			assert_ptr_equal(engine_memset(ours + at, 0x1a5, n),
					 ours + at);
			memset(theirs + at, 0xa5, n);
			assert_memory_equal(ours, theirs, at + n);
			free(ours);
			free(theirs);
		}
	}
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void test_compare(void **state)
{
	size_t n, i;

	(void)state;
	for (n = 0; n <= MOST; n++) {
		uint8_t *a = malloc(n);
		uint8_t *b = malloc(n);

		fill(a, n);
		fill(b, n);
		assert_int_equal(engine_memcmp(a, b, n), 0);
		for (i = 0; i < n; i++) {
			b[i] ^= 0x80;
			/* Behind the first difference nothing counts. */
			if (i + 1 < n)
				a[i + 1] ^= 0x80;
			assert_int_equal(sign(engine_memcmp(a, b, n)),
					 sign(memcmp(a, b, n)));
			fill(a, n);
			fill(b, n);
		}
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
