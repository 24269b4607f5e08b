// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is not exactly the image that was saved is refused, by its own error;
 * test_header.c has the header.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

/* A small image with a chunk of noise, which is raw, and one that is packed. */
static void small(struct fixture *f)
{
	struct image_header header;
	uint64_t seed = 1;

	fixture_init(f, 2 * MIB);
	memset(f->ram + 300 * PAGE, 0x55, 9 * PAGE);
	/* Noise after which a chunk ends. */
	do {
		fixture_noise(f->ram + 5 * PAGE, 8 * PAGE, seed++);
		fixture_pack(f);
		assert_int_equal(image_header_parse(f->file, f->bytes, &header),
				 OSTI_IMAGE_OK);
	} while (header.chunks < 2);
}

/* The tag covers the table, too. */
static void table_and_manifest_flipped(void **state)
{
	struct image_header header;
	struct fixture f;
	size_t i;

	(void)state;
	small(&f);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	for (i = OSTI_IMAGE_HEADER; i < image_header_first(&header); i++) {
		f.file[i] ^= 1 << i % 8;
		assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
		f.file[i] ^= 1 << i % 8;
	}
	fixture_free(&f);
}

static void chunks_flipped(void **state)
{
	struct image_header header;
	struct fixture f;
	size_t step;
	size_t i;

	(void)state;
	small(&f);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	/* Every byte near both ends, and samples between. */
	for (i = image_header_first(&header); i < f.bytes; i += step) {
		step = f.bytes - i < 1000 ? 1 : 997;
		f.file[i] ^= 1 << i % 8;
		assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_CHUNK_TAG);
		f.file[i] ^= 1 << i % 8;
	}
	fixture_free(&f);
}

static void truncated(void **state)
{
	struct fixture f;
	size_t whole;
	size_t bytes;

	(void)state;
	small(&f);
	whole = f.bytes;
	/* All lengths, but in the chunks only some. */
	for (bytes = 0; bytes < whole;
	     bytes += bytes > 6000 && bytes + 600 < whole ? 500 : 1) {
		/* An exact copy, so that a sanitizer sees a read behind it. */
		struct fixture g = f;

		g.bytes = bytes;
		g.file = malloc(g.bytes + 1);
		assert_non_null(g.file);
		memcpy(g.file, f.file, g.bytes);
		assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_TRUNCATED);
		free(g.file);
	}
	f.file = realloc(f.file, whole + 1);
	assert_non_null(f.file);
	f.file[whole] = 0;
	f.bytes = whole + 1;
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_SIZE);
	fixture_free(&f);
}

static void manifest_sizes(void **state)
{
	static const size_t wrong[] = {
		0, OSTI_IMAGE_MANIFEST_MIN - 1, OSTI_IMAGE_MANIFEST_MAX + 1,
		SIZE_MAX - OSTI_IMAGE_TAG,
	};
	uint8_t id[OSTI_IMAGE_HASH];
	struct fixture f;
	unsigned int i;

	(void)state;
	small(&f);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(image_manifest_seal(&f.keys, f.file, 0, f.file,
						     wrong[i], id),
				 OSTI_IMAGE_E_SIZE);
		assert_int_equal(image_manifest_open(&f.keys, f.file, 0, f.file,
						     wrong[i] + OSTI_IMAGE_TAG,
						     id), OSTI_IMAGE_E_SIZE);
	}
	/* Not even a tag. */
	for (i = 0; i < OSTI_IMAGE_TAG; i++)
		assert_int_equal(image_manifest_open(&f.keys, f.file, 0, f.file,
						     i, id), OSTI_IMAGE_E_SIZE);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&f);
}

static void wiped_after_refusal(void **state)
{
	struct image_header header;
	struct fixture f;
	size_t bytes;
	uint8_t *buf;
	size_t i;

	(void)state;
	small(&f);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	bytes = header.manifest_bytes;
	buf = f.file + OSTI_IMAGE_HEADER + image_header_table(&header);
	buf[bytes - 1] ^= 1;
	assert_int_equal(image_manifest_open(&f.keys,
					     f.file + OSTI_IMAGE_HEADER,
					     image_header_table(&header), buf,
					     bytes, header.manifest_id),
			 OSTI_IMAGE_E_TAG);
	for (i = 0; i < bytes - OSTI_IMAGE_TAG; i++)
		assert_int_equal(buf[i], 0);
	fixture_free(&f);
}

/* Each of these imports fails; then the fixture is as before. */
static void other_owner(void **state)
{
	struct fixture f;
	struct fixture g;

	(void)state;
	small(&f);

	g = f;
	g.identity.slot = 1;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_SLOT);
	g = f;
	g.identity.name[0] ^= 1;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_SLOT);
	g = f;
	g.identity.generation++;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_GENERATION);
	g.identity.generation -= 2;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_GENERATION);
	g = f;
	g.root[0] ^= 1;
	fixture_rekey(&g);
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_DEVICE);
	/* A device that claims to be this one has still another key. */
	memcpy(g.identity.device, f.identity.device, OSTI_IMAGE_DEVICE);
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_TAG);
	/* Also for the engine, if the monitor did not look. */
	g.frame = f.frame;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_TAG);
	g = f;
	g.record.platform[31] ^= 0x80;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_PLATFORM);
	g = f;
	g.record.partition_bytes = 4 * MIB;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_PARTITION);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_and_manifest_flipped),
		cmocka_unit_test(chunks_flipped),
		cmocka_unit_test(truncated),
		cmocka_unit_test(manifest_sizes),
		cmocka_unit_test(wiped_after_refusal),
		cmocka_unit_test(other_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
