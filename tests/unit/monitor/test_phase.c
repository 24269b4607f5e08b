// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_phase.c - when each phase of the last switches began
 */
#include "test.h"

#include <string.h>

#include "host.h"
#include "phase.h"

static struct context *bm, *slot1, *slot2, *slot3;

static int setup(void **state)
{
	(void)state;
	host_reset();
	/* Each look at the clock is one tick. */
	host_counter_step = 1;
	host_counter_now = 1000;
	context_init();
	phase_init();
	bm = context_get(OSTI_CONTEXT_BM);
	slot1 = context_get(1);
	slot2 = context_get(2);
	slot3 = context_get(3);
	return 0;
}

static struct phase_record newest(const struct context *reader)
{
	struct phase_record rec;

	assert_int_equal(phase_read(reader, 0, &rec), OSTI_OK);
	return rec;
}

static void assert_times(const struct phase_record *rec,
			 const uint64_t want[OSTI_PHASES])
{
	unsigned int i;

	for (i = 0; i < OSTI_PHASES; i++)
		if (rec->time[i] != want[i])
			fail_msg("phase %u: %lu, should be %lu", i,
				 rec->time[i], want[i]);
}

static void test_switch(void **state)
{
	struct phase_record rec;

	(void)state;
	phase_request();
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_FROZEN), OSTI_OK);
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_DEVICES), OSTI_OK);
	host_counter_now = 2000;
	phase_commit(1, 2, OSTI_SWITCH_HOT, 1999);
	phase_exit(0);
	assert_int_equal(phase_mark(slot2, OSTI_PHASE_RESUMED), OSTI_OK);
	assert_int_equal(phase_mark(slot2, OSTI_PHASE_USER), OSTI_OK);

	rec = newest(slot1);
	assert_int_equal(rec.number, 1);
	assert_int_equal(rec.source, 1);
	assert_int_equal(rec.target, 2);
	assert_int_equal(rec.kind, OSTI_SWITCH_HOT);
	assert_int_equal(rec.slept, 0);
	assert_times(&rec, (uint64_t[]) {
		1001, 1002, 1003, 1999, 2001, 2002, 2003 });
}

/* Without a target the request is the suspend itself. */
static void test_plain(void **state)
{
	struct phase_record rec;

	(void)state;
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_FROZEN), OSTI_E_STATE);
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_DEVICES), OSTI_E_STATE);
	phase_commit(1, 1, OSTI_SWITCH_SUSPEND, 1500);
	phase_exit(77);
	rec = newest(slot1);
	assert_int_equal(rec.slept, 77);
	assert_times(&rec, (uint64_t[]) { 1500, 0, 0, 1500, 1001, 0, 0 });
}

static void test_marks_once(void **state)
{
	struct phase_record before, rec;

	(void)state;
	phase_request();
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_FROZEN), OSTI_OK);
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_FROZEN), OSTI_E_STATE);
	phase_commit(1, 2, OSTI_SWITCH_HOT, 1500);
	phase_exit(0);
	assert_int_equal(phase_mark(slot2, OSTI_PHASE_USER), OSTI_OK);
	before = newest(slot2);
	assert_int_equal(phase_mark(slot2, OSTI_PHASE_USER), OSTI_E_STATE);
	rec = newest(slot2);
	assert_memory_equal(&rec, &before, sizeof(rec));
}

static void test_marks_of_others(void **state)
{
	static const uint64_t bad[] = {
		OSTI_PHASE_REQUEST, OSTI_PHASE_MON_ENTER, OSTI_PHASE_MON_EXIT,
		OSTI_PHASES, OSTI_PHASES + 1, 255, 0x100000001, UINT64_MAX,
	};
	unsigned int i;

	(void)state;
	/* Nothing was ever switched. */
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_RESUMED), OSTI_E_STATE);
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_USER), OSTI_E_STATE);
	phase_commit(1, 2, OSTI_SWITCH_HOT, 1500);
	phase_exit(0);
	/* Only the target resumes. */
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_RESUMED), OSTI_E_STATE);
	assert_int_equal(phase_mark(slot3, OSTI_PHASE_USER), OSTI_E_STATE);
	phase_request();
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(phase_mark(slot2, bad[i]), OSTI_E_INVALID);
}

static void test_cancel(void **state)
{
	struct phase_record rec;

	(void)state;
	phase_request();
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_FROZEN), OSTI_OK);
	phase_cancel();
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_DEVICES), OSTI_E_STATE);
	phase_commit(1, 1, OSTI_SWITCH_SUSPEND, 1500);
	phase_exit(0);
	rec = newest(slot1);
	assert_int_equal(rec.time[OSTI_PHASE_REQUEST], 1500);
	assert_int_equal(rec.time[OSTI_PHASE_FROZEN], 0);
}

/* A second request begins anew; a request counts for one suspend only. */
static void test_request_again(void **state)
{
	struct phase_record rec;

	(void)state;
	phase_request();
	assert_int_equal(phase_mark(slot1, OSTI_PHASE_FROZEN), OSTI_OK);
	phase_request();
	phase_commit(1, 2, OSTI_SWITCH_HOT, 1500);
	phase_exit(0);
	rec = newest(slot1);
	assert_int_equal(rec.time[OSTI_PHASE_REQUEST], 1003);
	assert_int_equal(rec.time[OSTI_PHASE_FROZEN], 0);

	assert_int_equal(phase_mark(slot2, OSTI_PHASE_FROZEN), OSTI_E_STATE);
	phase_commit(2, 2, OSTI_SWITCH_SUSPEND, 1600);
	phase_exit(0);
	rec = newest(slot2);
	assert_int_equal(rec.time[OSTI_PHASE_REQUEST], 1600);
}

static void test_readers(void **state)
{
	struct phase_record rec;

	(void)state;
	assert_int_equal(phase_read(bm, 0, &rec), OSTI_E_EMPTY);
	phase_commit(0, 1, OSTI_SWITCH_BM, 1);
	phase_commit(1, 2, OSTI_SWITCH_HOT, 2);
	phase_commit(2, 2, OSTI_SWITCH_SUSPEND, 3);
	phase_commit(2, 0, OSTI_SWITCH_COLD, 4);

	assert_int_equal(phase_read(slot1, 0, &rec), OSTI_OK);
	assert_int_equal(rec.number, 2);
	assert_int_equal(phase_read(slot1, 1, &rec), OSTI_OK);
	assert_int_equal(rec.number, 1);
	assert_int_equal(phase_read(slot1, 2, &rec), OSTI_E_EMPTY);
	assert_int_equal(phase_read(slot2, 0, &rec), OSTI_OK);
	assert_int_equal(rec.number, 4);
	assert_int_equal(phase_read(slot2, 2, &rec), OSTI_OK);
	assert_int_equal(rec.number, 2);
	assert_int_equal(phase_read(slot3, 0, &rec), OSTI_E_EMPTY);
	assert_int_equal(phase_read(bm, 3, &rec), OSTI_OK);
	assert_int_equal(rec.number, 1);
	assert_int_equal(phase_read(bm, 4, &rec), OSTI_E_EMPTY);
	assert_int_equal(phase_read(bm, 1UL << 32, &rec), OSTI_E_EMPTY);
	assert_int_equal(phase_read(bm, UINT64_MAX, &rec), OSTI_E_EMPTY);
}

static void test_wraparound(void **state)
{
	struct phase_record rec;
	uint64_t n;

	(void)state;
	for (n = 1; n <= OSTI_PHASE_RECORDS + 3; n++) {
		phase_request();
		phase_commit(1, 2, OSTI_SWITCH_HOT, n);
		phase_exit(0);
		assert_int_equal(phase_mark(slot2, OSTI_PHASE_USER), OSTI_OK);
	}
	for (n = 0; n < OSTI_PHASE_RECORDS; n++) {
		assert_int_equal(phase_read(slot1, n, &rec), OSTI_OK);
		assert_int_equal(rec.number, OSTI_PHASE_RECORDS + 3 - n);
		assert_int_equal(rec.time[OSTI_PHASE_MON_ENTER], rec.number);
	}
	assert_int_equal(phase_read(slot1, n, &rec), OSTI_E_EMPTY);
	/* Nothing of the record that was there before. */
	phase_commit(1, 1, OSTI_SWITCH_SUSPEND, 5000);
	rec = newest(slot1);
	assert_times(&rec, (uint64_t[]) { 5000, 0, 0, 5000, 0, 0, 0 });
}

static void test_bugs(void **state)
{
	(void)state;
	expect_assert_failure(phase_exit(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_switch, setup),
		cmocka_unit_test_setup(test_plain, setup),
		cmocka_unit_test_setup(test_marks_once, setup),
		cmocka_unit_test_setup(test_marks_of_others, setup),
		cmocka_unit_test_setup(test_cancel, setup),
		cmocka_unit_test_setup(test_request_again, setup),
		cmocka_unit_test_setup(test_readers, setup),
		cmocka_unit_test_setup(test_wraparound, setup),
		cmocka_unit_test_setup(test_bugs, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
