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
	assert_int_equal(pa_value(slot->base), 0);
	assert_true(machine_is_zero(CARRY_SLOT));
	carry_assert_clean();
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

/* Sizes are wrong by their MAC, if they are possible at all. */
static int size_error(void)
{
	struct image_header header;
	int err = image_header_parse(image.file, image.bytes, &header);

	return err ? err : OSTI_IMAGE_E_TAG;
}

static int header_error(size_t offset)
{
	static const struct {
		size_t end;
		int error;
	} map[] = {
		{ OSTI_IMAGE_H_VERSION, OSTI_IMAGE_E_MAGIC },
		{ OSTI_IMAGE_H_SLOT, OSTI_IMAGE_E_VERSION },
		{ OSTI_IMAGE_H_GENERATION, OSTI_IMAGE_E_SLOT },
		{ OSTI_IMAGE_H_SAVED_AT, OSTI_IMAGE_E_GENERATION },
		{ OSTI_IMAGE_H_NAME, OSTI_IMAGE_E_TAG },
		{ OSTI_IMAGE_H_DEVICE, OSTI_IMAGE_E_SLOT },
		{ OSTI_IMAGE_H_MANIFEST_BYTES, OSTI_IMAGE_E_DEVICE },
		{ OSTI_IMAGE_H_ZERO_1, 0 },
		{ OSTI_IMAGE_H_MANIFEST_ID, OSTI_IMAGE_E_RESERVED },
		{ OSTI_IMAGE_H_ZERO, OSTI_IMAGE_E_TAG },
		{ OSTI_IMAGE_HEADER, OSTI_IMAGE_E_RESERVED },
	};
	unsigned int i;

	for (i = 0; offset >= map[i].end; i++)
		;
	return map[i].error ? map[i].error : size_error();
}

static void test_header_flipped(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < OSTI_IMAGE_HEADER;
	     i += i < OSTI_IMAGE_H_ZERO ? 1 : 83) {
		image.file[i] ^= 1 << i % 8;
		assert_int_equal(refusal(), header_error(i));
		image.file[i] ^= 1 << i % 8;
	}
	assert_harmless();
}

/* What older firmware made is not taken for something that is none. */
static void test_old_version(void **state)
{
	(void)state;
	memcpy(image.file, OSTI_IMAGE_MAGIC_1, 8);
	assert_int_equal(refusal(), OSTI_IMAGE_E_OLD);
	assert_harmless();
}

/* BEGIN alone judges this: a genuine header with these sizes. */
static int begin_with(const struct image_header *header)
{
	struct machine_smc smc;
	struct forge f;

	forge_open(&good, &f);
	f.header = *header;
	forge_header(&image, &f);
	forge_close(&f);
	memcpy(carry_buffer(OSTI_IMAGE_HEADER), image.file, OSTI_IMAGE_HEADER);
	smc = machine_smc(OSTI_CALL_IMPORT_BEGIN, CARRY_SLOT, CARRY_BUFFER, 0);
	if ((int64_t)smc.x[0] == OSTI_E_IMAGE)
		return -(int)smc.x[1];
	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], image_header_table(header) +
				   header->manifest_bytes);
	carry_abort_import();
	return 0;
}

static int begin_with_manifest(uint64_t bytes)
{
	struct image_header header;

	assert_int_equal(image_header_parse(good.file, good.bytes, &header), 0);
	header.manifest_bytes = bytes;
	return begin_with(&header);
}

static int begin_with_chunks(uint32_t chunks)
{
	struct image_header header;

	assert_int_equal(image_header_parse(good.file, good.bytes, &header), 0);
	header.chunks = chunks;
	return begin_with(&header);
}

/* What its slot cannot have does not get into the engine's memory. */
static void test_sizes(void **state)
{
	const uint64_t least = OSTI_IMAGE_MANIFEST_MIN + OSTI_IMAGE_TAG;
	const uint64_t most = IMAGE_MANIFEST_MAX(CARRY_BYTES) + OSTI_IMAGE_TAG;
	const uint32_t chunks = IMAGE_CHUNKS_MAX(CARRY_BYTES);

	(void)state;
	assert_int_equal(begin_with_manifest(0), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_manifest(least - 1), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_manifest(least), 0);
	assert_int_equal(begin_with_manifest(most), 0);
	assert_int_equal(begin_with_manifest(most + 1),
			 OSTI_IMAGE_E_PARTITION);
	assert_int_equal(begin_with_manifest(OSTI_IMAGE_MANIFEST_MAX +
					     OSTI_IMAGE_TAG),
			 OSTI_IMAGE_E_PARTITION);
	assert_int_equal(begin_with_manifest(OSTI_IMAGE_MANIFEST_MAX +
					     OSTI_IMAGE_TAG + 1),
			 OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_manifest(UINT64_MAX), OSTI_IMAGE_E_SIZE);
	assert_int_equal(begin_with_chunks(0), 0);
	assert_int_equal(begin_with_chunks(chunks), 0);
	assert_int_equal(begin_with_chunks(chunks + 1),
			 OSTI_IMAGE_E_PARTITION);
	assert_int_equal(begin_with_chunks(UINT32_MAX), OSTI_IMAGE_E_SIZE);
	assert_harmless();
}

/* As long as the largest can be: none of it lies where other things do. */
static void test_longest(void **state)
{
	struct forge f;

	(void)state;
	forge_open(&good, &f);
	f.header.chunks = IMAGE_CHUNKS_MAX(CARRY_BYTES);
	f.header.manifest_bytes = IMAGE_MANIFEST_MAX(CARRY_BYTES) +
				  OSTI_IMAGE_TAG;
	image.head = image_header_first(&f.header);
	image.file = realloc(image.file, image.head);
	assert_non_null(image.file);
	memset(image.file, 0xff, image.head);
	forge_header(&image, &f);
	forge_close(&f);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
	assert_harmless();
}

/* A genuine header that says another length of the manifest. */
static void assert_length(int more)
{
	struct forge f;

	forge_open(&good, &f);
	f.header.manifest_bytes += more;
	image.head = good.head + more;
	forge_header(&image, &f);
	forge_close(&f);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TAG);
}

static void test_length(void **state)
{
	(void)state;
	assert_length(-1);
	/* Some of the first chunk is taken for it. */
	assert_length(1);
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

#define IN_RECORD(n)	(OSTI_IMAGE_M_FIXED + (n))
#define IN_BITMAP(n)	(IN_RECORD(OSTI_IMAGE_R_FIXED + GICV3_IMAGE_BYTES) + (n))
#define IN_LAYOUT(n)	(IN_BITMAP(CARRY_PAGES / 8) + (n))

/* A manifest that is sealed well, but says something that cannot be. */
static void test_impossible(void **state)
{
	static const struct {
		size_t offset;
		uint8_t flip;
		int error;
	} cases[] = {
		{ OSTI_IMAGE_M_PAGES, 1, OSTI_IMAGE_E_BITMAP },
		{ OSTI_IMAGE_M_PAGES + 7, 0x80, OSTI_IMAGE_E_BITMAP },
		{ OSTI_IMAGE_M_RECORD_BYTES, 8, OSTI_IMAGE_E_RECORD },
		{ OSTI_IMAGE_M_RECORD_BYTES, 1, OSTI_IMAGE_E_RECORD },
		{ OSTI_IMAGE_M_RECORD_BYTES + 3, 0x80, OSTI_IMAGE_E_RECORD },
		{ OSTI_IMAGE_M_ZERO, 1, OSTI_IMAGE_E_RESERVED },
		/* Sizes that no partition has */
		{ IN_RECORD(OSTI_IMAGE_R_PARTITION + 7), 1, OSTI_IMAGE_E_SIZE },
		{ IN_RECORD(OSTI_IMAGE_R_PARTITION), 1, OSTI_IMAGE_E_SIZE },
		/* One of another size, of which there is too little */
		{ IN_RECORD(OSTI_IMAGE_R_PARTITION + 3), 2,
		  OSTI_IMAGE_E_TRUNCATED },
		{ IN_RECORD(OSTI_IMAGE_R_ENTRY), 1, OSTI_IMAGE_E_RESUME },
		{ IN_RECORD(OSTI_IMAGE_R_ENTRY + 3), 0x80,
		  OSTI_IMAGE_E_RESUME },
		{ IN_RECORD(OSTI_IMAGE_R_ENTRY + 4), 1, OSTI_IMAGE_E_RESUME },
		/* The device has CPUs 0 and 1; the format knows eight. */
		{ IN_RECORD(OSTI_IMAGE_R_CPU), 2, OSTI_IMAGE_E_RESUME },
		{ IN_RECORD(OSTI_IMAGE_R_CPU), 8, OSTI_IMAGE_E_RESUME },
		{ IN_RECORD(OSTI_IMAGE_R_CPU + 3), 0x80, OSTI_IMAGE_E_RESUME },
		/* A copy, which goes on elsewhere, and what is neither */
		{ IN_RECORD(OSTI_IMAGE_R_KIND), 1, OSTI_IMAGE_E_KIND },
		{ IN_RECORD(OSTI_IMAGE_R_KIND), 2, OSTI_IMAGE_E_KIND },
		{ IN_RECORD(OSTI_IMAGE_R_KIND + 1), 0x80, OSTI_IMAGE_E_KIND },
		{ IN_RECORD(OSTI_IMAGE_R_FLAGS), 2, OSTI_IMAGE_E_RECORD },
		{ IN_RECORD(OSTI_IMAGE_R_FLAGS + 1), 0x80, OSTI_IMAGE_E_RECORD },
		{ IN_RECORD(OSTI_IMAGE_R_ATTACHMENTS), 1, OSTI_IMAGE_E_RECORD },
		{ IN_RECORD(OSTI_IMAGE_R_ATTACHMENTS + 3), 0x80,
		  OSTI_IMAGE_E_RECORD },
		{ IN_RECORD(OSTI_IMAGE_R_GIC_BYTES), 8, OSTI_IMAGE_E_RECORD },
		{ IN_RECORD(OSTI_IMAGE_R_GIC_BYTES + 3), 0x80,
		  OSTI_IMAGE_E_GIC },
		{ IN_RECORD(OSTI_IMAGE_R_PLATFORM), 1, OSTI_IMAGE_E_PLATFORM },
		{ IN_RECORD(OSTI_IMAGE_R_PLATFORM + 31), 0x80,
		  OSTI_IMAGE_E_PLATFORM },
		/* The interrupt controller's state of another version */
		{ IN_RECORD(OSTI_IMAGE_R_FIXED), 2, OSTI_IMAGE_E_GIC },
		{ IN_BITMAP(0), 1, OSTI_IMAGE_E_BITMAP },
		{ IN_LAYOUT(OSTI_IMAGE_L_FIRST), 1, OSTI_IMAGE_E_TABLE },
		{ IN_LAYOUT(OSTI_IMAGE_L_FIRST + 3), 0x80,
		  OSTI_IMAGE_E_TABLE },
		{ IN_LAYOUT(OSTI_IMAGE_L_PAGES), 1, OSTI_IMAGE_E_TABLE },
		{ IN_LAYOUT(OSTI_IMAGE_L_PAGES), 0x80, OSTI_IMAGE_E_TABLE },
		{ IN_LAYOUT(OSTI_IMAGE_L_ZERO), 1, OSTI_IMAGE_E_RESERVED },
	};
	struct forge f;
	unsigned int i;

	(void)state;
	forge_open(&good, &f);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f.plain[cases[i].offset] ^= cases[i].flip;
		forge_seal(&image, &f);
		assert_int_equal(refusal(), cases[i].error);
		f.plain[cases[i].offset] ^= cases[i].flip;
	}
	forge_seal(&image, &f);
	assert_int_equal(refusal(), 0);
	forge_close(&f);
}

/* A table that is not that of the manifest, though it is sealed with it. */
static void test_impossible_table(void **state)
{
	static const struct {
		size_t offset;
		int error;
	} cases[] = {
		{ OSTI_IMAGE_T_ID, OSTI_IMAGE_E_CHUNK_ID },
		{ OSTI_IMAGE_T_ID + 31, OSTI_IMAGE_E_CHUNK_ID },
		{ OSTI_IMAGE_T_DIGEST, OSTI_IMAGE_E_CHUNK_TAG },
		{ OSTI_IMAGE_T_DIGEST + 31, OSTI_IMAGE_E_CHUNK_TAG },
		{ OSTI_IMAGE_T_STORED, OSTI_IMAGE_E_TABLE },
		{ OSTI_IMAGE_T_STORED + 3, OSTI_IMAGE_E_TABLE },
	};
	struct forge f;
	unsigned int i;

	(void)state;
	forge_open(&good, &f);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f.table[cases[i].offset] ^= 1;
		forge_seal(&image, &f);
		assert_int_equal(refusal(), cases[i].error);
		f.table[cases[i].offset] ^= 1;
	}
	/* The header's numbers. */
	f.header.chunks_bytes++;
	forge_seal(&image, &f);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TABLE);
	f.header.chunks_bytes--;
	f.header.chunks--;
	forge_seal(&image, &f);
	assert_int_equal(refusal(), OSTI_IMAGE_E_SIZE);
	f.header.chunks += 2;
	forge_seal(&image, &f);
	assert_int_equal(refusal(), OSTI_IMAGE_E_TRUNCATED);
	f.header.chunks--;
	forge_seal(&image, &f);
	assert_int_equal(refusal(), 0);
	forge_close(&f);
}

/*
 * Who has the keys of the manifest only, as the image engine, cannot say where
 * the slot goes on: the header names the record.
 */
static void test_record_id(void **state)
{
	struct forge f;

	(void)state;
	forge_open(&good, &f);
	f.plain[IN_RECORD(OSTI_IMAGE_R_ENTRY)] ^= 4;
	forge_seal(&image, &f);
	assert_int_equal(image_header_parse(good.file, good.bytes, &f.header),
			 0);
	/* All that it can make is this manifest, by its id. */
	memcpy(f.header.manifest_id, image.file + OSTI_IMAGE_H_MANIFEST_ID,
	       OSTI_IMAGE_HASH);
	forge_header(&image, &f);
	assert_int_equal(refusal(), OSTI_IMAGE_E_RECORD);
	forge_close(&f);
	assert_harmless();
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

/*
 * Give the device @n bytes as chunk @index; what it says. It takes them before
 * it looks at them, and tells when it is asked to take them again.
 */
static int place(uint32_t index, const uint8_t *from, size_t n)
{
	struct machine_smc smc;

	assert_int_equal(carry_import_steps(&image, CARRY_WRITING,
					    CARRY_OPENED), 0);
	memcpy(carry_buffer(n), from, n);
	smc = carry_call(OSTI_CALL_IMPORT_CHUNK, index, CARRY_BUFFER, n);
	if (smc.x[0] == OSTI_OK)
		smc = carry_call(OSTI_CALL_IMPORT_CHUNK, index, CARRY_BUFFER,
				 n);
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
	const uint32_t last = image.chunks - 1;
	const size_t sizes[] = {
		0, 1, OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG, size_of(last) - 1,
		size_of(last) + 1, OSTI_IMAGE_STORED_MAX,
		OSTI_IMAGE_STORED_MAX + 1, 100 * PAGE,
	};
	unsigned int i;

	(void)state;
	/* Whatever the bytes are. */
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		assert_int_equal(place(last, image.file, sizes[i]),
				 OSTI_IMAGE_E_CHUNK_SIZE);
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

			/* Chunks that only the tag tells apart, and some. */
			if (i == k || (size_of(i) != size_of(k) && k != 1))
				continue;
			if (size_of(i) != size_of(k))
				err = OSTI_IMAGE_E_CHUNK_SIZE;
			else
				same++;
			assert_int_equal(place(i, image.file + image.at[k],
					       size_of(k)), err);
		}
	}
	assert_true(same > 0);
	assert_harmless();
}

static uint8_t codec_of(const struct forge *f, struct image_work *work,
			uint32_t index)
{
	assert_int_equal(image_chunk_open(&f->keys, work, &f->m, index,
					  good.file + good.at[index],
					  size_of(index)), 0);
	return work->stored[OSTI_IMAGE_C_CODEC];
}

static uint32_t find_codec(uint8_t codec)
{
	struct image_work *work = malloc(sizeof(*work));
	struct forge f;
	uint32_t i;

	assert_non_null(work);
	forge_open(&good, &f);
	for (i = 0; i < f.m.chunks; i++)
		if (codec_of(&f, work, i) == codec)
			break;
	assert_in_range(i, 0, f.m.chunks - 1);
	forge_close(&f);
	free(work);
	return i;
}

/* Chunk @index becomes these bytes, which are said to be of this codec. */
static int forged(uint32_t index, uint8_t codec, const uint8_t *content)
{
	carry_free(&image);
	image = carry_copy(&good);
	forge_chunk(&image, index, codec, content,
		    size_of(index) - OSTI_IMAGE_C_DATA - OSTI_IMAGE_TAG);
	return refusal();
}

/* Sealed with the good key, but not what the manifest names. */
static void test_chunk_forged(void **state)
{
	const uint32_t raw = find_codec(OSTI_IMAGE_CODEC_RAW);
	const uint32_t zstd = find_codec(OSTI_IMAGE_CODEC_ZSTD);
	uint8_t *noise = malloc(65 * PAGE);
	uint64_t seed = 1;
	size_t i;

	(void)state;
	assert_non_null(noise);
	for (i = 0; i < 65 * PAGE; i++)
		noise[i] = test_random(&seed);
	assert_int_equal(forged(raw, OSTI_IMAGE_CODEC_RAW, noise),
			 OSTI_IMAGE_E_CHUNK_ID);
	assert_int_equal(forged(raw, OSTI_IMAGE_CODEC_ZSTD, noise),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(forged(raw, OSTI_IMAGE_CODECS, noise),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(forged(zstd, OSTI_IMAGE_CODEC_ZSTD, noise),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(forged(zstd, OSTI_IMAGE_CODEC_LZ4, noise),
			 OSTI_IMAGE_E_DECOMPRESS);
	assert_int_equal(forged(zstd, OSTI_IMAGE_CODEC_RAW, noise),
			 OSTI_IMAGE_E_DECOMPRESS);
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
	assert_int_equal(carry_import_steps(&image, CARRY_PLACED,
					    CARRY_CHECKED),
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
		TEST(test_old_version),
		TEST(test_sizes),
		TEST(test_longest),
		TEST(test_length),
		TEST(test_generation),
		TEST(test_never_stored),
		TEST(test_other_slot),
		TEST(test_other_device),
		TEST(test_manifest_flipped),
		TEST(test_manifest_id),
		TEST(test_impossible),
		TEST(test_impossible_table),
		TEST(test_record_id),
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
