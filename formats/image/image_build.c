// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_build.c - make the manifest of a frozen partition
 */
#include "image_build.h"

#include <stdbool.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "log.h"
#include "string.h"

#define SEGMENT_PAGES	(OSTI_IMAGE_SEGMENT / OSTI_IMAGE_PAGE)
#define SEGMENT_CHUNKS	(SEGMENT_PAGES / OSTI_IMAGE_CHUNK_MIN)

/* Memory of an OS, which has any type. */
typedef uint64_t __attribute__((may_alias)) word;

/* A chunk that is not complete yet. */
struct open_chunk {
	uint32_t first;
	uint32_t pages;
	uint8_t hashes[OSTI_IMAGE_CHUNK_MAX * OSTI_IMAGE_HASH];
};

static bool page_is_zero(const uint8_t *page)
{
	const word *w = (const void *)page;
	unsigned int i;

	for (i = 0; i < OSTI_IMAGE_PAGE / sizeof(*w); i += 8)
		if (w[i] | w[i + 1] | w[i + 2] | w[i + 3] | w[i + 4] |
		    w[i + 5] | w[i + 6] | w[i + 7])
			return false;
	return true;
}

static uint32_t nr_pages(const struct image_build *b)
{
	return b->manifest.partition_bytes / OSTI_IMAGE_PAGE;
}

static uint8_t *table_at(const struct image_build *b, uint32_t index)
{
	return b->manifest.table + (size_t)index * OSTI_IMAGE_T_ENTRY;
}

static uint8_t *layout_at(const struct image_build *b, uint32_t index)
{
	return b->manifest.layout + (size_t)index * OSTI_IMAGE_L_ENTRY;
}

int image_build_begin(struct image_build *b, const struct image_keys *keys,
		      const uint8_t *ram, const uint8_t *record,
		      size_t record_bytes, uint8_t *plain, uint8_t *table)
{
	struct image_manifest *m = &b->manifest;
	struct image_record parsed;
	int error;

	error = image_record_parse(record, record_bytes, &parsed);
	if (error)
		return error;
	ASSERT((uintptr_t)ram % sizeof(word) == 0);

	memset(b, 0, sizeof(*b));
	b->keys = keys;
	b->ram = ram;
	b->plain = plain;
	m->partition_bytes = parsed.partition_bytes;
	m->record_bytes = record_bytes;
	m->record = plain + OSTI_IMAGE_M_FIXED;
	m->bitmap = m->record + record_bytes;
	m->layout = m->bitmap + nr_pages(b) / 8;
	m->table = table;

	memset(plain, 0, OSTI_IMAGE_M_FIXED);
	image_put32(plain + OSTI_IMAGE_M_RECORD_BYTES, record_bytes);
	memcpy(m->record, record, record_bytes);
	memset(m->bitmap, 0, nr_pages(b) / 8);
	return OSTI_IMAGE_OK;
}

uint32_t image_build_segments(const struct image_build *b)
{
	return (nr_pages(b) + SEGMENT_PAGES - 1) / SEGMENT_PAGES;
}

/* The segment's next entries for the pages of which chunk has the hashes. */
static void end_chunk(struct image_build *b, uint32_t nr,
		      struct open_chunk *chunk)
{
	uint32_t index = nr * SEGMENT_CHUNKS + b->chunks[nr];
	uint8_t *table = table_at(b, index);
	uint8_t *layout = layout_at(b, index);

	memset(table, 0, OSTI_IMAGE_T_ENTRY);
	image_crypto_mac(b->keys->chunk_id, chunk->hashes,
			 (size_t)chunk->pages * OSTI_IMAGE_HASH,
			 table + OSTI_IMAGE_T_ID);
	memset(layout, 0, OSTI_IMAGE_L_ENTRY);
	image_put32(layout + OSTI_IMAGE_L_FIRST, chunk->first);
	layout[OSTI_IMAGE_L_PAGES] = chunk->pages;
	b->pages[nr] += chunk->pages;
	b->chunks[nr]++;
	chunk->pages = 0;
}

/* Returns whether the chunk ends with this page. */
static bool add_page(struct image_build *b, uint32_t page,
		     struct open_chunk *chunk)
{
	uint8_t *hash = chunk->hashes + chunk->pages * OSTI_IMAGE_HASH;

	b->manifest.bitmap[page / 8] |= 1U << page % 8;
	image_crypto_mac(b->keys->page,
			 b->ram + (size_t)page * OSTI_IMAGE_PAGE,
			 OSTI_IMAGE_PAGE, hash);
	if (chunk->pages == 0)
		chunk->first = page;
	chunk->pages++;
	return chunk->pages == OSTI_IMAGE_CHUNK_MAX ||
	       (chunk->pages >= OSTI_IMAGE_CHUNK_MIN &&
		!(hash[0] & OSTI_IMAGE_CUT_MASK));
}

void image_build_segment(struct image_build *b, uint32_t nr)
{
	struct open_chunk chunk;
	uint32_t page = nr * SEGMENT_PAGES;
	uint32_t end = page + SEGMENT_PAGES;

	ASSERT(nr < image_build_segments(b));
	if (end > nr_pages(b))
		end = nr_pages(b);
	b->chunks[nr] = 0;
	b->pages[nr] = 0;
	chunk.pages = 0;
	for (; page < end; page++) {
		if (page_is_zero(b->ram + (size_t)page * OSTI_IMAGE_PAGE))
			continue;
		if (add_page(b, page, &chunk))
			end_chunk(b, nr, &chunk);
	}
	if (chunk.pages)
		end_chunk(b, nr, &chunk);
}

void image_build_finish(struct image_build *b)
{
	struct image_manifest *m = &b->manifest;
	uint32_t i;

	m->pages = 0;
	m->chunks = 0;
	for (i = 0; i < image_build_segments(b); i++) {
		uint32_t from = i * SEGMENT_CHUNKS;

		memmove(table_at(b, m->chunks), table_at(b, from),
			(size_t)b->chunks[i] * OSTI_IMAGE_T_ENTRY);
		memmove(layout_at(b, m->chunks), layout_at(b, from),
			(size_t)b->chunks[i] * OSTI_IMAGE_L_ENTRY);
		m->chunks += b->chunks[i];
		m->pages += b->pages[i];
	}
	image_put64(b->plain + OSTI_IMAGE_M_PAGES, m->pages);
	m->bytes = layout_at(b, m->chunks) - b->plain;
}

int image_build_set_stored(struct image_build *b, uint32_t index,
			   uint32_t stored, const uint8_t *digest)
{
	uint8_t *table;

	if (index >= b->manifest.chunks)
		return OSTI_IMAGE_E_INDEX;
	if (!image_chunk_stored_ok(layout_at(b, index)[OSTI_IMAGE_L_PAGES],
				   stored))
		return OSTI_IMAGE_E_CHUNK_SIZE;
	table = table_at(b, index);
	image_put32(table + OSTI_IMAGE_T_STORED, stored);
	memcpy(table + OSTI_IMAGE_T_DIGEST, digest, OSTI_IMAGE_HASH);
	return OSTI_IMAGE_OK;
}

int image_build_stored(const struct image_build *b, uint64_t *bytes)
{
	uint32_t i;

	*bytes = 0;
	for (i = 0; i < b->manifest.chunks; i++) {
		uint32_t stored =
			image_get32(table_at(b, i) + OSTI_IMAGE_T_STORED);

		if (!stored)
			return OSTI_IMAGE_E_CHUNK_SIZE;
		*bytes += stored;
	}
	return OSTI_IMAGE_OK;
}
