// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Genuine parts of other images, or in other places, are refused.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

/* Exchange two chunks of f->file that have the same length. */
static void swap(struct fixture *f, uint32_t a, uint32_t b)
{
	struct image_chunk chunk[2];
	size_t at[2];
	uint8_t *tmp;

	at[0] = fixture_chunk(f, a, &chunk[0]);
	at[1] = fixture_chunk(f, b, &chunk[1]);
	assert_int_equal(chunk[0].stored, chunk[1].stored);
	tmp = malloc(chunk[0].stored);
	assert_non_null(tmp);
	memcpy(tmp, f->file + at[0], chunk[0].stored);
	memmove(f->file + at[0], f->file + at[1], chunk[0].stored);
	memcpy(f->file + at[1], tmp, chunk[0].stored);
	free(tmp);
}

/* Two chunks of four noisy pages each, so that they are equally long. */
static void two_chunks(struct fixture *f, uint64_t seed)
{
	struct image_chunk chunk;
	uint32_t i;

	fixture_init(f, 34 * MIB);
	for (i = 0; i < 2; i++) {
		fixture_noise(f->ram + i * OSTI_IMAGE_SEGMENT, 4 * PAGE,
			      seed + i);
	}
	fixture_pack(f);
	fixture_chunk(f, 1, &chunk);
	assert_int_equal(chunk.pages, 4);
}

static void chunks_swapped(void **state)
{
	struct fixture f;

	(void)state;
	two_chunks(&f, 50);
	swap(&f, 0, 1);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_CHUNK_TAG);
	fixture_free(&f);
}

/* Put chunk 0 of another image in the place of chunk 0. */
static void graft(struct fixture *to, const struct fixture *from)
{
	struct image_chunk a;
	struct image_chunk b;
	size_t at = fixture_chunk(to, 0, &a);
	size_t at_from = fixture_chunk(from, 0, &b);

	assert_int_equal(a.stored, b.stored);
	memcpy(to->file + at, from->file + at_from, a.stored);
}

static void chunk_of_another_image(void **state)
{
	struct fixture f;
	struct fixture g;

	(void)state;
	two_chunks(&f, 60);

	/* An older generation, in which the pages were others. */
	two_chunks(&g, 70);
	graft(&f, &g);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_CHUNK_TAG);
	fixture_free(&g);

	/* Another slot with the same pages. */
	two_chunks(&g, 60);
	g.identity.slot = 1;
	memcpy(g.identity.name, "personal", 8);
	fixture_rekey(&g);
	fixture_pack(&g);
	graft(&f, &g);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_CHUNK_TAG);
	fixture_free(&g);

	/* The same slot of another device. */
	two_chunks(&g, 60);
	g.root[5] ^= 1;
	fixture_rekey(&g);
	fixture_pack(&g);
	graft(&f, &g);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_CHUNK_TAG);
	fixture_free(&g);

	/* The same pages of an older generation: they are the same chunk. */
	two_chunks(&g, 60);
	g.identity.generation--;
	fixture_pack(&g);
	graft(&f, &g);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&g);
	fixture_free(&f);
}

/* Two images that are equally long, of two generations. */
static void generations(struct fixture *new, struct fixture *old,
			struct image_header *new_header,
			struct image_header *old_header)
{
	two_chunks(new, 60);
	two_chunks(old, 70);
	old->identity.generation--;
	fixture_pack(old);
	assert_int_equal(new->bytes, old->bytes);
	assert_int_equal(image_header_parse(new->file, new->bytes, new_header),
			 OSTI_IMAGE_OK);
	assert_int_equal(image_header_parse(old->file, old->bytes, old_header),
			 OSTI_IMAGE_OK);
}

static void manifest_of_another_image(void **state)
{
	struct image_header h;
	struct image_header old;
	struct fixture f;
	struct fixture g;
	size_t at;

	(void)state;
	generations(&f, &g, &h, &old);
	at = OSTI_IMAGE_HEADER + image_header_table(&h);
	memcpy(f.file + at, g.file + at, h.manifest_bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	/* Its id, too: then the key fits, but not the header's MAC. */
	memcpy(f.file + OSTI_IMAGE_H_MANIFEST_ID, old.manifest_id,
	       OSTI_IMAGE_HASH);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	/* If that were not so, the table would not fit. */
	memcpy(h.manifest_id, old.manifest_id, OSTI_IMAGE_HASH);
	fixture_reframe(&f, &h);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	/* The whole old image is genuine; only the generation tells. */
	memcpy(f.file, g.file, g.bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_GENERATION);
	fixture_free(&g);
	fixture_free(&f);
}

static void table_of_another_image(void **state)
{
	struct image_header h;
	struct image_header old;
	struct fixture f;
	struct fixture g;

	(void)state;
	generations(&f, &g, &h, &old);
	memcpy(f.file + OSTI_IMAGE_HEADER, g.file + OSTI_IMAGE_HEADER,
	       image_header_table(&h));
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	fixture_free(&g);
	fixture_free(&f);
}

/* An old engine's word for a new record, and the other way round. */
static void record_of_another_image(void **state)
{
	struct image_header h;
	struct image_header old;
	struct fixture f;
	struct fixture g;

	(void)state;
	generations(&f, &g, &h, &old);
	g.record.counter++;
	fixture_pack(&g);
	assert_int_equal(image_header_parse(g.file, g.bytes, &old), 0);
	assert_memory_not_equal(h.record_id, old.record_id, OSTI_IMAGE_HASH);

	/* Everything is the old image's but what the monitor says of it. */
	memcpy(f.file, g.file, g.bytes);
	memcpy(h.manifest_id, old.manifest_id, OSTI_IMAGE_HASH);
	fixture_reframe(&f, &h);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_RECORD);
	fixture_free(&g);
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_swapped),
		cmocka_unit_test(chunk_of_another_image),
		cmocka_unit_test(manifest_of_another_image),
		cmocka_unit_test(table_of_another_image),
		cmocka_unit_test(record_of_another_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
