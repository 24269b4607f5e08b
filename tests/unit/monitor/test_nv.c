// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv.c - the NV state: format, calls, compaction, damage
 */
#include "test.h"

#include <string.h>

#include "host.h"
#include "host_flash.h"
#include "nv_device.h"

/* ---- Vectors: docs/nv-format.md ------------------------------------------ */

static const uint8_t root_vector[NV_ROOT_BYTES] = {
	0x4f, 0x53, 0x54, 0x49, 0x2d, 0x4e, 0x56, 0x4b,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
	0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
	0x7b, 0x2d, 0x3a, 0x34, 0x1b, 0xd8, 0xff, 0x28,
	0xbf, 0x1a, 0x18, 0x69, 0x7c, 0xe6, 0x78, 0x73,
	0x2d, 0x71, 0x8f, 0x8e, 0x18, 0x23, 0xcd, 0xe2,
	0x94, 0x31, 0x77, 0x3f, 0xf8, 0xd1, 0xed, 0x35,
};

/* Header of epoch 1 */
static const uint8_t header_vector[NV_ENTRY_BYTES] = {
	0x4f, 0x4e, 0x56, 0x31, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x5f, 0xbd, 0xcf, 0x86,
	0xb3, 0xaf, 0xa9, 0x63, 0x75, 0x47, 0xad, 0x80,
	0x9b, 0x47, 0x34, 0x30, 0x9b, 0x0e, 0x23, 0xca,
	0x5c, 0xdc, 0xaa, 0x42, 0x59, 0xdd, 0x79, 0xa0,
	0x8f, 0x2f, 0x6b, 0x8d, 0xff, 0xff, 0xff, 0xff,
};

/* Slot 3, CONSUMED 0x0102030405060708, epoch 0x1112131415161719, index 255 */
static const uint8_t record_vector[NV_ENTRY_BYTES] = {
	0x4f, 0x4e, 0x56, 0x31, 0x03, 0x02, 0x00, 0x00,
	0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01,
	0x19, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
	0xff, 0x00, 0x00, 0x00, 0x5c, 0x13, 0xc6, 0x0f,
	0x99, 0x24, 0x47, 0xb2, 0x98, 0xc6, 0x78, 0x10,
	0x73, 0x62, 0xf0, 0x29, 0xfb, 0x11, 0xc1, 0xba,
	0x2a, 0xd4, 0x54, 0xc5, 0x77, 0xd4, 0x28, 0x5f,
	0x44, 0x99, 0x2e, 0xd1, 0xff, 0xff, 0xff, 0xff,
};

/* Slot 8, FLOOR 20261126, epoch 1, index 1 */
static const struct nv_entry floor_entry = {
	.epoch = 1, .value = 20261126, .index = 1, .slot = 8, .state = NV_FLOOR,
};

static const uint8_t floor_vector[NV_ENTRY_BYTES] = {
	0x4f, 0x4e, 0x56, 0x31, 0x08, 0x04, 0x00, 0x00,
	0x06, 0x29, 0x35, 0x01, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0xf5, 0x71, 0x19, 0x1e,
	0xf6, 0xa9, 0x77, 0xbb, 0xae, 0x84, 0xff, 0x89,
	0x24, 0xa0, 0xfb, 0xf7, 0xe2, 0x19, 0x35, 0x4f,
	0x6f, 0x2a, 0x82, 0xc1, 0x15, 0xd9, 0xb2, 0x58,
	0xb3, 0x56, 0xca, 0xeb, 0xff, 0xff, 0xff, 0xff,
};

/* Slot 2, CLOCK -3600, epoch 2, index 7 */
static const struct nv_entry clock_entry = {
	.epoch = 2, .value = (uint64_t)-3600, .index = 7, .slot = 2,
	.state = NV_CLOCK,
};

static const uint8_t clock_vector[NV_ENTRY_BYTES] = {
	0x4f, 0x4e, 0x56, 0x31, 0x02, 0x05, 0x00, 0x00,
	0xf0, 0xf1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x07, 0x00, 0x00, 0x00, 0x26, 0xfa, 0xa4, 0x24,
	0x8e, 0x86, 0xf0, 0x40, 0xd2, 0x56, 0x74, 0x80,
	0x64, 0xc0, 0xb0, 0x14, 0x2e, 0x40, 0xcb, 0x21,
	0x74, 0x3d, 0x94, 0xa3, 0xd7, 0x10, 0xb7, 0x0d,
	0x18, 0x30, 0x35, 0xbd, 0xff, 0xff, 0xff, 0xff,
};

static void test_vectors(void **state)
{
	static const struct nv_entry header = { .epoch = 1 };
	static const struct nv_entry record = {
		.epoch = 0x1112131415161719,
		.value = 0x0102030405060708,
		.index = 255,
		.slot = 3,
		.state = NV_CONSUMED,
	};
	uint8_t root[NV_ROOT_BYTES], entry[NV_ENTRY_BYTES], key[NV_KEY_BYTES];
	struct nv_entry found = { 0 };

	(void)state;
	nv_format_root(root, root_key);
	assert_memory_equal(root, root_vector, NV_ROOT_BYTES);
	assert_int_equal(nv_format_root_parse(root, key), 0);
	assert_memory_equal(key, root_key, NV_KEY_BYTES);

	nv_format_entry(log_key, &header, entry);
	assert_memory_equal(entry, header_vector, NV_ENTRY_BYTES);
	nv_format_entry(log_key, &floor_entry, entry);
	assert_memory_equal(entry, floor_vector, NV_ENTRY_BYTES);
	nv_format_entry(log_key, &clock_entry, entry);
	assert_memory_equal(entry, clock_vector, NV_ENTRY_BYTES);
	nv_format_entry(log_key, &record, entry);
	assert_memory_equal(entry, record_vector, NV_ENTRY_BYTES);
	assert_int_equal(nv_format_parse(log_key, entry, &found), NV_VALID);
	assert_int_equal(found.epoch, record.epoch);
	assert_int_equal(found.value, record.value);
	assert_int_equal(found.index, 255);
	assert_int_equal(found.slot, 3);
	assert_int_equal(found.state, NV_CONSUMED);
}

/* ---- Calls --------------------------------------------------------------- */

static void test_fresh_device(void **state)
{
	struct memory none;

	(void)state;
	assert_int_equal(power_on(), 0);
	assert_memory_equal(nv_root_key(), root_key, NV_KEY_BYTES);
	memset(&none, 0, sizeof(none));
	assert_memory(&none);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(host_flash.erases, 0);
	assert_string_equal(host_log(), "");
}

static void test_store_consume(void **state)
{
	(void)state;
	assert_int_equal(nv_consume(1, 0), NV_E_STATE);
	assert_int_equal(nv_consume(1, 1), NV_E_STATE);
	assert_int_equal(nv_store(1, 0), NV_E_GENERATION);
	assert_int_equal(nv_store(1, 5), 0);
	assert_slot(1, 5, NV_STORED);
	assert_int_equal(nv_store(1, 5), NV_E_GENERATION);
	assert_int_equal(nv_store(1, 4), NV_E_GENERATION);
	assert_int_equal(nv_consume(1, 4), NV_E_GENERATION);
	assert_int_equal(nv_consume(1, 6), NV_E_GENERATION);
	assert_int_equal(nv_consume(2, 5), NV_E_STATE);
	assert_slot(1, 5, NV_STORED);
	assert_int_equal(nv_consume(1, 5), 0);
	assert_slot(1, 5, NV_CONSUMED);
	assert_int_equal(nv_consume(1, 5), NV_E_STATE);
	assert_int_equal(nv_store(1, 5), NV_E_GENERATION);
	/* An image that was not resumed is replaced by a newer one. */
	assert_int_equal(nv_store(1, 6), 0);
	assert_int_equal(nv_store(1, 7), 0);
	assert_int_equal(nv_consume(1, 6), NV_E_GENERATION);
	assert_int_equal(nv_store(NV_SLOTS, UINT64_MAX), 0);
	assert_int_equal(nv_store(NV_SLOTS, UINT64_MAX), NV_E_GENERATION);
	assert_int_equal(nv_store(NV_SLOTS, 1), NV_E_GENERATION);

	assert_int_equal(power_on(), 0);
	assert_slot(1, 7, NV_STORED);
	assert_slot(2, 0, NV_NONE);
	assert_slot(NV_SLOTS, UINT64_MAX, NV_STORED);
	assert_int_equal(host_flash.programs, 0);
	assert_string_equal(host_log(), "");
}

/* A number is given once, whatever becomes of it. */
static void test_begin(void **state)
{
	uint64_t gen = 0;

	(void)state;
	assert_int_equal(nv_begin(1, &gen), 0);
	assert_int_equal(gen, 1);
	assert_slot(1, 1, NV_BEGUN);
	assert_int_equal(nv_consume(1, 1), NV_E_STATE);
	assert_int_equal(nv_begin(1, &gen), 0);
	assert_int_equal(gen, 2);
	assert_int_equal(nv_store(1, 1), NV_E_GENERATION);
	assert_int_equal(power_on(), 0);
	assert_slot(1, 2, NV_BEGUN);
	assert_int_equal(nv_begin(1, &gen), 0);
	assert_int_equal(gen, 3);
	assert_int_equal(nv_store(1, 3), 0);
	assert_slot(1, 3, NV_STORED);
	assert_int_equal(nv_store(1, 3), NV_E_GENERATION);
	assert_int_equal(nv_consume(1, 3), 0);
	assert_int_equal(nv_begin(1, &gen), 0);
	assert_int_equal(gen, 4);
	assert_slot(2, 0, NV_NONE);
	assert_int_equal(power_on(), 0);
	assert_slot(1, 4, NV_BEGUN);

	/* The last one that there is. */
	assert_int_equal(nv_store(1, UINT64_MAX - 1), 0);
	assert_int_equal(nv_begin(1, &gen), 0);
	assert_int_equal(gen, UINT64_MAX);
	gen = 7;
	assert_int_equal(nv_begin(1, &gen), NV_E_GENERATION);
	assert_int_equal(gen, 7);
	assert_int_equal(nv_store(1, UINT64_MAX), 0);
	assert_int_equal(nv_begin(1, &gen), NV_E_GENERATION);
}

/* A version only rises, and has nothing to do with the slot's images. */
static void test_floor(void **state)
{
	(void)state;
	assert_int_equal(nv_floor(1), 0);
	assert_int_equal(nv_raise_floor(1, 0), 0);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(nv_raise_floor(1, 5), 0);
	assert_int_equal(nv_floor(1), 5);
	assert_int_equal(nv_floor(2), 0);
	assert_slot(1, 0, NV_NONE);
	assert_int_equal(nv_store(1, 3), 0);
	host_flash.programs = 0;
	assert_int_equal(nv_raise_floor(1, 5), 0);
	assert_int_equal(nv_raise_floor(1, 4), 0);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(nv_raise_floor(NV_SLOTS, UINT64_MAX), 0);
	assert_int_equal(nv_raise_floor(NV_SLOTS, UINT64_MAX), 0);
	assert_int_equal(nv_raise_floor(1, 6), 0);
	assert_int_equal(power_on(), 0);
	assert_int_equal(nv_floor(1), 6);
	assert_int_equal(nv_floor(2), 0);
	assert_int_equal(nv_floor(NV_SLOTS), UINT64_MAX);
	assert_slot(1, 3, NV_STORED);
	assert_int_equal(nv_consume(1, 3), 0);
	assert_int_equal(nv_floor(1), 6);
}

/* Any number of seconds, both ways; 0 is one too. */
static void test_clock(void **state)
{
	static const int64_t set[] = { -3600, 0, INT64_MIN, INT64_MAX, 1 };
	int64_t found = 7;
	unsigned int i;

	(void)state;
	assert_false(nv_clock(1, &found));
	assert_int_equal(found, 7);
	for (i = 0; i < ARRAY_SIZE(set); i++) {
		assert_int_equal(nv_set_clock(1, set[i]), 0);
		assert_true(nv_clock(1, &found));
		assert_int_equal(found, set[i]);
		assert_int_equal(power_on(), 0);
		assert_true(nv_clock(1, &found));
		assert_int_equal(found, set[i]);
		/* What is written already is not written again. */
		assert_int_equal(nv_set_clock(1, set[i]), 0);
		assert_int_equal(host_flash.programs, 0);
	}
	assert_false(nv_clock(2, &found));
	assert_slot(1, 0, NV_NONE);
	assert_int_equal(nv_floor(1), 0);
}

static void test_no_such_slot(void **state)
{
	int64_t clock;
	enum nv_state to;
	uint64_t gen;

	(void)state;
	expect_assert_failure((void)nv_begin(0, &gen));
	expect_assert_failure((void)nv_begin(NV_SLOTS + 1, &gen));
	expect_assert_failure((void)nv_store(0, 1));
	expect_assert_failure((void)nv_store(NV_SLOTS + 1, 1));
	expect_assert_failure((void)nv_consume(0, 1));
	expect_assert_failure((void)nv_consume(NV_SLOTS + 1, 1));
	expect_assert_failure((void)nv_generation(0, &gen, &to));
	expect_assert_failure((void)nv_generation(NV_SLOTS + 1, &gen, &to));
	expect_assert_failure((void)nv_clock(0, &clock));
	expect_assert_failure((void)nv_clock(NV_SLOTS + 1, &clock));
	expect_assert_failure((void)nv_set_clock(0, 1));
	expect_assert_failure((void)nv_set_clock(NV_SLOTS + 1, 1));
	expect_assert_failure((void)nv_floor(0));
	expect_assert_failure((void)nv_floor(NV_SLOTS + 1));
	expect_assert_failure((void)nv_raise_floor(0, 1));
	expect_assert_failure((void)nv_raise_floor(NV_SLOTS + 1, 1));
	expect_assert_failure((void)nv_has_key(0));
	expect_assert_failure((void)nv_has_key(NV_SLOTS + 1));
	expect_assert_failure((void)nv_set_key(0, root_key));
	expect_assert_failure((void)nv_set_key(NV_SLOTS + 1, root_key));
	expect_assert_failure((void)nv_doubtful(0));
	expect_assert_failure((void)nv_doubtful(NV_SLOTS + 1));
}

static void assert_closed(int err)
{
	int64_t clock;
	enum nv_state to;
	uint64_t gen;

	assert_int_equal(power_on(), err);
	assert_null(nv_root_key());
	assert_int_equal(nv_generation(1, &gen, &to), err);
	assert_int_equal(nv_begin(1, &gen), err);
	assert_int_equal(nv_store(1, 100), err);
	assert_int_equal(nv_consume(1, 100), err);
	assert_int_equal(nv_floor(1), 0);
	assert_int_equal(nv_raise_floor(1, 100), err);
	assert_int_equal(nv_doubtful(1), err != NV_E_UNPROVISIONED);
	assert_false(nv_clock(1, &clock));
	assert_int_equal(nv_set_clock(1, 100), err);
	assert_false(nv_has_key(1));
	assert_int_equal(nv_set_key(1, root_key), err);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(host_flash.erases, 0);
}

static void test_no_flash(void **state)
{
	enum nv_state to;
	uint64_t gen;

	(void)state;
	host_flash.absent = true;
	assert_int_equal(nv_init(), NV_E_FLASH);
	assert_null(nv_root_key());
	assert_int_equal(nv_generation(1, &gen, &to), NV_E_FLASH);
	assert_int_equal(nv_store(1, 1), NV_E_FLASH);
	assert_int_equal(nv_consume(1, 1), NV_E_FLASH);
	assert_logged(nv_format_error(NV_E_FLASH));
}

/* QEMU's flash without a file is all zeros, a new chip all ones. */
static void test_unprovisioned(void **state)
{
	(void)state;
	memset(host_flash.data, 0, HOST_FLASH_BYTES);
	assert_closed(NV_E_UNPROVISIONED);
	assert_logged(nv_format_error(NV_E_UNPROVISIONED));
	memset(host_flash.data, 0xff, HOST_FLASH_BYTES);
	assert_closed(NV_E_UNPROVISIONED);
	/* A key that cannot be read today may have had images. */
	provision();
	memset(host_flash.data, 0xff, NV_ROOT_BYTES);
	assert_closed(NV_E_DAMAGED);
	memset(host_flash.data, 0xff, HOST_FLASH_BYTES);
	host_flash.data[LOG_2 + 60] = 0;
	assert_closed(NV_E_DAMAGED);
}

static void test_no_log(void **state)
{
	(void)state;
	memset(&host_flash.data[LOG_1], 0xff, 2 * BOARD_NV_SECTOR);
	assert_closed(NV_E_DAMAGED);
	assert_logged(nv_format_error(NV_E_DAMAGED));
	assert_logged("neither sector of the log has a valid header");
}

static void test_error_texts(void **state)
{
	int err;

	(void)state;
	for (err = NV_E_FLASH; err >= NV_E_WORN; err--)
		assert_string_not_equal(nv_format_error(err), "unknown error");
	assert_string_equal(nv_format_error(0), "unknown error");
	assert_string_equal(nv_format_error(NV_E_WORN - 1), "unknown error");
}

/* ---- Compaction ---------------------------------------------------------- */

static void test_compaction(void **state)
{
	struct memory mem;
	struct op op = { NV_STORED, 1, 1000 };
	unsigned int i;

	(void)state;
	fill(&mem, 0);
	/* What lies in the other sector does not matter. */
	memset(&host_flash.data[LOG_2], 0x5a, BOARD_NV_SECTOR);
	assert_int_equal(do_op(&op), 0);
	remember(&mem, &op);
	assert_memory(&mem);
	assert_int_equal(host_flash.erases, 1);

	assert_int_equal(power_on(), 0);
	assert_memory(&mem);
	assert_int_equal(host_flash.programs, 0);

	/* On and on, from sector to sector. */
	for (i = 0; i < 4 * NV_ENTRIES; i++) {
		op.generation++;
		assert_int_equal(do_op(&op), 0);
		remember(&mem, &op);
		host_trace_clear();
	}
	assert_memory(&mem);
	assert_int_equal(host_flash.erases, 4);
	assert_int_equal(power_on(), 0);
	assert_memory(&mem);
}

/* If the new header rots, the old log must not come to life again. */
static void test_old_log_is_dead(void **state)
{
	static uint8_t was[BOARD_NV_SECTOR];
	struct memory mem;

	(void)state;
	fill(&mem, 0);
	memcpy(was, &host_flash.data[LOG_1], sizeof(was));
	assert_int_equal(nv_store(1, 1000), 0);
	/* Only its header is no more: that is what the log begins with. */
	memset(was, 0, NV_SEAL_AT);
	assert_memory_equal(&host_flash.data[LOG_1], was, sizeof(was));
	assert_int_equal(power_on(), 0);
	host_flash.data[LOG_2 + 20] ^= 1;
	assert_closed(NV_E_DAMAGED);
}

/* ---- Damage -------------------------------------------------------------- */

static void flip(uint32_t at, unsigned int bit)
{
	host_flash.data[at] ^= 1U << bit;
}

/* Every bit of what is written, one by one. */
static void test_every_bit_flipped(void **state)
{
	static uint8_t good[HOST_FLASH_BYTES];
	unsigned int at, bit;
	struct memory mem;
	uint64_t begun;

	(void)state;
	assert_int_equal(nv_store(1, 1), 0);
	assert_int_equal(nv_consume(1, 1), 0);
	assert_int_equal(nv_begin(2, &begun), 0);
	recall(&mem);
	memcpy(good, host_flash.data, HOST_FLASH_BYTES);

	flip(LOG_1 + ENTRY(2) + 8, 0);
	assert_closed(NV_E_DAMAGED);
	assert_logged("epoch 1, entry 2 is damaged");
	flip(LOG_1 + ENTRY(2) + 8, 0);

	for (at = 0; at < NV_ROOT_BYTES; at++) {
		for (bit = 0; bit < 8; bit++) {
			flip(at, bit);
			assert_closed(NV_E_DAMAGED);
			flip(at, bit);
		}
	}
	for (at = 0; at < 4 * NV_ENTRY_BYTES; at++) {
		for (bit = 0; bit < 8; bit++) {
			flip(LOG_1 + at, bit);
			if (at % NV_ENTRY_BYTES < NV_SEAL_AT) {
				assert_closed(NV_E_DAMAGED);
			} else {
				/* A seal only says what else is good. */
				assert_int_equal(power_on(), 0);
				assert_memory(&mem);
			}
			memcpy(host_flash.data, good, HOST_FLASH_BYTES);
		}
	}
}

static void test_other_version(void **state)
{
	static const uint8_t root2[NV_ROOT_BYTES] = {
		0x4f, 0x53, 0x54, 0x49, 0x2d, 0x4e, 0x56, 0x4b,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
		0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
		0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
		0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
		0x40, 0xc7, 0x51, 0x6e, 0xd7, 0x1d, 0xbd, 0xeb,
		0x56, 0x50, 0x31, 0x27, 0x11, 0xbb, 0x17, 0x53,
		0x52, 0x32, 0x8c, 0x76, 0xb0, 0x86, 0x6c, 0x25,
		0x08, 0x8a, 0x32, 0x8a, 0x2a, 0x56, 0xe0, 0xc3,
	};

	(void)state;
	memcpy(host_flash.data, root2, sizeof(root2));
	assert_closed(NV_E_VERSION);
}

/* What later firmware writes is named, and nothing of it is lost. */
static void test_other_kinds(void **state)
{
	(void)state;
	put_record(1, 1, 1, NV_STATE_LAST + 1, 5);
	assert_closed(NV_E_VERSION);
	put_record(1, 1, 1, 0xff, 0);
	assert_closed(NV_E_VERSION);
}

static void test_moved_entries(void **state)
{
	(void)state;
	/* To another place */
	put_record(1, 1, 1, NV_STORED, 5);
	put_record(1, 2, 1, NV_CONSUMED, 5);
	assert_int_equal(power_on(), 0);
	memcpy(&host_flash.data[LOG_1 + ENTRY(3)],
	       &host_flash.data[LOG_1 + ENTRY(1)], NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);
	memcpy(&host_flash.data[LOG_1 + ENTRY(2)],
	       &host_flash.data[LOG_1 + ENTRY(1)], NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);

	provision();
	put_record(1, 7, 1, NV_STORED, 5);
	assert_int_equal(power_on(), 0);
	memcpy(&host_flash.data[LOG_1 + ENTRY(1)],
	       &host_flash.data[LOG_1 + ENTRY(7)], NV_ENTRY_BYTES);
	memset(&host_flash.data[LOG_1 + ENTRY(7)], 0xff, NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);

	/* Of another epoch */
	provision();
	put_record(3, 1, 1, NV_STORED, 5);
	assert_closed(NV_E_DAMAGED);

	/* A header where a record belongs, and the other way round */
	provision();
	memcpy(&host_flash.data[LOG_1 + ENTRY(1)], &host_flash.data[LOG_1],
	       NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);
	provision();
	put_record(1, 1, 1, NV_STORED, 5);
	memcpy(&host_flash.data[LOG_1], &host_flash.data[LOG_1 + ENTRY(1)],
	       NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);

	/* In the other sector */
	provision();
	memcpy(&host_flash.data[LOG_2], &host_flash.data[LOG_1],
	       NV_ENTRY_BYTES);
	memset(&host_flash.data[LOG_1], 0xff, NV_ENTRY_BYTES);
	assert_closed(NV_E_DAMAGED);
}

/* Authentic, but nothing that this monitor writes. */
static void test_wrong_order(void **state)
{
	static const struct {
		struct op first, second;
	} wrong[] = {
		{ { NV_STORED, 1, 5 }, { NV_STORED, 1, 5 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, 1, 4 } },
		{ { NV_STORED, 1, 5 }, { NV_CONSUMED, 1, 4 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_CONSUMED, 1, 5 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_STORED, 1, 5 } },
		{ { NV_BEGUN, 1, 5 }, { NV_RETIRED, 1, 5 } },
		{ { NV_STORED, 1, 5 }, { NV_RETIRED, 1, 4 } },
		{ { NV_RETIRED, 1, 5 }, { NV_RETIRED, 1, 5 } },
		{ { NV_RETIRED, 1, 5 }, { NV_STORED, 1, 5 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_RETIRED, 1, 5 } },
		{ { NV_BEGUN, 1, 5 }, { NV_BEGUN, 1, 5 } },
		{ { NV_BEGUN, 1, 5 }, { NV_CONSUMED, 1, 5 } },
		{ { NV_BEGUN, 1, 5 }, { NV_STORED, 1, 4 } },
		{ { NV_BEGUN, 1, 5 }, { NV_BEGUN, 1, 4 } },
		{ { NV_STORED, 1, 5 }, { NV_BEGUN, 1, 5 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_BEGUN, 1, 5 } },
		{ { NV_FLOOR, 1, 5 }, { NV_FLOOR, 1, 5 } },
		{ { NV_FLOOR, 1, 5 }, { NV_FLOOR, 1, 4 } },
		{ { NV_FLOOR, 1, 5 }, { NV_FLOOR, 2, 0 } },
		{ { NV_FIRMWARE, 0, 5 }, { NV_FIRMWARE, 0, 5 } },
		{ { NV_FIRMWARE, 0, 5 }, { NV_FIRMWARE, 0, 4 } },
		/* Fields out of range */
		{ { NV_STORED, 1, 5 }, { NV_FIRMWARE, 0, 0 } },
		{ { NV_STORED, 1, 5 }, { NV_FIRMWARE, 1, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, NV_SLOTS + 1, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, 0, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_NONE, 2, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_FLOOR, NV_SLOTS + 1, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_CLOCK, 0, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_BEGUN, 2, 0 } },
		{ { NV_STORED, 1, 5 }, { NV_STORED, 2, 0 } },
		/* A key's parts come in order. */
		{ { NV_STORED, 1, 5 }, { NV_KEY + 1, 1, 6 } },
		{ { NV_KEY, 1, 5 }, { NV_KEY + 2, 1, 6 } },
		{ { NV_KEY, 1, 5 }, { NV_KEY + 1, 2, 6 } },
		{ { NV_STORED, 1, 5 }, { NV_KEY, 0, 6 } },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const struct op *a = &wrong[i].first;
		const struct op *b = &wrong[i].second;

		provision();
		put_record(1, 1, a->slot, a->to, a->generation);
		put_record(1, 2, b->slot, b->to, b->generation);
		assert_closed(NV_E_DAMAGED);
	}
	assert_logged("generation 4 of slot 1 cannot come after 5");
	assert_logged("least version 4 of slot 1 cannot come after 5");
	assert_logged("part 3 of the key of slot 1 cannot come after 1 parts");
}

static void test_right_order(void **state)
{
	static const struct {
		struct op first, second;
	} right[] = {
		{ { NV_BEGUN, 1, 5 }, { NV_STORED, 1, 5 } },
		{ { NV_STORED, 1, 5 }, { NV_CONSUMED, 1, 5 } },
		{ { NV_STORED, 1, 5 }, { NV_RETIRED, 1, 5 } },
		{ { NV_RETIRED, 1, 5 }, { NV_CONSUMED, 1, 5 } },
		{ { NV_RETIRED, 1, 5 }, { NV_BEGUN, 1, 6 } },
		{ { NV_BEGUN, 1, 5 }, { NV_BEGUN, 1, 6 } },
		{ { NV_BEGUN, 1, 5 }, { NV_STORED, 1, 9 } },
		{ { NV_STORED, 1, 5 }, { NV_BEGUN, 1, 6 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_BEGUN, 1, 6 } },
		{ { NV_CONSUMED, 1, 5 }, { NV_STORED, 1, UINT64_MAX } },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(right); i++) {
		const struct op *a = &right[i].first;
		const struct op *b = &right[i].second;

		provision();
		put_record(1, 1, a->slot, a->to, a->generation);
		put_record(1, 2, b->slot, b->to, b->generation);
		assert_int_equal(power_on(), 0);
		assert_slot(1, b->generation, b->to);
	}
}

/* It is nobody's but the firmware's, and goes along when the log moves on. */
static void test_firmware(void **state)
{
	uint32_t i;

	(void)state;
	put_record(1, 1, 1, NV_FLOOR, 9);
	put_record(1, 2, 0, NV_FIRMWARE, 5);
	assert_int_equal(power_on(), 0);
	assert_int_equal(nv_firmware_floor(), 5);
	assert_int_equal(nv_floor(1), 9);
	assert_int_equal(nv_raise_firmware_floor(5), 0);
	assert_int_equal(nv_raise_firmware_floor(4), 0);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(nv_raise_firmware_floor(6), 0);
	for (i = 0; i < NV_ENTRIES; i++)
		assert_int_equal(nv_set_clock(1, i + 1), 0);
	assert_int_equal(host_flash.erases, 1);
	assert_int_equal(nv_firmware_floor(), 6);
	assert_int_equal(power_on(), 0);
	assert_int_equal(nv_firmware_floor(), 6);
	assert_int_equal(nv_floor(1), 9);
}

static void test_other_device(void **state)
{
	uint8_t other[NV_KEY_BYTES] = { 1 };

	(void)state;
	assert_int_equal(nv_store(1, 5), 0);
	nv_format_root(host_flash.data, other);
	assert_closed(NV_E_DAMAGED);
}

/* Both logs are good: power went before the old one was ended. */
static void test_two_logs(void **state)
{
	uint64_t epoch;

	(void)state;
	for (epoch = 1; epoch < 5; epoch++) {
		provision();
		memset(&host_flash.data[LOG_1], 0xff, 2 * BOARD_NV_SECTOR);
		put_header(epoch);
		put_record(epoch, 1, 1, NV_STORED, 5);
		put_header(epoch + 1);
		put_record(epoch + 1, 1, 1, NV_CONSUMED, 5);
		assert_int_equal(power_on(), 0);
		assert_slot(1, 5, NV_CONSUMED);
		assert_int_equal(nv_store(1, 6), 0);
		/* The old one is dead now. */
		memset(&host_flash.data[nv_format_offset(epoch + 1, 0)], 0xff,
		       NV_ENTRY_BYTES);
		assert_closed(NV_E_DAMAGED);
	}
}

int main(void)
{
#define TEST(f)		cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		TEST(test_vectors),
		TEST(test_fresh_device),
		READY(test_store_consume),
		READY(test_begin),
		READY(test_floor),
		READY(test_clock),
		TEST(test_other_kinds),
		READY(test_no_such_slot),
		TEST(test_no_flash),
		TEST(test_unprovisioned),
		TEST(test_no_log),
		TEST(test_error_texts),
		READY(test_compaction),
		READY(test_old_log_is_dead),
		READY(test_every_bit_flipped),
		TEST(test_other_version),
		TEST(test_moved_entries),
		TEST(test_wrong_order),
		TEST(test_right_order),
		READY(test_firmware),
		READY(test_other_device),
		TEST(test_two_logs),
	};

	return cmocka_run_group_tests_name("monitor_nv", tests, NULL, NULL);
}
