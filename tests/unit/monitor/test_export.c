// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_export.c - a frozen slot becomes an image
 */
#define _DEFAULT_SOURCE

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "context.h"
#include "event.h"
#include "forge.h"
#include "host.h"
#include "image_bytes.h"
#include "nv.h"
#include "platform.h"
#include "slot.h"
#include "spy.h"

#define PAGE	OSTI_IMAGE_PAGE

static int setup(void **state)
{
	(void)state;
	carry_boot();
	return 0;
}

/* The slot is frozen, the boot manager runs. */
static int setup_frozen(void **state)
{
	setup(state);
	carry_freeze(CARRY_SLOT, 1);
	spy_reset();
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

/* ---- What comes out ---------------------------------------------------------- */

static void assert_info(const struct image_info *info)
{
	uint8_t gic[GICV3_IMAGE_BYTES], platform[OSTI_IMAGE_HASH];

	assert_int_equal(info->partition_bytes, CARRY_BYTES);
	assert_int_equal(info->entry, CARRY_ENTRY);
	assert_int_equal(info->arg, CARRY_ARG);
	assert_int_equal(info->cpu, 0);
	assert_int_equal(info->counter, slot()->frozen_at);
	gicv3_image_write(&slot()->gic, gic);
	assert_int_equal(info->gic_bytes, sizeof(gic));
	assert_memory_equal(info->gic, gic, sizeof(gic));
	platform_fingerprint(slot(), platform);
	assert_memory_equal(info->platform, platform, sizeof(platform));
}

static void assert_header(const struct carry_image *image,
			  const struct image_header *header)
{
	uint8_t key[MACHINE_KEY_BYTES], device[OSTI_IMAGE_DEVICE];

	carry_key(1, key);
	image_keys_device(key, device);
	assert_memory_equal(header->identity.device, device, sizeof(device));
	assert_int_equal(header->identity.slot, CARRY_SLOT);
	assert_memory_equal(header->identity.name,
			    "guest\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(header->identity.generation, image->generation);
	assert_int_equal(header->saved_at, CARRY_SAVED_AT);
	assert_int_equal(image_header_total(header), image->bytes);
}

/* By the portable code: whole and good, and of this memory. */
static void assert_good(const struct carry_image *image, uint64_t seed)
{
	struct image_work *work = malloc(sizeof(*work));
	uint8_t *want = carry_contents(seed), *ram = calloc(1, CARRY_BYTES);
	unsigned int codecs = 0;
	struct image_header header;
	struct image_manifest m;
	struct image_chunk chunk;
	struct image_keys keys;
	uint8_t *plain;
	uint32_t i;

	assert_true(work && ram);
	carry_image_keys(CARRY_SLOT, &keys);
	plain = forge_open(image, &header, &m);
	assert_header(image, &header);
	assert_info(&m.info);
	assert_int_equal(m.pages, image->pages);
	assert_int_equal(m.chunks, image->chunks);
	for (i = 0; i < m.chunks; i++) {
		assert_int_equal(image_manifest_chunk(&m, i, &chunk), 0);
		assert_int_equal(chunk.stored,
				 image->at[i + 1] - image->at[i]);
		assert_int_equal(image_chunk_open(&keys, work, &m, i,
						  image->file + image->at[i],
						  chunk.stored), 0);
		image_chunk_place(work, &m, i, ram);
		codecs |= 1U << chunk.codec;
	}
	assert_int_equal(codecs, 1 << OSTI_IMAGE_CODEC_RAW |
				 1 << OSTI_IMAGE_CODEC_LZ4);
	assert_memory_equal(ram, want, CARRY_BYTES);
	free(plain);
	free(ram);
	free(want);
	free(work);
}

static void test_whole(void **state)
{
	struct carry_image image;
	struct event_record rec;

	(void)state;
	assert_int_equal(slot()->gic.shared[0].group, CARRY_GIC_GROUP);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(image.generation, 1);
	assert_good(&image, 1);
	assert_int_equal(slot()->state, OSTI_SLOT_SAVING);
	carry_assert_generation(1, NV_BEGUN);

	carry_commit_export();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(slot()->base, 0);
	assert_int_equal(slot()->frozen_at, 0);
	carry_assert_generation(1, NV_STORED);
	rec = machine_last_event(OSTI_EV_SAVED);
	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], 1);
	assert_int_equal(rec.arg[1], image.bytes);
	carry_free(&image);
}

static void write_file(const char *dir, const char *name, const void *bytes,
		       size_t n)
{
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
}

/* The tool that people have says the same. */
static void test_tool(void **state)
{
	char dir[] = "/tmp/osti-export-XXXXXX", command[512];
	uint8_t key[MACHINE_KEY_BYTES];
	struct carry_image image;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	carry_key(1, key);
	assert_non_null(mkdtemp(dir));
	write_file(dir, "key", key, sizeof(key));
	write_file(dir, "image", image.file, image.bytes);
	snprintf(command, sizeof(command),
		 "%s verify --key-file %s/key %s/image >%s/said; s=$?; rm -r %s; exit $s",
		 OSTI_IMAGE, dir, dir, dir, dir);
	assert_int_equal(system(command), 0);
	carry_free(&image);
}

/* Nothing in it, and nothing but zeros behind it. */
static void test_no_pages(void **state)
{
	struct carry_image image;

	(void)state;
	carry_start(CARRY_SLOT);
	assert_int_equal(machine_suspend(0, CARRY_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(image.pages, 0);
	assert_int_equal(image.chunks, 0);
	assert_int_equal(image.bytes, image.head);
	carry_commit_export();
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	carry_free(&image);
}

/* When it froze, in seconds, by the clock that the boot manager reads. */
static void test_frozen_at(void **state)
{
	struct image_header header;
	struct image_manifest m;
	struct carry_image image;

	(void)state;
	host_counter_now += 100 * arch_counter_hz();
	carry_export(CARRY_SLOT, &image);
	free(forge_open(&image, &header, &m));
	assert_in_range(m.info.frozen_at, CARRY_SAVED_AT - 103,
			CARRY_SAVED_AT - 100);
	carry_free(&image);
	/* A clock that was never set is no reason to wrap. */
	assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 5, 0),
			 OSTI_OK);
	image = (struct carry_image) { .slot = CARRY_SLOT, .generation = 1 };
	carry_export_steps(&image, CARRY_SCANNED, CARRY_READ);
	free(forge_open(&image, &header, &m));
	assert_int_equal(m.info.frozen_at, 0);
	carry_free(&image);
}

/* ---- The second image --------------------------------------------------------- */

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

static void test_table(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	struct image_header header;
	struct image_manifest m;
	uint8_t *table, *plain;
	uint32_t i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	assert_true(image.chunks > 10);
	table = read_table(&image);
	for (i = 0; i < image.chunks; i++) {
		const uint8_t *entry = table + i * OSTI_IMAGE_T_ENTRY;

		assert_int_equal(image_get32(entry + OSTI_IMAGE_T_STORED), 0);
		assert_int_equal(entry[OSTI_IMAGE_T_CODEC], 0);
	}
	free(table);
	assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, image.chunks,
			      CARRY_BUFFER, 1), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, image.chunks + 1,
			      CARRY_BUFFER, 1), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, 1UL << 32, CARRY_BUFFER,
			      1), OSTI_E_INVALID);

	carry_export_steps(&image, CARRY_CHUNKED, CARRY_CHUNKED);
	table = read_table(&image);
	carry_export_steps(&image, CARRY_SEALING, CARRY_READ);
	plain = forge_open(&image, &header, &m);
	assert_memory_equal(m.table, table, image.chunks * OSTI_IMAGE_T_ENTRY);
	free(plain);
	free(table);
	carry_free(&image);
}

static bool has_chunk(const struct image_manifest *m, const uint8_t *id,
		      struct image_chunk *chunk, uint32_t *index)
{
	for (*index = 0; !image_manifest_chunk(m, *index, chunk); ++*index)
		if (!memcmp(chunk->id, id, OSTI_IMAGE_HASH))
			return true;
	return false;
}

/* Chunks of an older image are not made again, and the image is as good. */
static void test_have(void **state)
{
	struct carry_image old, new = { .slot = CARRY_SLOT };
	unsigned int had = 0;
	struct image_header header;
	struct image_manifest m;
	struct image_chunk chunk;
	uint8_t *plain, *table;
	uint32_t i, index;

	(void)state;
	carry_export(CARRY_SLOT, &old);
	plain = forge_open(&old, &header, &m);
	assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0), OSTI_OK);
	/* The OS used one page meanwhile. */
	memset(arch_phys(slot()->base + 200 * PAGE, PAGE), 0x77, PAGE);

	carry_export_steps(&new, CARRY_SCANNING, CARRY_SCANNED);
	table = read_table(&new);
	for (i = 0; i < new.chunks; i++) {
		const uint8_t *id = table + i * OSTI_IMAGE_T_ENTRY;
		struct machine_smc smc;
		size_t n;

		new.at[i] = new.bytes;
		if (has_chunk(&m, id, &chunk, &index)) {
			had++;
			n = chunk.stored;
			assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, i, n,
					      chunk.codec), OSTI_OK);
			memcpy(new.file + new.bytes, old.file + old.at[index],
			       n);
		} else {
			smc = machine_smc(OSTI_CALL_EXPORT_CHUNK, i,
					  CARRY_BUFFER, 65 * PAGE);
			assert_int_equal(smc.x[0], OSTI_OK);
			n = smc.x[1];
			memcpy(new.file + new.bytes, carry_buffer(n), n);
		}
		new.bytes += n;
	}
	new.at[i] = new.bytes;
	assert_in_range(new.chunks - had, 1, 2);
	carry_export_steps(&new, CARRY_SEALING, CARRY_READ);
	carry_commit_export();
	assert_int_equal(carry_import(&new), 0);
	carry_commit_import();
	free(table);
	free(plain);
	carry_free(&old);
	carry_free(&new);
}

/* ---- The end -------------------------------------------------------------------- */

/* The image counts before the memory is gone, whenever power goes. */
static void test_order(void **state)
{
	struct carry_image image;

	(void)state;
	carry_export(CARRY_SLOT, &image);
	machine_mark(CARRY_SLOT);
	spy_assert_order("nv_begin", CARRY_SLOT, "slot_transition",
			 SLOT_EV_EXPORT);
	assert_int_equal(spy_count("nv_begin", CARRY_SLOT), 1);
	assert_int_equal(spy_count("nv_store", SPY_ANY), 0);
	assert_int_equal(spy_count("memory_wipe", CARRY_SLOT), 0);
	carry_commit_export();
	assert_int_equal(spy_count("nv_store", CARRY_SLOT), 1);
	spy_assert_order("nv_store", CARRY_SLOT, "memory_wipe", CARRY_SLOT);
	spy_assert_order("memory_wipe", CARRY_SLOT, "slot_transition",
			 SLOT_EV_COMMIT);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_free(&image);
}

/* Given up, it is as if nothing had been. */
static void test_abort(void **state)
{
	struct carry_image last = { .slot = CARRY_SLOT }, first;
	const pa_t base = slot()->base;
	enum carry_export stage;
	struct machine_smc smc;

	(void)state;
	carry_export(CARRY_SLOT, &first);
	for (stage = CARRY_SCANNING; stage <= CARRY_READ; stage++) {
		assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0),
				 OSTI_OK);
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		assert_int_equal(slot()->base, base);
		assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0),
				 OSTI_E_STATE);
		carry_free(&last);
		last.slot = CARRY_SLOT;
		carry_export_steps(&last, CARRY_SCANNING, stage);
	}
	/* A new number each time, but the same memory gives the same bytes. */
	assert_int_equal(first.generation, 1);
	assert_int_equal(last.generation, 2 + CARRY_READ);
	assert_int_equal(last.bytes, first.bytes);
	assert_memory_equal(last.file + last.head, first.file + first.head,
			    last.bytes - last.head);
	assert_int_equal(call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0), OSTI_OK);
	carry_assert_generation(last.generation, NV_BEGUN);
	carry_assert_contents(CARRY_SLOT, 1);
	smc = machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(smc.entry.pc, CARRY_ENTRY);
	carry_free(&last);
	carry_free(&first);
}

/* ---- Not now -------------------------------------------------------------------- */

static void test_begin_refused(void **state)
{
	static const uint64_t bad[] = {
		0, CONFIG_OSTI_NR_SLOTS + 1, 0x100000003, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, bad[i], 1, 0),
				 OSTI_E_INVALID);
	/* Not frozen. */
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, 1, 1, 0), OSTI_E_STATE);
	/* A slot is open. */
	assert_int_equal(call(OSTI_CALL_SLOT_OPEN, 1, 0, 0), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, 1, 1, 0), OSTI_E_STATE);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0),
			 OSTI_E_STATE);
	assert_int_equal(call(OSTI_CALL_SLOT_CLOSE, 1, 0, 0), OSTI_OK);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0),
			 OSTI_OK);
}

static void test_no_nv(void **state)
{
	(void)state;
	machine_boot(2);
	carry_freeze(2, 1);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, 2, 1, 0),
			 OSTI_E_HARDWARE);
	assert_int_equal(context_get(2)->state, OSTI_SLOT_FROZEN);
	assert_int_equal(machine_smc(OSTI_CALL_SLOT_RESUME, 2, 0, 0).outcome,
			 OUTCOME_ENTER);
}

/* Generations do not start again. */
static void test_last_generation(void **state)
{
	struct machine_smc smc;

	(void)state;
	assert_int_equal(nv_store(CARRY_SLOT, UINT64_MAX), 0);
	smc = machine_smc(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0);
	assert_int_equal(smc.x[0], OSTI_E_HARDWARE);
	machine_assert_kept(&smc, 0);
	assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
}

/* ---- Arguments -------------------------------------------------------------------- */

static void test_arguments(void **state)
{
	static const uint64_t steps[] = { 0, OSTI_SCAN_MAX + 1, UINT64_MAX };
	static const uint64_t seals[] = { 0, OSTI_SEAL_MAX + 1, UINT64_MAX };
	static const uint64_t copies[] = { 0, OSTI_COPY_MAX + 1, UINT64_MAX };
	struct carry_image image = { .slot = CARRY_SLOT };
	unsigned int i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
	for (i = 0; i < 3; i++)
		assert_int_equal(call(OSTI_CALL_EXPORT_SCAN, steps[i], 0, 0),
				 OSTI_E_INVALID);
	carry_export_steps(&image, CARRY_SCANNED, CARRY_SCANNED);
	for (i = 0; i < 3; i++)
		assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, 0, CARRY_BUFFER,
				      steps[i]), OSTI_E_INVALID);
	/* A chunk that is not there, a buffer that is too small for one. */
	assert_int_equal(call(OSTI_CALL_EXPORT_CHUNK, image.chunks,
			      CARRY_BUFFER, 65 * PAGE), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_CHUNK, 1UL << 32, CARRY_BUFFER,
			      65 * PAGE), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER, 0),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_CHUNK, 0, CARRY_BUFFER, 1000),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, 100, 0, 0), OSTI_E_STATE);
	/* Sizes that no chunk has. */
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, image.chunks, 5000, 1),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 0, 0, 0), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 0, 5000, 0),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 0, 5000, 2),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 0, 5000, 0x101),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 0, 0x100001388, 1),
			 OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_HAVE, 1UL << 32, 5000, 1),
			 OSTI_E_INVALID);
	carry_export_steps(&image, CARRY_CHUNKED, CARRY_CHUNKED);
	for (i = 0; i < 3; i++)
		assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, seals[i], 0, 0),
				 OSTI_E_INVALID);
	carry_export_steps(&image, CARRY_SEALING, CARRY_SEALED);
	for (i = 0; i < 3; i++)
		assert_int_equal(call(OSTI_CALL_EXPORT_READ, 0, CARRY_BUFFER,
				      copies[i]), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, image.head, CARRY_BUFFER,
			      1), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, image.head - 1,
			      CARRY_BUFFER, 2), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, UINT64_MAX, CARRY_BUFFER,
			      2), OSTI_E_INVALID);
	carry_export_steps(&image, CARRY_READ, CARRY_READ);
	assert_good(&image, 1);
	carry_free(&image);
}

/* What the boot manager never had cannot be safe on its disk. */
static void test_all_must_be_read(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SEALED);
	assert_int_equal(call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0), OSTI_E_STATE);
	/* The end, and all but a byte of what is before. */
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, 5000, CARRY_BUFFER,
			      image.head - 5000), OSTI_OK);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, 0, CARRY_BUFFER, 4999),
			 OSTI_OK);
	assert_int_equal(call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0), OSTI_E_STATE);
	carry_assert_generation(1, NV_BEGUN);
	assert_int_equal(slot()->state, OSTI_SLOT_SAVING);
	carry_export_steps(&image, CARRY_READ, CARRY_READ);
	assert_good(&image, 1);
	carry_commit_export();
	carry_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_whole, setup_frozen),
		cmocka_unit_test_setup(test_tool, setup_frozen),
		cmocka_unit_test_setup(test_no_pages, setup),
		cmocka_unit_test_setup(test_frozen_at, setup_frozen),
		cmocka_unit_test_setup(test_table, setup_frozen),
		cmocka_unit_test_setup(test_have, setup_frozen),
		cmocka_unit_test_setup(test_order, setup_frozen),
		cmocka_unit_test_setup(test_abort, setup_frozen),
		cmocka_unit_test_setup(test_begin_refused, setup_frozen),
		cmocka_unit_test_setup(test_no_nv, setup),
		cmocka_unit_test_setup(test_last_generation, setup_frozen),
		cmocka_unit_test_setup(test_arguments, setup_frozen),
		cmocka_unit_test_setup(test_all_must_be_read, setup_frozen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
