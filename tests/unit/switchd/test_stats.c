// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From phase marks to milliseconds, medians and bars.
 */
#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/stats_svg.h"

#define HZ 62500000ULL
#define CLOSE 0.000001
#define MS(n) ((n) * (uint64_t)(HZ / 1000))

static void assert_ms(double got, double expected)
{
	if (got < expected - CLOSE || got > expected + CLOSE)
		fail_msg("%f ms instead of %f ms", got, expected);
}

static void test_all_phases(void **state)
{
	const uint64_t time[OSTI_PHASES] = { MS(1000), MS(1010), MS(1030),
					     MS(1033), MS(1034), MS(1060),
					     MS(1064) };
	struct stats_row row;

	(void)state;
	stats_compute(time, 0, HZ, &row);
	assert_ms(row.phase[0], 10);
	assert_ms(row.phase[1], 20);
	assert_ms(row.phase[2], 3);
	assert_ms(row.phase[3], 1);
	assert_ms(row.phase[4], 26);
	assert_ms(row.phase[5], 4);
	assert_ms(row.total, 64);
	assert_string_equal(stats_phase_name(0), "freeze");
	assert_string_equal(stats_phase_name(3), "monitor");
	assert_string_equal(stats_phase_name(5), "user");
}

static void test_large_counter(void **state)
{
	uint64_t base = UINT64_MAX - MS(1000);
	const uint64_t time[OSTI_PHASES] = { base,	   base + MS(1),
					     base + MS(2), base + MS(3),
					     base + MS(4), base + MS(5),
					     base + MS(6) };
	struct stats_row row;

	(void)state;
	stats_compute(time, 0, HZ, &row);
	assert_ms(row.phase[5], 1);
	assert_ms(row.total, 6);
}

static void test_missing_marks(void **state)
{
	const uint64_t time[OSTI_PHASES] = { MS(100), 0,       0, MS(130),
					     MS(140), MS(150), 0 };
	struct stats_row row;

	(void)state;
	stats_compute(time, 0, HZ, &row);
	assert_ms(row.phase[0], STATS_NONE);
	assert_ms(row.phase[1], STATS_NONE);
	assert_ms(row.phase[2], STATS_NONE);
	assert_ms(row.phase[3], 10);
	assert_ms(row.phase[4], 10);
	assert_ms(row.phase[5], STATS_NONE);
	assert_ms(row.total, 50);
}

static void test_no_marks(void **state)
{
	const uint64_t none[OSTI_PHASES] = { 0 };
	const uint64_t one[OSTI_PHASES] = { MS(5) };
	struct stats_row row;
	size_t i;

	(void)state;
	stats_compute(none, 0, HZ, &row);
	for (i = 0; i < STATS_PHASES; i++)
		assert_ms(row.phase[i], STATS_NONE);
	assert_ms(row.total, STATS_NONE);
	stats_compute(one, 0, HZ, &row);
	assert_ms(row.total, STATS_NONE);
}

static void test_backwards(void **state)
{
	const uint64_t time[OSTI_PHASES] = {
		MS(100), MS(90), MS(95), 0, 0, 0, 0
	};
	struct stats_row row;

	(void)state;
	stats_compute(time, 0, HZ, &row);
	assert_ms(row.phase[0], STATS_NONE);
	assert_ms(row.phase[1], 5);
	assert_ms(row.total, STATS_NONE);
}

static void test_sleep_does_not_count(void **state)
{
	const uint64_t time[OSTI_PHASES] = { MS(100), MS(110),	MS(120),
					     MS(130), MS(9130), MS(9140),
					     MS(9150) };
	struct stats_row row;

	(void)state;
	stats_compute(time, MS(8999), HZ, &row);
	assert_ms(row.phase[2], 10);
	assert_ms(row.phase[3], 1);
	assert_ms(row.phase[4], 10);
	assert_ms(row.total, 51);
	/* More sleep than there was time. */
	stats_compute(time, MS(9001), HZ, &row);
	assert_ms(row.phase[3], STATS_NONE);
	assert_ms(row.phase[4], 10);
}

static void test_median(void **state)
{
	double odd[] = { 3, 1, 2 };
	double even[] = { 4, 1, 3, 2 };
	double holes[] = { STATS_NONE, 5, STATS_NONE, 7, 0 };
	double none[] = { STATS_NONE, STATS_NONE };
	double one[] = { 9 };

	(void)state;
	assert_ms(stats_median(odd, 3), 2);
	assert_ms(stats_median(even, 4), 2.5);
	assert_ms(stats_median(holes, 5), 5);
	assert_ms(stats_median(none, 2), STATS_NONE);
	assert_ms(stats_median(one, 1), 9);
	assert_ms(stats_median(one, 0), STATS_NONE);
}

static void test_bar(void **state)
{
	(void)state;
	assert_int_equal(stats_bar(10, 10, 40), 40);
	assert_int_equal(stats_bar(5, 10, 40), 20);
	assert_int_equal(stats_bar(0.001, 10, 40), 1);
	assert_int_equal(stats_bar(0, 10, 40), 0);
	assert_int_equal(stats_bar(STATS_NONE, 10, 40), 0);
	assert_int_equal(stats_bar(20, 10, 40), 40);
	assert_int_equal(stats_bar(1, 0, 40), 0);
}

/* A picture of these; the text is the caller's. */
static char *draw(const struct stats_svg_bar *bars, size_t n,
		  const struct stats_row *median)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	stats_svg(out, bars, n, median);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Each phase begins where the one before ends, and the longest bar fills the plot. */
static void test_svg(void **state)
{
	const struct stats_svg_bar bars[] = {
		{ 7, 1, 2, { { 10, 20, STATS_NONE, 1, 26, 4 }, 64 } },
		{ 6, 2, 1, { { 5, 5, 5, 5, 5, 5 }, 30 } },
	};
	char *text = draw(bars, 2, &bars[1].row);
	const char *at = text;
	double from, width, end = 0, longest = 0;
	int phases = 0;

	(void)state;
	assert_int_equal(strncmp(text, "<svg ", 5), 0);
	assert_string_equal(strstr(text, "</svg>"), "</svg>\n");
	assert_non_null(strstr(text, ">7: 1 to 2</text>"));
	assert_non_null(strstr(text, ">64.0 ms</text>"));
	assert_non_null(strstr(text, "<title>resume 26.000 ms</title>"));
	for (; (at = strstr(at, "class=\"phase\"")); at++, phases++) {
		assert_int_equal(
			sscanf(at,
			       "class=\"phase\" x=\"%lf\" y=\"%*f\" width=\"%lf\"",
			       &from, &width),
			2);
		if (phases % 6 && phases != 11)
			assert_true(from > end - 0.02 && from < end + 0.02);
		end = from + width;
		if (end > longest)
			longest = end;
	}
	/* Six of the median and of one bar, five of the other. */
	assert_int_equal(phases, 17);
	assert_true(longest > 649.9 && longest < 650.1);
	free(text);
	text = draw(NULL, 0, &bars[0].row);
	assert_non_null(strstr(text, "No switch yet."));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_phases),
		cmocka_unit_test(test_large_counter),
		cmocka_unit_test(test_missing_marks),
		cmocka_unit_test(test_no_marks),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_sleep_does_not_count),
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_bar),
		cmocka_unit_test(test_svg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
