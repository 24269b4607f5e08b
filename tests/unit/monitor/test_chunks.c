// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_chunks.c - the chunks of an image that is made: their table, those that the
 * receiver has, and the order in which it asks for them
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "context.h"
#include "event.h"
#include "forge.h"
#include "host.h"
#include "image_bytes.h"

#define PAGE	OSTI_IMAGE_PAGE

/* The slot is frozen, the boot manager runs. */
static int setup(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	return 0;
}

static struct context *slot(void)
{
	return context_get(CARRY_SLOT);
}

static int64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	return machine_call(fid, a, b, c);
}

/* It has what carry_freeze() put into memory. */
static void assert_first(const struct carry_image *image)
{
	uint8_t *want = carry_contents(1);

	forge_assert_memory(image, want);
	free(want);
}

/* ---- The table, and the second image ---------------------------------------------- */

/* A table read by IMAGE_TABLE, in pieces that do not divide it; to be freed. */
static uint8_t *read_table(const struct carry_image *image)
{
	uint8_t *table = malloc(image->chunks * OSTI_IMAGE_T_ENTRY);
	struct machine_smc smc;
	uint64_t first = 0;

	assert_non_null(table);
	while (first < image->chunks) {
		smc = machine_smc(OSTI_CALL_IMAGE_TABLE, first, CARRY_BUFFER, 7);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], image->chunks - first < 7 ?
					   image->chunks - first : 7);
		memcpy(table + first * OSTI_IMAGE_T_ENTRY,
		       carry_buffer(7 * OSTI_IMAGE_T_ENTRY),
		       smc.x[1] * OSTI_IMAGE_T_ENTRY);
		first += smc.x[1];
	}
	return table;
}

static bool is_zero(const uint8_t *at, size_t bytes)
{
	while (bytes && !*at) {
		at++;
		bytes--;
	}
	return !bytes;
}

static void test_table(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	struct forge f;
	uint8_t *table;
	uint32_t i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	assert_true(image.chunks > 10);
	table = read_table(&image);
	for (i = 0; i < image.chunks; i++) {
		const uint8_t *entry = table + i * OSTI_IMAGE_T_ENTRY;

		assert_false(is_zero(entry, OSTI_IMAGE_HASH));
		assert_true(is_zero(entry + OSTI_IMAGE_T_DIGEST,
				    OSTI_IMAGE_HASH + 4));
	}
	free(table);
	assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, image.chunks,
			      CARRY_BUFFER, 1), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, image.chunks + 1,
			      CARRY_BUFFER, 1), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, 1UL << 32, CARRY_BUFFER,
			      1), OSTI_E_INVALID);

	carry_export_steps(&image, CARRY_CHUNKING, CARRY_SEALED);
	table = read_table(&image);
	carry_export_steps(&image, CARRY_READ, CARRY_READ);
	forge_open(&image, &f);
	assert_memory_equal(f.table, table, image.chunks * OSTI_IMAGE_T_ENTRY);
	forge_close(&f);
	free(table);
	carry_free(&image);
}

static int64_t have(uint32_t index, const uint8_t *digest, uint64_t stored)
{
	uint64_t arg[6] = { index, stored };
	unsigned int i;

	for (i = 0; i < 4; i++)
		arg[2 + i] = image_get64(digest + 8 * i);
	return machine_smc_with(OSTI_CALL_EXPORT_HAVE, arg).x[0];
}

#define NOT_HAD	UINT32_MAX

/* Say which chunks an older image has; old_of[i] is its number there. */
static unsigned int have_all(const struct carry_image *new,
			     const struct forge *old, uint32_t *old_of)
{
	uint8_t *table = read_table(new);
	struct image_chunk chunk;
	unsigned int had = 0;
	uint32_t i, k;

	for (i = 0; i < new->chunks; i++) {
		const uint8_t *id = table + i * OSTI_IMAGE_T_ENTRY;

		old_of[i] = NOT_HAD;
		for (k = 0; !image_manifest_chunk(&old->m, k, &chunk); k++) {
			if (memcmp(chunk.id, id, OSTI_IMAGE_HASH))
				continue;
			assert_int_equal(have(i, chunk.digest, chunk.stored),
					 OSTI_OK);
			old_of[i] = k;
			had++;
			break;
		}
	}
	free(table);
	return had;
}

/* The image's chunks: from the older one, or made now. */
static void take_chunks(struct carry_image *new, const struct carry_image *old,
			const uint32_t *old_of)
{
	struct machine_smc smc;
	uint32_t i, k;
	size_t n;

	for (i = 0; i < new->chunks; i++) {
		new->at[i] = new->bytes;
		k = old_of[i];
		if (k != NOT_HAD) {
			n = old->at[k + 1] - old->at[k];
			memcpy(new->file + new->bytes, old->file + old->at[k],
			       n);
		} else {
			smc = carry_call(OSTI_CALL_EXPORT_CHUNK, i,
					 CARRY_BUFFER, OSTI_IMAGE_STORED_MAX);
			assert_int_equal(smc.x[0], OSTI_OK);
			n = smc.x[1];
			memcpy(new->file + new->bytes, carry_buffer(n), n);
		}
		new->bytes += n;
	}
	new->at[i] = new->bytes;
}

/* Chunks of an older image are not made again, and the image is as good. */
static void test_have(void **state)
{
	struct carry_image old, new = { .slot = CARRY_SLOT };
	uint32_t old_of[CARRY_PAGES];
	unsigned int had;
	struct forge f;

	(void)state;
	carry_export(CARRY_SLOT, &old);
	forge_open(&old, &f);
	carry_abort_export();
	/* The OS used one page meanwhile. */
	memset(host_memory(pa_add(slot()->base, 200 * PAGE), PAGE), 0x77, PAGE);

	carry_export_steps(&new, CARRY_SCANNING, CARRY_SCANNED);
	had = have_all(&new, &f, old_of);
	assert_in_range(new.chunks - had, 1, 2);
	engine_model.begun[ENGINE_OP_CHUNK] = 0;
	take_chunks(&new, &old, old_of);
	carry_export_steps(&new, CARRY_SEALING, CARRY_READ);
	assert_int_equal(engine_model.begun[ENGINE_OP_CHUNK],
			 new.chunks - had);
	carry_commit_export();
	assert_int_equal(carry_import(&new), 0);
	carry_commit_import();
	forge_close(&f);
	carry_free(&old);
	carry_free(&new);
}

static void test_have_arguments(void **state)
{
	/* Sizes that no chunk has */
	static const uint64_t sizes[] = {
		0, 23, 24, OSTI_IMAGE_STORED_MAX + 1, 0x100001388, UINT64_MAX,
	};
	struct carry_image image = { .slot = CARRY_SLOT };
	static const uint8_t digest[OSTI_IMAGE_HASH];
	unsigned int i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		assert_int_equal(have(0, digest, sizes[i]), OSTI_E_INVALID);
	assert_int_equal(have(image.chunks, digest, 5000), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 1UL << 32, 5000, 1),
			 OSTI_E_INVALID);
	/* None of them counts. */
	assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0), OSTI_E_STATE);
	carry_export_steps(&image, CARRY_CHUNKING, CARRY_READ);
	assert_first(&image);
	carry_free(&image);
}

/* The engine works ahead then, at the same table. */
static void test_have_too_late(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	static const uint8_t digest[OSTI_IMAGE_HASH];

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	assert_int_equal(have(image.chunks - 1, digest, 5000), OSTI_OK);
	machine_smc(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER,
		    OSTI_IMAGE_STORED_MAX);
	assert_int_equal(have(image.chunks - 2, digest, 5000), OSTI_E_STATE);
	/* It is not had after all: its true entry replaces what was said. */
	carry_export_steps(&image, CARRY_CHUNKING, CARRY_READ);
	assert_first(&image);
	carry_free(&image);
}

/* A wrong word of the receiver spoils its own image only. */
static void test_have_wrong(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	uint8_t digest[OSTI_IMAGE_HASH] = { 1, 2, 3 };
	struct machine_smc smc;
	uint64_t room;
	uint32_t i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	room = image.head + image.chunks * 40UL;
	image.file = realloc(image.file, room);
	assert_non_null(image.file);
	memset(image.file, 0, room);
	for (i = 0; i < image.chunks; i++) {
		assert_int_equal(have(i, digest, 40), OSTI_OK);
		image.at[i] = image.bytes;
		image.bytes += 40;
	}
	image.at[i] = image.bytes;
	smc = carry_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], image.bytes);
	carry_export_steps(&image, CARRY_READ, CARRY_READ);
	carry_commit_export();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_CHUNK_TAG);
	carry_free(&image);
}

/* ---- Chunks in any order ---------------------------------------------------------- */

/* More chunks than the ring has places; what is in memory then, to be freed. */
static uint8_t *fill_much(void)
{
	uint8_t *ram = host_memory(slot()->base, CARRY_BYTES);
	uint8_t *copy = malloc(CARRY_BYTES);
	uint64_t seed = 77;
	size_t i;

	for (i = 0; i < CARRY_BYTES / 4; i += 8)
		image_put64(ram + i, test_random(&seed) & 0x00ff00ff00ff00ff);
	assert_non_null(copy);
	return memcpy(copy, ram, CARRY_BYTES);
}

/* Ask for all chunks, the next one being step further. */
static void ask(struct carry_image *image, uint32_t step)
{
	uint8_t **chunk = calloc(image->chunks, sizeof(*chunk));
	size_t *bytes = calloc(image->chunks, sizeof(*bytes));
	struct machine_smc smc;
	uint32_t i, n = 0;

	for (i = 0; i < image->chunks; i++) {
		n = (n + step) % image->chunks;
		smc = carry_call(OSTI_CALL_EXPORT_CHUNK, n, CARRY_BUFFER,
				 OSTI_IMAGE_STORED_MAX);
		assert_int_equal(smc.x[0], OSTI_OK);
		bytes[n] = smc.x[1];
		chunk[n] = malloc(bytes[n]);
		memcpy(chunk[n], carry_buffer(bytes[n]), bytes[n]);
	}
	for (i = 0; i < image->chunks; i++) {
		image->at[i] = image->bytes;
		memcpy(image->file + image->bytes, chunk[i], bytes[i]);
		image->bytes += bytes[i];
		free(chunk[i]);
	}
	image->at[i] = image->bytes;
	free(chunk);
	free(bytes);
}

static uint32_t coprime(uint32_t from, uint32_t n)
{
	uint32_t a, b, rest;

	for (;; from++) {
		for (a = from, b = n; b; a = b, b = rest)
			rest = a % b;
		if (a == 1)
			return from;
	}
}

static void test_any_order(void **state)
{
	static const uint32_t steps[] = { 1, 2, 5, 31, 32, 33, 34 };
	uint8_t *want = fill_much();
	struct carry_image image;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		image = (struct carry_image) { .slot = CARRY_SLOT };
		carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
		assert_true(image.chunks > 2 * ENGINE_RING_PLACES);
		ask(&image, coprime(steps[i], image.chunks));
		carry_export_steps(&image, CARRY_SEALING, CARRY_READ);
		forge_assert_memory(&image, want);
		carry_abort_export();
		carry_free(&image);
	}
	free(want);
}

/* Each is made once when they are asked for in order, whoever makes them. */
static void test_ahead(void **state)
{
	struct carry_image image;
	uint8_t *want = fill_much();

	(void)state;
	engine_model.slices = 1;
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(engine_model.begun[ENGINE_OP_CHUNK], image.chunks);
	assert_int_equal(engine_model.done[ENGINE_OP_CHUNK], image.chunks);
	forge_assert_memory(&image, want);
	carry_free(&image);
	free(want);
}

/* Asked for again: made again, and the same. */
static void test_twice(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	struct machine_smc smc;
	uint32_t i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKED);
	for (i = image.chunks; i-- > 0;) {
		smc = carry_call(OSTI_CALL_EXPORT_CHUNK, i, CARRY_BUFFER,
				 OSTI_IMAGE_STORED_MAX);
		assert_int_equal(smc.x[0], OSTI_OK);
		assert_int_equal(smc.x[1], image.at[i + 1] - image.at[i]);
		assert_memory_equal(carry_buffer(smc.x[1]),
				    image.file + image.at[i], smc.x[1]);
	}
	carry_export_steps(&image, CARRY_SEALING, CARRY_READ);
	assert_first(&image);
	carry_free(&image);
}

/* The table is sealed when nobody is at it any more. */
static void test_seal_waits(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_CHUNKED);
	engine_model.slices = 2;
	machine_smc(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER,
		    OSTI_IMAGE_STORED_MAX);
	while (engine_model.done[ENGINE_OP_CHUNK] <
	       engine_model.begun[ENGINE_OP_CHUNK]) {
		assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0),
				 OSTI_AGAIN);
		assert_int_equal(engine_model.begun[ENGINE_OP_SEAL], 0);
	}
	carry_export_steps(&image, CARRY_SEALED, CARRY_READ);
	assert_first(&image);
	carry_free(&image);
}

/* Memory of a frozen slot does not change: if it does, there is no image. */
static void test_changed(void **state)
{
	uint8_t *byte = host_memory(pa_add(slot()->base, 200 * PAGE), PAGE);
	struct carry_image image = { .slot = CARRY_SLOT };
	struct machine_smc smc = { .x = { 0 } };
	uint32_t i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	*byte ^= 1;
	for (i = 0; i < image.chunks && smc.x[0] == OSTI_OK; i++)
		smc = carry_call(OSTI_CALL_EXPORT_CHUNK, i, CARRY_BUFFER,
				 OSTI_IMAGE_STORED_MAX);
	assert_int_equal((int64_t)smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(smc.x[1], -OSTI_IMAGE_E_CHANGED);
	machine_assert_kept(&smc, 1U << 1);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	assert_int_equal(machine_last_event(OSTI_EV_REJECTED).arg[0],
			 -OSTI_IMAGE_E_CHANGED);
	assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0), OSTI_E_STATE);
	carry_assert_clean();
	*byte ^= 1;
	carry_assert_contents(CARRY_SLOT, 1);
	carry_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_table, setup),
		cmocka_unit_test_setup(test_have, setup),
		cmocka_unit_test_setup(test_have_arguments, setup),
		cmocka_unit_test_setup(test_have_too_late, setup),
		cmocka_unit_test_setup(test_have_wrong, setup),
		cmocka_unit_test_setup(test_any_order, setup),
		cmocka_unit_test_setup(test_ahead, setup),
		cmocka_unit_test_setup(test_twice, setup),
		cmocka_unit_test_setup(test_seal_waits, setup),
		cmocka_unit_test_setup(test_changed, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
