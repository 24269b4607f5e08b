// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry.c - images out of slots and into slots, by the calls that the boot
 * manager, or a slot that is the courier, makes
 */
#include "carry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"
#include "image_bytes.h"
#include "world.h"

#define PAGE		OSTI_IMAGE_PAGE
#define ROOM		OSTI_IMAGE_STORED_MAX
/* Odd, so that steps end anywhere. */
#define COPY_STEP	3001
/* More than any of these calls says OSTI_AGAIN. */
#define MOST_CALLS	100000

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

/* ---- Calls ------------------------------------------------------------------- */

uint8_t *carry_buffer(size_t bytes)
{
	return host_memory(pa_add(world_current()->base, CARRY_BUFFER - OSTI_RAM_IPA),
			   bytes);
}

struct machine_smc carry_call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	struct machine_smc smc;
	unsigned int n;

	for (n = 0; n < MOST_CALLS; n++) {
		smc = machine_smc(fid, a, b, c);
		assert_int_equal(smc.outcome, OUTCOME_RETURN);
		if (smc.x[0] != OSTI_AGAIN)
			return smc;
	}
	fail_msg("call %lx has no end", fid);
	return smc;
}

int64_t carry_status(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	return carry_call(fid, a, b, c).x[0];
}

/* A call that succeeds. */
static struct machine_smc call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	struct machine_smc smc = carry_call(fid, a, b, c);

	assert_int_equal(smc.x[0], OSTI_OK);
	return smc;
}

int64_t carry_attach(unsigned int n)
{
	const uint64_t arg[6] = {
		OSTI_ATTACH_DISK, (n + 1) << 20, 0x0123456789abcdef + n,
		0x1111111111111111UL * n, ~0UL, n,
	};

	return machine_smc_with(OSTI_CALL_ATTACH, arg).x[0];
}

static void attach_all(unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		assert_int_equal(carry_attach(i), OSTI_OK);
}

/* ---- Export ------------------------------------------------------------------- */

/* A slot makes copies. */
static uint64_t kind(void)
{
	return world_current()->id == OSTI_CONTEXT_BM ? OSTI_IMAGE_LOCAL :
							OSTI_IMAGE_COPY;
}

static void begin_export(struct carry_image *image)
{
	struct machine_smc smc = call(OSTI_CALL_EXPORT_BEGIN, image->slot,
				      CARRY_SAVED_AT,
				      kind() | image->attachments << 8);

	image->generation = smc.x[1];
	assert_int_equal(smc.x[2],
			 context_get(image->slot)->size / PAGE);
	smc = machine_smc(OSTI_CALL_EXPORT_SCAN, 0, 0, 0);
	assert_int_equal(smc.x[0], OSTI_AGAIN);
	assert_int_equal(smc.x[1], 0);
}

static void scan(struct carry_image *image)
{
	struct machine_smc smc = call(OSTI_CALL_EXPORT_SCAN, 0, 0, 0);

	assert_int_equal(smc.x[1], context_get(image->slot)->size / PAGE);
	image->pages = smc.x[2];
	image->chunks = smc.x[3];
	image->head = smc.x[4];
	image->bytes = image->head;
	image->at = calloc(image->chunks + 1, sizeof(*image->at));
	image->file = calloc(1, image->head +
			     image->pages * (PAGE + OSTI_IMAGE_TAG +
					     OSTI_IMAGE_C_DATA));
	assert_true(image->at && image->file);
}

static void export_chunks(struct carry_image *image, uint32_t from, uint32_t to)
{
	struct machine_smc smc;
	uint32_t i;

	for (i = from; i < to; i++) {
		smc = call(OSTI_CALL_EXPORT_CHUNK, i, CARRY_BUFFER, ROOM);
		image->at[i] = image->bytes;
		memcpy(image->file + image->bytes, carry_buffer(smc.x[1]),
		       smc.x[1]);
		image->bytes += smc.x[1];
	}
	image->at[i] = image->bytes;
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

static void export_step(struct carry_image *image, enum carry_export stage)
{
	switch (stage) {
	case CARRY_SCANNING:
		begin_export(image);
		break;
	case CARRY_SCANNED:
		scan(image);
		break;
	case CARRY_CHUNKING:
		export_chunks(image, 0, image->chunks ? 1 : 0);
		attach_all(image->attachments);
		break;
	case CARRY_CHUNKED:
		export_chunks(image, image->chunks ? 1 : 0, image->chunks);
		break;
	case CARRY_SEALING:
		assert_int_equal(machine_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0),
				 OSTI_AGAIN);
		break;
	case CARRY_SEALED:
		assert_int_equal(call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0).x[1],
				 image->bytes);
		break;
	case CARRY_READ:
		read_head(image);
		break;
	}
}

void carry_export_steps(struct carry_image *image, enum carry_export from,
			enum carry_export to)
{
	enum carry_export stage;

	for (stage = from; stage <= to; stage++)
		export_step(image, stage);
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

void carry_abort_export(void)
{
	call(OSTI_CALL_EXPORT_ABORT, 0, 0, 0);
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

static int judged_call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c,
		       struct machine_smc *smc)
{
	*smc = carry_call(fid, a, b, c);
	return judge(smc);
}

/* All chunks, whatever their sizes are. */
static int try_chunks(struct carry_image *image)
{
	struct machine_smc smc;
	uint32_t i;
	int err;

	for (i = 0; i < image->chunks; i++) {
		err = judged_call(OSTI_CALL_EXPORT_CHUNK, i, CARRY_BUFFER, ROOM,
				  &smc);
		if (err)
			return err;
		image->at[i] = image->bytes;
		memcpy(image->file + image->bytes, carry_buffer(smc.x[1]),
		       smc.x[1]);
		image->bytes += smc.x[1];
	}
	image->at[i] = image->bytes;
	return judged_call(OSTI_CALL_EXPORT_SEAL, 0, 0, 0, &smc);
}

static int try_export(struct carry_image *image)
{
	struct machine_smc smc;
	int err = judged_call(OSTI_CALL_EXPORT_SCAN, 0, 0, 0, &smc);

	if (err)
		return err;
	image->pages = smc.x[2];
	image->chunks = smc.x[3];
	image->head = smc.x[4];
	image->bytes = image->head;
	image->at = calloc(image->chunks + 1, sizeof(*image->at));
	image->file = calloc(1, image->head + (uint64_t)image->chunks * ROOM);
	assert_true(image->at && image->file);
	return try_chunks(image);
}

int carry_try_export(unsigned int slot, struct carry_image *image)
{
	int err;

	*image = (struct carry_image) { .slot = slot };
	image->generation = call(OSTI_CALL_EXPORT_BEGIN, slot, CARRY_SAVED_AT,
				 0).x[1];
	err = try_export(image);
	if (err) {
		carry_free(image);
		assert_int_equal(context_get(slot)->state, OSTI_SLOT_FROZEN);
	} else {
		read_head(image);
	}
	return err;
}

/* ---- Import ------------------------------------------------------------------- */

static int write_part(const struct carry_image *image, size_t at, size_t end)
{
	struct machine_smc smc;
	size_t n;
	int err;

	for (; at < end; at += n) {
		n = end - at < COPY_STEP ? end - at : COPY_STEP;
		memcpy(carry_buffer(n), image->file + at, n);
		err = judged_call(OSTI_CALL_IMPORT_WRITE, at, CARRY_BUFFER, n,
				  &smc);
		if (err)
			return err;
	}
	return 0;
}

/* The first 100 bytes are less than all, also where there is no table. */
#define FIRST_PIECE	100

static int begin_import(const struct carry_image *image)
{
	struct machine_smc smc;
	int err;

	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image->file, OSTI_IMAGE_HEADER);
	err = judged_call(OSTI_CALL_IMPORT_BEGIN, image->slot, CARRY_BUFFER, 0,
			  &smc);
	if (err)
		return err;
	assert_int_equal(smc.x[1],
			 image_get32(image->file + OSTI_IMAGE_H_CHUNKS) *
			 OSTI_IMAGE_T_ENTRY +
			 image_get64(image->file +
				     OSTI_IMAGE_H_MANIFEST_BYTES));
	return write_part(image, OSTI_IMAGE_HEADER,
			  OSTI_IMAGE_HEADER + FIRST_PIECE);
}

static int open_manifest(const struct carry_image *image)
{
	struct machine_smc smc;
	int err = judged_call(OSTI_CALL_IMPORT_OPEN, 0, 0, 0, &smc);

	if (err)
		return err;
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
		err = judged_call(OSTI_CALL_IMPORT_CHUNK, i, CARRY_BUFFER, n,
				  &smc);
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
		smc = machine_smc(OSTI_CALL_IMPORT_OPEN, 0, 0, 0);
		if (!judge(&smc))
			assert_int_equal(smc.x[0], OSTI_AGAIN);
		return judge(&smc);
	case CARRY_OPENED:
		return open_manifest(image);
	case CARRY_PLACING:
		return place(image, image->chunks, 1);
	case CARRY_PLACED:
		attach_all(image->attachments);
		return place(image, image->chunks ? 1 : 0, 0);
	default:
		return judged_call(OSTI_CALL_IMPORT_CHECK, 0, 0, 0, &smc);
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
	return carry_import_steps(image, CARRY_WRITING, CARRY_CHECKED);
}

void carry_commit_import(void)
{
	call(OSTI_CALL_IMPORT_COMMIT, 0, 0, 0);
}

void carry_abort_import(void)
{
	call(OSTI_CALL_IMPORT_ABORT, 0, 0, 0);
}
