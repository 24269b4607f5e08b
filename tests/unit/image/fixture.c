// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
}

void fixture_init(struct fixture *f, uint64_t partition_bytes)
{
	static const uint8_t gic[40] = "state of the interrupt controller";

	memset(f, 0, sizeof(*f));
	memset(f->root, 0x42, sizeof(f->root));
	f->identity.slot = 2;
	memcpy(f->identity.name, "work", 4);
	f->identity.generation = 7;
	f->saved_at = 1795651260;
	f->info.partition_bytes = partition_bytes;
	f->info.entry = 0x40081234;
	f->info.arg = 0x1122334455667788;
	f->info.cpu = 1;
	f->info.frozen_at = 1795651200;
	f->info.counter = 0x123456789abc;
	memset(f->info.platform, 0x33, sizeof(f->info.platform));
	f->info.gic = gic;
	f->info.gic_bytes = sizeof(gic);
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

static void run(struct image_seal *s, int *error)
{
	/* An odd number, so that steps end anywhere in a block. */
	do {
		*error = image_seal_step(s, 1013);
	} while (*error == OSTI_IMAGE_AGAIN);
}

static void seal_manifest(struct fixture *f, uint8_t *plain, size_t bytes,
			  uint64_t chunks_bytes)
{
	struct image_header header = { 0 };
	struct image_seal s;
	int error;

	header.identity = f->identity;
	header.saved_at = f->saved_at;
	header.chunks_bytes = chunks_bytes;
	free(f->file);
	f->bytes = OSTI_IMAGE_HEADER + bytes + OSTI_IMAGE_TAG;
	f->file = malloc(f->bytes + chunks_bytes);
	assert_non_null(f->file);
	memcpy(f->file + OSTI_IMAGE_HEADER, plain, bytes);
	assert_int_equal(image_seal_begin(&s, &f->keys, &header, f->file,
					  f->file + OSTI_IMAGE_HEADER, bytes),
			 OSTI_IMAGE_OK);
	run(&s, &error);
	assert_int_equal(error, OSTI_IMAGE_OK);
}

static void build(struct fixture *f, struct image_build *b, uint8_t *plain,
		  size_t capacity)
{
	struct image_segment s;
	uint32_t i;

	assert_int_equal(image_build_begin(b, &f->keys, f->ram, &f->info, plain,
					   capacity), OSTI_IMAGE_OK);
	/* The last one first: the order shall not matter. */
	for (i = image_build_segments(b); i--;) {
		image_build_segment_begin(&s, b, i);
		while (image_build_segment_step(&s, 7) == OSTI_IMAGE_AGAIN)
			;
	}
	image_build_finish(b);
}

void fixture_pack(struct fixture *f)
{
	size_t capacity = image_manifest_max(f->info.partition_bytes,
					     f->info.gic_bytes);
	uint8_t *plain = malloc(capacity);
	struct image_work *work = malloc(sizeof(*work));
	struct image_build *b = malloc(sizeof(*b));
	uint8_t *chunks;
	uint64_t total = 0;
	uint64_t stored_bytes;
	uint32_t i;

	assert_true(capacity > 0);
	assert_true(plain && work && b);
	build(f, b, plain, capacity);
	chunks = malloc(b->manifest.pages * PAGE +
			(size_t)b->manifest.chunks * OSTI_IMAGE_TAG + 1);
	assert_non_null(chunks);
	for (i = 0; i < b->manifest.chunks; i++) {
		uint32_t stored;
		uint8_t codec;

		assert_int_equal(image_chunk_seal(&f->keys, work, &b->manifest,
						  i, f->ram, &stored, &codec),
				 OSTI_IMAGE_OK);
		assert_int_equal(image_build_set_stored(b, i, stored, codec),
				 OSTI_IMAGE_OK);
		memcpy(chunks + total, work->stored, stored);
		total += stored;
	}
	assert_int_equal(image_build_stored(b, &stored_bytes), OSTI_IMAGE_OK);
	assert_true(stored_bytes == total);
	seal_manifest(f, plain, b->manifest.bytes, total);
	memcpy(f->file + f->bytes, chunks, total);
	f->bytes += total;
	free(chunks);
	free(b);
	free(work);
	free(plain);
}

void fixture_reseal(struct fixture *f, const uint8_t *plain, size_t bytes,
		    uint64_t chunks_bytes)
{
	uint8_t *copy = malloc(bytes);

	assert_non_null(copy);
	memcpy(copy, plain, bytes);
	seal_manifest(f, copy, bytes, chunks_bytes);
	memset(f->file + f->bytes, 0, chunks_bytes);
	f->bytes += chunks_bytes;
	free(copy);
}

/* Header and manifest; *plain is to be freed in any case. */
static int open_manifest(const struct fixture *f, struct image_header *header,
			 struct image_manifest *m, uint8_t **plain)
{
	uint8_t head[OSTI_IMAGE_HEADER];
	struct image_seal s;
	uint64_t total;
	int error;

	*plain = NULL;
	error = image_header_parse(f->file, f->bytes, header);
	if (error)
		return error;
	error = image_header_match(header, &f->identity);
	if (error)
		return error;
	total = image_header_total(header);
	if (total != f->bytes)
		return total > f->bytes ? OSTI_IMAGE_E_TRUNCATED :
					  OSTI_IMAGE_E_SIZE;
	*plain = malloc(header->manifest_bytes);
	assert_non_null(*plain);
	memcpy(head, f->file, sizeof(head));
	memcpy(*plain, f->file + OSTI_IMAGE_HEADER, header->manifest_bytes);
	error = image_open_begin(&s, &f->keys, header, head, *plain,
				 header->manifest_bytes);
	assert_int_equal(error, OSTI_IMAGE_OK);
	run(&s, &error);
	if (error)
		return error;
	error = image_manifest_parse(*plain,
				     header->manifest_bytes - OSTI_IMAGE_TAG,
				     header->chunks_bytes, m);
	if (error)
		return error;
	return image_manifest_match(m, f->info.partition_bytes,
				    f->info.platform);
}

int fixture_import(const struct fixture *f, uint8_t *ram,
		   struct image_manifest *m, uint8_t **plain)
{
	struct image_work *work;
	struct image_header header;
	const uint8_t *at;
	uint32_t i;
	int error;

	error = open_manifest(f, &header, m, plain);
	if (error)
		return error;
	work = malloc(sizeof(*work));
	assert_non_null(work);
	at = f->file + OSTI_IMAGE_HEADER + header.manifest_bytes;
	for (i = 0; i < m->chunks; i++) {
		struct image_chunk chunk;

		image_manifest_chunk(m, i, &chunk);
		error = image_chunk_open(&f->keys, work, m, i, at,
					 chunk.stored);
		if (error)
			break;
		image_chunk_place(work, m, i, ram);
		at += chunk.stored;
	}
	free(work);
	return error;
}

int fixture_refusal(const struct fixture *f)
{
	uint8_t *ram = calloc(1, f->info.partition_bytes);
	struct image_manifest m;
	uint8_t *plain;
	int error;

	assert_non_null(ram);
	error = fixture_import(f, ram, &m, &plain);
	free(plain);
	free(ram);
	return error;
}

uint8_t *fixture_plain(const struct fixture *f, size_t *bytes)
{
	struct image_header header;
	struct image_manifest m;
	uint8_t *plain;

	assert_int_equal(open_manifest(f, &header, &m, &plain), OSTI_IMAGE_OK);
	*bytes = m.bytes;
	return plain;
}

size_t fixture_chunk(const struct fixture *f, uint32_t index,
		     struct image_chunk *chunk)
{
	struct image_header header;
	struct image_manifest m;
	uint8_t *plain;
	size_t at;
	uint32_t i;

	assert_int_equal(open_manifest(f, &header, &m, &plain), OSTI_IMAGE_OK);
	at = OSTI_IMAGE_HEADER + header.manifest_bytes;
	for (i = 0; i < index; i++) {
		assert_int_equal(image_manifest_chunk(&m, i, chunk),
				 OSTI_IMAGE_OK);
		at += chunk->stored;
	}
	assert_int_equal(image_manifest_chunk(&m, index, chunk), OSTI_IMAGE_OK);
	free(plain);
	return at;
}
