// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_bm.c - the boot manager's image in flash
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "bm.h"
#include "context.h"
#include "host.h"
#include "machine.h"

#define NO_ROOM	(BOARD_IMAGE_SIZE - BOARD_FLASH_BM - FLASH_PAYLOAD + 1)

static struct flash_header *header = &machine_flash.header;

static int setup(void **state)
{
	(void)state;
	machine_reset(1);
	machine_init();
	return 0;
}

static const uint8_t *loaded(uint64_t offset)
{
	return host_memory(pa_make(BOARD_BM_BASE + offset), 8);
}

static void test_load(void **state)
{
	struct cpu_entry entry = { .pc = { 1 }, .arg = 1 };

	(void)state;
	bm_load(&entry);
	assert_int_equal(ipa_value(entry.pc), 0x40200000);
	assert_int_equal(entry.arg, 0);
	assert_memory_equal(loaded(0x200000), machine_flash.payload, 5000);
	/* No more than the last word that has a byte of it. */
	assert_int_equal(loaded(0x200000 + 5000)[0], 0);
	assert_int_equal(loaded(0x1ffff8)[7], 0);
	/* It runs with its caches off. */
	assert_true(host_trace_find(0, HOST_FLUSH, BOARD_BM_BASE + 0x200000) >=
		    0);
}

/* A length that is no multiple of what is read at once. */
static void test_odd_sizes(void **state)
{
	struct cpu_entry entry;
	uint32_t size;

	(void)state;
	for (size = 1; size <= 17; size++) {
		header->size = size;
		header->offset = 0;
		bm_load(&entry);
		assert_int_equal(ipa_value(entry.pc), 0x40000000);
		assert_memory_equal(loaded(0), machine_flash.payload, size);
	}
	assert_int_equal(loaded(24)[0], 0);
}

/* In a function of its own: a panic comes back by longjmp(). */
static void assert_refused(const char *why)
{
	struct cpu_entry entry;

	expect_assert_failure(bm_load(&entry));
	assert_non_null(strstr(host_panic_text(), why));
}

static void test_no_magic(void **state)
{
	static const char * const bad[] = {
		"OSTI-BM2", "OSTI-BM", "osti-BM1", "\xff\xff\xff\xff\xff\xff\xff\xff",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memcpy(header->magic, bad[i], 8);
		assert_refused("no boot manager in the firmware image");
	}
}

static void test_bad_header(void **state)
{
	static const struct {
		uint32_t size, offset;
	} bad[] = {
		{ 0, 0x200000 },
		{ 0, 0 },
		{ NO_ROOM, 0x200000 },			/* beyond flash */
		{ UINT32_MAX, 0x200000 },
		{ UINT32_MAX - 7, 0 },			/* + 8 wraps 32 bits */
		{ 5000, 0x200001 },
		{ 5000, 0x200800 },			/* not page aligned */
		{ 5000, BOARD_BM_SIZE - 4096 },		/* beyond its memory */
		{ 4096, BOARD_BM_SIZE - 4096 },		/* last word's rest */
		{ 5000, BOARD_BM_SIZE },
		{ 1, 0xc0000000 },			/* entry wraps 32 bits */
		{ 1, 0xfffff000 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		header->size = bad[i].size;
		header->offset = bad[i].offset;
		host_trace_clear();
		assert_refused("does not fit");
		/* Nothing of it was copied. */
		assert_int_equal(host_trace_count(HOST_READ, flash_image +
						  BOARD_FLASH_BM +
						  FLASH_PAYLOAD),
				 0);
	}
}

static void test_last_place(void **state)
{
	struct cpu_entry entry;

	(void)state;
	header->size = 4088;
	header->offset = BOARD_BM_SIZE - 4096;
	bm_load(&entry);
	assert_int_equal(ipa_value(entry.pc), 0x40000000 + BOARD_BM_SIZE - 4096);
	assert_memory_equal(loaded(BOARD_BM_SIZE - 4096), machine_flash.payload,
			    4088);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_load, setup),
		cmocka_unit_test_setup(test_odd_sizes, setup),
		cmocka_unit_test_setup(test_no_magic, setup),
		cmocka_unit_test_setup(test_bad_header, setup),
		cmocka_unit_test_setup(test_last_place, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
