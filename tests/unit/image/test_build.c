// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What making an image does not take, and memory that changes meanwhile.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "image_crypto.h"

static struct fixture f;
static struct image_build b;
static struct image_work *work;
static uint8_t record[OSTI_IMAGE_RECORD_MAX];
static uint8_t *plain;
static uint8_t *table;

/* Room for exactly what the contract says, so that a sanitizer sees more. */
static int setup(void **state)
{
	(void)state;
	fixture_init(&f, 18 * MIB);
	plain = malloc(IMAGE_MANIFEST_MAX(18 * MIB));
	table = malloc(IMAGE_TABLE_MAX(18 * MIB));
	work = malloc(sizeof(*work));
	assert_true(plain && table && work);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(work);
	free(table);
	free(plain);
	fixture_free(&f);
	return 0;
}

static int begin(size_t bytes)
{
	return image_build_begin(&b, &f.keys, f.ram, record, bytes, plain,
				 table);
}

static void build(void)
{
	uint32_t i;

	assert_int_equal(begin(image_record_write(&f.record, record)),
			 OSTI_IMAGE_OK);
	for (i = 0; i < image_build_segments(&b); i++)
		image_build_segment(&b, i);
	image_build_finish(&b);
}

static void begin_refuses(void **state)
{
	size_t bytes = image_record_write(&f.record, record);

	(void)state;
	assert_int_equal(begin(bytes), OSTI_IMAGE_OK);
	assert_int_equal(image_build_segments(&b), 2);
	assert_int_equal(begin(bytes - 8), OSTI_IMAGE_E_RECORD);
	assert_int_equal(begin(0), OSTI_IMAGE_E_RECORD);
	record[OSTI_IMAGE_R_ENTRY] |= 2;
	assert_int_equal(begin(bytes), OSTI_IMAGE_E_RESUME);
	record[OSTI_IMAGE_R_ENTRY] &= ~2;
	record[OSTI_IMAGE_R_PARTITION] = 1;
	assert_int_equal(begin(bytes), OSTI_IMAGE_E_SIZE);
}

static void number_of_segments(void **state)
{
	static const struct {
		uint64_t bytes;
		uint32_t segments;
	} sizes[] = {
		{ 2 * MIB, 1 },
		{ 16 * MIB, 1 },
		{ 18 * MIB, 2 },
		{ OSTI_IMAGE_PARTITION_MAX, IMAGE_BUILD_SEGMENTS },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		b.manifest.partition_bytes = sizes[i].bytes;
		assert_int_equal(image_build_segments(&b), sizes[i].segments);
	}
}

/* Chunks of every segment are as many as can be. */
static void most_chunks(void **state)
{
	uint64_t found = 0;
	uint64_t try;
	uint32_t i;

	(void)state;
	/* Pages after which every chunk may end. */
	for (try = 1; found < 18 * MIB / PAGE; try++) {
		uint8_t *page = f.ram + found * PAGE;
		uint8_t hash[OSTI_IMAGE_HASH];

		memcpy(page, &try, sizeof(try));
		image_crypto_mac(f.keys.page, page, PAGE, hash);
		if (found % 8 != 7 || !(hash[0] & OSTI_IMAGE_CUT_MASK))
			found++;
	}
	build();
	assert_int_equal(b.manifest.chunks, IMAGE_CHUNKS_MAX(18 * MIB));
	assert_int_equal(b.manifest.pages, 18 * MIB / PAGE);
	assert_true(b.manifest.bytes <= IMAGE_MANIFEST_MAX(18 * MIB));
	for (i = 0; i < b.manifest.chunks; i++) {
		struct image_chunk chunk;

		image_manifest_chunk(&b.manifest, i, &chunk);
		assert_int_equal(chunk.first, 8 * i);
		assert_int_equal(chunk.pages, 8);
		assert_int_equal(chunk.stored, 0);
	}
}

static void stored_sizes(void **state)
{
	static const uint8_t digest[OSTI_IMAGE_HASH] = { 9 };
	struct image_chunk chunk;
	uint64_t total;

	(void)state;
	f.ram[5] = 1;
	f.ram[17 * MIB] = 1;
	build();
	assert_int_equal(b.manifest.chunks, 2);
	assert_int_equal(image_build_stored(&b, &total),
			 OSTI_IMAGE_E_CHUNK_SIZE);
#define SET(i, n)	image_build_set_stored(&b, i, n, digest)
	assert_int_equal(SET(2, 4112), OSTI_IMAGE_E_INDEX);
	assert_int_equal(SET(0, 8 + 4096 + 16 + 1), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(SET(0, 8 + 16), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(SET(0, 0), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(SET(0, UINT32_MAX), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(SET(0, 8 + 16 + 1), OSTI_IMAGE_OK);
	assert_int_equal(image_build_stored(&b, &total),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(SET(1, 8 + 4096 + 16), OSTI_IMAGE_OK);
#undef SET
	assert_int_equal(image_build_stored(&b, &total), OSTI_IMAGE_OK);
	assert_int_equal(total, 25 + 4120);
	image_manifest_chunk(&b.manifest, 1, &chunk);
	assert_int_equal(chunk.stored, 4120);
	assert_memory_equal(chunk.digest, digest, sizeof(digest));
}

static int seal(uint32_t index)
{
	static const struct image_packing packing = IMAGE_PACKING_LOCAL;
	uint8_t digest[OSTI_IMAGE_HASH];
	uint32_t stored;

	return image_chunk_seal(&f.keys, work, &b.manifest, index, f.ram,
				&packing, &stored, digest);
}

/* Between the cut and the seal: the id would not be that of what is sealed. */
static void changed_pages(void **state)
{
	struct image_chunk chunk;
	uint32_t page;
	uint32_t i;

	(void)state;
	/* With gaps, so that pages of a chunk lie apart. */
	for (i = 0; i < 600; i += 1 + i % 3)
		fixture_text(f.ram + i * PAGE, PAGE, i + 1);
	build();
	assert_true(b.manifest.chunks > 4);
	image_manifest_chunk(&b.manifest, 2, &chunk);
	page = chunk.first;
	for (i = 0; i < chunk.pages; i++) {
		uint8_t *at = f.ram + page * PAGE + i * 61;

		*at ^= 1;
		assert_int_equal(seal(2), OSTI_IMAGE_E_CHANGED);
		assert_int_equal(seal(1), OSTI_IMAGE_OK);
		assert_int_equal(seal(3), OSTI_IMAGE_OK);
		*at ^= 1;
		page = image_manifest_next_page(&b.manifest, page + 1);
	}
	assert_int_equal(seal(2), OSTI_IMAGE_OK);
	/* Gone altogether. */
	memset(f.ram + chunk.first * PAGE, 0, PAGE);
	assert_int_equal(seal(2), OSTI_IMAGE_E_CHANGED);
	assert_int_equal(seal(b.manifest.chunks), OSTI_IMAGE_E_INDEX);
}

/* A page that was zero when it was looked at is zero in the image. */
static void page_appears(void **state)
{
	uint32_t i;

	(void)state;
	fixture_text(f.ram, 20 * PAGE, 4);
	memset(f.ram + 3 * PAGE, 0, PAGE);
	build();
	f.ram[3 * PAGE + 9] = 1;
	f.ram[100 * PAGE] = 1;
	for (i = 0; i < b.manifest.chunks; i++)
		assert_int_equal(seal(i), OSTI_IMAGE_OK);
	assert_int_equal(b.manifest.pages, 19);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(begin_refuses),
		TEST(number_of_segments),
		TEST(most_chunks),
		TEST(stored_sizes),
		TEST(changed_pages),
		TEST(page_appears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
