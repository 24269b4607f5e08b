// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fixture.c - whole images in memory, made and read the way that monitor and
 * image engine do it
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "log.h"

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

void fixture_noise(uint8_t *to, size_t bytes, uint64_t seed)
{
	size_t i;

	for (i = 0; i < bytes; i += 8) {
		uint64_t r = test_random(&seed);

		memcpy(to + i, &r, bytes - i < 8 ? bytes - i : 8);
	}
}

void fixture_text(uint8_t *to, size_t bytes, uint64_t seed)
{
	static const char * const words[] = {
		"frozen ", "memory ", "of an ", "operating ", "system ",
		"switch ", "page\n", "0x40000000 ",
	};
	size_t i = 0;

	while (i < bytes) {
		const char *word = words[test_random(&seed) % 8];
		size_t n = strlen(word);

		if (n > bytes - i)
			n = bytes - i;
		memcpy(to + i, word, n);
		i += n;
	}
}

void fixture_rekey(struct fixture *f)
{
	uint8_t slot_key[OSTI_IMAGE_HASH];

	image_keys_device(f->root, f->identity.device);
	image_keys_slot(f->root, f->identity.name, slot_key);
	image_keys_derive(slot_key, &f->keys);
	image_keys_frame(slot_key, &f->frame);
}

static void init_record(struct image_record *r, uint64_t partition_bytes)
{
	static const uint8_t gic[38] = "state of the interrupt controller";

	r->partition_bytes = partition_bytes;
	r->entry = 0x40081234;
	r->arg = 0x1122334455667788;
	r->cpu = 1;
	r->frozen_at = 1795651200;
	r->counter = 0x123456789abc;
	r->start = 77;
	memset(r->platform, 0x33, sizeof(r->platform));
	r->attachments = 1;
	r->attachment[0].kind = 1;
	r->attachment[0].bytes = 0x100000001;
	memset(r->attachment[0].digest, 0x44, OSTI_IMAGE_HASH);
	r->gic = gic;
	r->gic_bytes = sizeof(gic);
}

void fixture_init(struct fixture *f, uint64_t partition_bytes)
{
	static const struct image_packing packing = IMAGE_PACKING_LOCAL;

	memset(f, 0, sizeof(*f));
	memset(f->root, 0x42, sizeof(f->root));
	f->identity.slot = 2;
	memcpy(f->identity.name, "work", 4);
	f->identity.generation = 7;
	f->saved_at = 1795651260;
	f->packing = packing;
	init_record(&f->record, partition_bytes);
	f->ram = calloc(1, partition_bytes);
	assert_non_null(f->ram);
	fixture_rekey(f);
}

void fixture_free(struct fixture *f)
{
	free(f->ram);
	free(f->file);
	memset(f, 0, sizeof(*f));
}

void fixture_reframe(struct fixture *f, const struct image_header *header)
{
	image_frame_write(&f->frame, header, f->file);
}

/* The id of the record in a manifest, if it has one. */
static void record_id(const struct fixture *f, const uint8_t *plain,
		      size_t bytes, uint8_t *id)
{
	uint32_t record_bytes = image_get32(plain + OSTI_IMAGE_M_RECORD_BYTES);

	memset(id, 0, OSTI_IMAGE_HASH);
	if (record_bytes <= bytes - OSTI_IMAGE_M_FIXED)
		image_frame_record(&f->frame, plain + OSTI_IMAGE_M_FIXED,
				   record_bytes, id);
}

/* All of f->file but the chunks, for which there is room. */
static void seal_manifest(struct fixture *f, const uint8_t *plain, size_t bytes,
			  const uint8_t *table, uint32_t chunks,
			  uint64_t chunks_bytes)
{
	struct image_header header = { 0 };
	uint8_t *buf;

	header.identity = f->identity;
	header.saved_at = f->saved_at;
	header.chunks = chunks;
	header.manifest_bytes = bytes + OSTI_IMAGE_TAG;
	header.chunks_bytes = chunks_bytes;
	record_id(f, plain, bytes, header.record_id);
	free(f->file);
	f->bytes = image_header_first(&header);
	f->file = malloc(f->bytes + chunks_bytes);
	assert_non_null(f->file);
	memcpy(f->file + OSTI_IMAGE_HEADER, table, image_header_table(&header));
	buf = f->file + OSTI_IMAGE_HEADER + image_header_table(&header);
	memcpy(buf, plain, bytes);
	assert_int_equal(image_manifest_seal(&f->keys, table,
					     image_header_table(&header), buf,
					     bytes, header.manifest_id),
			 OSTI_IMAGE_OK);
	fixture_reframe(f, &header);
}

static void build(struct fixture *f, struct image_build *b, uint8_t *plain,
		  uint8_t *table)
{
	uint8_t record[OSTI_IMAGE_RECORD_MAX];
	size_t bytes = image_record_write(&f->record, record);
	uint32_t i;

	assert_int_not_equal(bytes, 0);
	assert_int_equal(image_build_begin(b, &f->keys, f->ram, record, bytes,
					   plain, table), OSTI_IMAGE_OK);
	/* The last one first: the order shall not matter. */
	for (i = image_build_segments(b); i--;)
		image_build_segment(b, i);
	image_build_finish(b);
}

/* To chunks, one after the other. */
static uint64_t seal_chunks(struct fixture *f, struct image_build *b,
			    uint8_t *chunks)
{
	struct image_work *work = malloc(sizeof(*work));
	uint8_t digest[OSTI_IMAGE_HASH];
	uint64_t total = 0;
	uint32_t stored;
	uint32_t i;

	assert_non_null(work);
	for (i = 0; i < b->manifest.chunks; i++) {
		assert_int_equal(image_chunk_seal(&f->keys, work, &b->manifest,
						  i, f->ram, &f->packing,
						  &stored, digest),
				 OSTI_IMAGE_OK);
		assert_int_equal(image_build_set_stored(b, i, stored, digest),
				 OSTI_IMAGE_OK);
		memcpy(chunks + total, work->stored, stored);
		total += stored;
	}
	free(work);
	return total;
}

void fixture_pack(struct fixture *f)
{
	uint8_t *plain = malloc(IMAGE_MANIFEST_MAX(f->record.partition_bytes));
	uint8_t *table = malloc(IMAGE_TABLE_MAX(f->record.partition_bytes));
	struct image_build *b = malloc(sizeof(*b));
	uint64_t stored_bytes;
	uint8_t *chunks;
	uint64_t total;

	assert_true(plain && table && b);
	build(f, b, plain, table);
	chunks = malloc(b->manifest.pages * PAGE +
			(size_t)b->manifest.chunks *
			(OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG) + 1);
	assert_non_null(chunks);
	total = seal_chunks(f, b, chunks);
	assert_int_equal(image_build_stored(b, &stored_bytes), OSTI_IMAGE_OK);
	assert_true(stored_bytes == total);
	seal_manifest(f, plain, b->manifest.bytes, table, b->manifest.chunks,
		      total);
	memcpy(f->file + f->bytes, chunks, total);
	f->bytes += total;
	free(chunks);
	free(b);
	free(table);
	free(plain);
}

void fixture_reseal(struct fixture *f, const uint8_t *plain, size_t bytes,
		    const uint8_t *table, uint32_t chunks,
		    uint64_t chunks_bytes)
{
	seal_manifest(f, plain, bytes, table, chunks, chunks_bytes);
	memset(f->file + f->bytes, 0, chunks_bytes);
	f->bytes += chunks_bytes;
}

/* The header, as the monitor looks at it. */
static int open_header(const struct fixture *f, struct image_header *header)
{
	uint64_t total;
	int error;

	error = image_header_parse(f->file, f->bytes, header);
	if (error)
		return error;
	error = image_header_match(header, &f->identity);
	if (error)
		return error;
	error = image_frame_check(&f->frame, f->file);
	if (error)
		return error;
	total = image_header_total(header);
	if (total == f->bytes)
		return OSTI_IMAGE_OK;
	return total > f->bytes ? OSTI_IMAGE_E_TRUNCATED : OSTI_IMAGE_E_SIZE;
}

/* Table and manifest, as the engine does it. */
static int open_manifest(const struct fixture *f, struct fixture_image *image)
{
	const struct image_header *header = &image->header;
	size_t table_bytes = image_header_table(header);
	int error;

	image->table = malloc(table_bytes + 1);
	image->plain = malloc(header->manifest_bytes);
	assert_true(image->table && image->plain);
	memcpy(image->table, f->file + OSTI_IMAGE_HEADER, table_bytes);
	memcpy(image->plain, f->file + OSTI_IMAGE_HEADER + table_bytes,
	       header->manifest_bytes);
	error = image_manifest_open(&f->keys, image->table, table_bytes,
				    image->plain, header->manifest_bytes,
				    header->manifest_id);
	if (error)
		return error;
	return image_manifest_parse(image->plain,
				    header->manifest_bytes - OSTI_IMAGE_TAG,
				    image->table, header->chunks,
				    header->chunks_bytes, &image->m);
}

/* The record, which the monitor finds in the manifest. */
static int open_record(const struct fixture *f, struct fixture_image *image)
{
	uint8_t id[OSTI_IMAGE_HASH];
	int error;

	image_frame_record(&f->frame, image->m.record, image->m.record_bytes,
			   id);
	if (!image_crypto_equal(id, image->header.record_id, sizeof(id)))
		return OSTI_IMAGE_E_RECORD;
	error = image_record_parse(image->m.record, image->m.record_bytes,
				   &image->record);
	if (error)
		return error;
	if (image->record.kind != f->record.kind)
		return OSTI_IMAGE_E_KIND;
	return image_record_match(&image->record, f->record.partition_bytes,
				  f->record.platform);
}

int fixture_open(const struct fixture *f, struct fixture_image *image)
{
	int error;

	memset(image, 0, sizeof(*image));
	error = open_header(f, &image->header);
	if (error)
		return error;
	error = open_manifest(f, image);
	return error ? error : open_record(f, image);
}

int fixture_import(const struct fixture *f, uint8_t *ram,
		   struct fixture_image *image)
{
	struct image_work *work;
	const uint8_t *at;
	uint32_t i;
	int error;

	error = fixture_open(f, image);
	if (error)
		return error;
	work = malloc(sizeof(*work));
	assert_non_null(work);
	at = f->file + image_header_first(&image->header);
	for (i = 0; i < image->m.chunks; i++) {
		struct image_chunk chunk;

		image_manifest_chunk(&image->m, i, &chunk);
		error = image_chunk_open(&f->keys, work, &image->m, i, at,
					 chunk.stored);
		if (error)
			break;
		image_chunk_place(work, &image->m, i, ram);
		at += chunk.stored;
	}
	free(work);
	return error;
}

void fixture_close(struct fixture_image *image)
{
	free(image->plain);
	free(image->table);
	memset(image, 0, sizeof(*image));
}

int fixture_refusal(const struct fixture *f)
{
	struct fixture_image image;
	uint8_t *ram;
	int error;

	/* Most are refused here, without the time that much memory takes. */
	error = fixture_open(f, &image);
	fixture_close(&image);
	if (error)
		return error;
	ram = calloc(1, f->record.partition_bytes);
	assert_non_null(ram);
	error = fixture_import(f, ram, &image);
	fixture_close(&image);
	free(ram);
	return error;
}

size_t fixture_chunk(const struct fixture *f, uint32_t index,
		     struct image_chunk *chunk)
{
	struct fixture_image image;
	size_t at;
	uint32_t i;

	assert_int_equal(fixture_open(f, &image), OSTI_IMAGE_OK);
	at = image_header_first(&image.header);
	for (i = 0; i < index; i++) {
		assert_int_equal(image_manifest_chunk(&image.m, i, chunk),
				 OSTI_IMAGE_OK);
		at += chunk->stored;
	}
	assert_int_equal(image_manifest_chunk(&image.m, index, chunk),
			 OSTI_IMAGE_OK);
	fixture_close(&image);
	return at;
}
