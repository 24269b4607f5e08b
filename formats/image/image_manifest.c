// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_manifest.c - the manifest of an image, in plain text
 */
#include "image_manifest.h"

#include <stdbool.h>

#include "image_bytes.h"
#include "string.h"

#define SEGMENT_PAGES	(OSTI_IMAGE_SEGMENT / OSTI_IMAGE_PAGE)
#define CHUNKS_MAX(bytes) \
	((bytes) / OSTI_IMAGE_PAGE / OSTI_IMAGE_CHUNK_MIN)

_Static_assert(OSTI_IMAGE_M_FIXED + OSTI_IMAGE_GIC_MAX +
	       OSTI_IMAGE_PARTITION_MAX / OSTI_IMAGE_PAGE / 8 +
	       CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX) * OSTI_IMAGE_T_ENTRY <=
	       OSTI_IMAGE_MANIFEST_MAX, "the largest manifest is allowed");
/* A segment that is not a whole one would need more chunks than this allows. */
_Static_assert(OSTI_IMAGE_PARTITION_UNIT / OSTI_IMAGE_PAGE %
	       OSTI_IMAGE_CHUNK_MIN == 0, "a short chunk saves as many pages");

static bool partition_ok(uint64_t bytes)
{
	return bytes > 0 && bytes <= OSTI_IMAGE_PARTITION_MAX &&
	       bytes % OSTI_IMAGE_PARTITION_UNIT == 0;
}

size_t image_manifest_max(uint64_t partition_bytes, uint32_t gic_bytes)
{
	if (!partition_ok(partition_bytes) || gic_bytes > OSTI_IMAGE_GIC_MAX)
		return 0;
	return OSTI_IMAGE_M_FIXED + gic_bytes +
	       partition_bytes / OSTI_IMAGE_PAGE / 8 +
	       CHUNKS_MAX(partition_bytes) * OSTI_IMAGE_T_ENTRY;
}

uint32_t image_manifest_next_page(const struct image_manifest *m, uint32_t from)
{
	uint32_t nr = m->info.partition_bytes / OSTI_IMAGE_PAGE;

	while (from < nr) {
		uint8_t left = m->bitmap[from / 8] >> from % 8;

		if (left & 1)
			return from;
		from = left ? from + 1 : (from / 8 + 1) * 8;
	}
	return nr;
}

int image_manifest_stored_ok(uint8_t pages, uint8_t codec, uint32_t stored)
{
	uint32_t raw = pages * OSTI_IMAGE_PAGE + OSTI_IMAGE_TAG;

	switch (codec) {
	case OSTI_IMAGE_CODEC_RAW:
		return stored == raw;
	case OSTI_IMAGE_CODEC_LZ4:
		return stored > OSTI_IMAGE_TAG && stored < raw;
	default:
		return false;
	}
}

int image_manifest_chunk(const struct image_manifest *m, uint32_t index,
			 struct image_chunk *chunk)
{
	const uint8_t *entry;

	if (index >= m->chunks)
		return OSTI_IMAGE_E_INDEX;
	entry = m->table + (size_t)index * OSTI_IMAGE_T_ENTRY;
	memcpy(chunk->id, entry + OSTI_IMAGE_T_ID, OSTI_IMAGE_HASH);
	chunk->first = image_get32(entry + OSTI_IMAGE_T_FIRST);
	chunk->stored = image_get32(entry + OSTI_IMAGE_T_STORED);
	chunk->pages = entry[OSTI_IMAGE_T_PAGES];
	chunk->codec = entry[OSTI_IMAGE_T_CODEC];
	return OSTI_IMAGE_OK;
}

static int check_bitmap(const struct image_manifest *m)
{
	size_t bytes = m->info.partition_bytes / OSTI_IMAGE_PAGE / 8;
	uint64_t pages = 0;
	size_t i;

	for (i = 0; i < bytes; i++) {
		uint8_t byte = m->bitmap[i];

		for (; byte; byte &= byte - 1)
			pages++;
	}
	return pages == m->pages ? OSTI_IMAGE_OK : OSTI_IMAGE_E_BITMAP;
}

/*
 * The pages of the chunks are those of the bitmap, one after the other. On
 * success *next is the first page behind the chunk.
 */
static int check_chunk(const struct image_manifest *m,
		       const struct image_chunk *chunk, uint32_t *next)
{
	uint32_t nr = m->info.partition_bytes / OSTI_IMAGE_PAGE;
	uint32_t page = *next;
	uint32_t last = page;
	unsigned int i;

	if (chunk->pages < 1 || chunk->pages > OSTI_IMAGE_CHUNK_MAX ||
	    !image_manifest_stored_ok(chunk->pages, chunk->codec,
				      chunk->stored) ||
	    chunk->first != page)
		return OSTI_IMAGE_E_TABLE;
	for (i = 0; i < chunk->pages; i++) {
		if (page == nr ||
		    page / SEGMENT_PAGES != chunk->first / SEGMENT_PAGES)
			return OSTI_IMAGE_E_TABLE;
		last = page;
		page = image_manifest_next_page(m, page + 1);
	}
	if (chunk->pages < OSTI_IMAGE_CHUNK_MIN && page < nr &&
	    page / SEGMENT_PAGES == last / SEGMENT_PAGES)
		return OSTI_IMAGE_E_TABLE;
	*next = page;
	return OSTI_IMAGE_OK;
}

static int check_table(const struct image_manifest *m, uint64_t chunks_bytes)
{
	uint32_t next = image_manifest_next_page(m, 0);
	uint64_t stored = 0;
	uint32_t i;

	for (i = 0; i < m->chunks; i++) {
		const uint8_t *entry =
			m->table + (size_t)i * OSTI_IMAGE_T_ENTRY;
		struct image_chunk chunk;
		int error;

		image_manifest_chunk(m, i, &chunk);
		error = check_chunk(m, &chunk, &next);
		if (error)
			return error;
		if (entry[OSTI_IMAGE_T_ZERO] || entry[OSTI_IMAGE_T_ZERO + 1])
			return OSTI_IMAGE_E_RESERVED;
		stored += chunk.stored;
	}
	if (next != m->info.partition_bytes / OSTI_IMAGE_PAGE ||
	    stored != chunks_bytes)
		return OSTI_IMAGE_E_TABLE;
	return OSTI_IMAGE_OK;
}

static int check_fixed(const uint8_t *plain, const struct image_manifest *m)
{
	const struct image_info *info = &m->info;

	if (image_get32(plain + OSTI_IMAGE_M_ZERO))
		return OSTI_IMAGE_E_RESERVED;
	if (!partition_ok(info->partition_bytes))
		return OSTI_IMAGE_E_SIZE;
	if (info->gic_bytes > OSTI_IMAGE_GIC_MAX)
		return OSTI_IMAGE_E_GIC;
	if (info->entry < OSTI_RAM_IPA || info->entry % 4 ||
	    info->entry - OSTI_RAM_IPA >= info->partition_bytes ||
	    info->cpu >= OSTI_MAX_CPUS)
		return OSTI_IMAGE_E_RESUME;
	return OSTI_IMAGE_OK;
}

int image_manifest_parse(uint8_t *plain, size_t bytes, uint64_t chunks_bytes,
			 struct image_manifest *m)
{
	struct image_info *info = &m->info;
	uint64_t bitmap_bytes;
	uint64_t expected;
	int error;

	if (bytes < OSTI_IMAGE_M_FIXED)
		return OSTI_IMAGE_E_TRUNCATED;
	info->partition_bytes = image_get64(plain + OSTI_IMAGE_M_PARTITION);
	info->entry = image_get64(plain + OSTI_IMAGE_M_ENTRY);
	info->arg = image_get64(plain + OSTI_IMAGE_M_ARG);
	info->cpu = image_get32(plain + OSTI_IMAGE_M_CPU);
	info->frozen_at = image_get64(plain + OSTI_IMAGE_M_FROZEN_AT);
	info->counter = image_get64(plain + OSTI_IMAGE_M_COUNTER);
	memcpy(info->platform, plain + OSTI_IMAGE_M_PLATFORM, OSTI_IMAGE_HASH);
	info->gic_bytes = image_get32(plain + OSTI_IMAGE_M_GIC_BYTES);
	m->pages = image_get64(plain + OSTI_IMAGE_M_PAGES);
	m->chunks = image_get32(plain + OSTI_IMAGE_M_CHUNKS);
	m->bytes = bytes;
	error = check_fixed(plain, m);
	if (error)
		return error;

	/* No overflow: a 32-bit number of entries, the rest has its limits. */
	bitmap_bytes = info->partition_bytes / OSTI_IMAGE_PAGE / 8;
	expected = OSTI_IMAGE_M_FIXED + info->gic_bytes + bitmap_bytes +
		   (uint64_t)m->chunks * OSTI_IMAGE_T_ENTRY;
	if (expected > bytes)
		return OSTI_IMAGE_E_TRUNCATED;
	if (expected < bytes)
		return OSTI_IMAGE_E_SIZE;
	info->gic = plain + OSTI_IMAGE_M_FIXED;
	m->bitmap = plain + OSTI_IMAGE_M_FIXED + info->gic_bytes;
	m->table = m->bitmap + bitmap_bytes;

	error = check_bitmap(m);
	return error ? error : check_table(m, chunks_bytes);
}

int image_manifest_match(const struct image_manifest *m,
			 uint64_t partition_bytes, const uint8_t *platform)
{
	if (m->info.partition_bytes != partition_bytes)
		return OSTI_IMAGE_E_PARTITION;
	if (memcmp(m->info.platform, platform, OSTI_IMAGE_HASH))
		return OSTI_IMAGE_E_PLATFORM;
	return OSTI_IMAGE_OK;
}
