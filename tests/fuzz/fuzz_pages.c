// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_pages.c - memory of a hostile OS becomes an image, and memory again
 *
 * Input: see generate.h. The first chunk is sealed with the codec and level that
 * the input names, each further one with the next, and opened again: each with
 * all would cost four times as much. In the end the whole partition must come
 * back.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "generate.h"
#include "image_build.h"
#include "image_chunk.h"
#include "image_record.h"
#include "image_seal.h"

#define BYTES	(GENERATE_PAGES * OSTI_IMAGE_PAGE)

_Static_assert(BYTES == OSTI_IMAGE_PARTITION_UNIT, "the smallest partition");

static const struct image_keys keys = {
	.page = { 1 }, .chunk_id = { 2 }, .chunk_digest = { 3 },
	.chunk_key = { 4 }, .manifest_id = { 5 }, .manifest_key = { 6 },
};

static const struct image_packing packings[] = {
	{ OSTI_IMAGE_CODEC_RAW, 1 }, { OSTI_IMAGE_CODEC_LZ4, 1 },
	{ OSTI_IMAGE_CODEC_ZSTD, 1 }, { OSTI_IMAGE_CODEC_ZSTD, 2 },
	{ OSTI_IMAGE_CODEC_ZSTD, 3 },
};

#define PACKINGS	(sizeof(packings) / sizeof(packings[0]))

/* Zero between two inputs. */
static uint8_t ram[BYTES] __attribute__((aligned(8)));
static uint8_t back[BYTES];
/* Nothing of one's state may be needed by the other. */
static struct image_work sealer, opener;
static struct image_build build;
static uint8_t plain[IMAGE_MANIFEST_MAX(BYTES) + OSTI_IMAGE_TAG];
static uint8_t table[IMAGE_TABLE_MAX(BYTES)];

static void begin(void)
{
	static uint8_t bytes[OSTI_IMAGE_RECORD_MAX];
	static size_t nr;

	if (!nr) {
		const struct image_record record = {
			.partition_bytes = BYTES, .entry = OSTI_RAM_IPA,
		};

		nr = image_record_write(&record, bytes);
	}
	CHECK(image_build_begin(&build, &keys, ram, bytes, nr, plain, table) ==
	      OSTI_IMAGE_OK);
	CHECK(image_build_segments(&build) == 1);
	image_build_segment(&build, 0);
	image_build_finish(&build);
}

/* The chunk's pages in the partition are those at @pages. */
static void compare(const struct image_chunk *chunk, const uint8_t *pages)
{
	uint32_t page = chunk->first;
	unsigned int i;

	for (i = 0; i < chunk->pages; i++) {
		CHECK(!memcmp(pages + i * OSTI_IMAGE_PAGE,
			      ram + (size_t)page * OSTI_IMAGE_PAGE,
			      OSTI_IMAGE_PAGE));
		page = image_manifest_next_page(&build.manifest, page + 1);
	}
}

static void seal_and_open(uint32_t index, const struct image_packing *packing)
{
	const struct image_manifest *m = &build.manifest;
	uint8_t digest[OSTI_IMAGE_HASH];
	struct image_chunk chunk;
	uint32_t stored;
	uint8_t *exact;

	CHECK(image_chunk_seal(&keys, &sealer, m, index, ram, packing, &stored,
			       digest) == OSTI_IMAGE_OK);
	CHECK(image_build_set_stored(&build, index, stored, digest) ==
	      OSTI_IMAGE_OK);
	CHECK(image_manifest_chunk(m, index, &chunk) == OSTI_IMAGE_OK);
	exact = fuzz_copy(sealer.stored, stored);
	CHECK(image_chunk_open(&keys, &opener, m, index, exact, stored) ==
	      OSTI_IMAGE_OK);
	free(exact);
	compare(&chunk, opener.pages);
}

/* @first: which packing the first chunk is sealed with. */
static void check_chunks(unsigned int first)
{
	uint32_t i;

	for (i = 0; i < build.manifest.chunks; i++) {
		seal_and_open(i, &packings[(first + i) % PACKINGS]);
		image_chunk_place(&opener, &build.manifest, i, back);
	}
}

static void check_manifest(void)
{
	const struct image_manifest *m = &build.manifest;
	size_t table_bytes = (size_t)m->chunks * OSTI_IMAGE_T_ENTRY;
	uint8_t id[OSTI_IMAGE_HASH];
	struct image_manifest again;
	uint64_t stored;

	CHECK(image_build_stored(&build, &stored) == OSTI_IMAGE_OK);
	CHECK(image_manifest_seal(&keys, table, table_bytes, plain, m->bytes,
				  id) == OSTI_IMAGE_OK);
	CHECK(image_manifest_open(&keys, table, table_bytes, plain,
				  m->bytes + OSTI_IMAGE_TAG, id) ==
	      OSTI_IMAGE_OK);
	CHECK(image_manifest_parse(plain, m->bytes, table, m->chunks, stored,
				   &again) == OSTI_IMAGE_OK);
}

/* Whatever is left in both partitions goes, so that the next input has none. */
static void clear(const struct generated *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		size_t at = (size_t)g->at[i] * OSTI_IMAGE_PAGE;

		CHECK(!memcmp(ram + at, back + at, OSTI_IMAGE_PAGE));
		memset(ram + at, 0, OSTI_IMAGE_PAGE);
		memset(back + at, 0, OSTI_IMAGE_PAGE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct generated g;

	generate(data, size, keys.page, ram, &g);
	begin();
	CHECK(build.manifest.pages <= g.nr);
	check_chunks(size ? data[0] + data[size - 1] : 0);
	check_manifest();
	clear(&g);
	return 0;
}
