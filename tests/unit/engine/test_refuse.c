// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_refuse.c - jobs of the image engine that cannot be done
 */
#include "rig.h"

#include <string.h>

/* One segment and a bit. */
#define BYTES		(18 * MIB)
#define SEED		0x1234567

static struct rig rig;
/* An image of the partition that rig_fill() makes. */
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

static int setup_export(void **state)
{
	(void)state;
	rig_init(&rig, BYTES, false);
	rig_fill(&rig, SEED);
	return 0;
}

static int setup_import(void **state)
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

/* A job fails, and has no results. */
static void refused(int error, uint64_t op, uint64_t x1, uint64_t x2,
		    uint64_t x3)
{
	assert_int_equal(rig_job(&rig, 1, op, x1, x2, x3), error);
	assert_int_equal(rig.result[0] | rig.result[1] | rig.result[2], 0);
}

static struct engine_desk *desk(void)
{
	return (void *)(rig.ram + ENGINE_DESK);
}

static void assert_nothing_placed(void)
{
	static const uint8_t zero[BYTES];

	assert_memory_equal(rig.partition, zero, BYTES);
	assert_memory_equal(rig.memory, zero, BYTES);
}

static void test_no_such_job(void **state)
{
	static const uint64_t bad[] = {
		0, ENGINE_OPS, ENGINE_OPS + 1, 1UL << 32 | ENGINE_OP_EXPORT,
		UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(OSTI_IMAGE_E_INDEX, bad[i], 1, 2, 3);
}

/* In memory that the monitor has zeroed there is no image. */
static void test_nothing_begun(void **state)
{
	(void)state;
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_SCAN, 0, 0, 0);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_CHUNK, 0, 0, 0);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_PLACE, 0, 0, 4000);
}

static void test_bad_record(void **state)
{
	const uint32_t bytes = desk()->record_bytes;

	(void)state;
	desk()->record_bytes = 0;
	refused(OSTI_IMAGE_E_RECORD, ENGINE_OP_EXPORT, 0, 0, 0);
	desk()->record_bytes = bytes + 8;
	refused(OSTI_IMAGE_E_RECORD, ENGINE_OP_EXPORT, 0, 0, 0);
	desk()->record_bytes = UINT32_MAX;
	refused(OSTI_IMAGE_E_RECORD, ENGINE_OP_EXPORT, 0, 0, 0);
	desk()->record_bytes = bytes;
	rig.ram[ENGINE_RECORD + OSTI_IMAGE_R_PARTITION] ^= 1;
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_EXPORT, 0, 0, 0);
}

static void test_no_such_segment(void **state)
{
	(void)state;
	assert_int_equal(rig_job(&rig, 0, ENGINE_OP_EXPORT, 0, 0, 0),
			 OSTI_IMAGE_OK);
	assert_int_equal(rig.result[0], 2);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_SCAN, 2, 0, 0);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_SCAN, 1UL << 32, 0, 0);
	/* Times the size of a segment it would be 0. */
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_SCAN, 1UL << 40, 0, 0);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_SCAN, UINT64_MAX, 0, 0);
}

static void test_no_such_chunk(void **state)
{
	struct parts parts;

	(void)state;
	rig_begin(&rig, &parts);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_CHUNK, parts.chunks, 0, 0);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_CHUNK, 1UL << 32, 0, 0);
	refused(OSTI_IMAGE_E_SPACE, ENGINE_OP_CHUNK, 0, ENGINE_RING_PLACES, 0);
	refused(OSTI_IMAGE_E_SPACE, ENGINE_OP_CHUNK, 0, UINT64_MAX, 0);
	/* The last place is one. */
	assert_int_equal(rig_job(&rig, 7, ENGINE_OP_CHUNK, 0,
				 ENGINE_RING_PLACES - 1, 0), OSTI_IMAGE_OK);
	/* Only one of them is made. */
	refused(OSTI_IMAGE_E_CHUNK_SIZE, ENGINE_OP_SEAL, 0, 0, 0);
	parts_free(&parts);
}

/* The slot does not run, so that would be somebody else. */
static void test_changed(void **state)
{
	struct image_chunk chunk;
	struct parts parts;

	(void)state;
	rig_begin(&rig, &parts);
	assert_int_equal(image_manifest_chunk(&rig.state.build.manifest, 3,
					      &chunk), OSTI_IMAGE_OK);
	rig.partition[(size_t)chunk.first * PAGE + 100] ^= 4;
	refused(OSTI_IMAGE_E_CHANGED, ENGINE_OP_CHUNK, 3, 0, 0);
	rig.partition[(size_t)chunk.first * PAGE + 100] ^= 4;
	assert_int_equal(rig_job(&rig, 0, ENGINE_OP_CHUNK, 3, 0, 0),
			 OSTI_IMAGE_OK);
	parts_free(&parts);
}

/* ---- Import ---------------------------------------------------------------- */

static void open_refused(int error)
{
	refused(error, ENGINE_OP_OPEN, image.manifest_bytes, image.chunks,
		image.chunks_bytes);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_PLACE, 0, 0,
		parts_stored(&image, 0));
}

static void test_forged_manifest(void **state)
{
	uint8_t *manifest = rig.ram + ENGINE_MANIFEST(BYTES);

	(void)state;
	manifest[image.manifest_bytes / 2] ^= 0x10;
	open_refused(OSTI_IMAGE_E_TAG);
	rig_load(&rig, &image);
	manifest[image.manifest_bytes - 1] ^= 0x10;
	open_refused(OSTI_IMAGE_E_TAG);
	rig_load(&rig, &image);
	rig.ram[ENGINE_TABLE + OSTI_IMAGE_T_ENTRY + OSTI_IMAGE_T_STORED] ^= 1;
	open_refused(OSTI_IMAGE_E_TAG);
	rig_load(&rig, &image);
	desk()->manifest_id[0] ^= 1;
	open_refused(OSTI_IMAGE_E_TAG);
	/* The same once more, unharmed */
	rig_load(&rig, &image);
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
	assert_nothing_placed();
}

static void test_bad_sizes(void **state)
{
	(void)state;
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_OPEN, 0, image.chunks,
		image.chunks_bytes);
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_OPEN, OSTI_IMAGE_TAG - 1,
		image.chunks, image.chunks_bytes);
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_OPEN,
		OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG + 1, image.chunks,
		image.chunks_bytes);
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_OPEN, UINT64_MAX, image.chunks,
		image.chunks_bytes);
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_OPEN, image.manifest_bytes,
		IMAGE_CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX) + 1,
		image.chunks_bytes);
	refused(OSTI_IMAGE_E_SIZE, ENGINE_OP_OPEN, image.manifest_bytes,
		1UL << 32 | image.chunks, image.chunks_bytes);
	refused(OSTI_IMAGE_E_TABLE, ENGINE_OP_OPEN, image.manifest_bytes,
		image.chunks, image.chunks_bytes + 1);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_PLACE, 0, 0,
		parts_stored(&image, 0));
}

static void test_forged_chunk(void **state)
{
	const uint32_t bytes = parts_stored(&image, 5);
	uint8_t *place = rig.ram + ENGINE_RING(9);
	uint32_t i;

	(void)state;
	assert_int_equal(rig_open(&rig, &image), OSTI_IMAGE_OK);
	memcpy(place, image.chunk[5], bytes);
	for (i = 0; i < bytes; i += bytes / 13) {
		place[i] ^= 1 << i % 8;
		refused(OSTI_IMAGE_E_CHUNK_TAG, ENGINE_OP_PLACE, 5, 9, bytes);
		place[i] ^= 1 << i % 8;
	}
	place[bytes - 1] ^= 1;
	refused(OSTI_IMAGE_E_CHUNK_TAG, ENGINE_OP_PLACE, 5, 9, bytes);
	place[bytes - 1] ^= 1;
	refused(OSTI_IMAGE_E_CHUNK_SIZE, ENGINE_OP_PLACE, 5, 9, bytes - 1);
	refused(OSTI_IMAGE_E_CHUNK_SIZE, ENGINE_OP_PLACE, 5, 9, bytes + 1);
	refused(OSTI_IMAGE_E_CHUNK_SIZE, ENGINE_OP_PLACE, 5, 9, 0);
	refused(OSTI_IMAGE_E_CHUNK_SIZE, ENGINE_OP_PLACE, 5, 9, UINT64_MAX);
	refused(OSTI_IMAGE_E_CHUNK_SIZE, ENGINE_OP_PLACE, 5, 9,
		1UL << 32 | bytes);
	/* A chunk that is good, but not this one. */
	memcpy(place, image.chunk[6], parts_stored(&image, 6));
	refused(OSTI_IMAGE_E_CHUNK_TAG, ENGINE_OP_PLACE, 5, 9, bytes);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_PLACE, image.chunks, 9, bytes);
	refused(OSTI_IMAGE_E_INDEX, ENGINE_OP_PLACE, 1UL << 32 | 6, 9, bytes);
	refused(OSTI_IMAGE_E_SPACE, ENGINE_OP_PLACE, 5, ENGINE_RING_PLACES,
		bytes);
	refused(OSTI_IMAGE_E_SPACE, ENGINE_OP_PLACE, 5, UINT64_MAX, bytes);
	assert_nothing_placed();
	assert_int_equal(rig_place(&rig, &image, 5), OSTI_IMAGE_OK);
}

#define TEST_EXPORT(name) \
	cmocka_unit_test_setup_teardown(name, setup_export, teardown)
#define TEST_IMPORT(name) \
	cmocka_unit_test_setup_teardown(name, setup_import, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EXPORT(test_no_such_job),
		TEST_EXPORT(test_nothing_begun),
		TEST_EXPORT(test_bad_record),
		TEST_EXPORT(test_no_such_segment),
		TEST_EXPORT(test_no_such_chunk),
		TEST_EXPORT(test_changed),
		TEST_IMPORT(test_forged_manifest),
		TEST_IMPORT(test_bad_sizes),
		TEST_IMPORT(test_forged_chunk),
	};

	return cmocka_run_group_tests(tests, setup_image, teardown_image);
}
