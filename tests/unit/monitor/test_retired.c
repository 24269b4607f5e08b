// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_retired.c - images of slots that live elsewhere
 */
#include "test.h"

#include "courier.h"
#include "event.h"
#include "host.h"
#include "host_flash.h"
#include "nv.h"
#include "spy.h"

static struct carry_image image;

static int64_t call(uint64_t fid, uint64_t slot)
{
	return machine_call(fid, slot, 0, 0);
}

/* Its image is stored. */
static int setup_stored(void **state)
{
	(void)state;
	carry_boot();
	carry_freeze(CARRY_SLOT, 1);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	spy_reset();
	return 0;
}

static int setup_retired(void **state)
{
	setup_stored(state);
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, CARRY_SLOT), OSTI_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	carry_free(&image);
	return 0;
}

static void assert_told(uint64_t what)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_IMAGE_INFO, CARRY_SLOT,
					     0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	assert_int_equal(smc.x[1], what);
}

static void test_taken_back(void **state)
{
	(void)state;
	assert_int_equal(machine_count_events(OSTI_EV_RETIRED), 1);
	carry_assert_generation(1, NV_RETIRED);
	assert_told(OSTI_GENERATION_RETIRED);
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, CARRY_SLOT),
			 OSTI_E_STATE);
	carry_power_cycle();
	carry_assert_generation(1, NV_RETIRED);
	/* It can be looked at as often as somebody likes. */
	assert_int_equal(carry_import(&image), 0);
	carry_abort_import();
	assert_told(OSTI_GENERATION_RETIRED);
	/* But it comes back only once. */
	assert_int_equal(carry_import(&image), 0);
	carry_commit_import();
	carry_assert_generation(1, NV_CONSUMED);
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, CARRY_SLOT),
			 OSTI_E_STATE);
}

static void test_dropped(void **state)
{
	(void)state;
	assert_int_equal(call(OSTI_CALL_IMAGE_DROP, CARRY_SLOT), OSTI_OK);
	carry_assert_generation(1, NV_CONSUMED);
	carry_power_cycle();
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
}

/* A start takes its place, as it takes that of any image. */
static void test_started(void **state)
{
	(void)state;
	carry_start(CARRY_SLOT);
	carry_assert_generation(1, NV_CONSUMED);
	assert_told(OSTI_GENERATION_CONSUMED);
}

/* And so does the next image. */
static void test_followed(void **state)
{
	(void)state;
	carry_freeze(CARRY_SLOT, 2);
	carry_free(&image);
	carry_export(CARRY_SLOT, &image);
	carry_commit_export();
	carry_assert_generation(2, NV_STORED);
	assert_told(OSTI_GENERATION_STORED);
}

/* Nor is it left when the slot comes back from where it lives. */
static void test_copy_comes(void **state)
{
	struct carry_image copy;

	(void)state;
	courier_begin(1);
	carry_export(CARRY_SLOT, &copy);
	carry_commit_export();
	courier_hibernate(&image);
	courier_leave(OSTI_CONTEXT_BM);
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, CARRY_SLOT), OSTI_OK);
	courier_resume();
	assert_true(courier_agree(&copy));
	carry_assert_generation(1, NV_RETIRED);
	assert_int_equal(carry_import(&copy), 0);
	carry_commit_import();
	assert_told(OSTI_GENERATION_CONSUMED);
	carry_power_cycle();
	assert_told(OSTI_GENERATION_CONSUMED);
	assert_int_equal(carry_import(&image), OSTI_IMAGE_E_GENERATION);
	carry_free(&copy);
}

static void test_refused(void **state)
{
	static const uint64_t bad[] = {
		0, CONFIG_OSTI_NR_SLOTS + 1, 0x100000003, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, bad[i]),
				 OSTI_E_INVALID);
	/* No image; then one that is on its way. */
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, 1), OSTI_E_STATE);
	assert_int_equal(carry_import(&image), 0);
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, CARRY_SLOT),
			 OSTI_E_STATE);
	carry_abort_import();
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(machine_count_events(OSTI_EV_RETIRED), 0);
}

static void test_worn(void **state)
{
	(void)state;
	host_flash.fail_at = 1;
	host_flash.fail_status = 0x10;
	assert_int_equal(call(OSTI_CALL_IMAGE_RETIRE, CARRY_SLOT),
			 OSTI_E_HARDWARE);
	carry_assert_generation(1, NV_STORED);
	assert_int_equal(machine_count_events(OSTI_EV_RETIRED), 0);
	carry_power_cycle();
	carry_assert_generation(1, NV_STORED);
}

/* No key of another device for a slot whose image was made under its own. */
static void test_key(void **state)
{
	(void)state;
	carry_power_cycle();
	assert_int_equal(machine_smc5(OSTI_CALL_KEY_IMPORT, CARRY_SLOT, 1, 2, 3,
				      4).x[0], OSTI_E_STATE);
}

#define TEST(f, before) cmocka_unit_test_setup_teardown(f, before, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_taken_back, setup_retired),
		TEST(test_dropped, setup_retired),
		TEST(test_started, setup_retired),
		TEST(test_followed, setup_retired),
		TEST(test_copy_comes, NULL),
		TEST(test_refused, setup_stored),
		TEST(test_worn, setup_stored),
		TEST(test_key, setup_retired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
