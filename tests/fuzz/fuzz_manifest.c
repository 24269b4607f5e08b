// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_manifest.c - the manifest with its table and its record
 *
 * Input: 8 bytes, the length of all chunks; 4 bytes, how many there are; the
 * table; the rest is a plain manifest. A fuzzer cannot get through the seal, so
 * parsing is reached without it; and what was parsed is sealed, opened and
 * parsed again, and not opened with another table.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "image_bytes.h"
#include "image_manifest.h"
#include "image_record.h"
#include "image_seal.h"

static const struct image_keys keys = {
	.manifest_id = { 1 }, .manifest_key = { 2 },
};

struct input {
	uint64_t chunks_bytes;
	uint32_t chunks;
	uint8_t *table;
	size_t table_bytes;
	uint8_t *plain;
	size_t bytes;
};

static bool split(const uint8_t *data, size_t size, struct input *in)
{
	if (size < 12)
		return false;
	in->chunks_bytes = image_get64(data);
	in->chunks = image_get32(data + 8);
	data += 12;
	size -= 12;
	/* A caller has all of the table, or does not parse. */
	if (in->chunks > size / OSTI_IMAGE_T_ENTRY)
		return false;
	in->table_bytes = in->chunks * OSTI_IMAGE_T_ENTRY;
	in->table = fuzz_copy(data, in->table_bytes);
	in->bytes = size - in->table_bytes;
	in->plain = fuzz_copy(data + in->table_bytes, in->bytes);
	return true;
}

/* Every page of the bitmap is in one chunk, and no other. */
static void walk(const struct image_manifest *m, uint64_t chunks_bytes)
{
	uint32_t nr = m->partition_bytes / OSTI_IMAGE_PAGE;
	uint32_t page = image_manifest_next_page(m, 0);
	struct image_chunk chunk;
	uint64_t pages = 0, stored = 0;
	uint32_t i;

	for (i = 0; image_manifest_chunk(m, i, &chunk) == OSTI_IMAGE_OK; i++) {
		unsigned int k;

		CHECK(chunk.first == page);
		CHECK(chunk.pages >= 1 && chunk.pages <= OSTI_IMAGE_CHUNK_MAX);
		CHECK(image_chunk_stored_ok(chunk.pages, chunk.stored));
		CHECK(chunk.stored <= OSTI_IMAGE_STORED_MAX);
		for (k = 0; k < chunk.pages; k++) {
			CHECK(page < nr);
			page = image_manifest_next_page(m, page + 1);
		}
		pages += chunk.pages;
		stored += chunk.stored;
	}
	CHECK(i == m->chunks && page == nr && pages == m->pages);
	CHECK(stored == chunks_bytes);
}

static void check_record(const struct image_manifest *m)
{
	struct image_record r;

	CHECK(image_record_parse(m->record, m->record_bytes, &r) == 0);
	CHECK(r.partition_bytes == m->partition_bytes);
}

/* What was parsed is a manifest's size, so it can be sealed. */
static void seal_and_open(const struct input *in)
{
	size_t sealed = in->bytes + OSTI_IMAGE_TAG;
	uint8_t *buf = malloc(sealed);
	uint8_t id[OSTI_IMAGE_HASH];
	struct image_manifest m;
	uint8_t *copy;

	CHECK(buf);
	memcpy(buf, in->plain, in->bytes);
	CHECK(image_manifest_seal(&keys, in->table, in->table_bytes, buf,
				  in->bytes, id) == OSTI_IMAGE_OK);
	copy = fuzz_copy(buf, sealed);
	CHECK(image_manifest_open(&keys, in->table, in->table_bytes, buf,
				  sealed, id) == OSTI_IMAGE_OK);
	CHECK(!memcmp(buf, in->plain, in->bytes));
	CHECK(image_manifest_parse(buf, in->bytes, in->table, in->chunks,
				   in->chunks_bytes, &m) == OSTI_IMAGE_OK);
	if (in->table_bytes) {
		in->table[in->bytes % in->table_bytes] ^= 1;
		CHECK(image_manifest_open(&keys, in->table, in->table_bytes,
					  copy, sealed, id) ==
		      OSTI_IMAGE_E_TAG);
	}
	free(copy);
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_manifest m;
	struct input in;

	if (!split(data, size, &in))
		return 0;
	if (image_manifest_parse(in.plain, in.bytes, in.table, in.chunks,
				 in.chunks_bytes, &m) == OSTI_IMAGE_OK) {
		walk(&m, in.chunks_bytes);
		check_record(&m);
		seal_and_open(&in);
	}
	free(in.plain);
	free(in.table);
	return 0;
}
