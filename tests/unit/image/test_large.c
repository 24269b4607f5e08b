// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The largest partition, of which only addresses are needed.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "image_bytes.h"

#define LARGEST	((uint64_t)OSTI_IMAGE_PARTITION_MAX)
#define PAGES	((uint32_t)(LARGEST / PAGE))
#define CHUNKS	((uint32_t)IMAGE_CHUNKS_MAX(LARGEST))

/* Room for one chunk more than there can be. */
static uint8_t *plain;
static uint8_t *table;

static int setup(void **state)
{
	(void)state;
	plain = malloc(IMAGE_MANIFEST_MAX(LARGEST) + OSTI_IMAGE_L_ENTRY);
	table = calloc(CHUNKS + 1, OSTI_IMAGE_T_ENTRY);
	assert_true(plain && table);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(plain);
	free(table);
	return 0;
}

static void init_record(struct image_record *r)
{
	struct fixture f;

	fixture_init(&f, 2 * MIB);
	*r = f.record;
	r->partition_bytes = LARGEST;
	r->entry = OSTI_RAM_IPA + LARGEST - 4;
	fixture_free(&f);
}

/* Every page is in a chunk that is as small as can be. Returns its bytes. */
static size_t write_full(uint32_t stored)
{
	uint8_t *at = plain + OSTI_IMAGE_M_FIXED;
	struct image_record r;
	uint32_t record_bytes;
	uint32_t i;

	init_record(&r);
	record_bytes = image_record_write(&r, at);
	memset(plain, 0, OSTI_IMAGE_M_FIXED);
	image_put64(plain + OSTI_IMAGE_M_PAGES, PAGES);
	image_put32(plain + OSTI_IMAGE_M_RECORD_BYTES, record_bytes);
	at += record_bytes;
	memset(at, 0xff, PAGES / 8);
	at += PAGES / 8;
	for (i = 0; i < CHUNKS; i++, at += OSTI_IMAGE_L_ENTRY) {
		memset(at, 0, OSTI_IMAGE_L_ENTRY);
		image_put32(at + OSTI_IMAGE_L_FIRST,
			    i * OSTI_IMAGE_CHUNK_MIN);
		at[OSTI_IMAGE_L_PAGES] = OSTI_IMAGE_CHUNK_MIN;
		image_put32(table + (size_t)i * OSTI_IMAGE_T_ENTRY +
			    OSTI_IMAGE_T_STORED, stored);
	}
	return at - plain;
}

static void most_chunks(void **state)
{
	uint32_t stored = OSTI_IMAGE_C_DATA + OSTI_IMAGE_CHUNK_MIN * PAGE +
			  OSTI_IMAGE_TAG;
	uint64_t sum = (uint64_t)CHUNKS * stored;
	size_t bytes = write_full(stored);
	struct image_manifest m;
	struct image_chunk chunk;

	(void)state;
	assert_true(bytes <= IMAGE_MANIFEST_MAX(LARGEST));
	assert_true(sum > LARGEST);
#define PARSE(n, total)	image_manifest_parse(plain, bytes, table, n, total, &m)
	assert_int_equal(PARSE(CHUNKS, sum), OSTI_IMAGE_OK);
	assert_int_equal(m.pages, PAGES);
	assert_int_equal(image_manifest_chunk(&m, CHUNKS - 1, &chunk),
			 OSTI_IMAGE_OK);
	assert_int_equal(chunk.first, PAGES - OSTI_IMAGE_CHUNK_MIN);
	assert_int_equal(image_manifest_chunk(&m, CHUNKS, &chunk),
			 OSTI_IMAGE_E_INDEX);
	assert_int_equal(image_manifest_next_page(&m, PAGES - 1), PAGES - 1);
	assert_int_equal(image_manifest_next_page(&m, PAGES), PAGES);

	/* A sum in 32 bits would not see it. */
	assert_int_equal(PARSE(CHUNKS, sum + (1ULL << 32)), OSTI_IMAGE_E_TABLE);
	assert_int_equal(PARSE(CHUNKS, (uint32_t)sum), OSTI_IMAGE_E_TABLE);
	/* One more chunk than there can be, with and without its entry. */
	assert_int_equal(PARSE(CHUNKS + 1, sum), OSTI_IMAGE_E_TRUNCATED);
	memset(plain + bytes, 0, OSTI_IMAGE_L_ENTRY);
	plain[bytes + OSTI_IMAGE_L_PAGES] = 1;
	bytes += OSTI_IMAGE_L_ENTRY;
	image_put32(table + (size_t)CHUNKS * OSTI_IMAGE_T_ENTRY +
		    OSTI_IMAGE_T_STORED, 100);
	assert_int_equal(PARSE(CHUNKS + 1, sum + 100), OSTI_IMAGE_E_TABLE);
#undef PARSE
}

/* A page that is not zero is at the very end, the others are nowhere. */
static void last_page(void **state)
{
	static const struct image_packing packing = IMAGE_PACKING_LOCAL;
	struct image_work *work = malloc(sizeof(*work));
	struct image_build *b = malloc(sizeof(*b));
	uint8_t *ram = mmap(NULL, LARGEST, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint8_t record[OSTI_IMAGE_RECORD_MAX];
	static const struct image_keys keys;
	uint8_t digest[OSTI_IMAGE_HASH];
	uint8_t sealed[256];
	struct image_manifest m;
	struct image_record r;
	uint64_t total;
	uint32_t stored;

	(void)state;
	assert_true(work && b);
	assert_true(ram != MAP_FAILED);
	init_record(&r);
	assert_int_equal(image_build_begin(b, &keys, ram, record,
					   image_record_write(&r, record),
					   plain, table), OSTI_IMAGE_OK);
	assert_int_equal(image_build_segments(b), IMAGE_BUILD_SEGMENTS);
	memset(ram + LARGEST - PAGE, 0x77, PAGE);
	/* Others would give nothing; the build has them as done with nothing. */
	image_build_segment(b, 0);
	image_build_segment(b, IMAGE_BUILD_SEGMENTS - 1);
	image_build_finish(b);
	assert_int_equal(b->manifest.chunks, 1);
	assert_int_equal(image_chunk_seal(&keys, work, &b->manifest, 0, ram,
					  &packing, &stored, digest),
			 OSTI_IMAGE_OK);
	assert_int_equal(image_build_set_stored(b, 0, stored, digest),
			 OSTI_IMAGE_OK);
	assert_int_equal(image_build_stored(b, &total), OSTI_IMAGE_OK);
	assert_int_equal(total, stored);

	assert_int_equal(image_manifest_parse(plain, b->manifest.bytes, table,
					      1, total, &m), OSTI_IMAGE_OK);
	assert_int_equal(image_manifest_next_page(&m, 0), PAGES - 1);
	memset(ram + LARGEST - PAGE, 0, PAGE);
	assert_in_range(stored, 1, sizeof(sealed));
	memcpy(sealed, work->stored, stored);
	assert_int_equal(image_chunk_open(&keys, work, &m, 0, sealed, stored),
			 OSTI_IMAGE_OK);
	image_chunk_place(work, &m, 0, ram);
	assert_int_equal(ram[LARGEST - PAGE - 1], 0);
	assert_int_equal(ram[LARGEST - PAGE], 0x77);
	assert_int_equal(ram[LARGEST - 1], 0x77);
	munmap(ram, LARGEST);
	free(b);
	free(work);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(most_chunks),
		TEST(last_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
