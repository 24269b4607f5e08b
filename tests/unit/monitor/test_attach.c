// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_attach.c - what is attached to an image goes into it, and is demanded when
 * it comes back
 */
#include "test.h"

#include <string.h>

#include "courier.h"
#include "context.h"
#include "host.h"
#include "image_bytes.h"
#include "image_manifest.h"
#include "world.h"

#define SEED		1

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

/* The courier runs; the other one is frozen. */
static int setup(void **state)
{
	(void)state;
	courier_begin(SEED);
	return 0;
}

static void make_copy(struct carry_image *image, unsigned int attachments)
{
	*image = (struct carry_image) { .slot = CARRY_SLOT,
					.attachments = attachments };
	carry_export_steps(image, CARRY_SCANNING, CARRY_READ);
	carry_commit_export();
}

/* The boot manager takes the slot away, and a person agrees to the copy. */
static void make_empty(const struct carry_image *copy)
{
	struct carry_image local;

	courier_hibernate(&local);
	carry_free(&local);
	courier_agree(copy);
}

/* ---- Out ------------------------------------------------------------------------- */

static int64_t begin(uint64_t kind, uint64_t attachments)
{
	return machine_call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, CARRY_SAVED_AT,
			    kind | attachments << 8);
}

static void test_how_many(void **state)
{
	(void)state;
	assert_int_equal(begin(OSTI_IMAGE_COPY, OSTI_IMAGE_ATTACHMENTS_MAX + 1),
			 OSTI_E_INVALID);
	assert_int_equal(begin(OSTI_IMAGE_COPY, 1UL << 32), OSTI_E_INVALID);
	assert_int_equal(begin(OSTI_IMAGE_COPY, (1UL << 56) - 1),
			 OSTI_E_INVALID);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	assert_int_equal(begin(OSTI_IMAGE_COPY, OSTI_IMAGE_ATTACHMENTS_MAX),
			 OSTI_OK);
	carry_abort_export();

	/* A local image has its disk beside it. */
	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(begin(OSTI_IMAGE_LOCAL, 1), OSTI_E_INVALID);
	assert_int_equal(begin(OSTI_IMAGE_LOCAL, 0), OSTI_OK);
	assert_int_equal(carry_attach(0), OSTI_E_INVALID);
	carry_abort_export();
}

static void test_out(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT, .attachments = 0 };
	unsigned int i;

	(void)state;
	assert_int_equal(carry_attach(0), OSTI_E_STATE);
	/* None was announced. */
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	assert_int_equal(carry_attach(0), OSTI_E_INVALID);
	carry_abort_export();
	carry_free(&image);

	/* No seal before all is there, and no more than was announced. */
	image = (struct carry_image) { .slot = CARRY_SLOT };
	assert_int_equal(begin(OSTI_IMAGE_COPY, 2), OSTI_OK);
	assert_int_equal(carry_attach(0), OSTI_OK);
	assert_int_equal(carry_status(OSTI_CALL_EXPORT_SCAN, 0, 0, 0), OSTI_OK);
	for (i = 0; carry_status(OSTI_CALL_EXPORT_CHUNK, i, CARRY_BUFFER,
				 OSTI_IMAGE_STORED_MAX) == OSTI_OK; i++)
		;
	assert_true(i > 0);
	assert_int_equal(carry_status(OSTI_CALL_EXPORT_SEAL, 0, 0, 0),
			 OSTI_E_STATE);
	assert_int_equal(carry_attach(1), OSTI_OK);
	assert_int_equal(carry_attach(2), OSTI_E_INVALID);
	assert_int_equal(carry_status(OSTI_CALL_EXPORT_SEAL, 0, 0, 0), OSTI_OK);
	assert_int_equal(carry_attach(0), OSTI_E_STATE);
	carry_abort_export();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
}

/* A kind that nobody knows; a digest of any bits is one. */
static void test_kind(void **state)
{
	uint64_t arg[6] = { OSTI_ATTACH_DISK, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL };

	(void)state;
	assert_int_equal(begin(OSTI_IMAGE_COPY, 1), OSTI_OK);
	arg[0] = 0;
	assert_int_equal(machine_smc_with(OSTI_CALL_ATTACH, arg).x[0],
			 OSTI_E_INVALID);
	arg[0] = OSTI_ATTACH_DISK + 1;
	assert_int_equal(machine_smc_with(OSTI_CALL_ATTACH, arg).x[0],
			 OSTI_E_INVALID);
	arg[0] = 1UL << 32 | OSTI_ATTACH_DISK;
	assert_int_equal(machine_smc_with(OSTI_CALL_ATTACH, arg).x[0],
			 OSTI_E_INVALID);
	arg[0] = OSTI_ATTACH_DISK;
	assert_int_equal(machine_smc_with(OSTI_CALL_ATTACH, arg).x[0], OSTI_OK);
	carry_abort_export();
}

/* ---- In ---------------------------------------------------------------------------- */

static void test_comes_back(void **state)
{
	static const unsigned int counts[] = { 1, OSTI_IMAGE_ATTACHMENTS_MAX };
	struct carry_image copy;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		setup(state);
		make_copy(&copy, counts[i]);
		make_empty(&copy);
		assert_int_equal(carry_import(&copy), 0);
		carry_commit_import();
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		carry_assert_contents(CARRY_SLOT, SEED);
		carry_free(&copy);
	}
}

static void assert_refused(uint64_t fid)
{
	struct machine_smc smc = carry_call(fid, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(smc.x[1], -OSTI_IMAGE_E_ATTACHED);
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_true(machine_engine_is_gone());
}

/* Hands over disks @first.. of @count, which are not those of the image. */
static void try_with(const struct carry_image *copy, uint64_t fid,
		     unsigned int first, unsigned int count)
{
	struct carry_image image = carry_copy(copy);
	unsigned int i;

	image.attachments = 0;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_PLACED), 0);
	for (i = 0; i < count; i++)
		assert_int_equal(carry_attach(first + i), OSTI_OK);
	assert_refused(fid);
	carry_free(&image);
}

/* Missing, another one, too many: refused by name, and the right ones still do. */
static void test_refused(void **state)
{
	static const uint64_t fids[] = { OSTI_CALL_IMPORT_CHECK,
					 OSTI_CALL_IMPORT_COMMIT };
	struct carry_image copy;
	unsigned int i;

	(void)state;
	make_copy(&copy, 2);
	make_empty(&copy);
	for (i = 0; i < ARRAY_SIZE(fids); i++) {
		try_with(&copy, fids[i], 0, 0);
		try_with(&copy, fids[i], 0, 1);
		try_with(&copy, fids[i], 1, 2);
		try_with(&copy, fids[i], 0, 3);
	}
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(carry_import(&copy), 0);
	carry_commit_import();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	carry_free(&copy);
}

/* Each bit of it counts. */
static void test_one_bit(void **state)
{
	const uint64_t good[6] = { OSTI_ATTACH_DISK, 1 << 20,
				   0x0123456789abcdef, 0, ~0UL, 0 };
	struct carry_image copy;
	uint64_t arg[6];
	unsigned int i;

	(void)state;
	make_copy(&copy, 1);
	make_empty(&copy);
	copy.attachments = 0;
	for (i = 1; i < 6; i++) {
		memcpy(arg, good, sizeof(arg));
		arg[i] ^= 1UL << (i * 11);
		assert_int_equal(carry_import_steps(&copy, CARRY_WRITING,
						    CARRY_PLACED), 0);
		assert_int_equal(machine_smc_with(OSTI_CALL_ATTACH, arg).x[0],
				 OSTI_OK);
		assert_refused(OSTI_CALL_IMPORT_COMMIT);
	}
	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING, CARRY_PLACED),
			 0);
	assert_int_equal(machine_smc_with(OSTI_CALL_ATTACH, good).x[0],
			 OSTI_OK);
	carry_commit_import();
	carry_free(&copy);
}

/* Nor does anybody attach what the image has not. */
static void test_without(void **state)
{
	struct carry_image copy;
	unsigned int i;

	(void)state;
	make_copy(&copy, 0);
	make_empty(&copy);
	try_with(&copy, OSTI_CALL_IMPORT_COMMIT, 0, 1);

	assert_int_equal(carry_import_steps(&copy, CARRY_WRITING,
					    CARRY_OPENING), 0);
	assert_int_equal(carry_attach(0), OSTI_E_STATE);
	assert_int_equal(carry_import_steps(&copy, CARRY_OPENED, CARRY_PLACED),
			 0);
	for (i = 0; i < OSTI_IMAGE_ATTACHMENTS_MAX; i++)
		assert_int_equal(carry_attach(i), OSTI_OK);
	assert_int_equal(carry_attach(i), OSTI_E_INVALID);
	assert_refused(OSTI_CALL_IMPORT_CHECK);
	carry_free(&copy);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_how_many),
		TEST(test_out),
		TEST(test_kind),
		TEST(test_comes_back),
		TEST(test_refused),
		TEST(test_one_bit),
		TEST(test_without),
	};

	return cmocka_run_group_tests_name("monitor_attach", tests, NULL, NULL);
}
