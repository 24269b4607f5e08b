// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_context.c - the partitions of the device's memory
 *
 * Built once for each config*.h; what is expected comes from the settings.
 */
#include "test.h"

#include <string.h>

#include "board.h"
#include "context.h"
#include "host.h"

#define MIB	(1024ULL * 1024)

static int setup(void **state)
{
	(void)state;
	host_reset();
	return 0;
}

#ifdef TEST_TOO_SMALL

static void test_too_small(void **state)
{
	(void)state;
	expect_assert_failure(context_init());
	assert_string_equal(host_panic_text(), TEST_TOO_SMALL);
}

#else

static const struct {
	const char *name;
	uint64_t mib;
} slots[] = {
	{ CONFIG_OSTI_SLOT1_NAME, CONFIG_OSTI_SLOT1_MIB },
	{ CONFIG_OSTI_SLOT2_NAME, CONFIG_OSTI_SLOT2_MIB },
	{ CONFIG_OSTI_SLOT3_NAME, CONFIG_OSTI_SLOT3_MIB },
#if CONFIG_OSTI_NR_SLOTS == 8
	{ CONFIG_OSTI_SLOT4_NAME, CONFIG_OSTI_SLOT4_MIB },
	{ CONFIG_OSTI_SLOT5_NAME, CONFIG_OSTI_SLOT5_MIB },
	{ CONFIG_OSTI_SLOT6_NAME, CONFIG_OSTI_SLOT6_MIB },
	{ CONFIG_OSTI_SLOT7_NAME, CONFIG_OSTI_SLOT7_MIB },
	{ CONFIG_OSTI_SLOT8_NAME, CONFIG_OSTI_SLOT8_MIB },
#endif
};

_Static_assert(ARRAY_SIZE(slots) == CONFIG_OSTI_NR_SLOTS,
	       "the test has other slots than its configuration");

static void test_layout(void **state)
{
	unsigned int i;

	(void)state;
	context_init();
	assert_int_equal(context_slots(), CONFIG_OSTI_NR_SLOTS);
	assert_int_equal(pa_value(context_get(0)->base), 0x41000000);
	assert_int_equal(context_get(0)->size, 128 * MIB);
	for (i = 1; i <= CONFIG_OSTI_NR_SLOTS; i++) {
		const struct context *slot = context_get(i);

		assert_int_equal(slot->id, i);
		/* Cut off after OSTI_NAME_LEN bytes, padded with NUL. */
		assert_int_equal(strncmp(slot->name, slots[i - 1].name,
					 OSTI_NAME_LEN), 0);
		if (strlen(slots[i - 1].name) < OSTI_NAME_LEN)
			assert_int_equal(slot->name[OSTI_NAME_LEN - 1], 0);
		assert_int_equal(pa_value(slot->base), 0);
		assert_int_equal(slot->size, slots[i - 1].mib * MIB);
		assert_int_equal(slot->state, OSTI_SLOT_EMPTY);
		assert_int_equal(slot->entries, 0);
		assert_int_equal(slot->frozen_at, 0);
	}
}

/* No slot has anything, and no target is armed. */
static void test_initial(void **state)
{
	unsigned int i;

	(void)state;
	context_init();
	for (i = 0; i <= CONFIG_OSTI_NR_SLOTS; i++) {
		context_get(i)->target = 1;
		context_get(i)->state = OSTI_SLOT_FROZEN;
	}
	context_init();
	for (i = 0; i <= CONFIG_OSTI_NR_SLOTS; i++) {
		assert_int_equal(context_get(i)->target, OSTI_TARGET_NONE);
		assert_int_equal(context_get(i)->state, OSTI_SLOT_EMPTY);
	}
}

static void test_numbers(void **state)
{
	const uint64_t n = CONFIG_OSTI_NR_SLOTS;

	(void)state;
	context_init();
	assert_false(context_is_slot(0));
	assert_true(context_is_slot(1));
	assert_true(context_is_slot(n));
	assert_false(context_is_slot(n + 1));
	/* 1 in its lower half, or in its lowest byte. */
	assert_false(context_is_slot(0x100000001));
	assert_false(context_is_slot(0x101));
	assert_false(context_is_slot(UINT64_MAX));
	expect_assert_failure(context_get(n + 1));
}

static bool owns(const struct context *ctx, uint64_t ipa, uint64_t bytes)
{
	return context_owns(ctx, ipa_make(ipa), bytes);
}

static void test_owns(void **state)
{
	const struct context *ctx;
	uint64_t end;
	unsigned int i;

	(void)state;
	context_init();
	for (i = 0; i <= CONFIG_OSTI_NR_SLOTS; i++) {
		ctx = context_get(i);
		end = 0x40000000 + ctx->size;
		assert_true(owns(ctx, 0x40000000, ctx->size));
		assert_true(owns(ctx, end - 4, 4));
		assert_true(owns(ctx, end - 1, 1));
		assert_true(owns(ctx, 0x40000000, 0));

		assert_false(owns(ctx, 0x40000000, ctx->size + 1));
		assert_false(owns(ctx, 0x40000001, ctx->size));
		assert_false(owns(ctx, 0x3fffffff, 1));
		assert_false(owns(ctx, 0x3fffffff, 2));
		assert_false(owns(ctx, end - 3, 4));
		assert_false(owns(ctx, end, 1));
		assert_false(owns(ctx, end, 0));
		assert_false(owns(ctx, 0, 4));
		/* Sums that wrap. */
		assert_false(owns(ctx, 0x40000004, UINT64_MAX));
		assert_false(owns(ctx, 0x40000000, UINT64_MAX));
		assert_false(owns(ctx, 0x40000000,
				  UINT64_MAX - 0x40000000 + 1));
		assert_false(owns(ctx, UINT64_MAX - 3, 4));
		assert_false(owns(ctx, UINT64_MAX, 1));
		assert_false(owns(ctx, 0x100040000000, 4));
	}
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef TEST_TOO_SMALL
		cmocka_unit_test_setup(test_too_small, setup),
#else
		cmocka_unit_test_setup(test_layout, setup),
		cmocka_unit_test_setup(test_initial, setup),
		cmocka_unit_test_setup(test_numbers, setup),
		cmocka_unit_test_setup(test_owns, setup),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
