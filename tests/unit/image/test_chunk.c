// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Single chunks: what the owner of the key could store, and what LZ4 makes.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_crypto.h"

/*
 * BLAKE2b-256 (key: 32 zero bytes) of what LZ4 1.9.4 makes of 64 pages of
 * fixture_text(), of the first 3 of them, and of 64 of echo(). Another value means that the
 * compressor has changed: then it needs a new OSTI_IMAGE_CODEC_*, see image.h.
 */
#define LZ4_64_PAGES	"e6c1ca18a36b35d20e05819a06ec40a14f82225c7a05a2b274898a7d0843519c"
#define LZ4_3_PAGES	"8e13b033980853e8e6ceae07871ed2c14d99ac41dc2747340d9426a131d6c648"

#define LZ4_64_ECHO	"05302f58c302fc0748256a81899b3d7b2a53befd23dedc40905b408454dfd8aa"

static struct fixture f;
static struct image_work *work;
static struct image_manifest m;
static uint8_t *plain;
static struct image_chunk chunk;

/* One chunk of five pages. */
static int setup(void **state)
{
	uint8_t *ram = calloc(1, 2 * MIB);

	(void)state;
	work = malloc(sizeof(*work));
	assert_true(work && ram);
	fixture_init(&f, 2 * MIB);
	memset(f.ram + 8 * PAGE, 0x11, 5 * PAGE);
	fixture_pack(&f);
	assert_int_equal(fixture_import(&f, ram, &m, &plain), OSTI_IMAGE_OK);
	assert_int_equal(m.chunks, 1);
	image_manifest_chunk(&m, 0, &chunk);
	assert_int_equal(chunk.pages, 5);
	assert_int_equal(chunk.codec, OSTI_IMAGE_CODEC_LZ4);
	free(ram);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(plain);
	free(work);
	fixture_free(&f);
	return 0;
}

/*
 * Seal bytes as the chunk's with a good key, make the table say so, and open
 * it.
 */
static int open_forged(const uint8_t *data, uint32_t bytes, uint8_t codec)
{
	uint8_t *stored = malloc(bytes + OSTI_IMAGE_TAG);
	int error;

	assert_non_null(stored);
	memcpy(work->stored, data, bytes);
	image_chunk_encrypt(&f.keys, work, chunk.id, chunk.pages, codec, bytes);
	memcpy(stored, work->stored, bytes + OSTI_IMAGE_TAG);
	m.table[OSTI_IMAGE_T_STORED] = bytes + OSTI_IMAGE_TAG;
	m.table[OSTI_IMAGE_T_STORED + 1] = (bytes + OSTI_IMAGE_TAG) >> 8;
	m.table[OSTI_IMAGE_T_STORED + 2] = (bytes + OSTI_IMAGE_TAG) >> 16;
	m.table[OSTI_IMAGE_T_CODEC] = codec;
	error = image_chunk_open(&f.keys, work, &m, 0, stored,
				 bytes + OSTI_IMAGE_TAG);
	free(stored);
	return error;
}

static void wrong_size(void **state)
{
	size_t at = fixture_chunk(&f, 0, &chunk);

	(void)state;
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored), OSTI_IMAGE_OK);
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored - 1),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored + 1),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored + (1ULL << 32)),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at, 0),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 1, f.file + at,
					  chunk.stored), OSTI_IMAGE_E_INDEX);
	assert_int_equal(image_chunk_seal(&f.keys, work, &m, 1, f.ram,
					  &chunk.stored, &chunk.codec),
			 OSTI_IMAGE_E_INDEX);
}

static void every_bit_flipped(void **state)
{
	size_t at = fixture_chunk(&f, 0, &chunk);
	uint32_t i;

	(void)state;
	assert_in_range(chunk.stored, 20, 400);
	for (i = 0; i < 8 * chunk.stored; i++) {
		f.file[at + i / 8] ^= 1 << i % 8;
		assert_int_equal(image_chunk_open(&f.keys, work, &m, 0,
						  f.file + at, chunk.stored),
				 OSTI_IMAGE_E_CHUNK_TAG);
		f.file[at + i / 8] ^= 1 << i % 8;
	}
}

/* The table's own fields go into key and tag. */
static void table_flipped(void **state)
{
	size_t at = fixture_chunk(&f, 0, &chunk);

	(void)state;
	m.table[OSTI_IMAGE_T_PAGES] = 6;
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored),
			 OSTI_IMAGE_E_CHUNK_TAG);
	m.table[OSTI_IMAGE_T_PAGES] = 5;
	m.table[OSTI_IMAGE_T_CODEC] = OSTI_IMAGE_CODEC_RAW;
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored),
			 OSTI_IMAGE_E_CHUNK_TAG);
	m.table[OSTI_IMAGE_T_CODEC] = OSTI_IMAGE_CODEC_LZ4;
	m.table[0] ^= 1;
	assert_int_equal(image_chunk_open(&f.keys, work, &m, 0, f.file + at,
					  chunk.stored),
			 OSTI_IMAGE_E_CHUNK_TAG);
}

static void not_lz4(void **state)
{
	static const uint8_t garbage[] = { 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t before_begin[] = {
		0x14, 0x00, 0x10, 0x00, 0x50, 1, 2, 3, 4, 5,
	};
	uint8_t raw[100];

	(void)state;
	assert_int_equal(open_forged(garbage, sizeof(garbage),
				     OSTI_IMAGE_CODEC_LZ4),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(open_forged(before_begin, sizeof(before_begin),
				     OSTI_IMAGE_CODEC_LZ4),
			 OSTI_IMAGE_E_DECOMPRESS);
	memset(raw, 0, sizeof(raw));
	assert_int_equal(open_forged(raw, sizeof(raw), OSTI_IMAGE_CODEC_LZ4),
			 OSTI_IMAGE_E_DECOMPRESS);
}

/* Blocks of good LZ4 that make one byte too much, too little, far too much. */
static void bombs(void **state)
{
	static const uint32_t sizes[] = {
		5 * PAGE + 1, 5 * PAGE - 1, 6 * PAGE, PAGE,
		OSTI_IMAGE_CHUNK_MAX * PAGE,
	};
	uint8_t *from = calloc(1, IMAGE_CHUNK_PLAIN);
	uint8_t block[8192];
	uint32_t bytes;
	unsigned int i;

	(void)state;
	assert_non_null(from);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		bytes = image_chunk_compress(work, from, block, sizes[i]);
		assert_in_range(bytes, 1, sizeof(block));
		assert_int_equal(open_forged(block, bytes, OSTI_IMAGE_CODEC_LZ4),
				 OSTI_IMAGE_E_DECOMPRESS);
	}
	/* 5000 bytes of match length are more than a mebibyte. */
	memset(block, 0xff, 5000);
	block[0] = 0x1f;
	block[1] = 0;
	block[2] = 1;
	block[3] = 0;
	block[4999] = 0;
	assert_int_equal(open_forged(block, 5000, OSTI_IMAGE_CODEC_LZ4),
			 OSTI_IMAGE_E_DECOMPRESS);
	free(from);
}

static void other_content(void **state)
{
	uint8_t *pages = malloc(5 * PAGE);
	uint8_t block[8192];
	uint32_t bytes;

	(void)state;
	assert_non_null(pages);
	memset(pages, 0x11, 5 * PAGE);
	bytes = image_chunk_compress(work, pages, block, 5 * PAGE);
	assert_int_equal(open_forged(block, bytes, OSTI_IMAGE_CODEC_LZ4),
			 OSTI_IMAGE_OK);
	pages[5 * PAGE - 1] ^= 1;
	bytes = image_chunk_compress(work, pages, block, 5 * PAGE);
	assert_int_equal(open_forged(block, bytes, OSTI_IMAGE_CODEC_LZ4),
			 OSTI_IMAGE_E_CHUNK_ID);
	assert_int_equal(open_forged(pages, 5 * PAGE, OSTI_IMAGE_CODEC_RAW),
			 OSTI_IMAGE_E_CHUNK_ID);
	free(pages);
}

/*
 * Noise in which half of the 16 byte pieces stood before, some of them long ago:
 * what is found again depends on how many the compressor remembers.
 */
static void echo(uint8_t *to, size_t bytes, uint64_t seed)
{
	size_t i;

	fixture_noise(to, bytes, seed);
	for (i = 16; i < bytes; i += 16)
		if (test_random(&seed) % 2)
			memcpy(to + i, to + test_random(&seed) % i / 16 * 16,
			       16);
}

static void fixed_output(void (*fill)(uint8_t *, size_t, uint64_t),
			 const char *expected, uint32_t pages)
{
	static const uint8_t key[OSTI_IMAGE_HASH];
	uint8_t *from = malloc(IMAGE_CHUNK_PLAIN);
	uint8_t *to = malloc(IMAGE_CHUNK_PLAIN);
	char text[2 * OSTI_IMAGE_HASH + 1];
	uint8_t hash[OSTI_IMAGE_HASH];
	uint32_t bytes;
	unsigned int i;

	assert_true(from && to);
	fill(from, IMAGE_CHUNK_PLAIN, 1);
	/* What is in the compressor's memory must not matter. */
	memset(work->lz4, 0xee, sizeof(work->lz4));
	bytes = image_chunk_compress(work, from, to, pages * PAGE);
	image_crypto_mac(key, to, bytes, hash);
	for (i = 0; i < sizeof(hash); i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	assert_string_equal(text, expected);
	free(from);
	free(to);
}

static void compressor_is_the_same(void **state)
{
	(void)state;
	fixed_output(fixture_text, LZ4_64_PAGES, 64);
	fixed_output(fixture_text, LZ4_3_PAGES, 3);
	fixed_output(echo, LZ4_64_ECHO, 64);
}

static void incompressible(void **state)
{
	uint8_t *from = malloc(PAGE);
	uint8_t *to = malloc(PAGE);

	(void)state;
	assert_true(from && to);
	fixture_noise(from, PAGE, 31);
	assert_int_equal(image_chunk_compress(work, from, to, PAGE), 0);
	free(from);
	free(to);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(wrong_size),
		TEST(every_bit_flipped),
		TEST(table_flipped),
		TEST(not_lz4),
		TEST(bombs),
		TEST(other_content),
		TEST(compressor_is_the_same),
		TEST(incompressible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
