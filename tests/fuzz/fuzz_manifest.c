// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_manifest.c - header and manifest
 *
 * Input: 8 bytes, the length of all chunks; then a plain manifest. A fuzzer
 * cannot get through the seal, so parsing is reached without it; and what was
 * parsed is sealed, opened and parsed again. The input is tried as a header,
 * too.
 */
#include <string.h>

#include "fuzz.h"
#include "image_bytes.h"
#include "image_seal.h"
#include "image_manifest.h"

static void header(const uint8_t *data, size_t size)
{
	uint8_t again[OSTI_IMAGE_HEADER];
	uint8_t *exact = malloc(size ? size : 1);
	struct image_header h;

	CHECK(exact);
	memcpy(exact, data, size);
	if (image_header_parse(exact, size, &h) == OSTI_IMAGE_OK) {
		CHECK(image_header_total(&h) >= OSTI_IMAGE_HEADER);
		CHECK(image_header_match(&h, &h.identity) == OSTI_IMAGE_OK);
		image_header_write(&h, again);
		CHECK(!memcmp(again, exact, OSTI_IMAGE_HEADER));
	}
	free(exact);
}

/* Every page of the bitmap is in one chunk, and no other. */
static void walk(const struct image_manifest *m)
{
	uint32_t nr = m->info.partition_bytes / OSTI_IMAGE_PAGE;
	uint32_t page = image_manifest_next_page(m, 0);
	struct image_chunk chunk;
	uint64_t pages = 0;
	uint32_t i;

	for (i = 0; image_manifest_chunk(m, i, &chunk) == OSTI_IMAGE_OK; i++) {
		unsigned int k;

		CHECK(chunk.first == page);
		CHECK(chunk.pages >= 1 && chunk.pages <= OSTI_IMAGE_CHUNK_MAX);
		CHECK(chunk.stored > OSTI_IMAGE_TAG);
		for (k = 0; k < chunk.pages; k++) {
			CHECK(page < nr);
			page = image_manifest_next_page(m, page + 1);
		}
		pages += chunk.pages;
	}
	CHECK(i == m->chunks && page == nr && pages == m->pages);
}

static void seal_and_open(const uint8_t *plain, size_t bytes,
			  uint64_t chunks_bytes)
{
	static const struct image_keys keys = { .page = { 1 } };
	struct image_header h = {
		.identity = { .slot = 1, .generation = 1 },
		.chunks_bytes = chunks_bytes,
	};
	uint8_t *buf = malloc(bytes + OSTI_IMAGE_TAG);
	uint8_t head[OSTI_IMAGE_HEADER];
	struct image_manifest m;
	struct image_seal s;

	CHECK(buf);
	memcpy(buf, plain, bytes);
	CHECK(image_seal_begin(&s, &keys, &h, head, buf, bytes) == 0);
	while (image_seal_step(&s, 333) == OSTI_IMAGE_AGAIN)
		;
	CHECK(image_header_parse(head, sizeof(head), &h) == OSTI_IMAGE_OK);
	CHECK(image_open_begin(&s, &keys, &h, head, buf,
			       bytes + OSTI_IMAGE_TAG) == OSTI_IMAGE_OK);
	while (image_seal_step(&s, 1000) == OSTI_IMAGE_AGAIN)
		;
	CHECK(!memcmp(buf, plain, bytes));
	CHECK(image_manifest_parse(buf, bytes, h.chunks_bytes, &m) == 0);
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_manifest m;
	uint64_t chunks_bytes;
	uint8_t *plain;
	size_t bytes;

	header(data, size);
	if (size < 8)
		return 0;
	chunks_bytes = image_get64(data);
	bytes = size - 8;
	plain = malloc(bytes ? bytes : 1);
	CHECK(plain);
	memcpy(plain, data + 8, bytes);
	if (image_manifest_parse(plain, bytes, chunks_bytes, &m) ==
	    OSTI_IMAGE_OK) {
		walk(&m);
		seal_and_open(plain, bytes, chunks_bytes);
	}
	free(plain);
	return 0;
}
