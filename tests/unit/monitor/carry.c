// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry.c - images out of slots and into slots, by the calls that the boot
 * manager makes
 */
#include "carry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "board.h"
#include "host_gic.h"
#include "image_bytes.h"
#include "spy.h"

#define PAGE		OSTI_IMAGE_PAGE
/* More than a chunk can have. */
#define ROOM		(OSTI_IMAGE_CHUNK_MAX * PAGE + OSTI_IMAGE_TAG)
/* Odd, so that steps end anywhere. */
#define SCAN_STEP	1013
#define SEAL_STEP	5003
#define COPY_STEP	3001

/* ---- Images ------------------------------------------------------------------ */

void carry_free(struct carry_image *image)
{
	free(image->at);
	free(image->file);
	memset(image, 0, sizeof(*image));
}

static void *copy(const void *from, size_t bytes)
{
	void *to = malloc(bytes);

	assert_non_null(to);
	return memcpy(to, from, bytes);
}

struct carry_image carry_copy(const struct carry_image *image)
{
	struct carry_image to = *image;

	to.at = copy(image->at, (image->chunks + 1) * sizeof(*image->at));
	to.file = copy(image->file, image->bytes);
	return to;
}

/* ---- Device ------------------------------------------------------------------ */

void carry_key(uint8_t number, uint8_t key[MACHINE_KEY_BYTES])
{
	unsigned int i;

	for (i = 0; i < MACHINE_KEY_BYTES; i++)
		key[i] = number + 37 * i;
}

static void boot(void)
{
	context_get(CARRY_SLOT)->size = CARRY_BYTES;
}

void carry_boot(void)
{
	uint8_t key[MACHINE_KEY_BYTES];

	carry_key(1, key);
	machine_boot_provisioned(2, key);
	boot();
}

void carry_power_cycle(void)
{
	machine_power_cycle(2);
	boot();
}

void carry_image_keys(unsigned int slot, struct image_keys *keys)
{
	uint8_t root[MACHINE_KEY_BYTES], slot_key[OSTI_IMAGE_HASH];

	carry_key(1, root);
	image_keys_slot(root, (const uint8_t *)context_get(slot)->name,
			slot_key);
	image_keys_derive(slot_key, keys);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void fill_page(uint8_t *page, uint64_t seed, uint64_t nr, bool noise)
{
	uint64_t state = seed << 32 | (nr + 1);
	unsigned int i;

	for (i = 0; i < PAGE; i += 8) {
		uint64_t word = next_random(&state);

		/* What is not noise is short of letters, so LZ4 likes it. */
		image_put64(page + i, noise ? word : word & 0x0101010101010101);
	}
}

/* Runs, single pages, both sides of a segment's border, first and last page. */
static void fill(uint8_t *ram, uint64_t seed)
{
	uint64_t nr;

	for (nr = 0; nr < CARRY_PAGES; nr++) {
		bool used = nr < 3 || (nr >= 100 && nr < 300) ||
			    (nr > 400 && nr < 1000 && nr % 7 == seed % 7) ||
			    (nr >= 4090 && nr < 4102) || nr == CARRY_PAGES - 1;

		if (used)
			fill_page(ram + nr * PAGE, seed, nr, nr < 270);
	}
}

void carry_start(unsigned int slot)
{
	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, slot, 0, 0),
			 OSTI_OK);
	assert_int_equal(machine_start_open(slot).outcome, OUTCOME_ENTER);
	/* The OS has no use any more for what it was started with. */
	arch_zero(context_get(slot)->base, CARRY_BYTES);
}

void carry_freeze(unsigned int slot, uint64_t seed)
{
	carry_start(slot);
	fill(arch_phys(context_get(slot)->base, CARRY_BYTES), seed);
	host_gic.bank[1].group = CARRY_GIC_GROUP;
	assert_int_equal(machine_suspend(OSTI_CONTEXT_BM, CARRY_ENTRY,
					 CARRY_ARG).outcome, OUTCOME_ENTER);
	assert_int_equal(context_get(slot)->state, OSTI_SLOT_FROZEN);
}

uint8_t *carry_contents(uint64_t seed)
{
	uint8_t *ram = calloc(1, CARRY_BYTES);

	assert_non_null(ram);
	fill(ram, seed);
	return ram;
}

void carry_assert_contents(unsigned int slot, uint64_t seed)
{
	uint8_t *want = carry_contents(seed);

	assert_memory_equal(arch_phys(context_get(slot)->base, CARRY_BYTES),
			    want, CARRY_BYTES);
	free(want);
}

void carry_assert_generation(uint64_t generation, enum nv_state state)
{
	uint64_t found;
	enum nv_state is;

	assert_int_equal(nv_generation(CARRY_SLOT, &found, &is), 0);
	assert_int_equal(found, generation);
	assert_int_equal(is, state);
}

/* ---- Calls ------------------------------------------------------------------- */

uint8_t *carry_buffer(size_t bytes)
{
	return arch_phys(BOARD_BM_BASE + CARRY_BUFFER - OSTI_RAM_IPA, bytes);
}

/* A call that succeeds, or AGAIN. */
static struct machine_smc call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	struct machine_smc smc = machine_smc(fid, a, b, c);

	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	if (smc.x[0] != OSTI_AGAIN)
		assert_int_equal(smc.x[0], OSTI_OK);
	return smc;
}

static void begin_export(struct carry_image *image)
{
	struct machine_smc smc = call(OSTI_CALL_EXPORT_BEGIN, image->slot,
				      CARRY_SAVED_AT, 0);

	image->generation = smc.x[1];
	assert_int_equal(smc.x[2],
			 context_get(image->slot)->size / PAGE);
	smc = call(OSTI_CALL_EXPORT_SCAN, SCAN_STEP, 0, 0);
	assert_int_equal(smc.x[0], OSTI_AGAIN);
	assert_int_equal(smc.x[1], SCAN_STEP);
}

static void scan(struct carry_image *image)
{
	struct machine_smc smc;

	do {
		smc = call(OSTI_CALL_EXPORT_SCAN, SCAN_STEP, 0, 0);
	} while (smc.x[0] == OSTI_AGAIN);
	assert_int_equal(smc.x[1], context_get(image->slot)->size / PAGE);
	image->pages = smc.x[2];
	image->chunks = smc.x[3];
	image->head = smc.x[4];
	image->bytes = image->head;
	image->at = calloc(image->chunks + 1, sizeof(*image->at));
	image->file = calloc(1, image->head +
			     image->pages * (PAGE + OSTI_IMAGE_TAG));
	assert_true(image->at && image->file);
}

static void export_chunks(struct carry_image *image)
{
	struct machine_smc smc;
	uint32_t i;

	for (i = 0; i < image->chunks; i++) {
		smc = call(OSTI_CALL_EXPORT_CHUNK, i, CARRY_BUFFER, ROOM);
		image->at[i] = image->bytes;
		memcpy(image->file + image->bytes, carry_buffer(smc.x[1]),
		       smc.x[1]);
		image->bytes += smc.x[1];
	}
	image->at[i] = image->bytes;
}

static void seal(struct carry_image *image)
{
	struct machine_smc smc;

	do {
		smc = call(OSTI_CALL_EXPORT_SEAL, SEAL_STEP, 0, 0);
	} while (smc.x[0] == OSTI_AGAIN);
	assert_int_equal(smc.x[1], image->bytes);
}

static void read_head(struct carry_image *image)
{
	size_t at, n;

	for (at = 0; at < image->head; at += n) {
		n = image->head - at < COPY_STEP ? image->head - at : COPY_STEP;
		call(OSTI_CALL_EXPORT_READ, at, CARRY_BUFFER, n);
		memcpy(image->file + at, carry_buffer(n), n);
	}
}

void carry_export_steps(struct carry_image *image, enum carry_export from,
			enum carry_export to)
{
	enum carry_export stage;

	for (stage = from; stage <= to; stage++) {
		switch (stage) {
		case CARRY_SCANNING:
			begin_export(image);
			break;
		case CARRY_SCANNED:
			scan(image);
			break;
		case CARRY_CHUNKED:
			export_chunks(image);
			break;
		case CARRY_SEALING:
			assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, 1, 0, 0)
					 .x[0], OSTI_AGAIN);
			break;
		case CARRY_SEALED:
			seal(image);
			break;
		case CARRY_READ:
			read_head(image);
			break;
		}
	}
}

void carry_export(unsigned int slot, struct carry_image *image)
{
	memset(image, 0, sizeof(*image));
	image->slot = slot;
	carry_export_steps(image, CARRY_SCANNING, CARRY_READ);
}

void carry_commit_export(void)
{
	call(OSTI_CALL_EXPORT_COMMIT, 0, 0, 0);
}

/* As call(), but the image may be refused. */
static int judge(const struct machine_smc *smc)
{
	assert_int_equal(smc->outcome, OUTCOME_RETURN);
	if (smc->x[0] == OSTI_OK || smc->x[0] == OSTI_AGAIN)
		return 0;
	assert_int_equal(smc->x[0], OSTI_E_IMAGE);
	assert_in_range(smc->x[1], 1, -OSTI_IMAGE_E_LAST);
	machine_assert_kept(smc, 1U << 1);
	return -(int)smc->x[1];
}

static int write_part(const struct carry_image *image, size_t at, size_t end)
{
	struct machine_smc smc;
	size_t n;
	int err;

	for (; at < end; at += n) {
		n = end - at < COPY_STEP ? end - at : COPY_STEP;
		memcpy(carry_buffer(n), image->file + at, n);
		smc = machine_smc(OSTI_CALL_IMPORT_WRITE, at, CARRY_BUFFER, n);
		err = judge(&smc);
		if (err)
			return err;
	}
	return 0;
}

/* The first 100 bytes of the manifest are less than all. */
#define FIRST_PIECE	100

static int begin_import(const struct carry_image *image)
{
	struct machine_smc smc;
	int err;

	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image->file, OSTI_IMAGE_HEADER);
	smc = machine_smc(OSTI_CALL_IMPORT_BEGIN, image->slot, CARRY_BUFFER, 0);
	err = judge(&smc);
	if (err)
		return err;
	assert_int_equal(smc.x[1], image_get64(image->file +
					       OSTI_IMAGE_H_MANIFEST_BYTES));
	return write_part(image, OSTI_IMAGE_HEADER,
			  OSTI_IMAGE_HEADER + FIRST_PIECE);
}

static int open_manifest(const struct carry_image *image)
{
	struct machine_smc smc;
	int err;

	do {
		smc = machine_smc(OSTI_CALL_IMPORT_OPEN, SEAL_STEP, 0, 0);
		err = judge(&smc);
		if (err)
			return err;
	} while (smc.x[0] == OSTI_AGAIN);
	assert_int_equal(smc.x[1], image->chunks);
	assert_int_equal(smc.x[2], image->pages);
	return 0;
}

/* From the last to the first: the order is free. */
static int place(const struct carry_image *image, uint32_t from, uint32_t to)
{
	struct machine_smc smc;
	uint32_t i;
	int err;

	for (i = from; i-- > to;) {
		const size_t n = image->at[i + 1] - image->at[i];

		memcpy(carry_buffer(n), image->file + image->at[i], n);
		smc = machine_smc(OSTI_CALL_IMPORT_CHUNK, i, CARRY_BUFFER, n);
		err = judge(&smc);
		if (err)
			return err;
		assert_int_equal(smc.x[1], i);
	}
	return 0;
}

static int import_step(const struct carry_image *image, enum carry_import stage)
{
	struct machine_smc smc;

	switch (stage) {
	case CARRY_WRITING:
		return begin_import(image);
	case CARRY_WRITTEN:
		return write_part(image, OSTI_IMAGE_HEADER + FIRST_PIECE,
				  image->head);
	case CARRY_OPENING:
		smc = machine_smc(OSTI_CALL_IMPORT_OPEN, 1, 0, 0);
		if (!judge(&smc))
			assert_int_equal(smc.x[0], OSTI_AGAIN);
		return judge(&smc);
	case CARRY_OPENED:
		return open_manifest(image);
	case CARRY_PLACING:
		return place(image, image->chunks, 1);
	default:
		return place(image, image->chunks ? 1 : 0, 0);
	}
}

int carry_import_steps(const struct carry_image *image, enum carry_import from,
		       enum carry_import to)
{
	enum carry_import stage;
	int err = 0;

	for (stage = from; !err && stage <= to; stage++)
		err = import_step(image, stage);
	return err;
}

int carry_import(const struct carry_image *image)
{
	return carry_import_steps(image, CARRY_WRITING, CARRY_PLACED);
}

void carry_commit_import(void)
{
	call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0);
}
