// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_nv_mend.c - a flash that did not work for a while, and what was decided
 * meanwhile
 */
#include "test.h"

#include <limits.h>
#include <string.h>

#include "host.h"
#include "host_flash.h"
#include "nv_device.h"

/* From now on all writes fail; or none does. */
static void die(void)
{
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	host_flash.fail_more = UINT_MAX;
}

static void live(void)
{
	host_flash_reset();
}

/* Slot 1 has an image, slot 2 had one, slot 3 none. */
static int setup_stored(void **state)
{
	setup_ready(state);
	assert_int_equal(nv_store(1, 5), 0);
	assert_int_equal(nv_store(2, 9), 0);
	assert_int_equal(nv_consume(2, 9), 0);
	return 0;
}

static void test_nothing_to_mend(void **state)
{
	unsigned long writes;
	unsigned int slot;

	(void)state;
	writes = host_flash.writes;
	nv_mend();
	assert_int_equal(host_flash.writes, writes);
	for (slot = 1; slot <= NV_SLOTS; slot++)
		assert_false(nv_doubtful(slot));
	expect_assert_failure(nv_forfeit(1));
	expect_assert_failure(nv_forfeit(0));
	expect_assert_failure(nv_forfeit(NV_SLOTS + 1));
}

/* A device that was never given a key has no images. */
static void test_never_provisioned(void **state)
{
	(void)state;
	memset(host_flash.data, 0xff, HOST_FLASH_BYTES);
	assert_int_equal(power_on(), NV_E_UNPROVISIONED);
	nv_mend();
	assert_false(nv_doubtful(1));
	assert_int_equal(host_flash.programs, 0);
}

/* It cannot be read at power-on, and a person lets slot 1 start. */
static void test_unreadable(void **state)
{
	unsigned int slot;

	(void)state;
	host_flash_reset();
	host_flash.absent = true;
	assert_int_equal(nv_init(), NV_E_FLASH);
	nv_mend();
	for (slot = 1; slot <= NV_SLOTS; slot++)
		assert_true(nv_doubtful(slot));
	nv_forfeit(1);
	assert_false(nv_doubtful(1));
	assert_true(nv_doubtful(2));
	nv_mend();
	assert_int_equal(nv_store(1, 6), NV_E_FLASH);

	/* It was not forgotten. */
	live();
	nv_mend();
	assert_slot(1, 5, NV_CONSUMED);
	assert_slot(2, 9, NV_CONSUMED);
	assert_false(nv_doubtful(2));
	assert_int_equal(power_on(), 0);
	assert_slot(1, 5, NV_CONSUMED);
	assert_int_equal(nv_store(1, 6), 0);
}

/* Nobody decided anything: the image is still good. */
static void test_unreadable_for_a_moment(void **state)
{
	(void)state;
	host_flash.data[LOG_1 + ENTRY(1) + 8] ^= 1;
	assert_int_equal(power_on(), NV_E_DAMAGED);
	assert_true(nv_doubtful(1));
	host_flash.data[LOG_1 + ENTRY(1) + 8] ^= 1;
	nv_mend();
	assert_false(nv_doubtful(1));
	assert_slot(1, 5, NV_STORED);
	assert_int_equal(host_flash.programs, 0);
	assert_int_equal(nv_consume(1, 5), 0);
}

static void test_unwritable(void **state)
{
	enum nv_state to;
	uint64_t gen;

	(void)state;
	die();
	assert_int_equal(nv_consume(1, 5), NV_E_WORN);
	assert_slot(1, 5, NV_STORED);
	nv_mend();
	/* It was tried, so it is known before the image is read. */
	assert_true(nv_doubtful(1));
	assert_false(nv_doubtful(2));
	assert_false(nv_doubtful(3));
	nv_forfeit(1);
	assert_false(nv_doubtful(1));
	assert_slot(1, 5, NV_CONSUMED);
	assert_int_equal(nv_raise_floor(1, 3), NV_E_WORN);
	nv_mend();
	assert_slot(1, 5, NV_CONSUMED);

	live();
	assert_int_equal(nv_raise_floor(1, 3), NV_E_WORN);
	nv_mend();
	assert_int_equal(nv_raise_floor(1, 3), 0);
	assert_int_equal(nv_generation(1, &gen, &to), 0);
	assert_int_equal(to, NV_CONSUMED);
	assert_int_equal(power_on(), 0);
	assert_slot(1, 5, NV_CONSUMED);
	assert_int_equal(nv_floor(1), 3);
}

/* Also when the log is full. */
static void test_unwritable_for_a_moment(void **state)
{
	struct memory mem;
	unsigned int left;

	for (left = 0; left < 3; left++) {
		setup_ready(state);
		fill(&mem, left);
		die();
		assert_int_equal(nv_raise_floor(1, UINT64_MAX), NV_E_WORN);
		live();
		nv_mend();
		assert_memory(&mem);
		assert_int_equal(nv_raise_floor(1, UINT64_MAX), 0);
		mem.floor[1] = UINT64_MAX;
		assert_memory(&mem);
		assert_int_equal(power_on(), 0);
		assert_memory(&mem);
	}
}

/* What was read before is not forgotten when it cannot be read any more. */
static void test_worn_then_unreadable(void **state)
{
	(void)state;
	die();
	assert_int_equal(nv_consume(1, 5), NV_E_WORN);
	host_flash.absent = true;
	nv_mend();
	assert_memory_equal(nv_root_key(), root_key, NV_KEY_BYTES);
	assert_slot(1, 5, NV_STORED);
	assert_true(nv_doubtful(1));
	assert_int_equal(nv_consume(1, 5), NV_E_WORN);
}

/* A flash that hangs took STORED, and the slot went on. */
static void test_hung_store(void **state)
{
	uint64_t gen;

	(void)state;
	assert_int_equal(nv_begin(1, &gen), 0);
	host_flash.fail_at = NV_SEAL_AT / 4;
	host_flash.fail_done = true;
	host_flash.fail_hang = true;
	assert_int_equal(nv_store(1, gen), NV_E_WORN);
	live();
	nv_mend();
	assert_slot(1, gen, NV_CONSUMED);
	assert_int_equal(power_on(), 0);
	assert_slot(1, gen, NV_CONSUMED);
}

/* A store that failed and then went well is no image that was given up. */
static void test_store_again(void **state)
{
	uint64_t gen;

	(void)state;
	assert_int_equal(nv_begin(1, &gen), 0);
	die();
	assert_int_equal(nv_store(1, gen), NV_E_WORN);
	live();
	nv_mend();
	assert_int_equal(nv_begin(1, &gen), 0);
	assert_int_equal(nv_store(1, gen), 0);
	assert_slot(1, gen, NV_STORED);
	assert_int_equal(nv_consume(1, gen), 0);
}

/* What was agreed to holds until power goes, not longer. */
static void test_forfeit_ends(void **state)
{
	(void)state;
	die();
	assert_int_equal(nv_consume(1, 5), NV_E_WORN);
	nv_forfeit(1);
	assert_int_equal(power_on(), 0);
	assert_slot(1, 5, NV_STORED);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup_stored)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_to_mend),
		TEST(test_never_provisioned),
		TEST(test_unreadable),
		TEST(test_unreadable_for_a_moment),
		TEST(test_unwritable),
		TEST(test_unwritable_for_a_moment),
		TEST(test_worn_then_unreadable),
		TEST(test_hung_store),
		TEST(test_store_again),
		TEST(test_forfeit_ends),
	};

	return cmocka_run_group_tests_name("monitor_nv_mend", tests, NULL,
					   NULL);
}
