// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv_key.c - slot keys that were imported into the NV flash
 */
#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "host.h"
#include "host_flash.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "nv_device.h"

/* Words of zero, and of what the flash reads as when it is blank, are keys. */
static const uint8_t keys[][NV_KEY_BYTES] = {
	"a key of thirty-two bytes, all !",
	{ 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
};

static jmp_buf power;
static uint8_t before[HOST_FLASH_BYTES];

static void assert_key(unsigned int slot, const uint8_t *want)
{
	uint8_t key[NV_KEY_BYTES] = { 0x5a };

	assert_int_equal(nv_has_key(slot), !!want);
	assert_int_equal(nv_key(slot, key), !!want);
	if (want)
		assert_memory_equal(key, want, sizeof(key));
	else
		assert_int_equal(key[0], 0x5a);
}

static void test_import(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		assert_key(i + 1, NULL);
		assert_int_equal(nv_set_key(i + 1, keys[i]), 0);
		assert_key(i + 1, keys[i]);
		assert_key(i + 2, NULL);
	}
	assert_slot(1, 0, NV_NONE);
	assert_int_equal(nv_floor(1), 0);
	assert_int_equal(nv_store(1, 4), 0);
	assert_int_equal(power_on(), 0);
	assert_int_equal(host_flash.programs, 0);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		assert_key(i + 1, keys[i]);
	assert_slot(1, 4, NV_STORED);
}

/* For good: neither another one nor the same. */
static void test_second(void **state)
{
	(void)state;
	assert_int_equal(nv_set_key(2, keys[0]), 0);
	host_flash.programs = 0;
	assert_int_equal(nv_set_key(2, keys[1]), NV_E_STATE);
	assert_int_equal(nv_set_key(2, keys[0]), NV_E_STATE);
	assert_int_equal(host_flash.programs, 0);
	assert_key(2, keys[0]);
}

/* BLAKE2b-256 of "osti nv slot key" and the slot's number under the root key */
static void test_sealed(void **state)
{
	static const uint8_t label[] = "osti nv slot key\x02";
	uint8_t pad[NV_KEY_BYTES];
	uint64_t word;
	unsigned int i;

	(void)state;
	assert_int_equal(nv_set_key(2, keys[0]), 0);
	image_crypto_mac(root_key, label, sizeof(label) - 1, pad);
	for (i = 0; i < NV_KEY_WORDS; i++) {
		word = image_get64(keys[0] + 8 * i) ^ image_get64(pad + 8 * i);
		assert_int_equal(image_get64(&host_flash.data[LOG_1 +
				 ENTRY(i + 1) + 8]), word);
	}
	for (i = 0; i + 8 <= HOST_FLASH_BYTES; i++)
		assert_memory_not_equal(&host_flash.data[i], keys[0], 8);
}

static void cut(void)
{
	longjmp(power, 1);
}

/* Did it come to its end before the power went? */
static bool import_ends(unsigned long write, uint64_t seed)
{
	host_flash.writes = 0;
	host_flash.cut_at = write;
	host_flash.cut_seed = seed;
	host_flash.cut_hook = cut;
	if (setjmp(power))
		return false;
	assert_int_equal(nv_set_key(1, keys[0]), 0);
	host_flash.cut_at = 0;
	return true;
}

/* All of the key or nothing; then it can be imported after all. */
static unsigned long cut_everywhere(uint64_t seed)
{
	static struct memory mem;
	static unsigned long write;

	recall(&mem);
	memcpy(before, host_flash.data, sizeof(before));
	for (write = 1;; write++) {
		memcpy(host_flash.data, before, sizeof(before));
		assert_int_equal(power_on(), 0);
		if (import_ends(write, seed))
			return write - 1;
		assert_int_equal(power_on(), 0);
		assert_key(1, nv_has_key(1) ? keys[0] : NULL);
		assert_int_equal(nv_set_key(1, keys[0]),
				 nv_has_key(1) ? NV_E_STATE : 0);
		assert_int_equal(power_on(), 0);
		assert_key(1, keys[0]);
		assert_memory(&mem);
	}
}

static void test_power_cut(void **state)
{
	static const uint64_t seeds[] = { 0, 1, 0x9e3779b97f4a7c15 };
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		provision();
		assert_int_equal(power_on(), 0);
		assert_true(cut_everywhere(seeds[i]) >= NV_KEY_WORDS * 32);
	}
}

/* With the log being compacted before each of its parts. */
static void test_power_cut_compaction(void **state)
{
	struct memory mem;
	unsigned int left;

	(void)state;
	for (left = 0; left < NV_KEY_WORDS; left++) {
		provision();
		assert_int_equal(power_on(), 0);
		fill(&mem, left);
		cut_everywhere(left);
	}
}

static void test_compaction(void **state)
{
	struct memory mem;
	unsigned int i;

	(void)state;
	fill(&mem, ARRAY_SIZE(keys) * NV_KEY_WORDS);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		assert_int_equal(nv_set_key(i + 1, keys[i]), 0);
	assert_int_equal(host_flash.erases, 0);
	assert_int_equal(nv_store(8, 100000), 0);
	assert_int_equal(host_flash.erases, 1);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		assert_key(i + 1, keys[i]);
	assert_int_equal(power_on(), 0);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		assert_key(i + 1, keys[i]);
	assert_int_equal(nv_set_key(1, keys[0]), NV_E_STATE);
}

/* A part that cannot be written leaves the slot without a key. */
static void test_worn(void **state)
{
	unsigned int n;

	(void)state;
	memcpy(before, host_flash.data, sizeof(before));
	for (n = 1;; n++) {
		memcpy(host_flash.data, before, sizeof(before));
		assert_int_equal(power_on(), 0);
		host_flash.fail_at = n;
		host_flash.fail_status = 0x10;
		if (!nv_set_key(1, keys[0]))
			break;
		assert_key(1, NULL);
		assert_int_equal(power_on(), 0);
		assert_key(1, NULL);
		assert_int_equal(nv_set_key(1, keys[0]), 0);
		assert_key(1, keys[0]);
	}
	assert_true(n > NV_KEY_WORDS * 15);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		TEST(test_import),
		TEST(test_second),
		TEST(test_sealed),
		TEST(test_power_cut),
		TEST(test_power_cut_compaction),
		TEST(test_compaction),
		TEST(test_worn),
	};

	return cmocka_run_group_tests_name("monitor_nv_key", tests, NULL,
					   NULL);
}
