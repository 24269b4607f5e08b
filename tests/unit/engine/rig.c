// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.c - memory of the image engine on the build machine, and its monitor
 */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_record.h"
#include "log.h"

/* The one whose partition is flushed. */
static struct rig *present;

/* A bug in the code under test ends the test. */
void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

/*
 * In an export the lines are clean: they go, and the next look sees memory. In
 * an import they are written back.
 */
void engine_cache_flush(const uint8_t *from, size_t bytes)
{
	const size_t at = from - present->partition;

	assert_true(at < present->bytes && bytes <= present->bytes - at);
	if (present->import)
		memcpy(present->memory + at, present->partition + at, bytes);
	else
		memcpy(present->partition + at, present->memory + at, bytes);
}

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void noise(uint8_t *to, size_t bytes, uint64_t seed)
{
	size_t i;

	for (i = 0; i < bytes; i += sizeof(seed)) {
		uint64_t r = next(&seed);

		memcpy(to + i, &r, sizeof(r));
	}
}

void rig_fill(struct rig *rig, uint64_t seed)
{
	uint64_t page, line;

	for (page = 0; page < rig->bytes / PAGE; page++) {
		uint8_t *p = rig->memory + page * PAGE;

		/* Runs of pages, as an OS leaves them. */
		switch (page / 37 * 7 % 11) {
		case 0:
			noise(p, PAGE, seed + page);
			break;
		case 1:
		case 2:
			for (line = 0; line < PAGE / 32; line++)
				snprintf((char *)p + 32 * line, 32,
					 "page %06lx line %02lx of %lx",
					 page, line, seed);
			break;
		case 3:
			p[next(&seed) % PAGE] = page % 2;
			break;
		}
	}
	/* The ends of segments and of the partition. */
	rig->memory[OSTI_IMAGE_SEGMENT - 1] = 1;
	rig->memory[OSTI_IMAGE_SEGMENT] = 1;
	rig->memory[rig->bytes - 1] = 1;
}

static void describe(struct rig *rig)
{
	static const uint8_t gic[40] = "state of the interrupt controller";
	const struct image_record record = {
		.partition_bytes = rig->bytes,
		.entry = OSTI_RAM_IPA + 0x81234,
		.frozen_at = 1795651200,
		.kind = OSTI_IMAGE_LOCAL,
		.platform = "platform",
		.gic = gic,
		.gic_bytes = sizeof(gic),
	};
	struct engine_desk *desk = (void *)(rig->ram + ENGINE_DESK);

	noise((uint8_t *)&desk->keys, sizeof(desk->keys), 42);
	desk->packing = (struct image_packing)IMAGE_PACKING_LOCAL;
	desk->manifest = ENGINE_MANIFEST(rig->bytes);
	desk->record_bytes =
		image_record_write(&record, rig->ram + ENGINE_RECORD);
	assert_true(desk->record_bytes > 0);
}

void rig_init(struct rig *rig, uint64_t bytes, bool import)
{
	memset(rig, 0, sizeof(*rig));
	rig->bytes = bytes;
	rig->import = import;
	rig->ram = aligned_alloc(4096, ENGINE_BYTES(bytes));
	rig->partition = aligned_alloc(4096, bytes);
	rig->memory = aligned_alloc(4096, bytes);
	assert_true(rig->ram && rig->partition && rig->memory);
	memset(rig->ram, 0, ENGINE_BYTES(bytes));
	memset(rig->partition, 0, bytes);
	memset(rig->memory, 0, bytes);
	if (!import)
		noise(rig->partition, bytes, 95);
	describe(rig);
	present = rig;
}

void rig_free(struct rig *rig)
{
	free(rig->ram);
	free(rig->partition);
	free(rig->memory);
	present = NULL;
}

int rig_worker_job(struct rig *rig, unsigned int worker, uint64_t op,
		   uint64_t arg[3])
{
	struct engine_view view;

	assert_true(worker < ENGINE_WORKERS && present == rig);
	engine_view_init(&view, &rig->state, rig->ram, rig->partition, worker);
	return engine_job(&view, op, arg);
}

int rig_job(struct rig *rig, unsigned int worker, uint64_t op, uint64_t x1,
	    uint64_t x2, uint64_t x3)
{
	rig->result[0] = x1;
	rig->result[1] = x2;
	rig->result[2] = x3;
	return rig_worker_job(rig, worker, op, rig->result);
}

/* ---- Export ---------------------------------------------------------------- */

void rig_begin(struct rig *rig, struct parts *parts)
{
	uint64_t segments, i;

	memset(parts, 0, sizeof(*parts));
	assert_int_equal(rig_job(rig, 0, ENGINE_OP_EXPORT, 0, 0, 0),
			 OSTI_IMAGE_OK);
	segments = rig->result[0];
	for (i = 0; i < segments; i++)
		assert_int_equal(rig_job(rig, 0, ENGINE_OP_SCAN, i, 0, 0),
				 OSTI_IMAGE_OK);
	assert_int_equal(rig_job(rig, 0, ENGINE_OP_FINISH, 0, 0, 0),
			 OSTI_IMAGE_OK);
	parts->pages = rig->result[0];
	parts->chunks = rig->result[1];
	parts->manifest_bytes = rig->result[2];
	parts->chunk = calloc(parts->chunks, sizeof(*parts->chunk));
	assert_non_null(parts->chunk);
}

static const uint8_t *entry(const uint8_t *table, uint64_t chunk)
{
	return table + chunk * OSTI_IMAGE_T_ENTRY;
}

/* As the monitor notes it. Returns false when @had has no chunk with the id of ours. */
static bool have(struct rig *rig, const struct parts *had, uint64_t chunk)
{
	uint8_t *ours = rig->ram + ENGINE_TABLE + chunk * OSTI_IMAGE_T_ENTRY;
	uint64_t i;

	for (i = 0; had && i < had->chunks; i++) {
		if (memcmp(entry(had->table, i), ours, OSTI_IMAGE_HASH))
			continue;
		memcpy(ours + OSTI_IMAGE_T_DIGEST, parts_digest(had, i),
		       OSTI_IMAGE_HASH);
		image_put32(ours + OSTI_IMAGE_T_STORED, parts_stored(had, i));
		return true;
	}
	return false;
}

void rig_export(struct rig *rig, const struct parts *had, struct parts *parts)
{
	uint64_t i;

	rig_begin(rig, parts);
	for (i = 0; i < parts->chunks; i++) {
		const uint64_t place = i % ENGINE_RING_PLACES;

		if (have(rig, had, i))
			continue;
		assert_int_equal(rig_job(rig, 0, ENGINE_OP_CHUNK, i, place, 0),
				 OSTI_IMAGE_OK);
		parts->chunk[i] = malloc(rig->result[0]);
		assert_non_null(parts->chunk[i]);
		memcpy(parts->chunk[i], rig->ram + ENGINE_RING(place),
		       rig->result[0]);
	}
	rig_seal(rig, parts);
}

static uint8_t *copy(const uint8_t *from, size_t bytes)
{
	uint8_t *to = malloc(bytes);

	assert_non_null(to);
	memcpy(to, from, bytes);
	return to;
}

void rig_seal(struct rig *rig, struct parts *parts)
{
	const struct engine_desk *desk = (void *)(rig->ram + ENGINE_DESK);

	assert_int_equal(rig_job(rig, 0, ENGINE_OP_SEAL, 0, 0, 0),
			 OSTI_IMAGE_OK);
	parts->chunks_bytes = rig->result[0];
	memcpy(parts->id, desk->manifest_id, sizeof(parts->id));
	parts->table = copy(rig->ram + ENGINE_TABLE,
			    parts->chunks * OSTI_IMAGE_T_ENTRY);
	parts->manifest = copy(rig->ram + ENGINE_MANIFEST(rig->bytes),
			       parts->manifest_bytes);
}

void rig_image(uint64_t bytes, uint64_t seed, struct parts *parts)
{
	struct rig rig;

	rig_init(&rig, bytes, false);
	rig_fill(&rig, seed);
	rig_export(&rig, NULL, parts);
	rig_free(&rig);
}

uint32_t parts_stored(const struct parts *parts, uint64_t chunk)
{
	return image_get32(entry(parts->table, chunk) + OSTI_IMAGE_T_STORED);
}

const uint8_t *parts_digest(const struct parts *parts, uint64_t chunk)
{
	return entry(parts->table, chunk) + OSTI_IMAGE_T_DIGEST;
}

void parts_free(struct parts *parts)
{
	uint64_t i;

	for (i = 0; i < parts->chunks; i++)
		free(parts->chunk[i]);
	free(parts->chunk);
	free(parts->manifest);
	free(parts->table);
	memset(parts, 0, sizeof(*parts));
}

/* ---- Import ---------------------------------------------------------------- */

void rig_load(struct rig *rig, const struct parts *parts)
{
	struct engine_desk *desk = (void *)(rig->ram + ENGINE_DESK);

	memcpy(rig->ram + ENGINE_TABLE, parts->table,
	       parts->chunks * OSTI_IMAGE_T_ENTRY);
	memcpy(rig->ram + ENGINE_MANIFEST(rig->bytes), parts->manifest,
	       parts->manifest_bytes);
	memcpy(desk->manifest_id, parts->id, sizeof(parts->id));
	desk->record_bytes = 0;
}

int rig_open(struct rig *rig, const struct parts *parts)
{
	return rig_job(rig, 0, ENGINE_OP_OPEN, parts->manifest_bytes,
		       parts->chunks, parts->chunks_bytes);
}

int rig_place(struct rig *rig, const struct parts *parts, uint64_t chunk)
{
	const uint64_t place = chunk % ENGINE_RING_PLACES;

	memcpy(rig->ram + ENGINE_RING(place), parts->chunk[chunk],
	       parts_stored(parts, chunk));
	return rig_job(rig, 0, ENGINE_OP_PLACE, chunk, place,
		       parts_stored(parts, chunk));
}
