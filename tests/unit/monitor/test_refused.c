// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_refused.c - what is not exactly the image that was stored is refused,
 * by its own error, and nothing of it stays
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "context.h"
#include "event.h"
#include "forge.h"
#include "host.h"
#include "host_pci.h"
#include "image_bytes.h"
#include "nv.h"

#define PAGE	OSTI_IMAGE_PAGE

/* A good one, and the one that a test may spoil. */
static struct carry_image good, image;

/* Made once; each test powers the device on with it stored. */
static int setup_group(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	carry_export(CARRY_SLOT, &good);
	return 0;
}

static int teardown_group(void **state)
{
	(void)state;
	carry_free(&good);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	carry_boot();
	assert_int_equal(nv_store(CARRY_SLOT, good.generation), 0);
	image = carry_copy(&good);
	return 0;
}

/* The attempt cost nothing: the good image can still be resumed. */
static void assert_harmless(void)
{
	assert_int_equal(carry_import(&good), 0);
	carry_commit_import();
	carry_assert_contents(CARRY_SLOT, 1);
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&image);
	return 0;
}

/* Import what image has become; nothing but an event is left of it. */
static int refusal(void)
{
	const unsigned int before = machine_count_events(OSTI_EV_REJECTED);
	const struct context *slot = context_get(CARRY_SLOT);
	struct event_record rec;
	enum nv_state state;
	uint64_t generation;
	int err;

	/* Time passes, so that the budget of events is not spent. */
	host_counter_now += arch_counter_hz();
	err = carry_import(&image);
	if (!err)
		return 0;
	assert_int_equal(slot->state, OSTI_SLOT_EMPTY);
	assert_int_equal(slot->base, 0);
	assert_true(machine_is_zero(CARRY_SLOT));
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_ABORT, 0, 0, 0),
			 OSTI_E_STATE);
	/* The ring keeps the newest 256 or so. */
	if (before < 50)
		assert_int_equal(machine_count_events(OSTI_EV_REJECTED),
				 before + 1);
	rec = machine_last_event(OSTI_EV_REJECTED);
	assert_int_equal(rec.what >> 16 & 0xff, CARRY_SLOT);
	assert_int_equal(rec.arg[0], -err);
	assert_int_equal(nv_generation(CARRY_SLOT, &generation, &state), 0);
	assert_int_equal(generation, good.generation);
	assert_int_equal(state, NV_STORED);
	return err;
}

/* ---- Header ---------------------------------------------------------------------- */

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
		{ 72, 0 },			/* see test_manifest_bytes() */
		{ 80, OSTI_IMAGE_E_TAG },	/* chunks bytes */
		{ 112, OSTI_IMAGE_E_TAG },	/* the id gives the key */
		{ 4096, OSTI_IMAGE_E_RESERVED },
	};
	unsigned int i;

	for (i = 0; offset >= map[i].end; i++)
		;
	return map[i].error;
}

static void test_header_flipped(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < OSTI_IMAGE_HEADER; i += i < 112 ? 1 : 83) {
		/* The top of chunks bytes makes it larger than any image. */
		const int err = i >= 76 && i < 80 ? OSTI_IMAGE_E_SIZE :
						    header_error(i);

		if (!err)
			continue;
		image.file[i] ^= 1 << i % 8;
		assert_int_equal(refusal(), err);
		image.file[i] ^= 1 << i % 8;
	}
	assert_harmless();
}

/* BEGIN alone judges this. */
static int begin_with_size(uint64_t manifest_bytes)
{
	struct machine_smc smc;

	image_put64(image.file + OSTI_IMAGE_H_MANIFEST_BYTES, manifest_bytes);
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image.file, OSTI_IMAGE_HEADER);
	smc = machine_smc(OSTI_CALL_IMPORT_BEGIN, CARRY_SLOT, CARRY_BUFFER, 0);
	if ((int64_t)smc.x[0] == OSTI_E_IMAGE)
		return -(int)smc.x[1];
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], manifest_bytes);
	assert_int_equal(machine_call(OSTI_CALL_IMPORT_ABORT, 0, 0, 0),
			 OSTI_OK);
	return 0;
}

static void test_manifest_bytes(void **state)
{
	/* The longest manifest of a device with so much RAM. */
	const uint64_t ram = CONFIG_OSTI_RAM_MIB * 1024UL * 1024;
	const uint64_t most = OSTI_IMAGE_M_FIXED + GICV3_IMAGE_BYTES +
			      ram / PAGE / 8 +
			      (ram / PAGE / 8 + ram / OSTI_IMAGE_SEGMENT + 1) *
			      OSTI_IMAGE_T_ENTRY + OSTI_IMAGE_TAG;
	const uint64_t right = image_get64(image.file +
					   OSTI_IMAGE_H_MANIFEST_BYTES);

	(void)state;
	assert_int_equal(begin_with_size(0), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_size(111), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_size(112), 0);
	assert_int_equal(begin_with_size(most), 0);
	assert_int_equal(begin_with_size(most + 1), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_size(8 << 20), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_size((8 << 20) + 17), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_size(UINT64_MAX), OSTI_IMAGE_E_SIZE);
	/* Shorter than it is: what is there is not genuine. */
	image.head = OSTI_IMAGE_HEADER + right - 1;
	image_put64(image.file + OSTI_IMAGE_H_MANIFEST_BYTES, right - 1);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
	/* Longer: some of the first chunk is taken for it. */
	image.head = OSTI_IMAGE_HEADER + right + 1;
	image_put64(image.file + OSTI_IMAGE_H_MANIFEST_BYTES, right + 1);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
	assert_harmless();
}

/* ---- Whose, and which ------------------------------------------------------------- */

static void test_generation(void **state)
{
	(void)state;
	/* The header says what it wants; NV says what is so. */
	assert_int_equal(nv_store(CARRY_SLOT, 7), 0);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	image_put64(image.file + OSTI_IMAGE_H_GENERATION, 8);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	image_put64(image.file + OSTI_IMAGE_H_GENERATION, 0);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	/* An old image that claims to be the newest. */
	image_put64(image.file + OSTI_IMAGE_H_GENERATION, 7);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_TAG);
	assert_int_equal(nv_consume(CARRY_SLOT, 7), 0);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	assert_int_equal(machine_last_event(OSTI_EV_REJECTED).arg[1], 7);
}

/* A device that never stored one. */
static void test_never_stored(void **state)
{
	(void)state;
	carry_boot();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
}

static void test_other_slot(void **state)
{
	(void)state;
	context_get(2)->size = CARRY_BYTES;
	assert_int_equal(nv_store(2, good.generation), 0);
	/* As it is, and with the header of the other. */
	image.slot = 2;
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_SLOT);
	image_put32(image.file + OSTI_IMAGE_H_SLOT, 2);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_SLOT);
	memset(image.file + OSTI_IMAGE_H_NAME, 0, OSTI_NAME_LEN);
	memcpy(image.file + OSTI_IMAGE_H_NAME, "work", 4);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_TAG);
	assert_harmless();
}

static void test_other_device(void **state)
{
	uint8_t key[MACHINE_KEY_BYTES], device[OSTI_IMAGE_DEVICE];

	(void)state;
	carry_key(2, key);
	machine_boot_provisioned(2, key);
	context_get(CARRY_SLOT)->size = CARRY_BYTES;
	assert_int_equal(nv_store(CARRY_SLOT, good.generation), 0);
	assert_int_equal(refusal(), OSTI_IMAGE_E_DEVICE);
	/* Another name does not give it the other key. */
	image_keys_device(key, device);
	memcpy(image.file + OSTI_IMAGE_H_DEVICE, device, sizeof(device));
	assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
}

/* ---- Manifest ---------------------------------------------------------------------- */

static void test_manifest_flipped(void **state)
{
	size_t i;

	(void)state;
	for (i = OSTI_IMAGE_HEADER; i < image.head; i += 89) {
		image.file[i] ^= 1 << i % 8;
		assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
		image.file[i] ^= 1 << i % 8;
	}
	/* Each byte of the tag. */
	for (i = image.head - OSTI_IMAGE_TAG; i < image.head; i++) {
		image.file[i] ^= 0x80;
		assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
		image.file[i] ^= 0x80;
	}
	assert_harmless();
}

static void test_manifest_id(void **state)
{
	(void)state;
	forge_manifest_id(&image);
	assert_int_equal(refusal(), OSTI_IMAGE_E_MANIFEST_ID);
	assert_harmless();
}

/* A manifest that is sealed well, but says something that cannot be. */
static void test_impossible(void **state)
{
	const struct {
		size_t offset;
		uint8_t flip;
		int error;
	} cases[] = {
		/* A partition of another size, and a size that none has */
		{ OSTI_IMAGE_M_PARTITION + 7, 1, OSTI_IMAGE_E_SIZE },
		{ OSTI_IMAGE_M_PARTITION, 1, OSTI_IMAGE_E_SIZE },
		{ OSTI_IMAGE_M_ENTRY, 1, OSTI_IMAGE_E_RESUME },
		{ OSTI_IMAGE_M_ENTRY + 3, 0x80, OSTI_IMAGE_E_RESUME },
		{ OSTI_IMAGE_M_ENTRY + 4, 1, OSTI_IMAGE_E_RESUME },
		/* The device has CPUs 0 and 1; the format knows eight. */
		{ OSTI_IMAGE_M_CPU, 2, OSTI_IMAGE_E_RESUME },
		{ OSTI_IMAGE_M_CPU, 8, OSTI_IMAGE_E_RESUME },
		{ OSTI_IMAGE_M_CPU + 3, 0x80, OSTI_IMAGE_E_RESUME },
		{ OSTI_IMAGE_M_PAGES, 1, OSTI_IMAGE_E_BITMAP },
		{ OSTI_IMAGE_M_PLATFORM, 1, OSTI_IMAGE_E_PLATFORM },
		{ OSTI_IMAGE_M_PLATFORM + 31, 0x80, OSTI_IMAGE_E_PLATFORM },
		{ OSTI_IMAGE_M_ZERO, 1, OSTI_IMAGE_E_RESERVED },
		/* The interrupt controller's state of another version */
		{ OSTI_IMAGE_M_FIXED, 2, OSTI_IMAGE_E_GIC },
		/* The first bit of the bitmap; the first entry of the table */
		{ OSTI_IMAGE_M_FIXED + GICV3_IMAGE_BYTES, 1,
		  OSTI_IMAGE_E_BITMAP },
		{ OSTI_IMAGE_M_FIXED + GICV3_IMAGE_BYTES + CARRY_PAGES / 8 +
		  OSTI_IMAGE_T_FIRST, 1, OSTI_IMAGE_E_TABLE },
		{ OSTI_IMAGE_M_FIXED + GICV3_IMAGE_BYTES + CARRY_PAGES / 8 +
		  OSTI_IMAGE_T_ZERO, 1, OSTI_IMAGE_E_RESERVED },
	};
	struct image_header header;
	struct image_manifest m;
	uint8_t *plain = forge_open(&good, &header, &m);
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		plain[cases[i].offset] ^= cases[i].flip;
		forge_seal(&image, plain, m.bytes, header.chunks_bytes);
		assert_int_equal(refusal(), cases[i].error);
		plain[cases[i].offset] ^= cases[i].flip;
	}
	/* The header's other number. */
	forge_seal(&image, plain, m.bytes, header.chunks_bytes + 1);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TABLE);
	forge_seal(&image, plain, m.bytes, header.chunks_bytes);
	assert_int_equal(refusal(), 0);
	free(plain);
}

/* The device has changed since. */
static void test_other_platform(void **state)
{
	(void)state;
	host_pci[MACHINE_NET].config[0] ^= 1;
	assert_int_equal(refusal(), OSTI_IMAGE_E_PLATFORM);
	host_pci[MACHINE_NET].config[0] ^= 1;
	assert_harmless();
}

/* The slot was given another size in the device's configuration. */
static void test_other_size(void **state)
{
	(void)state;
	context_get(CARRY_SLOT)->size = CARRY_BYTES + (2 << 20);
	assert_int_equal(refusal(), OSTI_IMAGE_E_PARTITION);
	context_get(CARRY_SLOT)->size = CARRY_BYTES - (2 << 20);
	assert_int_equal(refusal(), OSTI_IMAGE_E_PARTITION);
	context_get(CARRY_SLOT)->size = CARRY_BYTES;
	assert_harmless();
}

/* ---- Chunks ------------------------------------------------------------------------- */

static void test_chunk_flipped(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < image.chunks; i++) {
		const size_t n = image.at[i + 1] - image.at[i];
		const size_t places[] = { 0, n / 2, n - 17, n - 16, n - 1 };
		unsigned int k;

		for (k = 0; k < ARRAY_SIZE(places); k++) {
			uint8_t *byte = image.file + image.at[i] + places[k];

			*byte ^= 1 << k;
			assert_int_equal(refusal(), OSTI_IMAGE_E_CHUNK_TAG);
			*byte ^= 1 << k;
		}
	}
	assert_harmless();
}

/* Give the device @n bytes as chunk @index; what it says. */
static int place(uint32_t index, const uint8_t *from, size_t n)
{
	struct machine_smc smc;

	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	memcpy(carry_buffer(n), from, n);
	smc = machine_smc(OSTI_CALL_IMPORT_CHUNK, index, CARRY_BUFFER, n);
	assert_int_equal(smc.x[0], OSTI_E_IMAGE);
	assert_int_equal(context_get(CARRY_SLOT)->state, OSTI_SLOT_EMPTY);
	return -(int)smc.x[1];
}

static size_t size_of(uint32_t index)
{
	return image.at[index + 1] - image.at[index];
}

static void test_chunk_size(void **state)
{
	const uint8_t *first = image.file + image.at[0];

	(void)state;
	assert_int_equal(place(0, first, 0), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(place(0, first, 1), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(place(0, first, size_of(0) - 1),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(place(0, first, size_of(0) + 1),
			 OSTI_IMAGE_E_CHUNK_SIZE);
	assert_int_equal(place(0, first, 65 * PAGE), OSTI_IMAGE_E_CHUNK_SIZE);
	assert_harmless();
}

/* A good chunk of the same image at the place of another. */
static void test_chunk_swapped(void **state)
{
	unsigned int same = 0;
	uint32_t i, k;

	(void)state;
	for (i = 0; i < image.chunks; i++) {
		for (k = 0; k < image.chunks; k++) {
			int err = OSTI_IMAGE_E_CHUNK_TAG;

			if (i == k)
				continue;
			if (size_of(i) != size_of(k))
				err = OSTI_IMAGE_E_CHUNK_SIZE;
			else
				same++;
			assert_int_equal(place(i, image.file + image.at[k],
					       size_of(k)), err);
		}
	}
	/* Chunks that only the tag tells apart are what this is about. */
	assert_true(same > 0);
	assert_harmless();
}

static uint32_t find_codec(const struct image_manifest *m, uint8_t codec)
{
	struct image_chunk chunk;
	uint32_t i;

	for (i = 0; !image_manifest_chunk(m, i, &chunk); i++)
		if (chunk.codec == codec)
			return i;
	fail_msg("no chunk has codec %u", codec);
	return 0;
}

/* Sealed with the good key, but not what the manifest names. */
static void test_chunk_forged(void **state)
{
	uint8_t *noise = malloc(65 * PAGE);
	struct image_header header;
	struct image_manifest m;
	uint64_t seed = 1;
	uint32_t raw, lz4;
	uint8_t *plain;
	size_t i;

	(void)state;
	assert_non_null(noise);
	for (i = 0; i < 65 * PAGE; i++)
		noise[i] = test_random(&seed);
	plain = forge_open(&image, &header, &m);
	raw = find_codec(&m, OSTI_IMAGE_CODEC_RAW);
	lz4 = find_codec(&m, OSTI_IMAGE_CODEC_LZ4);
	free(plain);
	forge_chunk(&image, raw, noise, size_of(raw) - OSTI_IMAGE_TAG);
	assert_int_equal(refusal(), OSTI_IMAGE_E_CHUNK_ID);
	carry_free(&image);
	image = carry_copy(&good);
	forge_chunk(&image, lz4, noise, size_of(lz4) - OSTI_IMAGE_TAG);
	assert_int_equal(refusal(), OSTI_IMAGE_E_DECOMPRESS);
	free(noise);
	assert_harmless();
}

/* A refusal in the middle takes what was placed before with it. */
static void test_last_chunk(void **state)
{
	(void)state;
	/* carry_import() places the first chunk last. */
	image.file[image.at[0] + 5] ^= 1;
	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_PLACING), 0);
	machine_mark(CARRY_SLOT);
	assert_int_equal(carry_import_steps(&image, CARRY_PLACED, CARRY_PLACED),
			 OSTI_IMAGE_E_CHUNK_TAG);
	assert_true(machine_is_zero(CARRY_SLOT));
	assert_int_equal(machine_count_events(OSTI_EV_VERIFIED), 0);
	assert_harmless();
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_header_flipped),
		TEST(test_manifest_bytes),
		TEST(test_generation),
		TEST(test_never_stored),
		TEST(test_other_slot),
		TEST(test_other_device),
		TEST(test_manifest_flipped),
		TEST(test_manifest_id),
		TEST(test_impossible),
		TEST(test_other_platform),
		TEST(test_other_size),
		TEST(test_chunk_flipped),
		TEST(test_chunk_size),
		TEST(test_chunk_swapped),
		TEST(test_chunk_forged),
		TEST(test_last_chunk),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
