// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_flash.c - a program in flash that may be anything
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "flash.h"
#include "host.h"

#define IMAGE		(BOARD_BANK_B + BOARD_BANK_IMAGE)
#define START		0x80000
#define END		0x100000
#define MAGIC		"OSTI-XY7"
#define MEMORY		(BOARD_RAM_BASE + 0x200000)
#define ROOM		0x10000
#define MOST		(END - START - FLASH_PAYLOAD)

static const struct flash_place place = {
	.start = START, .end = END, .magic = MAGIC,
};

static uint8_t flash[END];
static struct flash_header good = { .magic = MAGIC, .size = 100 };

/* The test ends when anything behind the program is read. */
static uint64_t read_flash(uint64_t offset, unsigned int size)
{
	uint64_t val;

	assert_int_equal(size, 8);
	offset -= IMAGE;
	assert_in_range(offset, START, END - 8);
	memcpy(&val, flash + offset, 8);
	return val;
}

static void write_flash(uint64_t offset, unsigned int size, uint64_t val)
{
	(void)size;
	(void)val;
	fail_msg("flash is written at %lx", offset);
}

static int setup(void **state)
{
	size_t i;

	(void)state;
	host_reset();
	host_device_add(&(struct host_device) {
		BOARD_FLASH_BASE, BOARD_FLASH_SIZE, read_flash, write_flash });
	flash_image = BOARD_FLASH_BASE + IMAGE;
	for (i = START; i < END; i++)
		flash[i] = i * 7 + i / 251 + 1;
	return 0;
}

static int load(const struct flash_header *in_flash, uint64_t room,
		struct flash_header *told)
{
	memcpy(flash + START, in_flash, sizeof(*in_flash));
	host_trace_clear();
	return flash_load(&place, pa_make(MEMORY), room, told);
}

static const uint8_t *memory(uint64_t offset)
{
	return host_memory(pa_make(MEMORY + offset), 1);
}

static void assert_untouched(void)
{
	static const uint8_t zero[2 * ROOM];
	size_t n, i;
	const struct host_access *trace = host_trace(&n);

	for (i = 0; i < n; i++)
		assert_int_equal(trace[i].op, HOST_READ);
	assert_memory_equal(memory(0) - ROOM, zero, sizeof(zero));
	/* Only the header was looked at. */
	assert_int_equal(n, sizeof(struct flash_header) / 8);
}

/* Copied to the byte, behind the last word nothing, and out of the cache. */
static void test_copied(void **state)
{
	static const uint8_t zero[16];
	struct flash_header header = good, told;
	uint32_t size;

	(void)state;
	header.offset = 4096;
	for (size = 1; size <= 33; size++) {
		setup(NULL);
		header.size = size;
		assert_int_equal(load(&header, ROOM, &told), FLASH_OK);
		assert_memory_equal(&told, &header, sizeof(told));
		assert_memory_equal(memory(4096), flash + START + FLASH_PAYLOAD,
				    size);
		assert_memory_equal(memory(4096) + (size + 7) / 8 * 8, zero,
				    sizeof(zero));
		assert_int_equal(*(memory(4096) - 1), 0);
		assert_true(host_trace_find(0, HOST_FLUSH, MEMORY + 4096) > 0);
	}
}

/* As much as flash has, and as much as there is room. */
static void test_largest(void **state)
{
	struct flash_header header = good, told;

	(void)state;
	header.size = MOST;
	assert_int_equal(load(&header, MOST + 8, &told), FLASH_OK);
	assert_memory_equal(memory(0), flash + START + FLASH_PAYLOAD, MOST);
	assert_int_equal(load(&header, MOST + 7, &told), FLASH_E_SIZE);

	header.size = 4088;
	header.offset = ROOM - 4096;
	assert_int_equal(load(&header, ROOM, &told), FLASH_OK);
}

static void test_other_magic(void **state)
{
	static const char * const bad[] = {
		"OSTI-XY6", "PSTI-XY7", "\0\0\0\0\0\0\0\0",
		"\xff\xff\xff\xff\xff\xff\xff\xff",
	};
	struct flash_header header = good, told;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memcpy(header.magic, bad[i], 8);
		assert_int_equal(load(&header, ROOM, &told), FLASH_E_MAGIC);
		assert_untouched();
	}
}

static void test_bad_sizes(void **state)
{
	static const struct {
		uint32_t size, offset;
	} bad[] = {
		{ 0, 0 }, { 0, 4096 },
		{ MOST + 1, 0 },			/* into what follows */
		{ UINT32_MAX, 0 }, { UINT32_MAX - 7, 0 },
		{ 100, 1 }, { 100, 8 }, { 100, 2048 }, { 100, UINT32_MAX },
		{ ROOM, 0 }, { ROOM - 7, 0 },		/* beyond its room */
		{ 4096, ROOM - 4096 }, { 4089, ROOM - 4096 },
		{ 1, ROOM }, { 100, 0xfffff000 },
		{ ROOM, 0xffff0000 },			/* sum wraps 32 bits */
	};
	struct flash_header header = good, told;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		header.size = bad[i].size;
		header.offset = bad[i].offset;
		assert_int_equal(load(&header, ROOM, &told), FLASH_E_SIZE);
		assert_untouched();
	}
}

/* Whatever flash has: an answer, and nothing outside of the room. */
static void test_anything(void **state)
{
	static const uint8_t zero[ROOM];
	struct flash_header header = good, told;
	uint64_t chance = 0x95c1ba5e;
	unsigned int i, loaded = 0;
	int ret;

	(void)state;
	for (i = 0; i < 2000; i++) {
		header.size = test_random(&chance) >> (32 + i % 32);
		header.offset = test_random(&chance) >> (32 + i % 29) &
				(i % 4 ? ~4095U : ~0U);
		ret = load(&header, ROOM, &told);
		assert_true(ret == FLASH_OK || ret == FLASH_E_SIZE);
		loaded += ret == FLASH_OK;
	}
	assert_in_range(loaded, 100, 1900);
	assert_memory_equal(memory(0) - ROOM, zero, ROOM);
	assert_memory_equal(memory(ROOM), zero, ROOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_copied, setup),
		cmocka_unit_test_setup(test_largest, setup),
		cmocka_unit_test_setup(test_other_magic, setup),
		cmocka_unit_test_setup(test_bad_sizes, setup),
		cmocka_unit_test_setup(test_anything, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
