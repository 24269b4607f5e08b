// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_chunk.c - chunks, and what their codecs make of hostile bytes
 *
 * Input: byte 0 the number of pages that the layout says (modulo 64, plus 1),
 * the rest what is stored, prefix first. Without a good seal it must be refused,
 * whatever it is; with one it must be what its id says, or be refused by its
 * content.
 */
#include "fuzz.h"
#include "image_bytes.h"
#include "image_chunk.h"

static const struct image_keys keys = {
	.page = { 1 }, .chunk_id = { 2 }, .chunk_digest = { 3 },
	.chunk_key = { 4 },
};

static struct image_work work;
/* A partition whose first 64 pages are not zero, and what lies behind it. */
static uint8_t ram[OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_PAGE];
static uint8_t bitmap[OSTI_IMAGE_PARTITION_UNIT / OSTI_IMAGE_PAGE / 8] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

static int open_exact(const struct image_manifest *m, const uint8_t *stored,
		      size_t bytes)
{
	uint8_t *exact = fuzz_copy(stored, bytes);
	int error;

	image_put32(m->table + OSTI_IMAGE_T_STORED, bytes);
	error = image_chunk_open(&keys, &work, m, 0, exact, bytes);
	free(exact);
	return error;
}

/* Seal content by good keys; the table's digest is that of it then. */
static int open_sealed(const struct image_manifest *m, const uint8_t *content,
		       size_t bytes)
{
	memcpy(work.stored, content, bytes);
	image_chunk_encrypt(&keys, &work, bytes,
			    m->table + OSTI_IMAGE_T_DIGEST);
	return open_exact(m, work.stored, bytes + OSTI_IMAGE_TAG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t layout[OSTI_IMAGE_L_ENTRY] = { 0 };
	uint8_t table[OSTI_IMAGE_T_ENTRY] = { 0 };
	struct image_manifest m = {
		.partition_bytes = OSTI_IMAGE_PARTITION_UNIT,
		.chunks = 1,
		.bitmap = bitmap,
		.layout = layout,
		.table = table,
	};
	uint8_t pages;
	int error;

	if (size < 1)
		return 0;
	pages = data[0] % OSTI_IMAGE_CHUNK_MAX + 1;
	layout[OSTI_IMAGE_L_PAGES] = pages;
	data++;
	size--;

	/* A parsed table has only sizes that can be. */
	if (image_chunk_stored_ok(pages, size))
		CHECK(open_exact(&m, data, size) == OSTI_IMAGE_E_CHUNK_TAG);
	if (!image_chunk_stored_ok(pages, size + OSTI_IMAGE_TAG))
		return 0;
	error = open_sealed(&m, data, size);
	CHECK(error == OSTI_IMAGE_E_DECOMPRESS ||
	      error == OSTI_IMAGE_E_CHUNK_ID);
	if (error == OSTI_IMAGE_E_DECOMPRESS)
		return 0;

	/* Now with the id of what came out. */
	image_chunk_id(&keys, work.pages, pages, table + OSTI_IMAGE_T_ID);
	CHECK(open_sealed(&m, data, size) == OSTI_IMAGE_OK);
	image_chunk_place(&work, &m, 0, ram);
	CHECK(!memcmp(ram, work.pages, pages * OSTI_IMAGE_PAGE));
	return 0;
}
