// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * manifest.c - a manifest in plain text with its table, to be made wrong
 */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

#define AROUND	(OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG)

struct manifest manifest;

static void *copy(const void *from, size_t bytes)
{
	void *to = malloc(bytes ? bytes : 1);

	assert_non_null(to);
	memcpy(to, from, bytes);
	return to;
}

int manifest_setup(void **state)
{
	struct fixture *f = &manifest.f;
	struct fixture_image image;

	(void)state;
	fixture_init(f, 18 * MIB);
	f->packing.codec = OSTI_IMAGE_CODEC_RAW;
	fixture_noise(f->ram, 100 * PAGE, 21);
	fixture_noise(f->ram + 200 * PAGE, 3 * PAGE, 22);
	fixture_noise(f->ram + OSTI_IMAGE_SEGMENT, 20 * PAGE, 23);
	fixture_pack(f);
	assert_int_equal(fixture_open(f, &image), OSTI_IMAGE_OK);
	manifest.bytes = image.m.bytes;
	manifest.plain = copy(image.plain, image.m.bytes);
	manifest.bitmap = manifest.plain + (image.m.bitmap - image.plain);
	manifest.chunks = image.m.chunks;
	manifest.chunks_bytes = image.header.chunks_bytes;
	manifest.table = copy(image.table, image_header_table(&image.header));
	fixture_close(&image);
	return 0;
}

int manifest_teardown(void **state)
{
	(void)state;
	free(manifest.table);
	free(manifest.plain);
	fixture_free(&manifest.f);
	return 0;
}

int manifest_parse(void)
{
	struct image_manifest m;
	uint8_t *plain = copy(manifest.plain, manifest.bytes);
	int error;

	/* Exact copies, so that a sanitizer sees a read behind them. */
	error = image_manifest_parse(plain, manifest.bytes, manifest.table,
				     manifest.chunks, manifest.chunks_bytes,
				     &m);
	free(plain);
	return error;
}

int manifest_import(void)
{
	fixture_reseal(&manifest.f, manifest.plain, manifest.bytes,
		       manifest.table, manifest.chunks, manifest.chunks_bytes);
	return fixture_refusal(&manifest.f);
}

static uint8_t *longer(uint8_t *from, size_t bytes, size_t more)
{
	uint8_t *to = realloc(from, bytes + more);

	assert_non_null(to);
	memset(to + bytes, 0, more);
	return to;
}

void manifest_grow(size_t more)
{
	size_t at = manifest.bitmap - manifest.plain;

	manifest.plain = longer(manifest.plain, manifest.bytes, more);
	manifest.bitmap = manifest.plain + at;
	manifest.bytes += more;
}

void manifest_add_chunk(void)
{
	manifest_grow(OSTI_IMAGE_L_ENTRY);
	manifest.table = longer(manifest.table,
				(size_t)manifest.chunks * OSTI_IMAGE_T_ENTRY,
				OSTI_IMAGE_T_ENTRY);
	manifest.chunks++;
}

uint8_t *manifest_table(uint32_t index)
{
	return manifest.table + (size_t)index * OSTI_IMAGE_T_ENTRY;
}

uint8_t *manifest_layout(uint32_t index)
{
	return manifest.bitmap +
	       manifest.f.record.partition_bytes / PAGE / 8 +
	       (size_t)index * OSTI_IMAGE_L_ENTRY;
}

void manifest_set_pages(uint32_t index, uint8_t pages)
{
	uint8_t *stored = manifest_table(index) + OSTI_IMAGE_T_STORED;

	manifest.chunks_bytes -= image_get32(stored);
	image_put32(stored, AROUND + pages * PAGE);
	manifest.chunks_bytes += AROUND + pages * PAGE;
	manifest_layout(index)[OSTI_IMAGE_L_PAGES] = pages;
}
