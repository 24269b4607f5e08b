// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compressing, and decompressing what may be anything.
 */
#include "fixture.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

#define LZ4	OSTI_IMAGE_CODEC_LZ4
#define ZSTD	OSTI_IMAGE_CODEC_ZSTD
#define MOST	IMAGE_CHUNK_PLAIN

static struct image_codec *codec;
static uint8_t *plain;
static uint8_t *packed;

static int setup(void **state)
{
	(void)state;
	codec = malloc(sizeof(*codec));
	plain = malloc(MOST);
	packed = malloc(MOST);
	assert_true(codec && plain && packed);
	/* What was in its memory must not matter. */
	memset(codec, 0xee, sizeof(*codec));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(codec);
	free(plain);
	free(packed);
	return 0;
}

static size_t pack(uint8_t by, int level, size_t bytes)
{
	return image_codec_pack(codec, by, level, plain, bytes, packed,
				bytes - 1);
}

/* Exact buffers, so that a sanitizer sees what goes beyond them. */
static int unpack(uint8_t by, const void *from, size_t from_bytes, size_t bytes)
{
	uint8_t *in = malloc(from_bytes ? from_bytes : 1);
	uint8_t *out = malloc(bytes);
	int error;

	assert_true(in && out);
	memcpy(in, from, from_bytes);
	error = image_codec_unpack(codec, by, in, from_bytes, out, bytes);
	if (!error)
		memcpy(plain, out, bytes);
	free(in);
	free(out);
	return error;
}

static void round_trip(uint8_t by, int level, size_t bytes)
{
	uint8_t *before = malloc(bytes);
	size_t n = pack(by, level, bytes);

	assert_non_null(before);
	memcpy(before, plain, bytes);
	assert_in_range(n, 1, bytes - 1);
	assert_int_equal(unpack(by, packed, n, bytes), OSTI_IMAGE_OK);
	assert_memory_equal(before, plain, bytes);
	/* By the other one it is nothing, and it has no other length. */
	assert_int_equal(unpack(by == LZ4 ? ZSTD : LZ4, packed, n, bytes),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(unpack(by, packed, n, bytes - 1),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(unpack(by, packed, n, bytes + 1),
			 OSTI_IMAGE_E_DECOMPRESS);
	free(before);
}

/* Every size that a chunk can have, since parameters depend on it. */
static void all_sizes(void **state)
{
	size_t pages;
	int level;

	(void)state;
	for (pages = 1; pages <= OSTI_IMAGE_CHUNK_MAX; pages++) {
		fixture_text(plain, pages * PAGE, pages);
		fixture_noise(plain, pages * PAGE / 3, pages);
		round_trip(LZ4, 0, pages * PAGE);
		for (level = 1; level <= IMAGE_ZSTD_MAX; level++)
			round_trip(ZSTD, level, pages * PAGE);
	}
}

/* What zstd is there for. */
static void smaller_than_lz4(void **state)
{
	size_t lz4;
	int level;

	(void)state;
	fixture_text(plain, MOST, 9);
	lz4 = pack(LZ4, 0, MOST);
	for (level = 1; level <= IMAGE_ZSTD_MAX; level++)
		assert_in_range(pack(ZSTD, level, MOST), 1, lz4 - 1);
}

/* Nothing is left in the state that the next call would look at. */
static void state_does_not_matter(void **state)
{
	static const uint8_t by[] = { LZ4, ZSTD };
	uint8_t *first = malloc(MOST);
	unsigned int i;

	(void)state;
	assert_non_null(first);
	for (i = 0; i < 2 * ARRAY_SIZE(by); i++) {
		size_t n;

		fixture_text(plain, MOST, 3);
		memset(codec, i < ARRAY_SIZE(by) ? 0 : 0xff, sizeof(*codec));
		n = pack(by[i % 2], 1, MOST);
		memcpy(first, packed, n);
		memset(codec, 0x5a, sizeof(*codec));
		assert_int_equal(pack(by[i % 2], 1, MOST), n);
		assert_memory_equal(first, packed, n);
	}
	free(first);
}

static void does_not_fit(void **state)
{
	static const struct image_packing list[] = {
		{ LZ4, 0 }, { ZSTD, 1 }, { ZSTD, 2 }, { ZSTD, 3 },
	};
	uint8_t *exact;
	unsigned int i;
	size_t n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		fixture_noise(plain, MOST, 31);
		assert_int_equal(pack(list[i].codec, list[i].level, MOST), 0);
		assert_int_equal(pack(list[i].codec, list[i].level, PAGE), 0);

		fixture_text(plain, MOST, 31);
		n = pack(list[i].codec, list[i].level, MOST);
		exact = malloc(n - 1);
		assert_non_null(exact);
		assert_int_equal(image_codec_pack(codec, list[i].codec,
						  list[i].level, plain, MOST,
						  exact, n - 1), 0);
		free(exact);
	}
}

static void garbage(void **state)
{
	static const uint8_t full[] = { 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t before_begin[] = {
		0x14, 0x00, 0x10, 0x00, 0x50, 1, 2, 3, 4, 5,
	};
	static const uint8_t zero[100];
	unsigned int by;

	(void)state;
	for (by = 0; by < 256; by++) {
		assert_int_equal(unpack(by, full, sizeof(full), 5 * PAGE),
				 OSTI_IMAGE_E_DECOMPRESS);
		assert_int_equal(unpack(by, before_begin, sizeof(before_begin),
					5 * PAGE), OSTI_IMAGE_E_DECOMPRESS);
		assert_int_equal(unpack(by, zero, sizeof(zero), 5 * PAGE),
				 OSTI_IMAGE_E_DECOMPRESS);
		assert_int_equal(unpack(by, zero, 0, 5 * PAGE),
				 OSTI_IMAGE_E_DECOMPRESS);
		assert_int_equal(unpack(by, zero, 1, PAGE),
				 OSTI_IMAGE_E_DECOMPRESS);
	}
}

/* 5000 bytes of match length are more than a mebibyte. */
static void lz4_bomb(void **state)
{
	uint8_t block[5000];

	(void)state;
	memset(block, 0xff, sizeof(block));
	block[0] = 0x1f;
	block[1] = 0;
	block[2] = 1;
	block[3] = 0;
	block[4999] = 0;
	assert_int_equal(unpack(LZ4, block, sizeof(block), 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(unpack(LZ4, block, sizeof(block), MOST),
			 OSTI_IMAGE_E_DECOMPRESS);
}

/* RFC 8878: magic, descriptor, size of the window or content, blocks. */
static size_t frame(uint8_t *to, uint8_t descriptor, const uint8_t *field,
		    size_t field_bytes)
{
	image_put32(to, 0xfd2fb528);
	to[4] = descriptor;
	memcpy(to + 5, field, field_bytes);
	return 5 + field_bytes;
}

/* A block that repeats a byte; the last one ends the frame. */
static size_t rle(uint8_t *to, uint32_t size, bool last)
{
	uint32_t header = last | 1 << 1 | size << 3;

	to[0] = header;
	to[1] = header >> 8;
	to[2] = header >> 16;
	to[3] = 0xa5;
	return 4;
}

#define SINGLE_4	0xa0	/* single segment, content size of 4 bytes */
#define WINDOW		0x00	/* a window, no content size */

static void zstd_frames(void **state)
{
	static const uint8_t size[] = { 0x00, 0x50, 0, 0 };	/* 5 pages */
	static const uint8_t two[] = { 0x00, 0x20, 0, 0 };	/* 2 pages */
	static const uint8_t much[] = { 0xff, 0xff, 0xff, 0xff };
	static const uint8_t window[] = { 0x38 };		/* 128 KiB */
	uint8_t b[4096];
	size_t n;
	unsigned int i;

	(void)state;
	n = frame(b, SINGLE_4, size, 4);
	n += rle(b + n, 5 * PAGE, true);
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE), OSTI_IMAGE_OK);
	assert_int_equal(plain[5 * PAGE - 1], 0xa5);
	/* Cut off, and with something behind it. */
	for (i = 0; i < n; i++)
		assert_int_equal(unpack(ZSTD, b, i, 5 * PAGE),
				 OSTI_IMAGE_E_DECOMPRESS);
	b[n] = 0;
	assert_int_equal(unpack(ZSTD, b, n + 1, 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);

	/* What it says of its length does not count, only what it makes. */
	memcpy(b + 5, much, 4);
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
	n = frame(b, WINDOW, window, 1);
	n += rle(b + n, 5 * PAGE, true);
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE), OSTI_IMAGE_OK);
	/* 2 GiB cost no memory, 3.75 TiB are too much for zstd. */
	b[5] = 0xa8;
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE), OSTI_IMAGE_OK);
	b[5] = 0xff;
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);

	/* Too much by one block, and by a thousand of them. */
	n = frame(b, WINDOW, window, 1);
	for (i = 0; i < 1000; i++) {
		n += rle(b + n, 0x20000, i == 999);
		if (i == 2) {
			size_t end = rle(b + n, 1, true);

			assert_int_equal(unpack(ZSTD, b, n + end, MOST),
					 OSTI_IMAGE_E_DECOMPRESS);
		}
	}
	assert_int_equal(unpack(ZSTD, b, n, MOST), OSTI_IMAGE_E_DECOMPRESS);

	/* Two frames, which make the right length together. */
	n = frame(b, SINGLE_4, two, 4);
	n += rle(b + n, 2 * PAGE, true);
	memcpy(b + n, b, n);
	assert_int_equal(unpack(ZSTD, b, n, 2 * PAGE), OSTI_IMAGE_OK);
	assert_int_equal(unpack(ZSTD, b, 2 * n, 4 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
	/* One after a frame that is to be skipped. */
	memmove(b + 12, b, n);
	image_put32(b, 0x184d2a50);
	image_put32(b + 4, 4);
	assert_int_equal(unpack(ZSTD, b, 12 + n, 2 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
}

/* Of a dictionary that there is not, and with a wrong checksum. */
static void zstd_extras(void **state)
{
	static const uint8_t dictionary[] = { 7, 0x00, 0x50, 0, 0 };
	static const uint8_t size[] = { 0x00, 0x50, 0, 0 };
	uint8_t b[64];
	size_t n;

	(void)state;
	n = frame(b, SINGLE_4 | 1, dictionary, 5);
	n += rle(b + n, 5 * PAGE, true);
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
	n = frame(b, SINGLE_4 | 4, size, 4);
	n += rle(b + n, 5 * PAGE, true);
	image_put32(b + n, 0x12345678);
	assert_int_equal(unpack(ZSTD, b, n + 4, 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
	/* Reserved bit. */
	n = frame(b, SINGLE_4 | 8, size, 4);
	n += rle(b + n, 5 * PAGE, true);
	assert_int_equal(unpack(ZSTD, b, n, 5 * PAGE),
			 OSTI_IMAGE_E_DECOMPRESS);
}

/* Damaged anywhere: refused, or other pages of the same length. */
static void damaged(void **state)
{
	static const struct image_packing list[] = {
		{ LZ4, 0 }, { ZSTD, 1 }, { ZSTD, 3 },
	};
	uint64_t seed = 77;
	unsigned int i;
	unsigned int k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		size_t n;

		fixture_text(plain, 9 * PAGE, 6);
		fixture_noise(plain + PAGE, 300, 8);
		n = pack(list[i].codec, list[i].level, 9 * PAGE);
		for (k = 0; k < 2000; k++) {
			uint64_t r = test_random(&seed);
			size_t at = k < n ? k : (r >> 8) % n;
			uint8_t was = packed[at];

			packed[at] = was ^ (1 << r % 8);
			unpack(list[i].codec, packed, n, 9 * PAGE);
			packed[at] = was;
		}
		assert_int_equal(unpack(list[i].codec, packed, n, 9 * PAGE),
				 OSTI_IMAGE_OK);
	}
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(all_sizes),
		TEST(smaller_than_lz4),
		TEST(state_does_not_matter),
		TEST(does_not_fit),
		TEST(garbage),
		TEST(lz4_bomb),
		TEST(zstd_frames),
		TEST(zstd_extras),
		TEST(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
