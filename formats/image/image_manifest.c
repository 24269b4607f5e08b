// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_manifest.c - the manifest of an image, in plain text, and its table
 */
#include "image_manifest.h"

#include "image_bytes.h"
#include "string.h"

#define SEGMENT_PAGES	(OSTI_IMAGE_SEGMENT / OSTI_IMAGE_PAGE)

_Static_assert(IMAGE_MANIFEST_MAX(OSTI_IMAGE_PARTITION_MAX) <=
	       OSTI_IMAGE_MANIFEST_MAX, "the largest manifest is allowed");
/* A segment that is not a whole one would need more chunks than this allows. */
_Static_assert(OSTI_IMAGE_PARTITION_UNIT / OSTI_IMAGE_PAGE %
	       OSTI_IMAGE_CHUNK_MIN == 0, "a short chunk saves as many pages");
/* The bitmap is read in words of 64 pages. */
_Static_assert(OSTI_IMAGE_PARTITION_UNIT / OSTI_IMAGE_PAGE % 64 == 0,
	       "a bitmap is made of whole words");
_Static_assert(OSTI_IMAGE_PARTITION_MAX / OSTI_IMAGE_PAGE < UINT32_MAX,
	       "numbers of pages have 32 bits");

static uint32_t nr_pages(const struct image_manifest *m)
{
	return m->partition_bytes / OSTI_IMAGE_PAGE;
}

uint32_t image_manifest_next_page(const struct image_manifest *m, uint32_t from)
{
	uint32_t nr = nr_pages(m);

	while (from < nr) {
		uint64_t left = image_get64(m->bitmap + from / 64 * 8) >>
				from % 64;

		if (left)
			return from + __builtin_ctzll(left);
		from = (from / 64 + 1) * 64;
	}
	return nr;
}

int image_chunk_stored_ok(uint8_t pages, uint32_t stored)
{
	uint32_t around = OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG;

	return pages >= 1 && pages <= OSTI_IMAGE_CHUNK_MAX &&
	       stored > around &&
	       stored <= around + pages * OSTI_IMAGE_PAGE;
}

int image_manifest_chunk(const struct image_manifest *m, uint32_t index,
			 struct image_chunk *chunk)
{
	const uint8_t *layout;
	const uint8_t *table;

	if (index >= m->chunks)
		return OSTI_IMAGE_E_INDEX;
	layout = m->layout + (size_t)index * OSTI_IMAGE_L_ENTRY;
	table = m->table + (size_t)index * OSTI_IMAGE_T_ENTRY;
	memcpy(chunk->id, table + OSTI_IMAGE_T_ID, OSTI_IMAGE_HASH);
	memcpy(chunk->digest, table + OSTI_IMAGE_T_DIGEST, OSTI_IMAGE_HASH);
	chunk->stored = image_get32(table + OSTI_IMAGE_T_STORED);
	chunk->first = image_get32(layout + OSTI_IMAGE_L_FIRST);
	chunk->pages = layout[OSTI_IMAGE_L_PAGES];
	return OSTI_IMAGE_OK;
}

static unsigned int count_bits(uint64_t word)
{
	/* Not the compiler's own, which may be a call of a library. */
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return word * 0x0101010101010101 >> 56;
}

static int check_bitmap(const struct image_manifest *m)
{
	size_t bytes = nr_pages(m) / 8;
	uint64_t pages = 0;
	size_t i;

	for (i = 0; i < bytes; i += 8)
		pages += count_bits(image_get64(m->bitmap + i));
	return pages == m->pages ? OSTI_IMAGE_OK : OSTI_IMAGE_E_BITMAP;
}

/*
 * The pages of the chunks are those of the bitmap, one after the other. On
 * success *next is the first page behind the chunk.
 */
static int check_chunk(const struct image_manifest *m, uint32_t first,
		       uint8_t pages, uint32_t *next)
{
	uint32_t nr = nr_pages(m);
	uint32_t page = *next;
	uint32_t last = page;
	unsigned int i;

	if (first != page)
		return OSTI_IMAGE_E_TABLE;
	for (i = 0; i < pages; i++) {
		if (page == nr || page / SEGMENT_PAGES != first / SEGMENT_PAGES)
			return OSTI_IMAGE_E_TABLE;
		last = page;
		page = image_manifest_next_page(m, page + 1);
	}
	if (pages < OSTI_IMAGE_CHUNK_MIN && page < nr &&
	    page / SEGMENT_PAGES == last / SEGMENT_PAGES)
		return OSTI_IMAGE_E_TABLE;
	*next = page;
	return OSTI_IMAGE_OK;
}

static int check_chunks(const struct image_manifest *m, uint64_t chunks_bytes)
{
	static const uint8_t zero[OSTI_IMAGE_L_ENTRY - OSTI_IMAGE_L_ZERO];
	uint32_t next = image_manifest_next_page(m, 0);
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < m->chunks; i++) {
		const uint8_t *layout =
			m->layout + (size_t)i * OSTI_IMAGE_L_ENTRY;
		uint32_t stored = image_get32(m->table + (size_t)i *
					      OSTI_IMAGE_T_ENTRY +
					      OSTI_IMAGE_T_STORED);
		uint8_t pages = layout[OSTI_IMAGE_L_PAGES];
		int error;

		if (memcmp(layout + OSTI_IMAGE_L_ZERO, zero, sizeof(zero)))
			return OSTI_IMAGE_E_RESERVED;
		if (!image_chunk_stored_ok(pages, stored))
			return OSTI_IMAGE_E_TABLE;
		error = check_chunk(m, image_get32(layout + OSTI_IMAGE_L_FIRST),
				    pages, &next);
		if (error)
			return error;
		sum += stored;
	}
	return next == nr_pages(m) && sum == chunks_bytes ?
	       OSTI_IMAGE_OK : OSTI_IMAGE_E_TABLE;
}

/* The numbers that come first, and the record behind them. */
static int read_record(uint8_t *plain, size_t bytes, struct image_manifest *m)
{
	struct image_record record;
	int error;

	if (bytes < OSTI_IMAGE_M_FIXED)
		return OSTI_IMAGE_E_TRUNCATED;
	if (image_get32(plain + OSTI_IMAGE_M_ZERO))
		return OSTI_IMAGE_E_RESERVED;
	m->pages = image_get64(plain + OSTI_IMAGE_M_PAGES);
	m->record = plain + OSTI_IMAGE_M_FIXED;
	m->record_bytes = image_get32(plain + OSTI_IMAGE_M_RECORD_BYTES);
	if (m->record_bytes > OSTI_IMAGE_RECORD_MAX)
		return OSTI_IMAGE_E_RECORD;
	if (m->record_bytes > bytes - OSTI_IMAGE_M_FIXED)
		return OSTI_IMAGE_E_TRUNCATED;
	error = image_record_parse(m->record, m->record_bytes, &record);
	if (error)
		return error;
	m->partition_bytes = record.partition_bytes;
	return OSTI_IMAGE_OK;
}

int image_manifest_parse(uint8_t *plain, size_t bytes, uint8_t *table,
			 uint32_t chunks, uint64_t chunks_bytes,
			 struct image_manifest *m)
{
	uint64_t expected;
	int error;

	error = read_record(plain, bytes, m);
	if (error)
		return error;

	/* No overflow: a 32-bit number of entries, the rest has its limits. */
	expected = OSTI_IMAGE_M_FIXED + (uint64_t)m->record_bytes +
		   nr_pages(m) / 8 + (uint64_t)chunks * OSTI_IMAGE_L_ENTRY;
	if (expected > bytes)
		return OSTI_IMAGE_E_TRUNCATED;
	if (expected < bytes)
		return OSTI_IMAGE_E_SIZE;
	m->chunks = chunks;
	m->bitmap = m->record + m->record_bytes;
	m->layout = m->bitmap + nr_pages(m) / 8;
	m->table = table;
	m->bytes = bytes;

	error = check_bitmap(m);
	return error ? error : check_chunks(m, chunks_bytes);
}

int image_manifest_set_record(struct image_manifest *m, const uint8_t *record,
			      size_t bytes)
{
	uint8_t *plain = m->record - OSTI_IMAGE_M_FIXED;
	const size_t behind = m->bytes - OSTI_IMAGE_M_FIXED - m->record_bytes;
	struct image_record parsed;
	int error;

	error = image_record_parse(record, bytes, &parsed);
	if (error)
		return error;
	if (parsed.partition_bytes != m->partition_bytes)
		return OSTI_IMAGE_E_PARTITION;
	memmove(m->record + bytes, m->bitmap, behind);
	memcpy(m->record, record, bytes);
	image_put32(plain + OSTI_IMAGE_M_RECORD_BYTES, bytes);
	m->record_bytes = bytes;
	m->bitmap = m->record + bytes;
	m->layout = m->bitmap + nr_pages(m) / 8;
	m->bytes = OSTI_IMAGE_M_FIXED + bytes + behind;
	return OSTI_IMAGE_OK;
}

int image_manifest_stored(const struct image_manifest *m, uint64_t *bytes)
{
	struct image_chunk chunk;
	uint32_t i;

	*bytes = 0;
	for (i = 0; image_manifest_chunk(m, i, &chunk) == OSTI_IMAGE_OK; i++) {
		if (!image_chunk_stored_ok(chunk.pages, chunk.stored))
			return OSTI_IMAGE_E_CHUNK_SIZE;
		*bytes += chunk.stored;
	}
	return OSTI_IMAGE_OK;
}
