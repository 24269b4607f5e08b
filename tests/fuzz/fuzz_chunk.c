// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_chunk.c - chunks
 *
 * Input: byte 0 the number of pages (modulo 64, plus 1), byte 1 the codec, the
 * rest what is stored. Without a good seal it must be refused, whatever it is;
 * with one it must be what its id says, or be refused by its content.
 */
#include <string.h>

#include "fuzz.h"
#include "image_bytes.h"
#include "image_chunk.h"

static const struct image_keys keys = { .page = { 1 }, .chunk_id = { 2 } };
static struct image_work work;
/* A partition whose first 64 pages are not zero, and what lies behind it. */
static uint8_t ram[OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_PAGE];
static uint8_t bitmap[OSTI_IMAGE_PARTITION_UNIT / OSTI_IMAGE_PAGE / 8] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

static int open_exact(const struct image_manifest *m, const uint8_t *stored,
		      size_t bytes)
{
	uint8_t *exact = malloc(bytes ? bytes : 1);
	int error;

	CHECK(exact);
	memcpy(exact, stored, bytes);
	error = image_chunk_open(&keys, &work, m, 0, exact, bytes);
	free(exact);
	return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t table[OSTI_IMAGE_T_ENTRY] = { 0 };
	struct image_manifest m = {
		.info.partition_bytes = OSTI_IMAGE_PARTITION_UNIT,
		.chunks = 1,
		.bitmap = bitmap,
		.table = table,
	};
	uint8_t *id = table + OSTI_IMAGE_T_ID;
	uint32_t bytes;
	uint8_t pages;
	uint8_t codec;
	int error;

	if (size < 2)
		return 0;
	pages = data[0] % OSTI_IMAGE_CHUNK_MAX + 1;
	codec = data[1] % 2;
	data += 2;
	size -= 2;
	table[OSTI_IMAGE_T_PAGES] = pages;
	table[OSTI_IMAGE_T_CODEC] = codec;

	/* A parsed table has only sizes that can be. */
	if (image_manifest_stored_ok(pages, codec, size)) {
		image_put32(table + OSTI_IMAGE_T_STORED, size);
		CHECK(open_exact(&m, data, size) == OSTI_IMAGE_E_CHUNK_TAG);
	}

	bytes = size;
	if (!image_manifest_stored_ok(pages, codec, bytes + OSTI_IMAGE_TAG))
		return 0;
	image_put32(table + OSTI_IMAGE_T_STORED, bytes + OSTI_IMAGE_TAG);
	memcpy(work.stored, data, bytes);
	image_chunk_encrypt(&keys, &work, id, pages, codec, bytes);
	error = open_exact(&m, work.stored, bytes + OSTI_IMAGE_TAG);
	CHECK(error == OSTI_IMAGE_E_DECOMPRESS ||
	      error == OSTI_IMAGE_E_CHUNK_ID);
	if (error == OSTI_IMAGE_E_DECOMPRESS)
		return 0;

	/* Now with the id of what came out. */
	image_chunk_id(&keys, work.pages, pages, id);
	memcpy(work.stored, data, bytes);
	image_chunk_encrypt(&keys, &work, id, pages, codec, bytes);
	CHECK(open_exact(&m, work.stored, bytes + OSTI_IMAGE_TAG) == 0);
	image_chunk_place(&work, &m, 0, ram);
	CHECK(!memcmp(ram, work.pages, pages * OSTI_IMAGE_PAGE));
	return 0;
}
