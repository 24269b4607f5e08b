// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Manifests that only the owner of the key could make, and that are wrong: as
 * after a bug in the monitor, or of a slot that knows its own key.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

#define GIC_BYTES	40
#define BITMAP		(OSTI_IMAGE_M_FIXED + GIC_BYTES)
#define TABLE(f)	(BITMAP + (f)->info.partition_bytes / PAGE / 8)

static struct fixture f;
static uint8_t *plain;
static size_t bytes;
static uint64_t chunks_bytes;

/* 100 noisy pages, a gap, 3 pages, then 20 at the next segment's begin. */
static int setup(void **state)
{
	(void)state;
	fixture_init(&f, 18 * MIB);
	fixture_noise(f.ram, 100 * PAGE, 21);
	fixture_noise(f.ram + 200 * PAGE, 3 * PAGE, 22);
	fixture_noise(f.ram + OSTI_IMAGE_SEGMENT, 20 * PAGE, 23);
	fixture_pack(&f);
	plain = fixture_plain(&f, &bytes);
	chunks_bytes = image_get64(f.file + OSTI_IMAGE_H_CHUNKS_BYTES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(plain);
	fixture_free(&f);
	return 0;
}

static int parse(void)
{
	struct image_manifest m;
	/* An exact copy, so that a sanitizer sees a read behind it. */
	uint8_t *copy = malloc(bytes ? bytes : 1);
	int error;

	assert_non_null(copy);
	memcpy(copy, plain, bytes);
	error = image_manifest_parse(copy, bytes, chunks_bytes, &m);
	free(copy);
	return error;
}

/* Make room for more at the end. */
static void grow(size_t more)
{
	uint8_t *longer = realloc(plain, bytes + more);

	assert_non_null(longer);
	plain = longer;
}

static uint8_t *entry(uint32_t index)
{
	return plain + TABLE(&f) + (size_t)index * OSTI_IMAGE_T_ENTRY;
}

static uint32_t nr_chunks(void)
{
	return image_get32(plain + OSTI_IMAGE_M_CHUNKS);
}

static void good(void **state)
{
	(void)state;
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	assert_true(nr_chunks() > 4);
}

static void truncated(void **state)
{
	(void)state;
	while (bytes--)
		assert_int_equal(parse(), OSTI_IMAGE_E_TRUNCATED);
	bytes = 0;
}

/* The same through the whole import, with a good seal around it. */
static void truncated_inside(void **state)
{
	(void)state;
	fixture_reseal(&f, plain, bytes - 1, chunks_bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TRUNCATED);
	fixture_reseal(&f, plain, OSTI_IMAGE_M_FIXED, chunks_bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TRUNCATED);
}

static void too_long(void **state)
{
	(void)state;
	grow(1);
	plain[bytes++] = 0;
	assert_int_equal(parse(), OSTI_IMAGE_E_SIZE);
}

static void table_longer_than_file(void **state)
{
	static const uint32_t wrong[] = {
		/* The last makes 44 * n wrap around in 32 bits to 44. */
		1000, 0x80000000, UINT32_MAX, 0x5d1745d2,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put32(plain + OSTI_IMAGE_M_CHUNKS, wrong[i]);
		assert_int_equal(parse(), OSTI_IMAGE_E_TRUNCATED);
	}
	fixture_reseal(&f, plain, bytes, chunks_bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TRUNCATED);
}

static void partition_sizes(void **state)
{
	static const uint64_t wrong[] = {
		0, 1, 18 * MIB + 1, 18 * MIB + PAGE, OSTI_IMAGE_PARTITION_MAX
		+ 2 * MIB, UINT64_MAX, UINT64_MAX - 2 * MIB + 1,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put64(plain + OSTI_IMAGE_M_PARTITION, wrong[i]);
		assert_int_equal(parse(), OSTI_IMAGE_E_SIZE);
	}
	image_put64(plain + OSTI_IMAGE_M_PARTITION, OSTI_IMAGE_PARTITION_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TRUNCATED);
}

static void gic_too_long(void **state)
{
	(void)state;
	image_put32(plain + OSTI_IMAGE_M_GIC_BYTES, OSTI_IMAGE_GIC_MAX + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_GIC);
	image_put32(plain + OSTI_IMAGE_M_GIC_BYTES, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_GIC);
	image_put32(plain + OSTI_IMAGE_M_GIC_BYTES, OSTI_IMAGE_GIC_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TRUNCATED);
}

static void impossible_resume(void **state)
{
	static const uint64_t wrong[] = {
		0, OSTI_RAM_IPA - 4, OSTI_RAM_IPA + 18 * MIB, UINT64_MAX - 3,
		OSTI_RAM_IPA + 1, OSTI_RAM_IPA + 2, 0x140000000,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put64(plain + OSTI_IMAGE_M_ENTRY, wrong[i]);
		assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
	}
	image_put64(plain + OSTI_IMAGE_M_ENTRY, OSTI_RAM_IPA);
	image_put32(plain + OSTI_IMAGE_M_CPU, OSTI_MAX_CPUS);
	assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
	image_put32(plain + OSTI_IMAGE_M_CPU, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
}

static void reserved_not_zero(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		plain[OSTI_IMAGE_M_ZERO + i] = 1;
		assert_int_equal(parse(), OSTI_IMAGE_E_RESERVED);
		plain[OSTI_IMAGE_M_ZERO + i] = 0;
	}
	for (i = 0; i < 2; i++) {
		entry(1)[OSTI_IMAGE_T_ZERO + i] = 0x80;
		assert_int_equal(parse(), OSTI_IMAGE_E_RESERVED);
		entry(1)[OSTI_IMAGE_T_ZERO + i] = 0;
	}
	assert_int_equal(parse(), OSTI_IMAGE_OK);
}

static void wrong_number_of_pages(void **state)
{
	uint64_t pages = image_get64(plain + OSTI_IMAGE_M_PAGES);

	(void)state;
	image_put64(plain + OSTI_IMAGE_M_PAGES, pages + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_BITMAP);
	image_put64(plain + OSTI_IMAGE_M_PAGES, pages - 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_BITMAP);
	image_put64(plain + OSTI_IMAGE_M_PAGES, pages + (1ULL << 32));
	assert_int_equal(parse(), OSTI_IMAGE_E_BITMAP);
	image_put64(plain + OSTI_IMAGE_M_PAGES, pages);
	plain[BITMAP + 50] ^= 1;
	assert_int_equal(parse(), OSTI_IMAGE_E_BITMAP);
}

/* As many pages as before, at other places. */
static void bitmap_shifted(void **state)
{
	uint8_t *bitmap = plain + BITMAP;

	(void)state;
	bitmap[0] &= 0xfe;
	bitmap[100] |= 1;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void wrong_entries(void **state)
{
	uint32_t last = nr_chunks() - 1;
	uint8_t *e = entry(0);
	uint8_t pages = e[OSTI_IMAGE_T_PAGES];
	uint32_t stored = image_get32(e + OSTI_IMAGE_T_STORED);

	(void)state;
	image_put32(e + OSTI_IMAGE_T_FIRST, 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	image_put32(e + OSTI_IMAGE_T_FIRST, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	image_put32(e + OSTI_IMAGE_T_FIRST, 0);

	e[OSTI_IMAGE_T_PAGES] = 0;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	e[OSTI_IMAGE_T_PAGES] = OSTI_IMAGE_CHUNK_MAX + 1;
	image_put32(e + OSTI_IMAGE_T_STORED, 65 * PAGE + OSTI_IMAGE_TAG);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	e[OSTI_IMAGE_T_PAGES] = pages - 1;
	image_put32(e + OSTI_IMAGE_T_STORED, stored - PAGE);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	e[OSTI_IMAGE_T_PAGES] = pages;

	image_put32(e + OSTI_IMAGE_T_STORED, stored + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	image_put32(e + OSTI_IMAGE_T_STORED, 0);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	image_put32(e + OSTI_IMAGE_T_STORED, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	image_put32(e + OSTI_IMAGE_T_STORED, stored);

	e[OSTI_IMAGE_T_CODEC] = OSTI_IMAGE_CODEC_LZ4;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	e[OSTI_IMAGE_T_CODEC] = 2;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	e[OSTI_IMAGE_T_CODEC] = 0;
	assert_int_equal(parse(), OSTI_IMAGE_OK);

	/* One chunk less than the bitmap has pages for. */
	image_put32(plain + OSTI_IMAGE_M_CHUNKS, last);
	bytes -= OSTI_IMAGE_T_ENTRY;
	chunks_bytes -= image_get32(entry(last) + OSTI_IMAGE_T_STORED);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* The last chunk has a page more than the bitmap. */
static void page_after_the_last(void **state)
{
	uint8_t *e = entry(nr_chunks() - 1);

	(void)state;
	e[OSTI_IMAGE_T_PAGES]++;
	image_put32(e + OSTI_IMAGE_T_STORED,
		    e[OSTI_IMAGE_T_PAGES] * PAGE + OSTI_IMAGE_TAG);
	chunks_bytes += PAGE;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* A manifest that is good but for having one chunk of nr pages. */
static void long_chunk(uint8_t nr)
{
	memset(plain + BITMAP, 0, TABLE(&f) - BITMAP);
	memset(plain + BITMAP, 0xff, nr / 8);
	plain[BITMAP + nr / 8] = (1 << nr % 8) - 1;
	image_put64(plain + OSTI_IMAGE_M_PAGES, nr);
	image_put32(plain + OSTI_IMAGE_M_CHUNKS, 1);
	bytes = TABLE(&f) + OSTI_IMAGE_T_ENTRY;
	entry(0)[OSTI_IMAGE_T_PAGES] = nr;
	chunks_bytes = nr * PAGE + OSTI_IMAGE_TAG;
	image_put32(entry(0) + OSTI_IMAGE_T_STORED, chunks_bytes);
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

static void chunk_after_the_last(void **state)
{
	uint32_t nr = nr_chunks();

	(void)state;
	grow(OSTI_IMAGE_T_ENTRY);
	memcpy(entry(nr), entry(nr - 1), OSTI_IMAGE_T_ENTRY);
	image_put32(plain + OSTI_IMAGE_M_CHUNKS, nr + 1);
	bytes += OSTI_IMAGE_T_ENTRY;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void sum_of_chunks(void **state)
{
	(void)state;
	chunks_bytes++;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	chunks_bytes -= 2;
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
	chunks_bytes += 1 + (1ULL << 32);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* Take a page from a chunk and give it to the next. */
static void move_page(uint32_t from, uint32_t first_of_next, int by)
{
	uint8_t *a = entry(from);
	uint8_t *b = entry(from + 1);

	a[OSTI_IMAGE_T_PAGES] -= by;
	b[OSTI_IMAGE_T_PAGES] += by;
	image_put32(a + OSTI_IMAGE_T_STORED,
		    a[OSTI_IMAGE_T_PAGES] * PAGE + OSTI_IMAGE_TAG);
	image_put32(b + OSTI_IMAGE_T_STORED,
		    b[OSTI_IMAGE_T_PAGES] * PAGE + OSTI_IMAGE_TAG);
	image_put32(b + OSTI_IMAGE_T_FIRST, first_of_next);
}

static void too_few_pages(void **state)
{
	uint8_t pages = entry(0)[OSTI_IMAGE_T_PAGES];

	(void)state;
	/* Other cuts are not wrong: where they are is the writer's choice. */
	move_page(0, pages - 1, 1);
	assert_int_equal(parse(), pages > OSTI_IMAGE_CHUNK_MIN ?
			 OSTI_IMAGE_OK : OSTI_IMAGE_E_TABLE);
	move_page(0, pages, -1);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	move_page(0, 7, pages - 7);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

static void over_a_segment(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; image_get32(entry(i + 1) + OSTI_IMAGE_T_FIRST) !=
	     OSTI_IMAGE_SEGMENT / PAGE; i++)
		;
	/* The last chunk of the first segment takes one of the second. */
	move_page(i, OSTI_IMAGE_SEGMENT / PAGE + 1, -1);
	assert_int_equal(parse(), OSTI_IMAGE_E_TABLE);
}

/* Good in itself, but not with the header around it. */
static void header_disagrees(void **state)
{
	(void)state;
	fixture_reseal(&f, plain, bytes, chunks_bytes + 1);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TABLE);
}

/* A sealed manifest whose id is not its content's. */
static void wrong_manifest_id(void **state)
{
	uint8_t key[OSTI_IMAGE_HASH];
	uint8_t *id = f.file + OSTI_IMAGE_H_MANIFEST_ID;

	(void)state;
	id[3] ^= 1;
	image_crypto_mac(f.keys.manifest_key, id, OSTI_IMAGE_HASH, key);
	memcpy(f.file + OSTI_IMAGE_HEADER, plain, bytes);
	image_crypto_seal(key, f.file, OSTI_IMAGE_HEADER,
			  f.file + OSTI_IMAGE_HEADER, bytes,
			  f.file + OSTI_IMAGE_HEADER + bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_MANIFEST_ID);
}

/*
 * Every byte of the manifest counts: changed, it is refused, or it is one that
 * the monitor takes as it is (time, argument, ids, platform, GIC state).
 */
static void every_byte(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < bytes; i++) {
		size_t in_table = i < TABLE(&f) ? 0 :
				  (i - TABLE(&f)) % OSTI_IMAGE_T_ENTRY;
		int free_choice;
		int error;

		free_choice = (i >= OSTI_IMAGE_M_ARG && i < OSTI_IMAGE_M_PAGES) ||
			      (i >= OSTI_IMAGE_M_PLATFORM && i < BITMAP) ||
			      (i >= TABLE(&f) && in_table < OSTI_IMAGE_HASH) ||
			      (i >= OSTI_IMAGE_M_ENTRY &&
			       i < OSTI_IMAGE_M_ENTRY + 4);
		plain[i] ^= 1 << i % 8;
		error = parse();
		plain[i] ^= 1 << i % 8;
		if (!free_choice && i != OSTI_IMAGE_M_CPU)
			assert_int_not_equal(error, OSTI_IMAGE_OK);
	}
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(good),
		TEST(truncated),
		TEST(truncated_inside),
		TEST(too_long),
		TEST(table_longer_than_file),
		TEST(partition_sizes),
		TEST(gic_too_long),
		TEST(impossible_resume),
		TEST(reserved_not_zero),
		TEST(wrong_number_of_pages),
		TEST(bitmap_shifted),
		TEST(wrong_entries),
		TEST(page_after_the_last),
		TEST(too_many_pages),
		TEST(chunk_after_the_last),
		TEST(sum_of_chunks),
		TEST(too_few_pages),
		TEST(over_a_segment),
		TEST(header_disagrees),
		TEST(wrong_manifest_id),
		TEST(every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
