// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_reseal.c - the image engine seals the manifest of a stored image anew
 */
#include "rig.h"

#include <string.h>

#include "image_bytes.h"
#include "image_record.h"

/* One segment and a bit. */
#define BYTES		(18 * MIB)
#define SEED		0x7654321

static struct rig rig;
static struct parts image;

static int setup_image(void **state)
{
	(void)state;
	rig_image(BYTES, SEED, &image);
	return 0;
}

static int teardown_image(void **state)
{
	(void)state;
	parts_free(&image);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, BYTES, true);
	rig_load(&rig, &image);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static struct engine_desk *desk(void)
{
	return (void *)(rig.ram + ENGINE_DESK);
}

/* That record, to the desk. */
static void put_record(uint64_t bytes, uint32_t attachments)
{
	static const uint8_t gic[64] = "another state";
	struct image_record record = {
		.partition_bytes = bytes,
		.entry = OSTI_RAM_IPA + 0x80000,
		.kind = OSTI_IMAGE_COPY,
		.platform = "platform",
		.attachments = attachments,
		.gic = gic,
		.gic_bytes = sizeof(gic),
	};
	uint32_t i;

	for (i = 0; i < attachments; i++)
		record.attachment[i].kind = OSTI_ATTACH_DISK;
	desk()->record_bytes =
		image_record_write(&record, rig.ram + ENGINE_RECORD);
	assert_true(desk()->record_bytes > 0);
}

static void refused(int error)
{
	assert_int_equal(rig_job(&rig, 0, ENGINE_OP_RESEAL, 0, 0, 0), error);
	assert_int_equal(rig.result[0] | rig.result[1] | rig.result[2], 0);
	/* Nothing is open any more. */
	assert_int_equal(rig_job(&rig, 0, ENGINE_OP_RESEAL, 0, 0, 0),
			 OSTI_IMAGE_E_INDEX);
}

/* Longer or shorter than what was there, and all else as it was. */
static void test_records(void **state)
{
	static const uint32_t attachments[] = {
		0, 1, OSTI_IMAGE_ATTACHMENTS_MAX,
	};
	struct parts copy = image;
	uint64_t i, chunk;

	(void)state;
	for (i = 0; i < sizeof(attachments) / sizeof(attachments[0]); i++) {
		uint8_t id[OSTI_IMAGE_HASH];

		rig_load(&rig, &image);
		assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
		put_record(BYTES, attachments[i]);
		assert_int_equal(rig_job(&rig, 3, ENGINE_OP_RESEAL, 0, 0, 0),
				 OSTI_IMAGE_OK);
		assert_int_equal(rig.result[0], image.chunks_bytes);
		copy.manifest_bytes = rig.result[1];
		memcpy(id, desk()->manifest_id, sizeof(id));
		assert_memory_not_equal(id, image.id, sizeof(id));
		/* The table is the same, so this is all that there is. */
		assert_int_equal(rig_open(&rig, &copy), OSTI_IMAGE_OK);
		assert_int_equal(rig.result[0], image.pages);
		assert_int_equal(rig.state.opened.record_bytes,
				 desk()->record_bytes);
		assert_memory_equal(rig.state.opened.record,
				    rig.ram + ENGINE_RECORD,
				    desk()->record_bytes);
		for (chunk = 0; chunk < image.chunks; chunk++)
			assert_int_equal(rig_place(&rig, &image, chunk),
					 OSTI_IMAGE_OK);
	}
}

/* Sums follow the table as it is then. */
static void test_table(void **state)
{
	uint8_t *stored = rig.ram + ENGINE_TABLE + OSTI_IMAGE_T_STORED;
	const uint32_t was = parts_stored(&image, 0);

	(void)state;
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
	put_record(BYTES, 0);
	image_put32(stored, was - 1);
	assert_int_equal(rig_job(&rig, 0, ENGINE_OP_RESEAL, 0, 0, 0),
			 OSTI_IMAGE_OK);
	assert_int_equal(rig.result[0], image.chunks_bytes - 1);

	rig_load(&rig, &image);
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
	put_record(BYTES, 0);
	image_put32(stored, OSTI_IMAGE_STORED_MAX + 1);
	refused(OSTI_IMAGE_E_CHUNK_SIZE);
}

static void test_refused(void **state)
{
	(void)state;
	/* Nothing was opened, or what was is refused. */
	put_record(BYTES, 0);
	refused(OSTI_IMAGE_E_INDEX);
	desk()->manifest_id[0] ^= 1;
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_E_TAG);
	refused(OSTI_IMAGE_E_INDEX);

	/* Of a partition of another size. */
	rig_load(&rig, &image);
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
	put_record(BYTES + 2 * MIB, 0);
	refused(OSTI_IMAGE_E_PARTITION);

	/* No record. */
	rig_load(&rig, &image);
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
	put_record(BYTES, 0);
	desk()->record_bytes = UINT32_MAX;
	refused(OSTI_IMAGE_E_RECORD);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_records),
		TEST(test_table),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, setup_image, teardown_image);
}
