// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Manifests that only the owner of the key could make, and that are wrong: as
 * after a bug in the engine, or of a slot that knows its own key. Here: their
 * sizes and numbers; test_layout.c has the chunks.
 */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"

static void good(void **state)
{
	(void)state;
	assert_int_equal(manifest_parse(), OSTI_IMAGE_OK);
	assert_true(manifest.chunks >= 4);
}

static void truncated(void **state)
{
	(void)state;
	while (manifest.bytes--)
		assert_int_equal(manifest_parse(), OSTI_IMAGE_E_TRUNCATED);
}

/* The same through the whole import, with good keys around it. */
static void truncated_inside(void **state)
{
	(void)state;
	manifest.bytes--;
	assert_int_equal(manifest_import(), OSTI_IMAGE_E_TRUNCATED);
	manifest.bytes = OSTI_IMAGE_MANIFEST_MIN;
	assert_int_equal(manifest_import(), OSTI_IMAGE_E_TRUNCATED);
}

static void too_long(void **state)
{
	(void)state;
	manifest_grow(1);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_SIZE);
}

static void other_number_of_chunks(void **state)
{
	static const uint32_t wrong[] = {
		/* The last makes 8 * n wrap around in 32 bits to 8. */
		1000, 0x80000000, UINT32_MAX, 0x20000001,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		manifest.chunks = wrong[i];
		assert_int_equal(manifest_parse(), OSTI_IMAGE_E_TRUNCATED);
	}
	manifest.chunks = 0;
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_SIZE);
}

static void record_sizes(void **state)
{
	static const uint32_t wrong[] = {
		0, 1, OSTI_IMAGE_R_FIXED - 1, OSTI_IMAGE_R_FIXED,
		OSTI_IMAGE_RECORD_MAX + 1, 0x80000000, UINT32_MAX,
	};
	uint8_t *at = manifest.plain + OSTI_IMAGE_M_RECORD_BYTES;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put32(at, wrong[i]);
		assert_int_equal(manifest_parse(), OSTI_IMAGE_E_RECORD);
	}
	/* A length that a record can have, but not here. */
	image_put32(at, OSTI_IMAGE_RECORD_MAX);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_TRUNCATED);
}

/* What test_record.c looks at closely is looked at here, too. */
static void impossible_record(void **state)
{
	uint8_t *record = manifest.plain + OSTI_IMAGE_M_FIXED;

	(void)state;
	image_put64(record + OSTI_IMAGE_R_PARTITION, 18 * MIB + PAGE);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_SIZE);
	assert_int_equal(manifest_import(), OSTI_IMAGE_E_SIZE);
	image_put64(record + OSTI_IMAGE_R_PARTITION, OSTI_IMAGE_PARTITION_MAX);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_TRUNCATED);
	image_put64(record + OSTI_IMAGE_R_PARTITION, 2 * MIB);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_SIZE);
	image_put64(record + OSTI_IMAGE_R_PARTITION, 18 * MIB);
	image_put64(record + OSTI_IMAGE_R_ENTRY, OSTI_RAM_IPA - 4);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_RESUME);
	image_put64(record + OSTI_IMAGE_R_ENTRY, OSTI_RAM_IPA);
	image_put32(record + OSTI_IMAGE_R_GIC_BYTES, OSTI_IMAGE_GIC_MAX + 1);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_GIC);
}

static void reserved_not_zero(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		manifest.plain[OSTI_IMAGE_M_ZERO + i] = 1;
		assert_int_equal(manifest_parse(), OSTI_IMAGE_E_RESERVED);
		manifest.plain[OSTI_IMAGE_M_ZERO + i] = 0;
	}
	for (i = 0; i < 3; i++) {
		manifest_layout(1)[OSTI_IMAGE_L_ZERO + i] = 0x80;
		assert_int_equal(manifest_parse(), OSTI_IMAGE_E_RESERVED);
		manifest_layout(1)[OSTI_IMAGE_L_ZERO + i] = 0;
	}
	assert_int_equal(manifest_parse(), OSTI_IMAGE_OK);
}

static void wrong_number_of_pages(void **state)
{
	uint8_t *at = manifest.plain + OSTI_IMAGE_M_PAGES;
	uint64_t pages = image_get64(at);

	(void)state;
	image_put64(at, pages + 1);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_BITMAP);
	image_put64(at, pages - 1);
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_BITMAP);
	image_put64(at, pages + (1ULL << 32));
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_BITMAP);
	image_put64(at, pages);
	manifest.bitmap[50] ^= 1;
	assert_int_equal(manifest_parse(), OSTI_IMAGE_E_BITMAP);
}

/* Good in itself, but not with the header around it. */
static void header_disagrees(void **state)
{
	(void)state;
	manifest.chunks_bytes++;
	assert_int_equal(manifest_import(), OSTI_IMAGE_E_TABLE);
}

/* A sealed manifest whose id is not its content's. */
static void wrong_manifest_id(void **state)
{
	struct fixture *f = &manifest.f;
	uint8_t digest[OSTI_IMAGE_HASH];
	uint8_t key[OSTI_IMAGE_HASH];
	struct image_header h;
	uint8_t *at;

	(void)state;
	assert_int_equal(image_header_parse(f->file, f->bytes, &h), 0);
	h.manifest_id[3] ^= 1;
	fixture_reframe(f, &h);
	image_crypto_mac(f->keys.manifest_id, manifest.table,
			 image_header_table(&h), digest);
	image_crypto_mac(f->keys.manifest_key, h.manifest_id, OSTI_IMAGE_HASH,
			 key);
	at = f->file + OSTI_IMAGE_HEADER + image_header_table(&h);
	memcpy(at, manifest.plain, manifest.bytes);
	image_crypto_seal(key, digest, sizeof(digest), at, manifest.bytes,
			  at + manifest.bytes);
	assert_int_equal(fixture_refusal(f), OSTI_IMAGE_E_MANIFEST_ID);
}

/* Sealed with a table that the engine changed afterwards. */
static void table_changed(void **state)
{
	struct fixture *f = &manifest.f;
	struct image_header h;
	size_t i;

	(void)state;
	assert_int_equal(image_header_parse(f->file, f->bytes, &h), 0);
	for (i = 0; i < image_header_table(&h); i += 17) {
		f->file[OSTI_IMAGE_HEADER + i] ^= 0x10;
		assert_int_equal(fixture_refusal(f), OSTI_IMAGE_E_TAG);
		f->file[OSTI_IMAGE_HEADER + i] ^= 0x10;
	}
	/* An entry less, an entry more: good keys, and another length. */
	h.chunks--;
	h.manifest_bytes += OSTI_IMAGE_T_ENTRY;
	fixture_reframe(f, &h);
	assert_int_equal(fixture_refusal(f), OSTI_IMAGE_E_TAG);
	h.chunks += 2;
	h.manifest_bytes -= 2 * OSTI_IMAGE_T_ENTRY;
	fixture_reframe(f, &h);
	assert_int_equal(fixture_refusal(f), OSTI_IMAGE_E_TAG);
}

/* May a byte of the manifest be another one, as far as the parser knows? */
static int free_choice(size_t i)
{
	size_t record_bytes = manifest.bitmap - manifest.plain -
			      OSTI_IMAGE_M_FIXED;

	if (i < OSTI_IMAGE_M_FIXED)
		return 0;
	i -= OSTI_IMAGE_M_FIXED;
	if (i >= record_bytes)
		return 0;
	if (i >= OSTI_IMAGE_R_FIXED + OSTI_IMAGE_A_ENTRY)
		return i < record_bytes - 2;	/* there is padding */
	if (i >= OSTI_IMAGE_R_FIXED)
		return i - OSTI_IMAGE_R_FIXED < OSTI_IMAGE_A_ZERO ||
		       i - OSTI_IMAGE_R_FIXED >= OSTI_IMAGE_A_BYTES;
	return (i >= OSTI_IMAGE_R_ENTRY && i < OSTI_IMAGE_R_ENTRY + 4) ||
	       (i >= OSTI_IMAGE_R_ARG && i < OSTI_IMAGE_R_CPU) ||
	       i == OSTI_IMAGE_R_CPU || i == OSTI_IMAGE_R_KIND ||
	       i == OSTI_IMAGE_R_FLAGS ||
	       i >= OSTI_IMAGE_R_PLATFORM;
}

/*
 * Every byte of the manifest counts: changed, it is refused, or it is one of
 * the record, which the monitor knows again.
 */
static void every_byte(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < manifest.bytes; i++) {
		int error;

		manifest.plain[i] ^= 1 << i % 8;
		error = manifest_parse();
		manifest.plain[i] ^= 1 << i % 8;
		if (!free_choice(i))
			assert_int_not_equal(error, OSTI_IMAGE_OK);
	}
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, manifest_setup, \
							manifest_teardown)
	const struct CMUnitTest tests[] = {
		TEST(good),
		TEST(truncated),
		TEST(truncated_inside),
		TEST(too_long),
		TEST(other_number_of_chunks),
		TEST(record_sizes),
		TEST(impossible_record),
		TEST(reserved_not_zero),
		TEST(wrong_number_of_pages),
		TEST(header_disagrees),
		TEST(wrong_manifest_id),
		TEST(table_changed),
		TEST(every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
