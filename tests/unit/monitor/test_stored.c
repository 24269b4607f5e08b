// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_stored.c - a running slot makes a copy of another one's stored image
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "courier.h"
#include "context.h"
#include "event.h"
#include "host.h"
#include "host_flash.h"
#include "host_pci.h"
#include "image_bytes.h"
#include "spy.h"
#include "world.h"

#define SEED		1
#define STEP		3001
#define ALIAS		MACHINE_ALIAS(CARRY_SLOT)

/* What the store has. */
static struct carry_image local;

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

/* The courier runs; the other one is in the store. */
static int setup(void **state)
{
	(void)state;
	carry_free(&local);
	courier_begin(SEED);
	courier_hibernate(&local);
	spy_reset();
	host_flash.programs = 0;
	engine_model.lie = NULL;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&local);
	return 0;
}

/* ---- The calls ---------------------------------------------------------------- */

static int64_t begin(uint64_t of, uint64_t attachments)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_EXPORT_STORED, of,
					     attachments, 0);

	if (smc.x[0] == OSTI_OK)
		assert_int_equal(smc.x[1], local.generation);
	return smc.x[0];
}

static struct machine_smc give(const uint8_t *from, uint64_t at, size_t bytes)
{
	memcpy(carry_buffer(bytes), from, bytes);
	return carry_call(OSTI_CALL_EXPORT_GIVE, at, CARRY_BUFFER, bytes);
}

/* Returns 0, or why it is refused. */
static int give_all(const struct carry_image *image)
{
	struct machine_smc smc = give(image->file, 0, OSTI_IMAGE_HEADER);
	size_t at, n;

	if ((int64_t)smc.x[0] == OSTI_E_IMAGE)
		return -(int)smc.x[1];
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], image->head - OSTI_IMAGE_HEADER);
	for (at = OSTI_IMAGE_HEADER; at < image->head; at += n) {
		n = image->head - at < STEP ? image->head - at : STEP;
		smc = give(image->file + at, at, n);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], image->head - at - n);
	}
	return 0;
}

static int open_it(const struct carry_image *image)
{
	struct machine_smc smc = carry_call(OSTI_CALL_EXPORT_OPEN, 0, 0, 0);

	if ((int64_t)smc.x[0] == OSTI_E_IMAGE)
		return -(int)smc.x[1];
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], image->chunks);
	assert_int_equal(smc.x[2], image->pages);
	return 0;
}

/* Up to where the table is known. */
static void open_stored(unsigned int attachments)
{
	assert_int_equal(begin(CARRY_SLOT, attachments), OSTI_OK);
	assert_int_equal(give_all(&local), 0);
	assert_int_equal(open_it(&local), 0);
}

static void read_head(struct carry_image *copy)
{
	size_t at, n;

	for (at = 0; at < copy->head; at += n) {
		n = copy->head - at < STEP ? copy->head - at : STEP;
		assert_int_equal(carry_status(OSTI_CALL_EXPORT_READ, at,
					      CARRY_BUFFER, n), OSTI_OK);
		memcpy(copy->file + at, carry_buffer(n), n);
	}
}

/*
 * The new head, in front of the chunks that the store has; chunk @nr may be another
 * image's.
 */
static void seal(struct carry_image *copy, const struct carry_image *other,
		 uint32_t nr)
{
	struct machine_smc smc = carry_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
	size_t chunks = 0;
	uint32_t i;

	assert_int_equal(smc.x[0], OSTI_OK);
	*copy = carry_copy(&local);
	copy->bytes = smc.x[1];
	free(copy->file);
	copy->file = malloc(copy->bytes);
	assert_non_null(copy->file);
	for (i = 0; i < local.chunks; i++) {
		const struct carry_image *from = other && i == nr ? other : &local;

		chunks += from->at[i + 1] - from->at[i];
	}
	copy->head = copy->bytes - chunks;
	read_head(copy);
	copy->at[0] = copy->head;
	for (i = 0; i < local.chunks; i++) {
		const struct carry_image *from = other && i == nr ? other : &local;
		const size_t n = from->at[i + 1] - from->at[i];

		memcpy(copy->file + copy->at[i], from->file + from->at[i], n);
		copy->at[i + 1] = copy->at[i] + n;
	}
}

/* It is as if nothing had been. */
static void assert_over(void)
{
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	carry_assert_generation(1, NV_STORED);
	carry_assert_clean();
	assert_true(machine_engine_is_gone());
	assert_int_equal(host_mapped(), 0);
	assert_int_equal(host_flash.programs, 0);
}

static void make_copy(struct carry_image *copy, unsigned int attachments)
{
	unsigned int i;

	open_stored(attachments);
	for (i = 0; i < attachments; i++)
		assert_int_equal(carry_attach(i), OSTI_OK);
	seal(copy, NULL, 0);
	copy->attachments = attachments;
	carry_commit_export();
	assert_over();
}

/* ---- What comes of it ------------------------------------------------------------ */

/* The copy is taken when a person agrees, and is what the slot was. */
static void assert_comes_back(const struct carry_image *copy)
{
	assert_true(courier_agree(copy));
	assert_int_equal(carry_import(copy), 0);
	carry_commit_import();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	carry_assert_contents(CARRY_SLOT, SEED);
	courier_leave(CARRY_SLOT);
	assert_int_equal(slot()->resumed, OSTI_RESUMED_COPY);
}

static void test_copy(void **state)
{
	struct event_record event;
	struct carry_image copy;

	(void)state;
	make_copy(&copy, 0);
	event = machine_last_event(OSTI_EV_COPIED);
	assert_int_equal(event.arg[0], COURIER);
	assert_int_equal(event.arg[1], copy.bytes);
	/* No partition was touched, and the image can be resumed as before. */
	assert_int_equal(spy_count("partition_use", SPY_ANY), 0);
	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(carry_import(&local), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, SEED);
	carry_free(&copy);
}

static void test_comes_back(void **state)
{
	struct carry_image copy;

	(void)state;
	make_copy(&copy, 0);
	assert_comes_back(&copy);
	carry_free(&copy);
}

/* Its record is longer than that of the stored image. */
static void test_attachments(void **state)
{
	struct carry_image copy;
	unsigned int i;

	(void)state;
	make_copy(&copy, 2);
	assert_int_equal(copy.head, local.head + 2 * OSTI_IMAGE_A_ENTRY);
	/* Without them it is refused. */
	copy.attachments = 1;
	assert_int_equal(carry_import(&copy), OSTI_IMAGE_E_ATTACHED);
	copy.attachments = 2;
	assert_comes_back(&copy);
	carry_free(&copy);

	setup(state);
	open_stored(1);
	assert_int_equal(carry_status(OSTI_CALL_EXPORT_SEAL, 0, 0, 0),
			 OSTI_E_STATE);
	for (i = 0; i < 2; i++)
		assert_int_equal(carry_attach(i), i ? OSTI_E_INVALID : OSTI_OK);
	carry_abort_export();
	assert_over();
}

static const uint8_t *entry(const struct carry_image *image, uint32_t nr)
{
	return image->file + OSTI_IMAGE_HEADER + nr * OSTI_IMAGE_T_ENTRY;
}

/* Their tables have the same chunks; the first of which the bytes differ. */
static uint32_t differs(const struct carry_image *a, const struct carry_image *b)
{
	uint32_t i;

	assert_int_equal(a->chunks, b->chunks);
	for (i = 0; i < a->chunks; i++) {
		assert_memory_equal(entry(a, i), entry(b, i), OSTI_IMAGE_HASH);
		if (memcmp(entry(a, i) + OSTI_IMAGE_T_DIGEST,
			   entry(b, i) + OSTI_IMAGE_T_DIGEST, OSTI_IMAGE_HASH))
			return i;
	}
	fail_msg("two levels of compression give the same");
	return 0;
}

static int64_t have(const struct carry_image *image, uint64_t nr,
		    uint64_t stored)
{
	uint64_t arg[6] = { nr, stored };
	unsigned int i;

	for (i = 0; i < OSTI_IMAGE_HASH / 8; i++)
		arg[2 + i] = image_get64(entry(image, nr) +
					 OSTI_IMAGE_T_DIGEST + 8 * i);
	return machine_smc_with(OSTI_CALL_EXPORT_HAVE, arg).x[0];
}

/* The receiver has other bytes of the same pages. */
static void test_have(void **state)
{
	struct carry_image copy, other;
	uint32_t nr;

	(void)state;
	/* The same memory, compressed harder. */
	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(carry_import(&local), 0);
	carry_commit_import();
	courier_resume();
	carry_export(CARRY_SLOT, &other);
	carry_commit_export();
	carry_free(&local);
	courier_hibernate(&local);
	nr = differs(&local, &other);

	open_stored(0);
	assert_int_equal(have(&other, nr, other.at[nr + 1] - other.at[nr]),
			 OSTI_OK);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_HAVE, local.chunks, 100,
				      0), OSTI_E_INVALID);
	seal(&copy, &other, nr);
	carry_commit_export();
	assert_comes_back(&copy);
	carry_free(&copy);
	carry_free(&other);
}

/* Sizes that not all chunks can have: it does not become an image. */
static void test_have_wrong(void **state)
{
	struct machine_smc smc;
	uint32_t i;

	(void)state;
	assert_true(local.pages < local.chunks * OSTI_IMAGE_CHUNK_MAX);
	open_stored(0);
	assert_int_equal(have(&local, 0, OSTI_IMAGE_STORED_MAX + 1),
			 OSTI_E_INVALID);
	for (i = 0; i < local.chunks; i++)
		assert_int_equal(have(&local, i, OSTI_IMAGE_STORED_MAX),
				 OSTI_OK);
	smc = carry_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(-(int)smc.x[1], OSTI_IMAGE_E_CHUNK_SIZE);
	assert_over();
}

/* ---- What is refused --------------------------------------------------------------- */

static void test_who(void **state)
{
	static const uint64_t slots[] = { 0, COURIER, 9, 1UL << 32 | CARRY_SLOT,
					  UINT64_MAX };
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(slots); i++)
		assert_int_equal(begin(slots[i], 0), OSTI_E_INVALID);
	assert_int_equal(begin(CARRY_SLOT, OSTI_IMAGE_ATTACHMENTS_MAX + 1),
			 OSTI_E_INVALID);
	assert_int_equal(begin(CARRY_SLOT, 1UL << 32), OSTI_E_INVALID);
	/* There never was an image of slot 1. */
	assert_int_equal(begin(1, 0), OSTI_E_STATE);
	/* One at a time. */
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_E_STATE);
	carry_abort_export();
	assert_over();
	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_E_DENIED);
	/* It was resumed: its memory is what it is. */
	assert_int_equal(carry_import(&local), 0);
	carry_commit_import();
	courier_resume();
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_E_STATE);
}

static void test_pieces(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
	assert_int_equal(carry_status(OSTI_CALL_EXPORT_OPEN, 0, 0, 0),
			 OSTI_E_STATE);
	/* The header is one piece. */
	assert_int_equal(give(local.file, 0, OSTI_IMAGE_HEADER - 1).x[0],
			 OSTI_E_INVALID);
	assert_int_equal(give(local.file, 0, OSTI_IMAGE_HEADER + 1).x[0],
			 OSTI_E_INVALID);
	assert_int_equal(give(local.file, 1, OSTI_IMAGE_HEADER).x[0],
			 OSTI_E_INVALID);
	assert_int_equal(give(local.file, 0, OSTI_IMAGE_HEADER).x[0], OSTI_OK);
	assert_int_equal(give(local.file, 0, OSTI_IMAGE_HEADER).x[0],
			 OSTI_E_INVALID);
	assert_int_equal(give(local.file, OSTI_IMAGE_HEADER + 1, 10).x[0],
			 OSTI_E_INVALID);
	assert_int_equal(give(local.file, UINT64_MAX, 10).x[0], OSTI_E_INVALID);
	assert_int_equal(give(local.file + OSTI_IMAGE_HEADER, OSTI_IMAGE_HEADER,
			      10).x[0], OSTI_OK);
	assert_int_equal(carry_status(OSTI_CALL_EXPORT_OPEN, 0, 0, 0),
			 OSTI_E_STATE);
	smc = give(local.file, OSTI_IMAGE_HEADER + 10,
		   local.head - OSTI_IMAGE_HEADER - 9);
	assert_int_equal(smc.x[0], OSTI_E_INVALID);
	assert_int_equal(carry_call(OSTI_CALL_EXPORT_GIVE, 4106, 0, 10).x[0],
			 OSTI_E_RANGE);
	carry_abort_export();
	assert_over();
}

/* No call of another kind moves it. */
static void test_stages(void **state)
{
	static const uint64_t others[] = {
		OSTI_CALL_EXPORT_SCAN, OSTI_CALL_EXPORT_COMMIT,
		OSTI_CALL_IMPORT_OPEN, OSTI_CALL_IMPORT_CHECK,
		OSTI_CALL_IMPORT_COMMIT, OSTI_CALL_IMPORT_ABORT,
	};
	unsigned int i;

	(void)state;
	open_stored(0);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(machine_call(others[i], 0, 0, 0),
				 OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER,
				      OSTI_IMAGE_STORED_MAX), OSTI_E_STATE);
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_CHUNK, 0, CARRY_BUFFER,
				      100), OSTI_E_STATE);
	carry_abort_export();
	assert_over();
}

/* Every byte of header, table and manifest counts. */
static void test_altered(void **state)
{
	const size_t at[] = {
		0, OSTI_IMAGE_H_GENERATION, OSTI_IMAGE_H_SAVED_AT,
		OSTI_IMAGE_H_DEVICE, OSTI_IMAGE_H_MANIFEST_ID,
		OSTI_IMAGE_H_RECORD_ID, OSTI_IMAGE_H_MAC,
		OSTI_IMAGE_HEADER, local.head - 100, local.head - 1,
	};
	struct carry_image bad;
	unsigned int i;
	int err;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		bad = carry_copy(&local);
		bad.file[at[i]] ^= 1;
		assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
		err = give_all(&bad);
		if (!err)
			err = open_it(&bad);
		assert_true(err < 0);
		carry_free(&bad);
		assert_over();
	}
	assert_int_equal(machine_count_events(OSTI_EV_REJECTED), ARRAY_SIZE(at));
}

/* The one that could be resumed, no older one, and no copy. */
static void test_other_images(void **state)
{
	struct carry_image old = carry_copy(&local), copy;

	(void)state;
	make_copy(&copy, 0);
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
	assert_int_equal(give_all(&copy), 0);
	assert_int_equal(open_it(&copy), OSTI_IMAGE_E_KIND);
	assert_over();
	carry_free(&copy);

	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(carry_import(&local), 0);
	carry_commit_import();
	courier_resume();
	carry_free(&local);
	courier_hibernate(&local);
	assert_int_equal(local.generation, 2);
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
	assert_int_equal(give_all(&old), OSTI_IMAGE_E_GENERATION);
	carry_free(&old);
}

/* ---- Whoever takes the device ends it ------------------------------------------------ */

static void test_switch(void **state)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		setup(state);
		assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
		if (i > 0)
			assert_int_equal(give_all(&local), 0);
		if (i == 2)
			assert_int_equal(machine_call(OSTI_CALL_EXPORT_OPEN, 0,
						      0, 0), OSTI_AGAIN);
		if (i == 3)
			assert_int_equal(open_it(&local), 0);
		courier_leave(OSTI_CONTEXT_BM);
		assert_over();
		assert_int_equal(carry_import(&local), 0);
		carry_commit_import();
		carry_assert_contents(CARRY_SLOT, SEED);
	}
}

/* ---- A hostile engine ----------------------------------------------------------------- */

static uint64_t lie_bytes;

static void lie(uint64_t op, struct arch_thread *t)
{
	if (op == ENGINE_OP_RESEAL)
		t->x[2] = lie_bytes;
}

static void test_engine(void **state)
{
	static const uint64_t bytes[] = {
		IMAGE_MANIFEST_MAX(CARRY_BYTES) + OSTI_IMAGE_TAG + 1,
		1UL << 32, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	engine_model.lie = lie;
	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		struct machine_smc smc;

		lie_bytes = bytes[i];
		open_stored(0);
		smc = carry_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
		assert_int_equal(smc.x[0], OSTI_E_IMAGE);
		assert_int_equal(-(int)smc.x[1], OSTI_IMAGE_E_ENGINE);
		assert_over();
	}
}

/* ---- The disks ------------------------------------------------------------------------- */

static int64_t show(uint64_t access)
{
	return machine_call(OSTI_CALL_DISK_SHOW, CARRY_SLOT, access, 0);
}

static int64_t hide(void)
{
	return machine_call(OSTI_CALL_DISK_HIDE, CARRY_SLOT, 0, 0);
}

static void test_disks(void **state)
{
	(void)state;
	assert_int_equal(show(OSTI_DISK_STORE), OSTI_E_STATE);
	assert_int_equal(show(OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
	assert_int_equal(show(OSTI_DISK_STORE), OSTI_OK);
	assert_true(machine_sees_function(COURIER, MACHINE_STORE));
	assert_int_equal(machine_last_event(OSTI_EV_DISK_SHOWN).arg[1],
			 OSTI_DISK_STORE);
	assert_int_equal(show(OSTI_DISK_READ), OSTI_E_STATE);
	assert_int_equal(hide(), OSTI_OK);
	assert_false(machine_sees_function(COURIER, MACHINE_STORE));
	assert_int_equal(show(OSTI_DISK_READ), OSTI_OK);
	assert_true(machine_sees_function(COURIER, ALIAS));
	assert_int_equal(hide(), OSTI_OK);
	assert_int_equal(show(OSTI_DISK_WRITE), OSTI_E_STATE);
	/* A switch takes it. */
	assert_int_equal(show(OSTI_DISK_STORE), OSTI_OK);
	courier_leave(OSTI_CONTEXT_BM);
	assert_false(machine_sees_function(COURIER, MACHINE_STORE));
	courier_resume();
	assert_int_equal(show(OSTI_DISK_STORE), OSTI_E_STATE);
	/* A board may have none. */
	host_pci[MACHINE_STORE].present = false;
	assert_int_equal(begin(CARRY_SLOT, 0), OSTI_OK);
	assert_int_equal(show(OSTI_DISK_STORE), OSTI_E_NO_DISK);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_copy),
		TEST(test_comes_back),
		TEST(test_attachments),
		TEST(test_have),
		TEST(test_have_wrong),
		TEST(test_who),
		TEST(test_pieces),
		TEST(test_stages),
		TEST(test_altered),
		TEST(test_other_images),
		TEST(test_switch),
		TEST(test_engine),
		TEST(test_disks),
	};

	return cmocka_run_group_tests_name("monitor_stored", tests, NULL, NULL);
}
