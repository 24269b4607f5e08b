// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The header: every bit of it counts, and no number in it is believed.
 */
#include "fixture.h"

#include <string.h>

#include "image_bytes.h"
#include "image_error.h"

#define CHUNKS_BYTES_MAX \
	(OSTI_IMAGE_PARTITION_MAX + \
	 IMAGE_CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX) * \
	 (OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG))

/* An image of which the header is most. */
static void small(struct fixture *f)
{
	fixture_init(f, 2 * MIB);
	f->ram[5] = 1;
	fixture_pack(f);
}

static int size_error(const uint8_t *header)
{
	uint64_t manifest = image_get64(header + OSTI_IMAGE_H_MANIFEST_BYTES);
	uint64_t bytes = image_get64(header + OSTI_IMAGE_H_CHUNKS_BYTES);
	uint32_t chunks = image_get32(header + OSTI_IMAGE_H_CHUNKS);

	if (manifest < OSTI_IMAGE_MANIFEST_MIN + OSTI_IMAGE_TAG ||
	    manifest > OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG ||
	    bytes > CHUNKS_BYTES_MAX ||
	    chunks > IMAGE_CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX))
		return OSTI_IMAGE_E_SIZE;
	return OSTI_IMAGE_E_TAG;
}

static int header_error(const uint8_t *header, size_t offset)
{
	static const struct {
		size_t end;
		int error;
	} map[] = {
		{ 8, OSTI_IMAGE_E_MAGIC },
		{ 12, OSTI_IMAGE_E_VERSION },
		{ 16, OSTI_IMAGE_E_SLOT },
		{ 24, OSTI_IMAGE_E_GENERATION },
		{ 32, OSTI_IMAGE_E_TAG },	/* saved at */
		{ 48, OSTI_IMAGE_E_SLOT },	/* name */
		{ 64, OSTI_IMAGE_E_DEVICE },
		{ 84, 0 },			/* sizes */
		{ 88, OSTI_IMAGE_E_RESERVED },
		{ 184, OSTI_IMAGE_E_TAG },	/* ids and MAC */
		{ 4096, OSTI_IMAGE_E_RESERVED },
	};
	unsigned int i;

	for (i = 0; offset >= map[i].end; i++)
		;
	return map[i].error ? map[i].error : size_error(header);
}

static void header_flipped(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	small(&f);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	for (i = 0; i < 8 * OSTI_IMAGE_HEADER; i++) {
		/* One bit of each byte is enough where all must be zero. */
		if (i / 8 >= OSTI_IMAGE_H_ZERO && i % 8 != i / 8 % 8)
			continue;
		f.file[i / 8] ^= 1 << i % 8;
		assert_int_equal(fixture_refusal(&f),
				 header_error(f.file, i / 8));
		f.file[i / 8] ^= 1 << i % 8;
	}
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&f);
}

/* An image of the first format is told from what is none. */
static void version_1(void **state)
{
	struct image_header header;
	struct fixture f;

	(void)state;
	small(&f);
	memcpy(f.file, "OSTI-IM1", 8);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_OLD);
	/* As it was: its own version, and other things behind its header. */
	image_put32(f.file + OSTI_IMAGE_H_VERSION, 1);
	memset(f.file + 112, 0, OSTI_IMAGE_HEADER - 112);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_OLD);
	assert_int_equal(image_header_parse(f.file, OSTI_IMAGE_HEADER, &header),
			 OSTI_IMAGE_E_OLD);
	assert_int_equal(image_header_parse(f.file, OSTI_IMAGE_HEADER - 1,
					    &header), OSTI_IMAGE_E_TRUNCATED);
	memcpy(f.file, "OSTI-IM3", 8);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_MAGIC);
	/* The magic of this version with another number. */
	memcpy(f.file, "OSTI-IM2", 8);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_VERSION);
	fixture_free(&f);
}

/* An attacker changes the header to what is wanted: the MAC covers it. */
static void header_rewritten(void **state)
{
	struct fixture f;

	(void)state;
	small(&f);
	f.identity.slot = 1;
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 1);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	f.identity.slot = 2;
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 2);
	f.identity.generation = 8;
	image_put64(f.file + OSTI_IMAGE_H_GENERATION, 8);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	f.identity.generation = 7;
	image_put64(f.file + OSTI_IMAGE_H_GENERATION, 7);
	f.identity.name[0] = 'W';
	f.file[OSTI_IMAGE_H_NAME] = 'W';
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	fixture_free(&f);
}

static void no_such_slot(void **state)
{
	struct image_header header;
	struct fixture f;

	(void)state;
	small(&f);
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 0);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_E_SLOT);
	image_put32(f.file + OSTI_IMAGE_H_SLOT, OSTI_MAX_SLOTS + 1);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_E_SLOT);
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 2);
	image_put64(f.file + OSTI_IMAGE_H_GENERATION, 0);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_E_GENERATION);
	fixture_free(&f);
}

/* Sizes that have a good MAC: they must not wrap whatever they are. */
static void hostile_sizes(void **state)
{
	static const uint64_t sizes[] = {
		UINT64_MAX, UINT64_MAX - 4095, UINT64_MAX / 2 + 1,
		CHUNKS_BYTES_MAX + 1, CHUNKS_BYTES_MAX, 1ULL << 32,
	};
	struct image_header good;
	struct image_header h;
	struct fixture f;
	unsigned int i;

	(void)state;
	small(&f);
	assert_int_equal(image_header_parse(f.file, f.bytes, &good), 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		h = good;
		h.manifest_bytes = sizes[i];
		fixture_reframe(&f, &h);
		assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_SIZE);
		h = good;
		h.chunks_bytes = sizes[i];
		fixture_reframe(&f, &h);
		assert_int_equal(fixture_refusal(&f),
				 sizes[i] > CHUNKS_BYTES_MAX ?
				 OSTI_IMAGE_E_SIZE : OSTI_IMAGE_E_TRUNCATED);
	}
	h = good;
	h.chunks = UINT32_MAX;
	fixture_reframe(&f, &h);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_SIZE);

	/* All at their limits: of the whole image nothing is lost. */
	h.chunks = IMAGE_CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX);
	h.manifest_bytes = OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG;
	h.chunks_bytes = CHUNKS_BYTES_MAX;
	fixture_reframe(&f, &h);
	assert_int_equal(image_header_parse(f.file, f.bytes, &h), 0);
	assert_true(image_header_table(&h) == 68ULL << 20);
	assert_true(image_header_total(&h) == 4096 + (68ULL << 20) +
		    (10ULL << 20) + 16 + (32ULL << 30) + (24ULL << 20));
	fixture_free(&f);
}

static void error_names(void **state)
{
	int i;
	int k;

	(void)state;
	for (i = 0; i >= OSTI_IMAGE_E_LAST; i--) {
		assert_non_null(image_error_name(i));
		assert_non_null(image_error_text(i));
		for (k = 0; k > i; k--) {
			assert_string_not_equal(image_error_name(i),
						image_error_name(k));
			assert_string_not_equal(image_error_text(i),
						image_error_text(k));
		}
	}
	assert_string_equal(image_error_name(1), "?");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_LAST - 1), "?");
	assert_string_equal(image_error_text(-1000), "unknown error");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_CHUNK_TAG),
			    "chunk-tag");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_OLD), "old");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_ENGINE), "engine");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_ATTACHED),
			    "attached");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_flipped),
		cmocka_unit_test(version_1),
		cmocka_unit_test(header_rewritten),
		cmocka_unit_test(no_such_slot),
		cmocka_unit_test(hostile_sizes),
		cmocka_unit_test(error_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
