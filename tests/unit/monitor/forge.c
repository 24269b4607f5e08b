// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * forge.c - images taken apart and put together by the portable image code
 */
#include "forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image_crypto.h"
#include "image_frame.h"
#include "image_seal.h"

/* What a forged head may be longer than a good one. */
#define MORE	65536

static size_t table_bytes(const struct forge *f)
{
	return image_header_table(&f->header);
}

static uint8_t *copy(const uint8_t *from, size_t bytes)
{
	uint8_t *to = calloc(1, bytes + MORE);

	assert_non_null(to);
	memcpy(to, from, bytes);
	return to;
}

void forge_open(const struct carry_image *image, struct forge *f)
{
	const uint8_t *table = image->file + OSTI_IMAGE_HEADER;
	const struct image_header *h = &f->header;

	carry_image_keys(image->slot, &f->keys);
	carry_frame_keys(image->slot, &f->frame);
	assert_int_equal(image_header_parse(image->file, image->bytes,
					    &f->header), 0);
	assert_int_equal(image_frame_check(&f->frame, image->file), 0);
	assert_int_equal(image_header_first(h), image->head);
	f->table = copy(table, table_bytes(f));
	f->plain = copy(table + table_bytes(f), h->manifest_bytes);
	f->bytes = h->manifest_bytes - OSTI_IMAGE_TAG;
	assert_int_equal(image_manifest_open(&f->keys, f->table, table_bytes(f),
					     f->plain, h->manifest_bytes,
					     h->manifest_id), 0);
	assert_int_equal(image_manifest_parse(f->plain, f->bytes, f->table,
					      h->chunks, h->chunks_bytes,
					      &f->m), 0);
}

void forge_close(struct forge *f)
{
	free(f->table);
	free(f->plain);
	memset(f, 0, sizeof(*f));
}

void forge_record(const struct forge *f, struct image_record *record)
{
	uint8_t id[OSTI_IMAGE_HASH];

	image_frame_record(&f->frame, f->m.record, f->m.record_bytes, id);
	assert_memory_equal(id, f->header.record_id, sizeof(id));
	assert_int_equal(image_record_parse(f->m.record, f->m.record_bytes,
					    record), 0);
}

/* Returns the chunk's codec. */
static unsigned int place(const struct carry_image *image,
			  const struct forge *f, struct image_work *work,
			  uint32_t index, uint8_t *ram)
{
	const uint8_t *stored = image->file + image->at[index];
	const size_t bytes = image->at[index + 1] - image->at[index];

	assert_int_equal(image_chunk_open(&f->keys, work, &f->m, index, stored,
					  bytes), 0);
	image_chunk_place(work, &f->m, index, ram);
	return work->stored[OSTI_IMAGE_C_CODEC];
}

unsigned int forge_assert_memory(const struct carry_image *image,
				 const uint8_t *want)
{
	struct image_work *work = malloc(sizeof(*work));
	uint8_t *ram = calloc(1, CARRY_BYTES);
	unsigned int codecs = 0;
	struct forge f;
	uint32_t i;

	assert_true(work && ram);
	forge_open(image, &f);
	assert_int_equal(f.m.partition_bytes, CARRY_BYTES);
	assert_int_equal(f.m.pages, image->pages);
	assert_int_equal(f.m.chunks, image->chunks);
	for (i = 0; i < f.m.chunks; i++)
		codecs |= 1U << place(image, &f, work, i, ram);
	assert_memory_equal(ram, want, CARRY_BYTES);
	forge_close(&f);
	free(ram);
	free(work);
	return codecs;
}

/* A head of another size moves the chunks. */
static void make_room(struct carry_image *image, size_t head)
{
	const size_t chunks = image->bytes - image->head;
	uint8_t *file = calloc(1, head + chunks);
	uint32_t i;

	assert_non_null(file);
	memcpy(file + head, image->file + image->head, chunks);
	for (i = 0; i <= image->chunks; i++)
		image->at[i] += head - image->head;
	free(image->file);
	image->file = file;
	image->head = head;
	image->bytes = head + chunks;
}

void forge_header(struct carry_image *image, const struct forge *f)
{
	image_frame_write(&f->frame, &f->header, image->file);
}

static void put(struct carry_image *image, const struct forge *f,
		const uint8_t *sealed)
{
	make_room(image, image_header_first(&f->header));
	memcpy(image->file + OSTI_IMAGE_HEADER, f->table, table_bytes(f));
	memcpy(image->file + OSTI_IMAGE_HEADER + table_bytes(f), sealed,
	       f->header.manifest_bytes);
	forge_header(image, f);
}

void forge_seal(struct carry_image *image, struct forge *f)
{
	uint8_t *sealed = copy(f->plain, f->bytes);

	f->header.manifest_bytes = f->bytes + OSTI_IMAGE_TAG;
	image_frame_record(&f->frame, f->m.record, f->m.record_bytes,
			   f->header.record_id);
	assert_int_equal(image_manifest_seal(&f->keys, f->table, table_bytes(f),
					     sealed, f->bytes,
					     f->header.manifest_id), 0);
	put(image, f, sealed);
	free(sealed);
}

void forge_manifest_id(struct carry_image *image)
{
	uint8_t key[OSTI_IMAGE_HASH], digest[OSTI_IMAGE_HASH];
	struct forge f;

	forge_open(image, &f);
	f.header.manifest_id[0] ^= 1;
	image_crypto_mac(f.keys.manifest_id, f.table, table_bytes(&f), digest);
	image_crypto_mac(f.keys.manifest_key, f.header.manifest_id,
			 OSTI_IMAGE_HASH, key);
	image_crypto_seal(key, digest, sizeof(digest), f.plain, f.bytes,
			  f.plain + f.bytes);
	put(image, &f, f.plain);
	forge_close(&f);
}

void forge_chunk(struct carry_image *image, uint32_t index, uint8_t codec,
		 const uint8_t *content, size_t bytes)
{
	struct image_work *work = calloc(1, sizeof(*work));
	struct image_chunk chunk;
	struct forge f;

	assert_non_null(work);
	forge_open(image, &f);
	assert_int_equal(image_manifest_chunk(&f.m, index, &chunk), 0);
	assert_int_equal(chunk.stored,
			 OSTI_IMAGE_C_DATA + bytes + OSTI_IMAGE_TAG);
	work->stored[OSTI_IMAGE_C_CODEC] = codec;
	work->stored[OSTI_IMAGE_C_PAGES] = chunk.pages;
	memcpy(work->stored + OSTI_IMAGE_C_DATA, content, bytes);
	image_chunk_encrypt(&f.keys, work, OSTI_IMAGE_C_DATA + bytes,
			    f.table + index * OSTI_IMAGE_T_ENTRY +
			    OSTI_IMAGE_T_DIGEST);
	memcpy(image->file + image->at[index], work->stored, chunk.stored);
	forge_seal(image, &f);
	forge_close(&f);
	free(work);
}
