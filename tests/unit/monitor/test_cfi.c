// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_cfi.c - the flash driver against two chips that follow the rules of NOR
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "cfi.h"
#include "host.h"
#include "host_flash.h"

#define AT	(BOARD_NV_SECTOR + 64)

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_flash_add();
	return 0;
}

static int setup_ready(void **state)
{
	setup(state);
	assert_int_equal(cfi_init(CFI_NV), 0);
	host_trace_clear();
	return 0;
}

static void assert_logged(const char *text)
{
	if (!strstr(host_log(), text))
		fail_msg("'%s' is not in the log: %s", text, host_log());
}

/* ---- Query --------------------------------------------------------------- */

static void test_init(void **state)
{
	(void)state;
	assert_int_equal(cfi_init(CFI_NV), 0);
	assert_true(host_flash_idle());
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(host_flash.erases, 0);
	assert_string_equal(host_log(), "");
}

/* The device was reset while the chips waited for the rest of a command. */
static void test_init_within_command(void **state)
{
	static const uint8_t pending[] = { 0x40, 0x20 };
	uint8_t before[HOST_FLASH_BYTES];
	unsigned int i;

	(void)state;
	memset(host_flash.data, 0x5a, HOST_FLASH_BYTES);
	memcpy(before, host_flash.data, HOST_FLASH_BYTES);
	for (i = 0; i < sizeof(pending); i++) {
		host_flash_pend(pending[i]);
		assert_int_equal(cfi_init(CFI_NV), 0);
		assert_true(host_flash_idle());
		assert_memory_equal(host_flash.data, before, HOST_FLASH_BYTES);
	}
}

static void test_init_absent(void **state)
{
	unsigned int i;

	(void)state;
	host_flash.absent = true;
	assert_int_equal(cfi_init(CFI_NV), CFI_E_ABSENT);
	assert_logged("no pair of 16-bit CFI chips at 0x4000000");
	host_flash.absent = false;
	for (i = 0x10; i < 0x13; i++) {
		host_flash.query[i] ^= 1;
		assert_int_equal(cfi_init(CFI_NV), CFI_E_ABSENT);
		assert_true(host_flash_idle());
		host_flash.query[i] ^= 1;
	}
	assert_int_equal(cfi_init(CFI_NV), 0);
}

/* Each number of the query that says that this is another flash. */
static void test_init_other_flash(void **state)
{
	static const struct {
		uint8_t index, val;
	} wrong[] = {
		{ 0x13, 0x02 },		/* AMD's commands */
		{ 0x14, 0x01 },
		{ 0x27, 24 },
		{ 0x27, 26 },
		{ 0x27, 0xff },
		{ 0x2c, 0 },
		{ 0x2c, 2 },
		{ 0x2d, 0xfe },
		{ 0x2e, 1 },
		{ 0x2f, 1 },
		{ 0x30, 1 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		uint8_t good = host_flash.query[wrong[i].index];

		host_flash.query[wrong[i].index] = wrong[i].val;
		assert_int_equal(cfi_init(CFI_NV), CFI_E_UNSUPPORTED);
		assert_true(host_flash_idle());
		host_flash.query[wrong[i].index] = good;
	}
	assert_logged("not what board.h says");

	/* The same commands without the extended table. */
	host_flash.query[0x13] = 0x03;
	assert_int_equal(cfi_init(CFI_NV), 0);
}

/* ---- Read, program, erase ------------------------------------------------ */

static void test_program(void **state)
{
	static const uint8_t data[12] = {
		0, 1, 2, 3, 0x40, 0x20, 0xff, 0x98, 0xff, 0xff, 0xff, 0xff,
	};
	uint8_t buf[20];
	const struct host_access *trace;
	size_t count;

	(void)state;
	assert_int_equal(cfi_program(CFI_NV, AT, data, sizeof(data)), 0);
	assert_true(host_flash_idle());
	assert_memory_equal(host_flash.data + AT, data, sizeof(data));
	assert_int_equal(host_flash.data[AT - 1], 0xff);
	assert_int_equal(host_flash.programs, 3);

	/* In rising order: docs/nv-format.md builds upon it. */
	trace = host_trace(&count);
	assert_true(count > 4);
	assert_int_equal(trace[0].addr, BOARD_NV_BASE + AT);
	assert_int_equal(trace[0].val, 0x00400040);
	assert_int_equal(trace[1].val, 0x03020100);
	assert_int_equal(trace[3].addr, BOARD_NV_BASE + AT + 4);

	cfi_read(CFI_NV, AT - 4, buf, sizeof(buf));
	assert_memory_equal(buf + 4, data, sizeof(data));
	assert_memory_equal(buf, "\xff\xff\xff\xff", 4);
	assert_memory_equal(buf + 16, "\xff\xff\xff\xff", 4);
}

static void test_program_clears_more(void **state)
{
	(void)state;
	assert_int_equal(cfi_program(CFI_NV, AT, "\xff\x0f\xf0\xff", 4), 0);
	assert_int_equal(cfi_program(CFI_NV, AT, "\x00\x0f\x00\xff", 4), 0);
	assert_memory_equal(host_flash.data + AT, "\x00\x0f\x00\xff", 4);
}

static void test_erase(void **state)
{
	unsigned int i;

	(void)state;
	memset(host_flash.data, 0, HOST_FLASH_BYTES);
	assert_int_equal(cfi_erase(CFI_NV, BOARD_NV_SECTOR), 0);
	assert_true(host_flash_idle());
	for (i = 0; i < HOST_FLASH_BYTES; i++)
		assert_int_equal(host_flash.data[i],
				 i / BOARD_NV_SECTOR == 1 ? 0xff : 0);
}

/* A chip may take long, and one longer than the other; QEMU has its own way. */
static void test_slow(void **state)
{
	(void)state;
	host_flash.busy_reads = 50;
	assert_int_equal(cfi_program(CFI_NV, AT, "\1\2\3\4\5\6\7\10", 8), 0);
	assert_int_equal(cfi_erase(CFI_NV, BOARD_NV_SECTOR), 0);
	assert_true(host_flash_idle());
}

static void test_ready_after_clear(void **state)
{
	(void)state;
	host_flash.no_ready_after_clear = true;
	assert_int_equal(cfi_init(CFI_NV), 0);
	assert_int_equal(cfi_program(CFI_NV, AT, "\1\2\3\4", 4), 0);
	assert_int_equal(cfi_erase(CFI_NV, BOARD_NV_SECTOR), 0);
}

/* ---- Failures ------------------------------------------------------------ */

static void test_never_ready(void **state)
{
	uint64_t start = host_counter_now;

	(void)state;
	host_flash.stuck = true;
	assert_int_equal(cfi_program(CFI_NV, AT, "\1\2\3\4\5\6\7\10", 8), CFI_E_TIMEOUT);
	assert_true(host_counter_now - start < arch_counter_hz());
	assert_logged("programming at 0x40040: status 0x0, not done in 100 ms");
	assert_int_equal(host_flash.programs, 1);

	host_flash_reset();
	host_flash.stuck = true;
	start = host_counter_now;
	assert_int_equal(cfi_erase(CFI_NV, BOARD_NV_SECTOR), CFI_E_TIMEOUT);
	assert_true(host_counter_now - start < 30 * arch_counter_hz());
	assert_logged("erasing at 0x40000");
}

/* The CPU was away for so long that the deadline passed: it looks once more. */
static void test_ready_seen_late(void **state)
{
	(void)state;
	host_counter_step = arch_counter_hz();
	host_flash.busy_reads = 1;
	assert_int_equal(cfi_program(CFI_NV, AT, "\1\2\3\4", 4), 0);
	host_flash.busy_reads = 2;
	assert_int_equal(cfi_program(CFI_NV, AT + 4, "\1\2\3\4", 4), CFI_E_TIMEOUT);
}

static void test_reported_failure(void **state)
{
	static const uint8_t bits[] = { 0x10, 0x08, 0x02, 0x20 };
	unsigned int i, chip;

	(void)state;
	for (i = 0; i < sizeof(bits); i++) {
		for (chip = 0; chip < HOST_FLASH_CHIPS; chip++) {
			host_flash_reset();
			host_flash.fail_at = 2;
			host_flash.fail_status = bits[i];
			host_flash.fail_chip = chip;
			assert_int_equal(cfi_program(CFI_NV, AT, "\0\0\0\0\0\0\0\0\0\0\0",
						     12),
					 CFI_E_STATUS);
			assert_int_equal(host_flash.programs, 2);
			/* And the next one does not see the old failure. */
			assert_true(host_flash_idle());
			assert_int_equal(cfi_program(CFI_NV, AT, "\0\0\0\0", 4), 0);

			host_flash.fail_at = 1;
			assert_int_equal(cfi_erase(CFI_NV, BOARD_NV_SECTOR),
					 CFI_E_STATUS);
			assert_true(host_flash_idle());
		}
	}
	assert_logged("programming at 0x40044 failed with status 0x900080");
}

static void test_silent_failure(void **state)
{
	unsigned int chip;

	(void)state;
	for (chip = 0; chip < HOST_FLASH_CHIPS; chip++) {
		host_flash_reset();
		host_flash.fail_chip = chip;
		host_flash.fail_at = 3;
		assert_int_equal(cfi_program(CFI_NV, AT, "\0\0\0\0\0\0\0\0\0\0\0", 12),
				 CFI_E_VERIFY);
		host_flash.fail_at = 1;
		assert_int_equal(cfi_erase(CFI_NV, BOARD_NV_SECTOR), CFI_E_VERIFY);
	}
	assert_logged("programming at 0x40048: reads 0xffff, should read 0x0: worn out");
	assert_logged("erasing at 0x7fffc: reads 0xfeffffff, should read 0xffffffff");
}

/* Bugs of the caller's. */
static void test_bad_ranges(void **state)
{
	uint8_t buf[8] = { 0 };

	(void)state;
	expect_assert_failure(cfi_read(CFI_NV, 2, buf, 4));
	expect_assert_failure(cfi_read(CFI_NV, 0, buf, 3));
	expect_assert_failure(cfi_read(CFI_NV, BOARD_NV_SIZE - 4, buf, 8));
	expect_assert_failure((void)cfi_program(CFI_NV, 2, buf, 4));
	expect_assert_failure((void)cfi_program(CFI_NV, 0, buf, 5));
	expect_assert_failure((void)cfi_program(CFI_NV, BOARD_NV_SIZE, buf, 4));
	expect_assert_failure((void)cfi_erase(CFI_NV, 4));
	expect_assert_failure((void)cfi_erase(CFI_NV, BOARD_NV_SIZE));
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(host_flash.erases, 0);
}

int main(void)
{
#define TEST(f)		cmocka_unit_test_setup(f, setup)
#define READY(f)	cmocka_unit_test_setup(f, setup_ready)
	const struct CMUnitTest tests[] = {
		TEST(test_init),
		TEST(test_init_within_command),
		TEST(test_init_absent),
		TEST(test_init_other_flash),
		READY(test_program),
		READY(test_program_clears_more),
		READY(test_erase),
		READY(test_slow),
		READY(test_ready_after_clear),
		READY(test_never_ready),
		READY(test_ready_seen_late),
		READY(test_reported_failure),
		READY(test_silent_failure),
		READY(test_bad_ranges),
	};

	return cmocka_run_group_tests_name("monitor_cfi", tests, NULL, NULL);
}
