// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_gicv3_image.c - the interrupt controller's state as bytes
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "gicv3.h"

#define BANK_WORDS	14
#define SHARED_AT	8
#define PRIVATE_AT	(SHARED_AT + GICV3_SHARED_BANKS * BANK_WORDS * 4)
#define ROUTE_AT	(PRIVATE_AT + OSTI_MAX_CPUS * BANK_WORDS * 4)

static void scramble(struct gicv3_state *s, uint64_t seed)
{
	uint8_t *byte = (uint8_t *)s;
	size_t i;

	for (i = 0; i < sizeof(*s); i++)
		byte[i] = test_random(&seed);
}

static void assert_banks(const struct gicv3_bank *a, const struct gicv3_bank *b,
			 unsigned int count)
{
	/* 14 words and no gap. */
	_Static_assert(sizeof(*a) == BANK_WORDS * 4, "a bank has padding");
	assert_memory_equal(a, b, count * sizeof(*a));
}

static void test_round_trip(void **state)
{
	struct gicv3_state before, after;
	uint8_t bytes[GICV3_IMAGE_BYTES];
	uint64_t seed;

	(void)state;
	for (seed = 1; seed < 50; seed++) {
		scramble(&before, seed);
		scramble(&after, seed + 1000);
		gicv3_image_write(&before, bytes);
		assert_true(gicv3_image_ok(bytes, sizeof(bytes)));
		gicv3_image_read(bytes, &after);
		assert_int_equal(after.ctlr, before.ctlr);
		assert_banks(after.shared, before.shared, GICV3_SHARED_BANKS);
		assert_banks(after.private, before.private, OSTI_MAX_CPUS);
		assert_memory_equal(after.route, before.route,
				    sizeof(before.route));
	}
}

static uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Little-endian, in the order that gicv3.h names: older images stay good. */
static void test_layout(void **state)
{
	static struct gicv3_state s;
	uint8_t b[GICV3_IMAGE_BYTES];
	unsigned int i;

	(void)state;
	assert_int_equal(GICV3_IMAGE_BYTES, ROUTE_AT + 256 * 8);
	s.ctlr = 0x11223344;
	s.shared[0].group = 0xa0a1a2a3;
	s.shared[7].enabled = 0xb0b1b2b3;
	s.private[0].pending = 0xc0c1c2c3;
	s.private[7].active = 0xd0d1d2d3;
	s.private[7].config[1] = 0xe0e1e2e3;
	s.private[7].priority[7] = 0xf0f1f2f3;
	s.route[255] = 0x8877665544332211;
	gicv3_image_write(&s, b);
	assert_memory_equal(b, "\x01\0\0\0\x44\x33\x22\x11", 8);
	assert_int_equal(get32(b + SHARED_AT), 0xa0a1a2a3);
	assert_int_equal(get32(b + SHARED_AT + 7 * 56 + 4), 0xb0b1b2b3);
	assert_int_equal(get32(b + PRIVATE_AT + 8), 0xc0c1c2c3);
	assert_int_equal(get32(b + PRIVATE_AT + 7 * 56 + 12), 0xd0d1d2d3);
	assert_int_equal(get32(b + PRIVATE_AT + 7 * 56 + 20), 0xe0e1e2e3);
	assert_int_equal(get32(b + PRIVATE_AT + 7 * 56 + 52), 0xf0f1f2f3);
	assert_memory_equal(b + ROUTE_AT + 255 * 8,
			    "\x11\x22\x33\x44\x55\x66\x77\x88", 8);
	for (i = ROUTE_AT; i < ROUTE_AT + 255 * 8; i++)
		assert_int_equal(b[i], 0);
}

static void test_refused(void **state)
{
	static const uint32_t lengths[] = {
		0, 4, GICV3_IMAGE_BYTES - 1, GICV3_IMAGE_BYTES + 1, UINT32_MAX,
	};
	static const uint8_t versions[][4] = {
		{ 0 }, { 2 }, { 1, 1 }, { 1, 0, 0, 0x80 }, { 0, 1 },
	};
	static struct gicv3_state s;
	uint8_t bytes[GICV3_IMAGE_BYTES];
	unsigned int i;

	(void)state;
	gicv3_image_write(&s, bytes);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		/* No byte is read before the length is known to be good. */
		uint8_t *none = malloc(1);

		assert_false(gicv3_image_ok(none + 1, lengths[i]));
		free(none);
	}
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		memcpy(bytes, versions[i], 4);
		assert_false(gicv3_image_ok(bytes, sizeof(bytes)));
	}
	memcpy(bytes, "\x01\0\0\0", 4);
	assert_true(gicv3_image_ok(bytes, sizeof(bytes)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
