// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_export.c - a frozen slot becomes an image
 */
#define _DEFAULT_SOURCE

#include "test.h"

#include <stdbool.h>
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

static void assert_record(const struct forge *f)
{
	uint8_t gic[GICV3_IMAGE_BYTES], platform[OSTI_IMAGE_HASH];
	struct image_record r;

	forge_record(f, &r);
	assert_int_equal(r.partition_bytes, CARRY_BYTES);
	assert_int_equal(r.entry, CARRY_ENTRY);
	assert_int_equal(r.arg, CARRY_ARG);
	assert_int_equal(r.cpu, 0);
	assert_int_equal(r.kind, OSTI_IMAGE_LOCAL);
	assert_int_equal(r.start, slot()->version);
	assert_int_not_equal(r.start, 0);
	assert_int_equal(r.attachments, 0);
	assert_int_equal(r.counter, slot()->frozen_at);
	gicv3_image_write(&slot()->gic, gic);
	assert_int_equal(r.gic_bytes, sizeof(gic));
	assert_memory_equal(r.gic, gic, sizeof(gic));
	platform_fingerprint(slot(), platform);
	assert_memory_equal(r.platform, platform, sizeof(platform));
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

/* Whole and good, and of this memory. Returns bits of the codecs. */
static unsigned int assert_good(const struct carry_image *image,
				const uint8_t *want)
{
	struct forge f;

	forge_open(image, &f);
	assert_header(image, &f.header);
	assert_record(&f);
	forge_close(&f);
	return forge_assert_memory(image, want);
}

/* Likewise, of what carry_freeze() put there. */
static void assert_first(const struct carry_image *image)
{
	uint8_t *want = carry_contents(1);

	assert_int_equal(assert_good(image, want),
			 1 << OSTI_IMAGE_CODEC_RAW |
			 1 << OSTI_IMAGE_CODEC_ZSTD);
	free(want);
}

static void test_whole(void **state)
{
	struct carry_image image;
	struct event_record rec;

	(void)state;
	assert_int_equal(slot()->gic.shared[0].group, CARRY_GIC_GROUP);
	carry_export(CARRY_SLOT, &image);
	assert_int_equal(image.generation, 1);
	assert_first(&image);
	assert_int_equal(slot()->state, OSTI_SLOT_SAVING);
	carry_assert_generation(1, NV_BEGUN);

	carry_commit_export();
	assert_int_equal(slot()->state, OSTI_SLOT_EMPTY);
	assert_int_equal(pa_value(slot()->base), 0);
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
static uint64_t frozen_at(const struct carry_image *image)
{
	struct image_record record;
	struct forge f;

	forge_open(image, &f);
	forge_record(&f, &record);
	forge_close(&f);
	return record.frozen_at;
}

static void test_frozen_at(void **state)
{
	struct carry_image image;

	(void)state;
	host_counter_now += 100 * arch_counter_hz();
	carry_export(CARRY_SLOT, &image);
	assert_in_range(frozen_at(&image), CARRY_SAVED_AT - 103,
			CARRY_SAVED_AT - 100);
	carry_free(&image);
	/* A clock that was never set is no reason to wrap. */
	carry_abort_export();
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 5, 0),
			 OSTI_OK);
	image = (struct carry_image) { .slot = CARRY_SLOT, .generation = 1 };
	carry_export_steps(&image, CARRY_SCANNED, CARRY_READ);
	assert_int_equal(frozen_at(&image), 0);
	carry_free(&image);
}

/* A call gives some of the engine's time, not all that a job takes. */
static void test_slices(void **state)
{
	struct carry_image image = { .slot = CARRY_SLOT };
	unsigned int calls = 0;
	struct machine_smc smc;

	(void)state;
	engine_model.slices = 3;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
	do {
		const unsigned int before = engine_model.runs;

		smc = machine_smc(OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
		assert_in_range(engine_model.runs - before, 0, 1);
		assert_true(engine_model.ticks <= OSTI_SLICE_US *
						  arch_counter_hz() / 1000000);
		calls++;
	} while (smc.x[0] == OSTI_AGAIN);
	assert_int_equal(smc.x[0], OSTI_OK);
	/* BEGIN, each segment, FINISH; four slices each, one was made. */
	assert_in_range(calls, 4 * (2 + CARRY_SEGMENTS) - 1,
			4 * (2 + CARRY_SEGMENTS) + 1);
	carry_abort_export();
	carry_export(CARRY_SLOT, &image);
	assert_first(&image);
	carry_commit_export();
	carry_free(&image);
}

/* What SCAN tells while it is not done. */
static void test_progress(void **state)
{
	const uint64_t segment = OSTI_IMAGE_SEGMENT / PAGE;
	struct carry_image image = { .slot = CARRY_SLOT };
	struct machine_smc smc;
	uint64_t last = 0;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNING);
	for (;;) {
		smc = machine_smc(OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
		if (smc.x[0] != OSTI_AGAIN)
			break;
		machine_assert_kept(&smc, 1U << 1);
		assert_true(smc.x[1] >= last && smc.x[1] <= CARRY_PAGES);
		assert_true(smc.x[1] % segment == 0 || smc.x[1] == CARRY_PAGES);
		last = smc.x[1];
	}
	assert_int_equal(last, CARRY_PAGES);
	assert_int_equal(smc.x[1], CARRY_PAGES);
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
	assert_int_equal(spy_count("arch_zero", CARRY_SLOT), 0);
	carry_commit_export();
	assert_int_equal(spy_count("nv_store", CARRY_SLOT), 1);
	spy_assert_order("nv_store", CARRY_SLOT, "engine_end", 0);
	spy_assert_order("engine_end", 0, "arch_zero", CARRY_SLOT);
	spy_assert_order("arch_zero", CARRY_SLOT, "partition_free", CARRY_SLOT);
	spy_assert_order("partition_free", CARRY_SLOT, "slot_transition",
			 SLOT_EV_COMMIT);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
	carry_free(&image);
}

/* Given up, it is as if nothing had been. */
static void test_abort(void **state)
{
	struct carry_image last = { .slot = CARRY_SLOT }, first;
	const uint64_t base = pa_value(slot()->base);
	enum carry_export stage;
	struct machine_smc smc;

	(void)state;
	carry_export(CARRY_SLOT, &first);
	for (stage = CARRY_SCANNING; stage <= CARRY_READ; stage++) {
		carry_abort_export();
		carry_assert_clean();
		assert_int_equal(slot()->state, OSTI_SLOT_FROZEN);
		assert_int_equal(pa_value(slot()->base), base);
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
	carry_abort_export();
	carry_assert_generation(last.generation, NV_BEGUN);
	carry_assert_contents(CARRY_SLOT, 1);
	smc = machine_smc(OSTI_CALL_SLOT_RESUME, CARRY_SLOT, 0, 0);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), CARRY_ENTRY);
	carry_free(&last);
	carry_free(&first);
}

/* What the boot manager said of the store is not so any more. */
static void test_note(void **state)
{
	(void)state;
	assert_int_equal(machine_smc5(OSTI_CALL_IMAGE_NOTE, CARRY_SLOT,
				      OSTI_NOTE_PRESENT, 0, 1795651260, 5000)
			 .x[0], OSTI_OK);
	assert_int_equal(call(OSTI_CALL_EXPORT_BEGIN, CARRY_SLOT, 1, 0),
			 OSTI_OK);
	assert_int_equal(machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT, 0, 0)
			 .x[3], OSTI_NOTE_UNKNOWN);
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

static int64_t chunk(uint64_t index, uint64_t room)
{
	return carry_status(OSTI_CALL_EXPORT_CHUNK, index, CARRY_BUFFER, room);
}

static void test_arguments(void **state)
{
	static const uint64_t entries[] = { 0, OSTI_TABLE_MAX + 1, UINT64_MAX };
	static const uint64_t copies[] = { 0, OSTI_COPY_MAX + 1, UINT64_MAX };
	struct carry_image image = { .slot = CARRY_SLOT };
	unsigned int i;

	(void)state;
	carry_export_steps(&image, CARRY_SCANNING, CARRY_SCANNED);
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(call(OSTI_CALL_IMAGE_TABLE, 0, CARRY_BUFFER,
				      entries[i]), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0), OSTI_E_STATE);
	/* A chunk that is not there, a buffer that is too small for one. */
	assert_int_equal(chunk(image.chunks, OSTI_IMAGE_STORED_MAX),
			 OSTI_E_INVALID);
	assert_int_equal(chunk(1UL << 32, OSTI_IMAGE_STORED_MAX),
			 OSTI_E_INVALID);
	assert_int_equal(chunk(0, 0), OSTI_E_INVALID);
	assert_int_equal(chunk(0, 1000), OSTI_E_INVALID);
	carry_export_steps(&image, CARRY_CHUNKING, CARRY_CHUNKED);
	assert_int_equal(chunk(0, image.at[1] - image.at[0] - 1),
			 OSTI_E_INVALID);
	assert_int_equal(chunk(0, image.at[1] - image.at[0]), OSTI_OK);
	carry_export_steps(&image, CARRY_SEALING, CARRY_SEALED);
	for (i = 0; i < ARRAY_SIZE(copies); i++)
		assert_int_equal(call(OSTI_CALL_EXPORT_READ, 0, CARRY_BUFFER,
				      copies[i]), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, image.head, CARRY_BUFFER,
			      1), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, image.head - 1,
			      CARRY_BUFFER, 2), OSTI_E_INVALID);
	assert_int_equal(call(OSTI_CALL_EXPORT_READ, UINT64_MAX, CARRY_BUFFER,
			      2), OSTI_E_INVALID);
	carry_export_steps(&image, CARRY_READ, CARRY_READ);
	assert_first(&image);
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
	assert_first(&image);
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
		cmocka_unit_test_setup(test_slices, setup_frozen),
		cmocka_unit_test_setup(test_progress, setup_frozen),
		cmocka_unit_test_setup(test_order, setup_frozen),
		cmocka_unit_test_setup(test_abort, setup_frozen),
		cmocka_unit_test_setup(test_note, setup_frozen),
		cmocka_unit_test_setup(test_begin_refused, setup_frozen),
		cmocka_unit_test_setup(test_no_nv, setup),
		cmocka_unit_test_setup(test_last_generation, setup_frozen),
		cmocka_unit_test_setup(test_arguments, setup_frozen),
		cmocka_unit_test_setup(test_all_must_be_read, setup_frozen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
