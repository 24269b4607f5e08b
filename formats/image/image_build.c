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
	return b->manifest.info.partition_bytes / OSTI_IMAGE_PAGE;
}

static uint8_t *entry_at(const struct image_build *b, uint32_t index)
{
	return b->manifest.table + (size_t)index * OSTI_IMAGE_T_ENTRY;
}

int image_build_begin(struct image_build *b, const struct image_keys *keys,
		      const uint8_t *ram, const struct image_info *info,
		      uint8_t *plain, size_t capacity)
{
	struct image_manifest *m = &b->manifest;
	size_t bitmap_bytes;

	if (info->gic_bytes > OSTI_IMAGE_GIC_MAX)
		return OSTI_IMAGE_E_GIC;
	if (!image_manifest_max(info->partition_bytes, info->gic_bytes))
		return OSTI_IMAGE_E_SIZE;
	if (capacity <
	    image_manifest_max(info->partition_bytes, info->gic_bytes))
		return OSTI_IMAGE_E_SPACE;
	if (info->entry < OSTI_RAM_IPA || info->entry % 4 ||
	    info->entry - OSTI_RAM_IPA >= info->partition_bytes ||
	    info->cpu >= OSTI_MAX_CPUS)
		return OSTI_IMAGE_E_RESUME;
	ASSERT((uintptr_t)ram % sizeof(word) == 0);

	bitmap_bytes = info->partition_bytes / OSTI_IMAGE_PAGE / 8;
	memset(b, 0, sizeof(*b));
	b->keys = keys;
	b->ram = ram;
	b->plain = plain;
	m->info = *info;
	m->info.gic = plain + OSTI_IMAGE_M_FIXED;
	m->bitmap = plain + OSTI_IMAGE_M_FIXED + info->gic_bytes;
	m->table = m->bitmap + bitmap_bytes;

	memset(plain, 0, OSTI_IMAGE_M_FIXED);
	image_put64(plain + OSTI_IMAGE_M_PARTITION, info->partition_bytes);
	image_put64(plain + OSTI_IMAGE_M_ENTRY, info->entry);
	image_put64(plain + OSTI_IMAGE_M_ARG, info->arg);
	image_put64(plain + OSTI_IMAGE_M_FROZEN_AT, info->frozen_at);
	image_put64(plain + OSTI_IMAGE_M_COUNTER, info->counter);
	image_put32(plain + OSTI_IMAGE_M_CPU, info->cpu);
	image_put32(plain + OSTI_IMAGE_M_GIC_BYTES, info->gic_bytes);
	memcpy(plain + OSTI_IMAGE_M_PLATFORM, info->platform, OSTI_IMAGE_HASH);
	memcpy(plain + OSTI_IMAGE_M_FIXED, info->gic, info->gic_bytes);
	memset(m->bitmap, 0, bitmap_bytes);
	return OSTI_IMAGE_OK;
}

uint32_t image_build_segments(const struct image_build *b)
{
	return (nr_pages(b) + SEGMENT_PAGES - 1) / SEGMENT_PAGES;
}

void image_build_segment_begin(struct image_segment *s, struct image_build *b,
			       uint32_t nr)
{
	ASSERT(nr < image_build_segments(b));
	s->build = b;
	s->nr = nr;
	s->page = nr * SEGMENT_PAGES;
	s->end = s->page + SEGMENT_PAGES;
	if (s->end > nr_pages(b))
		s->end = nr_pages(b);
	s->pages = 0;
	s->chunks = 0;
	s->chunk_pages = 0;
}

/* An entry for the pages of which s has the hashes. */
static void end_chunk(struct image_segment *s)
{
	struct image_build *b = s->build;
	uint8_t *entry = entry_at(b, s->nr * SEGMENT_CHUNKS + s->chunks);

	memset(entry, 0, OSTI_IMAGE_T_ENTRY);
	image_crypto_mac(b->keys->chunk_id, s->hashes,
			 s->chunk_pages * OSTI_IMAGE_HASH,
			 entry + OSTI_IMAGE_T_ID);
	image_put32(entry + OSTI_IMAGE_T_FIRST, s->first);
	entry[OSTI_IMAGE_T_PAGES] = s->chunk_pages;
	s->pages += s->chunk_pages;
	s->chunks++;
	s->chunk_pages = 0;
}

static void add_page(struct image_segment *s, const uint8_t *page)
{
	struct image_build *b = s->build;
	uint8_t *hash = s->hashes + s->chunk_pages * OSTI_IMAGE_HASH;

	b->manifest.bitmap[s->page / 8] |= 1U << s->page % 8;
	image_crypto_mac(b->keys->page, page, OSTI_IMAGE_PAGE, hash);
	if (s->chunk_pages == 0)
		s->first = s->page;
	s->chunk_pages++;
	if (s->chunk_pages == OSTI_IMAGE_CHUNK_MAX ||
	    (s->chunk_pages >= OSTI_IMAGE_CHUNK_MIN &&
	     !(hash[0] & OSTI_IMAGE_CUT_MASK)))
		end_chunk(s);
}

int image_build_segment_step(struct image_segment *s, uint32_t max_pages)
{
	struct image_build *b = s->build;

	for (; max_pages && s->page < s->end; max_pages--, s->page++) {
		const uint8_t *page =
			b->ram + (size_t)s->page * OSTI_IMAGE_PAGE;

		if (!page_is_zero(page))
			add_page(s, page);
	}
	if (s->page < s->end)
		return OSTI_IMAGE_AGAIN;
	if (s->chunk_pages)
		end_chunk(s);
	b->chunks[s->nr] = s->chunks;
	b->pages[s->nr] = s->pages;
	return OSTI_IMAGE_OK;
}

void image_build_finish(struct image_build *b)
{
	struct image_manifest *m = &b->manifest;
	uint32_t i;

	m->pages = 0;
	m->chunks = 0;
	for (i = 0; i < image_build_segments(b); i++) {
		memmove(entry_at(b, m->chunks), entry_at(b, i * SEGMENT_CHUNKS),
			(size_t)b->chunks[i] * OSTI_IMAGE_T_ENTRY);
		m->chunks += b->chunks[i];
		m->pages += b->pages[i];
	}
	image_put64(b->plain + OSTI_IMAGE_M_PAGES, m->pages);
	image_put32(b->plain + OSTI_IMAGE_M_CHUNKS, m->chunks);
	m->bytes = entry_at(b, m->chunks) - b->plain;
}

int image_build_set_stored(struct image_build *b, uint32_t index,
			   uint32_t stored, uint8_t codec)
{
	uint8_t *entry;

	if (index >= b->manifest.chunks)
		return OSTI_IMAGE_E_INDEX;
	entry = entry_at(b, index);
	if (!image_manifest_stored_ok(entry[OSTI_IMAGE_T_PAGES], codec, stored))
		return OSTI_IMAGE_E_CHUNK_SIZE;
	image_put32(entry + OSTI_IMAGE_T_STORED, stored);
	entry[OSTI_IMAGE_T_CODEC] = codec;
	return OSTI_IMAGE_OK;
}

int image_build_stored(const struct image_build *b, uint64_t *bytes)
{
	uint32_t i;

	*bytes = 0;
	for (i = 0; i < b->manifest.chunks; i++) {
		uint32_t stored =
			image_get32(entry_at(b, i) + OSTI_IMAGE_T_STORED);

		if (!stored)
			return OSTI_IMAGE_E_CHUNK_SIZE;
		*bytes += stored;
	}
	return OSTI_IMAGE_OK;
}
