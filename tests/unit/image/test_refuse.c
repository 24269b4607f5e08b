// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is not exactly the image that was saved is refused, by its own error.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "image_error.h"

/* A small image with chunks of both codecs. */
static void small(struct fixture *f)
{
	fixture_init(f, 2 * MIB);
	fixture_noise(f->ram + 5 * PAGE, 9 * PAGE, 12);
	memset(f->ram + 300 * PAGE, 0x55, 9 * PAGE);
	fixture_pack(f);
}

static int header_error(size_t offset)
{
	static const struct {
		size_t end;
		int error;
	} map[] = {
		{ 8, OSTI_IMAGE_E_MAGIC },
		{ 12, OSTI_IMAGE_E_VERSION },
		{ 16, OSTI_IMAGE_E_SLOT },
		{ 24, OSTI_IMAGE_E_GENERATION },
		{ 32, OSTI_IMAGE_E_TAG },	/* saved at */
		{ 48, OSTI_IMAGE_E_SLOT },	/* name */
		{ 64, OSTI_IMAGE_E_DEVICE },
		{ 80, 0 },			/* sizes: see size_error() */
		{ 112, OSTI_IMAGE_E_TAG },	/* the id gives the key */
		{ 4096, OSTI_IMAGE_E_RESERVED },
	};
	unsigned int i;

	for (i = 0; offset >= map[i].end; i++)
		;
	return map[i].error;
}

static int size_error(uint64_t manifest, uint64_t chunks, uint64_t bytes)
{
	if (manifest < OSTI_IMAGE_M_FIXED + OSTI_IMAGE_TAG ||
	    manifest > OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG ||
	    chunks > OSTI_IMAGE_PARTITION_MAX / PAGE * (PAGE + OSTI_IMAGE_TAG))
		return OSTI_IMAGE_E_SIZE;
	return OSTI_IMAGE_HEADER + manifest + chunks > bytes ?
	       OSTI_IMAGE_E_TRUNCATED : OSTI_IMAGE_E_SIZE;
}

static void header_flipped(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	small(&f);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	for (i = 0; i < 8 * OSTI_IMAGE_HEADER; i++) {
		int error;

		/* One bit of each byte is enough where all must be zero. */
		if (i / 8 >= OSTI_IMAGE_H_ZERO && i % 8 != i / 8 % 8)
			continue;
		f.file[i / 8] ^= 1 << i % 8;
		error = header_error(i / 8);
		if (!error)
			error = size_error(image_get64(f.file + 64),
					   image_get64(f.file + 72), f.bytes);
		assert_int_equal(fixture_refusal(&f), error);
		f.file[i / 8] ^= 1 << i % 8;
	}
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&f);
}

static void manifest_flipped(void **state)
{
	struct fixture f;
	size_t bytes;
	size_t i;

	(void)state;
	small(&f);
	bytes = image_get64(f.file + OSTI_IMAGE_H_MANIFEST_BYTES);
	for (i = OSTI_IMAGE_HEADER; i < OSTI_IMAGE_HEADER + bytes; i++) {
		f.file[i] ^= 1 << i % 8;
		assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
		f.file[i] ^= 1 << i % 8;
	}
	fixture_free(&f);
}

static void chunks_flipped(void **state)
{
	struct fixture f;
	size_t step;
	size_t i;

	(void)state;
	small(&f);
	i = OSTI_IMAGE_HEADER +
	    image_get64(f.file + OSTI_IMAGE_H_MANIFEST_BYTES);
	/* Every byte near both ends, and samples between. */
	for (; i < f.bytes; i += step) {
		step = f.bytes - i < 1000 ? 1 : 997;
		f.file[i] ^= 1 << i % 8;
		assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_CHUNK_TAG);
		f.file[i] ^= 1 << i % 8;
	}
	fixture_free(&f);
}

static void truncated(void **state)
{
	struct fixture f;
	size_t whole;
	size_t bytes;

	(void)state;
	small(&f);
	whole = f.bytes;
	/* All lengths, but in the chunks only some. */
	for (bytes = 0; bytes < whole;
	     bytes += bytes > 6000 && bytes + 600 < whole ? 500 : 1) {
		/* An exact copy, so that a sanitizer sees a read behind it. */
		struct fixture g = f;

		g.bytes = bytes;
		g.file = malloc(g.bytes + 1);
		assert_non_null(g.file);
		memcpy(g.file, f.file, g.bytes);
		assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_TRUNCATED);
		free(g.file);
	}
	f.file = realloc(f.file, whole + 1);
	assert_non_null(f.file);
	f.file[whole] = 0;
	f.bytes = whole + 1;
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_SIZE);
	fixture_free(&f);
}

static void manifest_bytes_missing(void **state)
{
	struct image_header header;
	struct image_seal s;
	struct fixture f;

	(void)state;
	small(&f);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	assert_int_equal(image_open_begin(&s, &f.keys, &header, f.file,
					  f.file + OSTI_IMAGE_HEADER,
					  header.manifest_bytes - 1),
			 OSTI_IMAGE_E_TRUNCATED);
	assert_int_equal(image_open_begin(&s, &f.keys, &header, f.file,
					  f.file + OSTI_IMAGE_HEADER,
					  header.manifest_bytes + 1),
			 OSTI_IMAGE_E_SIZE);
	assert_int_equal(image_seal_begin(&s, &f.keys, &header, f.file,
					  f.file + OSTI_IMAGE_HEADER,
					  OSTI_IMAGE_M_FIXED - 1),
			 OSTI_IMAGE_E_SIZE);
	assert_int_equal(image_seal_begin(&s, &f.keys, &header, f.file,
					  f.file + OSTI_IMAGE_HEADER,
					  OSTI_IMAGE_MANIFEST_MAX + 1),
			 OSTI_IMAGE_E_SIZE);
	fixture_free(&f);
}

static void wiped_after_refusal(void **state)
{
	struct image_header header;
	struct image_seal s;
	struct fixture f;
	uint8_t *buf;
	size_t i;
	int error;

	(void)state;
	small(&f);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header), 0);
	buf = f.file + OSTI_IMAGE_HEADER;
	buf[header.manifest_bytes - 1] ^= 1;
	assert_int_equal(image_open_begin(&s, &f.keys, &header, f.file, buf,
					  header.manifest_bytes), 0);
	do {
		error = image_seal_step(&s, 64);
	} while (error == OSTI_IMAGE_AGAIN);
	assert_int_equal(error, OSTI_IMAGE_E_TAG);
	for (i = 0; i < header.manifest_bytes - OSTI_IMAGE_TAG; i++)
		assert_int_equal(buf[i], 0);
	fixture_free(&f);
}

/* Each of these imports fails; then the fixture is as before. */
static void other_owner(void **state)
{
	struct fixture f;
	struct fixture g;

	(void)state;
	small(&f);

	g = f;
	g.identity.slot = 1;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_SLOT);
	g = f;
	g.identity.name[0] ^= 1;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_SLOT);
	g = f;
	g.identity.generation++;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_GENERATION);
	g.identity.generation -= 2;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_GENERATION);
	g = f;
	g.root[0] ^= 1;
	fixture_rekey(&g);
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_DEVICE);
	/* A device that claims to be this one has still another key. */
	memcpy(g.identity.device, f.identity.device, OSTI_IMAGE_DEVICE);
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_TAG);
	g = f;
	g.info.platform[31] ^= 0x80;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_PLATFORM);
	g = f;
	g.info.partition_bytes = 4 * MIB;
	assert_int_equal(fixture_refusal(&g), OSTI_IMAGE_E_PARTITION);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&f);
}

/* An attacker changes the header to what is wanted: the tag covers it. */
static void header_rewritten(void **state)
{
	struct fixture f;

	(void)state;
	small(&f);
	f.identity.slot = 1;
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 1);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	f.identity.slot = 2;
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 2);
	f.identity.generation = 8;
	image_put64(f.file + OSTI_IMAGE_H_GENERATION, 8);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	f.identity.generation = 7;
	image_put64(f.file + OSTI_IMAGE_H_GENERATION, 7);
	f.identity.name[0] = 'W';
	f.file[OSTI_IMAGE_H_NAME] = 'W';
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	fixture_free(&f);
}

static void no_such_slot(void **state)
{
	struct image_header header;
	struct fixture f;

	(void)state;
	small(&f);
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 0);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_E_SLOT);
	image_put32(f.file + OSTI_IMAGE_H_SLOT, OSTI_MAX_SLOTS + 1);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_E_SLOT);
	image_put32(f.file + OSTI_IMAGE_H_SLOT, 2);
	image_put64(f.file + OSTI_IMAGE_H_GENERATION, 0);
	assert_int_equal(image_header_parse(f.file, f.bytes, &header),
			 OSTI_IMAGE_E_GENERATION);
	fixture_free(&f);
}

static void overflowing_sizes(void **state)
{
	static const uint64_t sizes[] = {
		UINT64_MAX, UINT64_MAX - 4095, UINT64_MAX / 2 + 1, 1ULL << 32,
	};
	struct fixture f;
	unsigned int i;

	(void)state;
	small(&f);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint64_t good = image_get64(f.file + 64);

		image_put64(f.file + 64, sizes[i]);
		assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_SIZE);
		image_put64(f.file + 64, good);
		good = image_get64(f.file + 72);
		image_put64(f.file + 72, sizes[i]);
		assert_int_equal(fixture_refusal(&f),
				 sizes[i] > 1ULL << 32 ? OSTI_IMAGE_E_SIZE :
							 OSTI_IMAGE_E_TRUNCATED);
		image_put64(f.file + 72, good);
	}
	/* Two that together are the file's size, modulo 2^64. */
	image_put64(f.file + 64, 4096);
	image_put64(f.file + 72, f.bytes - 8192 - UINT64_MAX - 1);
	assert_int_not_equal(fixture_refusal(&f), OSTI_IMAGE_OK);
	fixture_free(&f);
}

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

static void manifest_of_another_image(void **state)
{
	struct fixture f;
	struct fixture g;
	size_t bytes;

	(void)state;
	two_chunks(&f, 60);
	two_chunks(&g, 70);
	g.identity.generation--;
	fixture_pack(&g);
	assert_int_equal(f.bytes, g.bytes);
	bytes = image_get64(f.file + OSTI_IMAGE_H_MANIFEST_BYTES);
	memcpy(f.file + OSTI_IMAGE_HEADER, g.file + OSTI_IMAGE_HEADER, bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	/* Its id, too: then the key fits, but not what the tag covers. */
	memcpy(f.file + OSTI_IMAGE_H_MANIFEST_ID,
	       g.file + OSTI_IMAGE_H_MANIFEST_ID, OSTI_IMAGE_HASH);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_TAG);
	/* The whole old image is genuine; only the generation tells. */
	memcpy(f.file, g.file, g.bytes);
	assert_int_equal(fixture_refusal(&f), OSTI_IMAGE_E_GENERATION);
	fixture_free(&g);
	fixture_free(&f);
}

static void error_names(void **state)
{
	int i;
	int k;

	(void)state;
	for (i = 0; i >= OSTI_IMAGE_E_LAST; i--) {
		assert_non_null(image_error_name(i));
		assert_non_null(image_error_text(i));
		for (k = 0; k > i; k--) {
			assert_string_not_equal(image_error_name(i),
						image_error_name(k));
			assert_string_not_equal(image_error_text(i),
						image_error_text(k));
		}
	}
	assert_string_equal(image_error_name(1), "?");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_LAST - 1), "?");
	assert_string_equal(image_error_text(-1000), "unknown error");
	assert_string_equal(image_error_name(OSTI_IMAGE_E_CHUNK_TAG),
			    "chunk-tag");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_flipped),
		cmocka_unit_test(manifest_flipped),
		cmocka_unit_test(chunks_flipped),
		cmocka_unit_test(truncated),
		cmocka_unit_test(manifest_bytes_missing),
		cmocka_unit_test(wiped_after_refusal),
		cmocka_unit_test(other_owner),
		cmocka_unit_test(header_rewritten),
		cmocka_unit_test(no_such_slot),
		cmocka_unit_test(overflowing_sizes),
		cmocka_unit_test(chunks_swapped),
		cmocka_unit_test(chunk_of_another_image),
		cmocka_unit_test(manifest_of_another_image),
		cmocka_unit_test(error_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
