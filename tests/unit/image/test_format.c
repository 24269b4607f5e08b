// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images of every kind of memory come back as they were.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

/* Pack, import, compare everything. Returns the image's number of chunks. */
static uint32_t round_trip(struct fixture *f)
{
	uint8_t *ram = calloc(1, f->info.partition_bytes);
	struct image_manifest m;
	uint32_t chunks;
	uint8_t *plain;

	assert_non_null(ram);
	fixture_pack(f);
	assert_int_equal(fixture_import(f, ram, &m, &plain), OSTI_IMAGE_OK);
	assert_memory_equal(ram, f->ram, f->info.partition_bytes);
	assert_true(m.info.partition_bytes == f->info.partition_bytes);
	assert_true(m.info.entry == f->info.entry);
	assert_true(m.info.arg == f->info.arg);
	assert_int_equal(m.info.cpu, f->info.cpu);
	assert_true(m.info.frozen_at == f->info.frozen_at);
	assert_true(m.info.counter == f->info.counter);
	assert_memory_equal(m.info.platform, f->info.platform,
			    sizeof(m.info.platform));
	assert_int_equal(m.info.gic_bytes, f->info.gic_bytes);
	assert_memory_equal(m.info.gic, f->info.gic, f->info.gic_bytes);
	chunks = m.chunks;
	free(plain);
	free(ram);
	return chunks;
}

static void empty(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, 2 * MIB);
	assert_int_equal(round_trip(&f), 0);
	assert_true(f.bytes == OSTI_IMAGE_HEADER + OSTI_IMAGE_M_FIXED +
		    f.info.gic_bytes + 2 * MIB / PAGE / 8 + OSTI_IMAGE_TAG);
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
	/* It does not grow by more than tags and table. */
	assert_in_range(f.bytes, 34 * MIB, 34 * MIB + 500 * 60 + 8192);
	fixture_free(&f);
}

static void full_of_text(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, 4 * MIB);
	fixture_text(f.ram, 4 * MIB, 1);
	round_trip(&f);
	assert_in_range(f.bytes, 1, 2 * MIB);
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

	(void)state;
	fixture_init(&f, 2 * MIB);
	fixture_noise(gic, sizeof(gic), 5);
	f.info.gic = gic;
	f.info.gic_bytes = sizeof(gic);
	f.info.entry = OSTI_RAM_IPA + 2 * MIB - 4;
	f.info.arg = UINT64_MAX;
	f.info.cpu = OSTI_MAX_CPUS - 1;
	f.info.frozen_at = UINT64_MAX;
	f.info.counter = UINT64_MAX;
	f.saved_at = UINT64_MAX;
	f.identity.slot = OSTI_MAX_SLOTS;
	f.identity.generation = UINT64_MAX;
	memset(f.identity.name, 'x', OSTI_NAME_LEN);
	fixture_rekey(&f);
	round_trip(&f);

	f.info.gic_bytes = 0;
	f.info.entry = OSTI_RAM_IPA;
	f.info.cpu = 0;
	f.identity.slot = 1;
	f.identity.generation = 1;
	round_trip(&f);
	fixture_free(&f);
}

static void begin_refuses(void **state)
{
	struct image_build b;
	struct fixture f;
	size_t max;
	uint8_t *plain;

	(void)state;
	fixture_init(&f, 2 * MIB);
	max = image_manifest_max(2 * MIB, f.info.gic_bytes);
	plain = malloc(max);
	assert_non_null(plain);
#define BEGIN()	image_build_begin(&b, &f.keys, f.ram, &f.info, plain, max)
	assert_int_equal(BEGIN(), OSTI_IMAGE_OK);
	assert_int_equal(image_build_begin(&b, &f.keys, f.ram, &f.info, plain,
					   max - 1), OSTI_IMAGE_E_SPACE);
	f.info.gic_bytes = OSTI_IMAGE_GIC_MAX + 1;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_GIC);
	f.info.gic_bytes = 0;
	f.info.entry = OSTI_RAM_IPA + 2 * MIB;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_RESUME);
	f.info.entry = OSTI_RAM_IPA - 4;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_RESUME);
	f.info.entry = OSTI_RAM_IPA + 2;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_RESUME);
	f.info.entry = OSTI_RAM_IPA;
	f.info.cpu = OSTI_MAX_CPUS;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_RESUME);
	f.info.cpu = 0;
	f.info.partition_bytes = 2 * MIB + PAGE;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_SIZE);
	f.info.partition_bytes = 0;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_SIZE);
	f.info.partition_bytes = OSTI_IMAGE_PARTITION_MAX + 2 * MIB;
	assert_int_equal(BEGIN(), OSTI_IMAGE_E_SIZE);
#undef BEGIN
	free(plain);
	fixture_free(&f);
}

static void largest_manifest(void **state)
{
	(void)state;
	assert_in_range(image_manifest_max(OSTI_IMAGE_PARTITION_MAX,
					   OSTI_IMAGE_GIC_MAX),
			OSTI_IMAGE_MANIFEST_MAX / 2, OSTI_IMAGE_MANIFEST_MAX);
	assert_int_equal(image_manifest_max(OSTI_IMAGE_PARTITION_MAX + 2 * MIB,
					    0), 0);
	assert_int_equal(image_manifest_max(UINT64_MAX, 0), 0);
	assert_int_equal(image_manifest_max(2 * MIB, UINT32_MAX), 0);
}

/* The same memory gives the same image, and a changed page few new chunks. */
static void deterministic(void **state)
{
	uint32_t changed = 0;
	struct image_manifest m[2];
	uint8_t *plain[2];
	struct fixture f;
	uint8_t *first;
	size_t bytes;
	uint8_t *ram;
	uint32_t i;
	uint32_t k;

	(void)state;
	fixture_init(&f, 8 * MIB);
	ram = calloc(1, 8 * MIB);
	assert_non_null(ram);
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

	assert_int_equal(fixture_import(&f, ram, &m[0], &plain[0]), 0);
	f.identity.generation++;
	f.ram[4 * MIB + 5] ^= 1;
	/* A page that is gone shifts what follows, but not its cuts. */
	memset(f.ram + MIB, 0, PAGE);
	fixture_pack(&f);
	memset(ram, 0, 8 * MIB);
	assert_int_equal(fixture_import(&f, ram, &m[1], &plain[1]), 0);
	for (i = 0; i < m[1].chunks; i++) {
		struct image_chunk a;
		struct image_chunk b;

		image_manifest_chunk(&m[1], i, &a);
		for (k = 0; k < m[0].chunks; k++) {
			image_manifest_chunk(&m[0], k, &b);
			if (!memcmp(a.id, b.id, sizeof(a.id)))
				break;
		}
		if (k < m[0].chunks) {
			assert_int_equal(a.stored, b.stored);
			assert_int_equal(a.codec, b.codec);
		} else {
			changed++;
		}
	}
	assert_in_range(changed, 1, 12);
	assert_in_range(m[1].chunks, 50, 200);
	free(plain[0]);
	free(plain[1]);
	free(ram);
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
	f.saved_at++;
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
	struct image_manifest m;
	struct image_chunk chunk;
	struct fixture f;
	uint8_t *plain;
	uint8_t *ram;
	uint32_t i;

	(void)state;
	assert_non_null(work);
	fixture_init(&f, 2 * MIB);
	fixture_text(f.ram + 3 * PAGE, MIB, 17);
	fixture_pack(&f);
	ram = calloc(1, 2 * MIB);
	assert_non_null(ram);
	assert_int_equal(fixture_import(&f, ram, &m, &plain), 0);
	assert_true(m.chunks > 4);
	memset(ram, 0, 2 * MIB);
	for (i = m.chunks; i--;) {
		size_t at = fixture_chunk(&f, i, &chunk);

		assert_int_equal(image_chunk_open(&f.keys, work, &m, i,
						  f.file + at, chunk.stored),
				 OSTI_IMAGE_OK);
		image_chunk_place(work, &m, i, ram);
	}
	assert_memory_equal(ram, f.ram, 2 * MIB);
	assert_int_equal(image_manifest_chunk(&m, m.chunks, &chunk),
			 OSTI_IMAGE_E_INDEX);
	free(plain);
	free(ram);
	free(work);
	fixture_free(&f);
}

/* What image_build_set_stored() and image_build_stored() do not take. */
static void stored_sizes(void **state)
{
	struct image_segment s;
	struct image_build b;
	struct fixture f;
	uint64_t total;
	uint8_t *plain;
	size_t max;

	(void)state;
	fixture_init(&f, 2 * MIB);
	f.ram[5] = 1;
	max = image_manifest_max(2 * MIB, f.info.gic_bytes);
	plain = malloc(max);
	assert_non_null(plain);
	assert_int_equal(image_build_begin(&b, &f.keys, f.ram, &f.info, plain,
					   max), OSTI_IMAGE_OK);
	image_build_segment_begin(&s, &b, 0);
	assert_int_equal(image_build_segment_step(&s, 511), OSTI_IMAGE_AGAIN);
	assert_int_equal(image_build_segment_step(&s, 1), OSTI_IMAGE_OK);
	image_build_finish(&b);
	assert_int_equal(b.manifest.chunks, 1);
	assert_int_equal(image_build_stored(&b, &total),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_build_set_stored(&b, 1, 4112, 0),
			 OSTI_IMAGE_E_INDEX);
	assert_int_equal(image_build_set_stored(&b, 0, 4113, 0),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_build_set_stored(&b, 0, 4112, 1),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_build_set_stored(&b, 0, 16, 1),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_build_set_stored(&b, 0, 100, 2),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(image_build_set_stored(&b, 0, 17, 1), OSTI_IMAGE_OK);
	assert_int_equal(image_build_stored(&b, &total), OSTI_IMAGE_OK);
	assert_int_equal(total, 17);
	free(plain);
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(full_of_noise),
		cmocka_unit_test(full_of_text),
		cmocka_unit_test(sparse),
		cmocka_unit_test(borders),
		cmocka_unit_test(limits_of_fields),
		cmocka_unit_test(begin_refuses),
		cmocka_unit_test(largest_manifest),
		cmocka_unit_test(deterministic),
		cmocka_unit_test(no_key_twice),
		cmocka_unit_test(any_order),
		cmocka_unit_test(stored_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
