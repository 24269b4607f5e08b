// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layouts and tables that only the owner of the key could make, and that are
 * not those of the bitmap.
 */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

#define AROUND	(OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG)

static int parse(void)
{
	return manifest_parse();
}

static void put_first(uint32_t index, uint32_t first)
{
	image_put32(manifest_layout(index) + OSTI_IMAGE_L_FIRST, first);
}

static uint8_t pages_of(uint32_t index)
{
	return manifest_layout(index)[OSTI_IMAGE_L_PAGES];
}

/* As many pages as before, at other places. */
static void bitmap_shifted(void **state)
{
	(void)state;
	manifest.bitmap[0] &= 0xfe;
	manifest.bitmap[100] |= 1;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void wrong_first_page(void **state)
{
	(void)state;
	put_first(0, 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	put_first(0, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	put_first(0, 18 * MIB / PAGE);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	put_first(0, 0);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
}

static void wrong_number_of_pages(void **state)
{
	uint8_t pages = pages_of(0);

	(void)state;
	manifest_set_pages(0, 0);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	manifest_set_pages(0, OSTI_IMAGE_CHUNK_MAX + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	manifest_set_pages(0, UINT8_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	manifest_set_pages(0, pages - 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	manifest_set_pages(0, pages);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
}

static void wrong_stored_bytes(void **state)
{
	uint8_t *at = manifest_table(0) + OSTI_IMAGE_T_STORED;
	uint32_t whole = image_get32(at);
	const uint32_t wrong[] = {
		0, 1, AROUND, whole + 1, whole + PAGE, UINT32_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put32(at, wrong[i]);
		/* Also when the sum is as the header says. */
		manifest.chunks_bytes += (uint64_t)wrong[i] - whole;
		assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
		manifest.chunks_bytes -= (uint64_t)wrong[i] - whole;
	}
	/* The least and the most that there can be. */
	image_put32(at, AROUND + 1);
	manifest.chunks_bytes -= whole - AROUND - 1;
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	image_put32(at, whole);
	manifest.chunks_bytes += whole - AROUND - 1;
	assert_int_equal(parse(), OSTI_IMAGE_OK);
}

static void chunk_missing(void **state)
{
	uint32_t last = manifest.chunks - 1;

	(void)state;
	manifest.chunks--;
	manifest.bytes -= OSTI_IMAGE_L_ENTRY;
	manifest.chunks_bytes -= image_get32(manifest_table(last) +
					     OSTI_IMAGE_T_STORED);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void chunk_after_the_last(void **state)
{
	uint32_t nr = manifest.chunks;

	(void)state;
	manifest_add_chunk();
	memcpy(manifest_table(nr), manifest_table(nr - 1), OSTI_IMAGE_T_ENTRY);
	memcpy(manifest_layout(nr), manifest_layout(nr - 1),
	       OSTI_IMAGE_L_ENTRY);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	put_first(nr, 18 * MIB / PAGE);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* The last chunk has a page more than the bitmap. */
static void page_after_the_last(void **state)
{
	uint32_t last = manifest.chunks - 1;

	(void)state;
	manifest_set_pages(last, pages_of(last) + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* A manifest that is good but for having one chunk of nr pages. */
static void long_chunk(uint8_t nr)
{
	manifest.bytes -= (manifest.chunks - 1) * OSTI_IMAGE_L_ENTRY;
	manifest.chunks = 1;
	memset(manifest.bitmap, 0, 18 * MIB / PAGE / 8);
	memset(manifest.bitmap, 0xff, nr / 8);
	manifest.bitmap[nr / 8] = (1 << nr % 8) - 1;
	image_put64(manifest.plain + OSTI_IMAGE_M_PAGES, nr);
	manifest_set_pages(0, nr);
	manifest.chunks_bytes = AROUND + nr * PAGE;
}

static void too_many_pages(void **state)
{
	(void)state;
	long_chunk(OSTI_IMAGE_CHUNK_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	long_chunk(OSTI_IMAGE_CHUNK_MAX + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	long_chunk(UINT8_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void sum_of_chunks(void **state)
{
	(void)state;
	manifest.chunks_bytes++;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	manifest.chunks_bytes -= 2;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	manifest.chunks_bytes += 1 + (1ULL << 32);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* Take pages from a chunk and give them to the next. */
static void move_pages(uint32_t from, uint32_t first_of_next, int by)
{
	manifest_set_pages(from, pages_of(from) - by);
	manifest_set_pages(from + 1, pages_of(from + 1) + by);
	put_first(from + 1, first_of_next);
}

static void too_few_pages(void **state)
{
	uint8_t pages = pages_of(0);

	(void)state;
	/* Other cuts are not wrong: where they are is the writer's choice. */
	move_pages(0, pages - 1, 1);
	assert_int_equal(parse(), pages > OSTI_IMAGE_CHUNK_MIN ?
			 OSTI_IMAGE_OK : OSTI_IMAGE_E_TABLE);
	move_pages(0, pages, -1);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	move_pages(0, 7, pages - 7);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void over_a_segment(void **state)
{
	uint32_t first = OSTI_IMAGE_SEGMENT / PAGE;
	uint32_t i = 0;

	(void)state;
	while (image_get32(manifest_layout(i + 1) + OSTI_IMAGE_L_FIRST) !=
	       first)
		i++;
	/* The last chunk of the first segment takes one of the second. */
	move_pages(i, first + 1, -1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, manifest_setup, \
							manifest_teardown)
	const struct CMUnitTest tests[] = {
		TEST(bitmap_shifted),
		TEST(wrong_first_page),
		TEST(wrong_number_of_pages),
		TEST(wrong_stored_bytes),
		TEST(chunk_missing),
		TEST(chunk_after_the_last),
		TEST(page_after_the_last),
		TEST(too_many_pages),
		TEST(sum_of_chunks),
		TEST(too_few_pages),
		TEST(over_a_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
