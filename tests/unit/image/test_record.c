// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The resume record, and what says that it and the header are genuine.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"

#define GIC_AT	(OSTI_IMAGE_R_FIXED + 2 * OSTI_IMAGE_A_ENTRY)

static struct fixture f;
static uint8_t in[OSTI_IMAGE_RECORD_MAX];
static size_t bytes;

/* Two attachments and 38 bytes of the interrupt controller's, then padding. */
static int setup(void **state)
{
	(void)state;
	fixture_init(&f, 2 * MIB);
	f.record.attachments = 2;
	f.record.attachment[1].kind = 0x12345678;
	f.record.attachment[1].bytes = UINT64_MAX;
	memset(f.record.attachment[1].digest, 0x55, OSTI_IMAGE_HASH);
	bytes = image_record_write(&f.record, in);
	assert_int_equal(bytes, GIC_AT + 40);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(&f);
	return 0;
}

static int parse_to(struct image_record *r)
{
	/* An exact copy, so that a sanitizer sees a read behind it. */
	uint8_t *copy = malloc(bytes ? bytes : 1);
	int error;

	assert_non_null(copy);
	memcpy(copy, in, bytes);
	error = image_record_parse(copy, bytes, r);
	if (!error) {
		assert_ptr_equal(r->gic, copy + bytes - (r->gic_bytes + 7) /
				 8 * 8);
		r->gic = NULL;
	}
	free(copy);
	return error;
}

static int parse(void)
{
	struct image_record r;

	return parse_to(&r);
}

static void good(void **state)
{
	struct image_record r;

	(void)state;
	assert_int_equal(parse_to(&r), OSTI_IMAGE_OK);
	assert_true(r.start == 77);
	assert_int_equal(r.kind, OSTI_IMAGE_LOCAL);
	assert_int_equal(r.attachments, 2);
	assert_int_equal(r.attachment[0].kind, 1);
	assert_true(r.attachment[0].bytes == 0x100000001);
	assert_int_equal(r.attachment[1].kind, 0x12345678);
	assert_true(r.attachment[1].bytes == UINT64_MAX);
	assert_memory_equal(r.attachment[1].digest,
			    f.record.attachment[1].digest, OSTI_IMAGE_HASH);
	assert_int_equal(r.gic_bytes, f.record.gic_bytes);
	assert_memory_equal(in + GIC_AT, f.record.gic, f.record.gic_bytes);
}

static void wrong_length(void **state)
{
	size_t right = bytes;

	(void)state;
	for (bytes = 0; bytes < right; bytes++)
		assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
	for (bytes = right + 1; bytes <= sizeof(in); bytes++)
		assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
	bytes = right;
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	/* Longer than any record, and consistent. */
	assert_int_equal(image_record_parse(in, OSTI_IMAGE_RECORD_MAX + 8,
					    &f.record), OSTI_IMAGE_E_RECORD);
}

static void partition_sizes(void **state)
{
	static const uint64_t wrong[] = {
		0, 1, 18 * MIB + 1, 18 * MIB + PAGE,
		OSTI_IMAGE_PARTITION_MAX + 2 * MIB, UINT64_MAX,
		UINT64_MAX - 2 * MIB + 1,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put64(in + OSTI_IMAGE_R_PARTITION, wrong[i]);
		assert_int_equal(parse(), OSTI_IMAGE_E_SIZE);
		assert_false(image_partition_ok(wrong[i]));
	}
	image_put64(in + OSTI_IMAGE_R_PARTITION, OSTI_IMAGE_PARTITION_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
}

static void impossible_resume(void **state)
{
	static const uint64_t wrong[] = {
		0, OSTI_RAM_IPA - 4, OSTI_RAM_IPA + 2 * MIB, UINT64_MAX - 3,
		OSTI_RAM_IPA + 1, OSTI_RAM_IPA + 2, 0x840000000,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put64(in + OSTI_IMAGE_R_ENTRY, wrong[i]);
		assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
	}
	/* The last page of the largest partition. */
	image_put64(in + OSTI_IMAGE_R_PARTITION, OSTI_IMAGE_PARTITION_MAX);
	image_put64(in + OSTI_IMAGE_R_ENTRY, 0x83ffffffc);
	assert_int_equal(parse(), OSTI_IMAGE_OK);
	image_put64(in + OSTI_IMAGE_R_ENTRY, 0x840000000);
	assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
	image_put64(in + OSTI_IMAGE_R_ENTRY, OSTI_RAM_IPA);
	image_put32(in + OSTI_IMAGE_R_CPU, OSTI_MAX_CPUS);
	assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
	image_put32(in + OSTI_IMAGE_R_CPU, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_RESUME);
}

static void flags(void **state)
{
	static uint8_t out[OSTI_IMAGE_RECORD_MAX];
	struct image_record r;
	unsigned int bit;

	(void)state;
	assert_int_equal(parse_to(&r), OSTI_IMAGE_OK);
	assert_int_equal(r.flags, 0);
	for (bit = 0; bit < 16; bit++) {
		image_put16(in + OSTI_IMAGE_R_FLAGS, 1 << bit);
		assert_int_equal(parse_to(&r), 1 << bit & OSTI_IMAGE_F_ALL ?
				 OSTI_IMAGE_OK : OSTI_IMAGE_E_RECORD);
		assert_int_equal(r.flags, 1 << bit);
	}
	image_put16(in + OSTI_IMAGE_R_FLAGS, OSTI_IMAGE_F_ALL | 0x100);
	assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
	/* Nor is it written. */
	image_put16(in + OSTI_IMAGE_R_FLAGS, OSTI_IMAGE_F_ALL);
	assert_int_equal(parse_to(&r), OSTI_IMAGE_OK);
	r.gic = f.record.gic;
	assert_int_not_equal(image_record_write(&r, out), 0);
	r.flags = OSTI_IMAGE_F_ALL | 0x100;
	assert_int_equal(image_record_write(&r, out), 0);
}

static void kinds(void **state)
{
	struct image_record r;

	(void)state;
	image_put32(in + OSTI_IMAGE_R_KIND, OSTI_IMAGE_COPY);
	assert_int_equal(parse_to(&r), OSTI_IMAGE_OK);
	assert_int_equal(r.kind, OSTI_IMAGE_COPY);
	image_put32(in + OSTI_IMAGE_R_KIND, OSTI_IMAGE_COPY + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_KIND);
	image_put32(in + OSTI_IMAGE_R_KIND, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_KIND);

	/* A copy where an image of this device is wanted, whole. */
	f.record.kind = OSTI_IMAGE_COPY;
	fixture_pack(&f);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	f.record.kind = OSTI_IMAGE_LOCAL;
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_KIND);
}

static void hostile_numbers(void **state)
{
	static const uint32_t wrong[] = {
		/* The last but one makes 48 * n wrap around in 32 bits to 96. */
		0, 1, 3, OSTI_IMAGE_ATTACHMENTS_MAX, OSTI_IMAGE_ATTACHMENTS_MAX
		+ 1, 0x80000000, 0x10000002, UINT32_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		image_put32(in + OSTI_IMAGE_R_ATTACHMENTS, wrong[i]);
		assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
	}
	image_put32(in + OSTI_IMAGE_R_ATTACHMENTS, 2);
	image_put32(in + OSTI_IMAGE_R_GIC_BYTES, OSTI_IMAGE_GIC_MAX + 1);
	assert_int_equal(parse(), OSTI_IMAGE_E_GIC);
	image_put32(in + OSTI_IMAGE_R_GIC_BYTES, UINT32_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_GIC);
	image_put32(in + OSTI_IMAGE_R_GIC_BYTES, OSTI_IMAGE_GIC_MAX);
	assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
}

static void reserved_not_zero(void **state)
{
	uint8_t *second = in + OSTI_IMAGE_R_FIXED + OSTI_IMAGE_A_ENTRY;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		in[bytes - 1 - i] = 1;
		assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
		in[bytes - 1 - i] = 0;
	}
	for (i = 0; i < 4; i++) {
		second[OSTI_IMAGE_A_ZERO + i] = 0x80;
		assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
		second[OSTI_IMAGE_A_ZERO + i] = 0;
	}
	image_put32(second + OSTI_IMAGE_A_KIND, 0);
	assert_int_equal(parse(), OSTI_IMAGE_E_RECORD);
}

static void write_refuses(void **state)
{
	struct image_record r = f.record;

	(void)state;
#define REFUSED(field, value)						\
	do {								\
		r = f.record;						\
		r.field = (value);					\
		assert_int_equal(image_record_write(&r, in), 0);	\
	} while (0)
	REFUSED(gic_bytes, OSTI_IMAGE_GIC_MAX + 1);
	REFUSED(gic_bytes, UINT32_MAX);
	REFUSED(attachments, OSTI_IMAGE_ATTACHMENTS_MAX + 1);
	REFUSED(attachments, UINT32_MAX);
	REFUSED(attachment[0].kind, 0);
	REFUSED(kind, 2);
	REFUSED(cpu, OSTI_MAX_CPUS);
	REFUSED(entry, OSTI_RAM_IPA + 2 * MIB);
	REFUSED(partition_bytes, 0);
#undef REFUSED
	r = f.record;
	assert_int_equal(image_record_write(&r, in), bytes);
}

static void match(void **state)
{
	uint8_t platform[OSTI_IMAGE_HASH];

	(void)state;
	memcpy(platform, f.record.platform, sizeof(platform));
	assert_int_equal(image_record_match(&f.record, 2 * MIB, platform),
			 OSTI_IMAGE_OK);
	assert_int_equal(image_record_match(&f.record, 4 * MIB, platform),
			 OSTI_IMAGE_E_PARTITION);
	platform[31] ^= 0x80;
	assert_int_equal(image_record_match(&f.record, 2 * MIB, platform),
			 OSTI_IMAGE_E_PLATFORM);
}

/* Who has only the keys that make images cannot make a header of them. */
static void other_frame_keys(void **state)
{
	struct image_frame_keys keys = f.frame;
	struct image_header header;
	uint8_t id[OSTI_IMAGE_HASH];
	uint8_t mine[OSTI_IMAGE_HASH];

	(void)state;
	fixture_pack(&f);
	assert_int_equal(image_frame_check(&keys, f.file), OSTI_IMAGE_OK);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_OK);
	image_frame_record(&keys, in, bytes, id);
	assert_memory_equal(id, header.record_id, sizeof(id));

	keys.record[0] ^= 1;
	image_frame_record(&keys, in, bytes, mine);
	assert_memory_not_equal(id, mine, sizeof(id));
	/* The header does not depend on that key. */
	assert_int_equal(image_frame_check(&keys, f.file), OSTI_IMAGE_OK);
	keys.header[31] ^= 0x80;
	assert_int_equal(image_frame_check(&keys, f.file), OSTI_IMAGE_E_TAG);
	memcpy(keys.header, f.keys.manifest_id, sizeof(keys.header));
	image_frame_write(&keys, &header, f.file);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
}

/* A good header, a good manifest, and a record that is not the header's. */
static void other_record(void **state)
{
	struct fixture_image image;

	(void)state;
	fixture_pack(&f);
	assert_int_equal(fixture_open(&f, &image), OSTI_IMAGE_OK);
	image.header.record_id[0] ^= 1;
	fixture_reframe(&f, &image.header);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_RECORD);
	fixture_close(&image);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(good),
		TEST(wrong_length),
		TEST(partition_sizes),
		TEST(impossible_resume),
		TEST(flags),
		TEST(kinds),
		TEST(hostile_numbers),
		TEST(reserved_not_zero),
		TEST(write_refuses),
		TEST(match),
		TEST(other_frame_keys),
		TEST(other_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
