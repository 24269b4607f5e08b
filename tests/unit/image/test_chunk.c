// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Single chunks: how they are sealed, and what the owner of the key could store.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"

static struct fixture f;
static struct image_work *work;
static struct fixture_image image;
static struct image_manifest *m;
static struct image_chunk chunk;
static const uint8_t *stored;

/* One chunk of five pages. */
static int setup(void **state)
{
	(void)state;
	work = malloc(sizeof(*work));
	assert_non_null(work);
	fixture_init(&f, 2 * MIB);
	fixture_text(f.ram + 8 * PAGE, 5 * PAGE, 1);
	fixture_pack(&f);
	assert_int_equal(fixture_open(&f, &image), OSTI_IMAGE_OK);
	m = &image.m;
	assert_int_equal(m->chunks, 1);
	stored = f.file + fixture_chunk(&f, 0, &chunk);
	assert_int_equal(chunk.pages, 5);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_close(&image);
	free(work);
	fixture_free(&f);
	return 0;
}

static int open_stored(uint64_t bytes)
{
	return image_chunk_open(&f.keys, work, m, 0, stored, bytes);
}

/* Make the table say how it is stored. */
static void put_stored(uint32_t bytes, const uint8_t *digest)
{
	image_put32(m->table + OSTI_IMAGE_T_STORED, bytes);
	memcpy(m->table + OSTI_IMAGE_T_DIGEST, digest, OSTI_IMAGE_HASH);
}

/* Seal anything as the chunk's with good keys, and open it. */
static int open_forged(const uint8_t *data, uint32_t bytes)
{
	uint8_t digest[OSTI_IMAGE_HASH];
	uint8_t *copy = malloc(bytes + OSTI_IMAGE_TAG);
	int error;

	assert_non_null(copy);
	memcpy(work->stored, data, bytes);
	image_chunk_encrypt(&f.keys, work, bytes, digest);
	memcpy(copy, work->stored, bytes + OSTI_IMAGE_TAG);
	put_stored(bytes + OSTI_IMAGE_TAG, digest);
	error = image_chunk_open(&f.keys, work, m, 0, copy,
				 bytes + OSTI_IMAGE_TAG);
	free(copy);
	return error;
}

static void wrong_size(void **state)
{
	uint8_t digest[OSTI_IMAGE_HASH];
	uint32_t bytes = chunk.stored;

	(void)state;
	assert_int_equal(open_stored(bytes), OSTI_IMAGE_OK);
	assert_int_equal(open_stored(bytes - 1), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(open_stored(bytes + 1), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(open_stored(bytes + (1ULL << 32)),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(open_stored(0), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_chunk_open(&f.keys, work, m, 1, stored, bytes),
			 OSTI_IMAGE_E_INDEX);
	assert_int_equal(image_chunk_seal(&f.keys, work, m, 1, f.ram,
					  &f.packing, &bytes, digest),
			 OSTI_IMAGE_E_INDEX);
}

static void every_bit_flipped(void **state)
{
	uint8_t *copy = malloc(chunk.stored);
	uint32_t i;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, stored, chunk.stored);
	stored = copy;
	for (i = 0; i < 8 * chunk.stored; i += i < 500 ? 1 : 37) {
		copy[i / 8] ^= 1 << i % 8;
		assert_int_equal(open_stored(chunk.stored),
				 OSTI_IMAGE_E_CHUNK_TAG);
		copy[i / 8] ^= 1 << i % 8;
	}
	assert_int_equal(open_stored(chunk.stored), OSTI_IMAGE_OK);
	free(copy);
}

/* Table and layout say something else. */
static void entries_changed(void **state)
{
	uint8_t *digest = m->table + OSTI_IMAGE_T_DIGEST;
	uint8_t *id = m->table + OSTI_IMAGE_T_ID;
	uint8_t *pages = m->layout + OSTI_IMAGE_L_PAGES;

	(void)state;
	digest[31] ^= 1;
	assert_int_equal(open_stored(chunk.stored), OSTI_IMAGE_E_CHUNK_TAG);
	digest[31] ^= 1;
	id[0] ^= 1;
	assert_int_equal(open_stored(chunk.stored), OSTI_IMAGE_E_CHUNK_ID);
	id[0] ^= 1;
	*pages = 6;
	assert_int_equal(open_stored(chunk.stored), OSTI_IMAGE_E_DECOMPRESS);
	*pages = 4;
	assert_int_equal(open_stored(chunk.stored), OSTI_IMAGE_E_DECOMPRESS);
	*pages = 5;
	assert_int_equal(open_stored(chunk.stored), OSTI_IMAGE_OK);
}

/* What no writer puts before the pages. */
static void wrong_prefix(void **state)
{
	uint32_t bytes = OSTI_IMAGE_C_DATA + 5 * PAGE;
	uint8_t *data = calloc(1, bytes);
	unsigned int i;

	(void)state;
	assert_non_null(data);
	memcpy(data + OSTI_IMAGE_C_DATA, f.ram + 8 * PAGE, 5 * PAGE);
	data[OSTI_IMAGE_C_PAGES] = 5;
	assert_int_equal(open_forged(data, bytes), OSTI_IMAGE_OK);
	for (i = OSTI_IMAGE_CODECS; i < 256; i++) {
		data[OSTI_IMAGE_C_CODEC] = i;
		assert_int_equal(open_forged(data, bytes),
				 OSTI_IMAGE_E_DECOMPRESS);
	}
	data[OSTI_IMAGE_C_CODEC] = OSTI_IMAGE_CODEC_RAW;
	for (i = 0; i < 256; i++) {
		data[OSTI_IMAGE_C_PAGES] = i;
		assert_int_equal(open_forged(data, bytes), i == 5 ?
				 OSTI_IMAGE_OK : OSTI_IMAGE_E_DECOMPRESS);
	}
	data[OSTI_IMAGE_C_PAGES] = 5;
	for (i = OSTI_IMAGE_C_ZERO; i < OSTI_IMAGE_C_DATA; i++) {
		data[i] = 1;
		assert_int_equal(open_forged(data, bytes),
				 OSTI_IMAGE_E_DECOMPRESS);
		data[i] = 0;
	}
	assert_int_equal(open_forged(data, bytes - 1), OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(open_forged(data, OSTI_IMAGE_C_DATA + 1),
			 OSTI_IMAGE_E_DECOMPRESS);
	free(data);
}

/* Good in everything but that these are not the pages of the id. */
static void other_content(void **state)
{
	uint32_t bytes = OSTI_IMAGE_C_DATA + 5 * PAGE;
	uint8_t *data = calloc(1, bytes);

	(void)state;
	assert_non_null(data);
	memcpy(data + OSTI_IMAGE_C_DATA, f.ram + 8 * PAGE, 5 * PAGE);
	data[OSTI_IMAGE_C_PAGES] = 5;
	data[bytes - 1] ^= 1;
	assert_int_equal(open_forged(data, bytes), OSTI_IMAGE_E_CHUNK_ID);
	data[bytes - 1] ^= 1;
	/* The right pages in another order. */
	memmove(data + OSTI_IMAGE_C_DATA, f.ram + 9 * PAGE, PAGE);
	memmove(data + OSTI_IMAGE_C_DATA + PAGE, f.ram + 8 * PAGE, PAGE);
	assert_int_equal(open_forged(data, bytes), OSTI_IMAGE_E_CHUNK_ID);
	free(data);
}

/*
 * The same pages, packed by other codecs and levels, are the same chunk: another
 * writer's choice opens just as well. But what is sealed differs, and so must
 * its key.
 */
static void packings(void **state)
{
	static const struct image_packing list[] = {
		{ OSTI_IMAGE_CODEC_RAW, 0 },
		{ OSTI_IMAGE_CODEC_LZ4, 0 },
		{ OSTI_IMAGE_CODEC_ZSTD, 1 },
		{ OSTI_IMAGE_CODEC_ZSTD, 3 },
	};
	uint8_t digest[ARRAY_SIZE(list)][OSTI_IMAGE_HASH];
	uint8_t key[ARRAY_SIZE(list)][OSTI_IMAGE_HASH];
	uint32_t bytes[ARRAY_SIZE(list)];
	uint8_t id[OSTI_IMAGE_HASH];
	unsigned int i;
	unsigned int k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		uint8_t *copy;

		assert_int_equal(image_chunk_seal(&f.keys, work, m, 0, f.ram,
						  &list[i], &bytes[i],
						  digest[i]), OSTI_IMAGE_OK);
		put_stored(bytes[i], digest[i]);
		copy = malloc(bytes[i]);
		assert_non_null(copy);
		memcpy(copy, work->stored, bytes[i]);
		memset(work, 0xee, sizeof(*work));
		assert_int_equal(image_chunk_open(&f.keys, work, m, 0, copy,
						  bytes[i]), OSTI_IMAGE_OK);
		free(copy);
		assert_int_equal(work->stored[OSTI_IMAGE_C_CODEC],
				 list[i].codec);
		image_chunk_id(&f.keys, work->pages, 5, id);
		assert_memory_equal(id, chunk.id, sizeof(id));
		assert_memory_equal(work->pages, f.ram + 8 * PAGE, 5 * PAGE);
		image_crypto_mac(f.keys.chunk_key, digest[i], OSTI_IMAGE_HASH,
				 key[i]);
		for (k = 0; k < i; k++) {
			assert_memory_not_equal(digest[i], digest[k],
						OSTI_IMAGE_HASH);
			assert_memory_not_equal(key[i], key[k],
						OSTI_IMAGE_HASH);
			assert_true(bytes[i] < bytes[0]);
		}
	}
}

/* Which codec was used is not to be seen; what no codec makes smaller is raw. */
static void noise_is_raw(void **state)
{
	static const struct image_packing list[] = {
		{ OSTI_IMAGE_CODEC_RAW, 0 },
		{ OSTI_IMAGE_CODEC_LZ4, 0 },
		{ OSTI_IMAGE_CODEC_ZSTD, 1 },
	};
	uint8_t digest[ARRAY_SIZE(list)][OSTI_IMAGE_HASH];
	uint32_t bytes;
	unsigned int i;

	(void)state;
	fixture_noise(f.ram + 8 * PAGE, 5 * PAGE, 3);
	image_chunk_id(&f.keys, f.ram + 8 * PAGE, 5, m->table);
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		assert_int_equal(image_chunk_seal(&f.keys, work, m, 0, f.ram,
						  &list[i], &bytes, digest[i]),
				 OSTI_IMAGE_OK);
		assert_int_equal(bytes, OSTI_IMAGE_C_DATA + 5 * PAGE +
				 OSTI_IMAGE_TAG);
		assert_memory_equal(digest[i], digest[0], OSTI_IMAGE_HASH);
	}
}

/* The largest chunk, in as much memory as the contract says. */
static void largest(void **state)
{
	struct fixture big;
	uint32_t i;

	(void)state;
	fixture_init(&big, 2 * MIB);
	for (i = 0; i < OSTI_IMAGE_CODECS; i++) {
		struct fixture_image img;
		uint64_t seed = 5;

		/* Pages after which no chunk ends. */
		do {
			fixture_noise(big.ram, 64 * PAGE, seed++);
			big.packing.codec = i;
			fixture_pack(&big);
			assert_int_equal(fixture_open(&big, &img), 0);
			fixture_chunk(&big, 0, &chunk);
			fixture_close(&img);
		} while (chunk.pages < OSTI_IMAGE_CHUNK_MAX);
		assert_int_equal(chunk.stored, OSTI_IMAGE_STORED_MAX);
		assert_int_equal(fixture_refusal(&big), OSTI_IMAGE_OK);
	}
	fixture_free(&big);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(wrong_size),
		TEST(every_bit_flipped),
		TEST(entries_changed),
		TEST(wrong_prefix),
		TEST(other_content),
		TEST(packings),
		TEST(noise_is_raw),
		TEST(largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
