// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images of every kind of memory come back as they were.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static void compare_record(const struct fixture *f,
			   const struct image_record *r)
{
	assert_true(r->partition_bytes == f->record.partition_bytes);
	assert_true(r->entry == f->record.entry);
	assert_true(r->arg == f->record.arg);
	assert_true(r->frozen_at == f->record.frozen_at);
	assert_true(r->counter == f->record.counter);
	assert_true(r->start == f->record.start);
	assert_int_equal(r->cpu, f->record.cpu);
	assert_int_equal(r->kind, f->record.kind);
	assert_memory_equal(r->platform, f->record.platform,
			    sizeof(r->platform));
	assert_int_equal(r->attachments, f->record.attachments);
	assert_int_equal(r->gic_bytes, f->record.gic_bytes);
	assert_memory_equal(r->gic, f->record.gic, r->gic_bytes);
}

/* Pack, import, compare everything. Returns the image's number of chunks. */
static uint32_t round_trip(struct fixture *f)
{
	uint8_t *ram = calloc(1, f->record.partition_bytes);
	struct fixture_image image;
	uint32_t chunks;

	assert_non_null(ram);
	fixture_pack(f);
	assert_int_equal(fixture_import(f, ram, &image), OSTI_IMAGE_OK);
	assert_memory_equal(ram, f->ram, f->record.partition_bytes);
	compare_record(f, &image.record);
	assert_true(image.header.saved_at == f->saved_at);
	chunks = image.m.chunks;
	fixture_close(&image);
	free(ram);
	return chunks;
}

static void empty(void **state)
{
	uint8_t record[OSTI_IMAGE_RECORD_MAX];
	struct fixture f;

	(void)state;
	fixture_init(&f, 2 * MIB);
	assert_int_equal(round_trip(&f), 0);
	assert_true(f.bytes == OSTI_IMAGE_HEADER + OSTI_IMAGE_M_FIXED +
		    image_record_write(&f.record, record) +
		    2 * MIB / PAGE / 8 + OSTI_IMAGE_TAG);
	fixture_free(&f);
}

static void full_of_noise(void **state)
{
	struct fixture f;

	(void)state;
	/* Not a whole number of segments. */
	fixture_init(&f, 34 * MIB);
	fixture_noise(f.ram, 34 * MIB, 1);
	/* Mean of about 22 pages: 8704 pages make about 390 chunks. */
	assert_in_range(round_trip(&f), 300, 500);
	/* It does not grow by more than prefixes, tags, table and layout. */
	assert_in_range(f.bytes, 34 * MIB,
			34 * MIB + 500 * (8 + 16 + 68 + 8) + 8192);
	fixture_free(&f);
}

/* With every codec, and each with noise, which none of them makes smaller. */
static void packings(void **state)
{
	static const struct image_packing list[] = {
		{ OSTI_IMAGE_CODEC_RAW, 0 },
		{ OSTI_IMAGE_CODEC_LZ4, 0 },
		{ OSTI_IMAGE_CODEC_ZSTD, 1 },
		{ OSTI_IMAGE_CODEC_ZSTD, 2 },
		{ OSTI_IMAGE_CODEC_ZSTD, 3 },
	};
	struct fixture f;
	unsigned int i;

	(void)state;
	fixture_init(&f, 4 * MIB);
	fixture_text(f.ram, 3 * MIB, 1);
	fixture_noise(f.ram + 3 * MIB, MIB, 2);
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		f.packing = list[i];
		round_trip(&f);
		if (i == 0)
			assert_in_range(f.bytes, 4 * MIB, 5 * MIB);
		else
			assert_in_range(f.bytes, MIB, 5 * MIB / 2);
	}
	fixture_free(&f);
}

static void sparse(void **state)
{
	uint64_t seed = 99;
	struct fixture f;
	uint32_t i;

	(void)state;
	fixture_init(&f, 20 * MIB);
	for (i = 0; i < 20 * MIB / PAGE; i++) {
		uint8_t *page = f.ram + (size_t)i * PAGE;

		switch (test_random(&seed) % 16) {
		case 0:
			fixture_noise(page, PAGE, seed);
			break;
		case 1:
			fixture_text(page, PAGE, seed);
			break;
		case 2:
			/* Not zero because of its last byte. */
			page[PAGE - 1] = 1;
			break;
		default:
			break;
		}
	}
	round_trip(&f);
	fixture_free(&f);
}

static void borders(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, 18 * MIB);
	f.ram[0] = 1;
	f.ram[OSTI_IMAGE_SEGMENT - 1] = 2;
	f.ram[OSTI_IMAGE_SEGMENT] = 3;
	f.ram[18 * MIB - 1] = 4;
	assert_int_equal(round_trip(&f), 2);
	fixture_free(&f);
}

static void limits_of_fields(void **state)
{
	static uint8_t gic[OSTI_IMAGE_GIC_MAX];
	struct fixture f;
	uint32_t i;

	(void)state;
	fixture_init(&f, 2 * MIB);
	fixture_noise(gic, sizeof(gic), 5);
	f.record.gic = gic;
	f.record.gic_bytes = sizeof(gic);
	f.record.entry = OSTI_RAM_IPA + 2 * MIB - 4;
	f.record.arg = UINT64_MAX;
	f.record.cpu = OSTI_MAX_CPUS - 1;
	f.record.frozen_at = UINT64_MAX;
	f.record.counter = UINT64_MAX;
	f.record.start = UINT64_MAX;
	f.record.kind = OSTI_IMAGE_COPY;
	f.record.attachments = OSTI_IMAGE_ATTACHMENTS_MAX;
	for (i = 0; i < OSTI_IMAGE_ATTACHMENTS_MAX; i++)
		f.record.attachment[i].kind = UINT32_MAX - i;
	f.saved_at = UINT64_MAX;
	f.identity.slot = OSTI_MAX_SLOTS;
	f.identity.generation = UINT64_MAX;
	memset(f.identity.name, 'x', OSTI_NAME_LEN);
	fixture_rekey(&f);
	round_trip(&f);

	f.record.gic_bytes = 0;
	f.record.attachments = 0;
	f.record.kind = OSTI_IMAGE_LOCAL;
	f.record.entry = OSTI_RAM_IPA;
	f.record.cpu = 0;
	f.identity.slot = 1;
	f.identity.generation = 1;
	round_trip(&f);
	assert_true(f.bytes == OSTI_IMAGE_HEADER + OSTI_IMAGE_MANIFEST_MIN +
		    OSTI_IMAGE_TAG);
	fixture_free(&f);
}

/* How many chunks of b are not in a; equal ones are stored equally. */
static uint32_t new_chunks(const struct image_manifest *a,
			   const struct image_manifest *b)
{
	uint32_t changed = 0;
	uint32_t i;
	uint32_t k;

	for (i = 0; i < b->chunks; i++) {
		struct image_chunk mine;
		struct image_chunk old;

		image_manifest_chunk(b, i, &mine);
		for (k = 0; k < a->chunks; k++) {
			image_manifest_chunk(a, k, &old);
			if (!memcmp(mine.id, old.id, sizeof(old.id)))
				break;
		}
		if (k == a->chunks) {
			changed++;
			continue;
		}
		assert_int_equal(mine.stored, old.stored);
		assert_memory_equal(mine.digest, old.digest, OSTI_IMAGE_HASH);
	}
	return changed;
}

/* The same memory gives the same image, and a changed page few new chunks. */
static void deterministic(void **state)
{
	struct fixture_image old;
	struct fixture_image new;
	struct fixture f;
	uint8_t *first;
	size_t bytes;

	(void)state;
	fixture_init(&f, 8 * MIB);
	fixture_text(f.ram, 8 * MIB, 3);
	fixture_pack(&f);
	first = malloc(f.bytes);
	assert_non_null(first);
	memcpy(first, f.file, f.bytes);
	bytes = f.bytes;
	fixture_pack(&f);
	assert_int_equal(f.bytes, bytes);
	assert_memory_equal(f.file, first, bytes);
	free(first);

	assert_int_equal(fixture_open(&f, &old), OSTI_IMAGE_OK);
	f.identity.generation++;
	f.ram[4 * MIB + 5] ^= 1;
	/* A page that is gone shifts what follows, but not its cuts. */
	memset(f.ram + MIB, 0, PAGE);
	fixture_pack(&f);
	assert_int_equal(fixture_open(&f, &new), OSTI_IMAGE_OK);
	assert_in_range(new_chunks(&old.m, &new.m), 1, 12);
	assert_in_range(new.m.chunks, 50, 200);
	fixture_close(&old);
	fixture_close(&new);
	fixture_free(&f);
}

/*
 * One generation that is sealed twice, as after a power cut, must not use a
 * key twice: two texts under one key stream would show their difference.
 */
static void no_key_twice(void **state)
{
	struct fixture f;
	uint8_t *first;
	size_t same = 0;
	size_t bytes;
	size_t i;

	(void)state;
	fixture_init(&f, 2 * MIB);
	fixture_pack(&f);
	bytes = f.bytes;
	first = malloc(bytes);
	assert_non_null(first);
	memcpy(first, f.file, bytes);
	f.record.frozen_at++;
	fixture_pack(&f);
	assert_int_equal(f.bytes, bytes);
	for (i = OSTI_IMAGE_HEADER; i < bytes; i++)
		same += first[i] == f.file[i];
	assert_in_range(same, 0, 16);
	free(first);
	fixture_free(&f);
}

/* Random access: chunks from the last to the first. */
static void any_order(void **state)
{
	struct image_work *work = malloc(sizeof(*work));
	struct fixture_image image;
	struct image_chunk chunk;
	struct fixture f;
	uint8_t *ram;
	uint32_t i;

	(void)state;
	fixture_init(&f, 2 * MIB);
	fixture_text(f.ram + 3 * PAGE, MIB, 17);
	fixture_pack(&f);
	ram = calloc(1, 2 * MIB);
	assert_true(work && ram);
	assert_int_equal(fixture_open(&f, &image), OSTI_IMAGE_OK);
	assert_true(image.m.chunks > 4);
	for (i = image.m.chunks; i--;) {
		size_t at = fixture_chunk(&f, i, &chunk);

		assert_int_equal(image_chunk_open(&f.keys, work, &image.m, i,
						  f.file + at, chunk.stored),
				 OSTI_IMAGE_OK);
		image_chunk_place(work, &image.m, i, ram);
	}
	assert_memory_equal(ram, f.ram, 2 * MIB);
	assert_int_equal(image_manifest_chunk(&image.m, image.m.chunks, &chunk),
			 OSTI_IMAGE_E_INDEX);
	fixture_close(&image);
	free(ram);
	free(work);
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(full_of_noise),
		cmocka_unit_test(packings),
		cmocka_unit_test(sparse),
		cmocka_unit_test(borders),
		cmocka_unit_test(limits_of_fields),
		cmocka_unit_test(deterministic),
		cmocka_unit_test(no_key_twice),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
