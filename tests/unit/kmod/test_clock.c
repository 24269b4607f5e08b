// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_clock.c - what becomes of the clock after a resume from an image
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "osti_clock.h"

#define NOW	1795700000
#define DAY	86400
#define HOUR	3600
#define YEARS	(64 * 365LL * DAY)

static void test_judge(void **state)
{
	static const struct {
		__s64 rtc, saved_at, clock;
		enum osti_clock_verdict verdict;
	} cases[] = {
		{ NOW, NOW - DAY, NOW, OSTI_CLOCK_RIGHT },
		{ NOW, NOW - DAY, NOW - 1, OSTI_CLOCK_RIGHT },
		{ NOW, NOW - DAY, NOW + 1, OSTI_CLOCK_RIGHT },
		{ NOW, NOW - DAY, NOW - 2, OSTI_CLOCK_SET },
		{ NOW, NOW - DAY, NOW + 2, OSTI_CLOCK_SET },
		{ NOW, NOW - DAY, NOW - DAY, OSTI_CLOCK_SET },
		{ NOW, NOW - DAY, NOW + YEARS, OSTI_CLOCK_SET },
		/* Nobody knows when it was saved. */
		{ NOW, 0, NOW - DAY, OSTI_CLOCK_SET },
		/* An image says a little more than the RTC did. */
		{ NOW, NOW + 60, NOW - DAY, OSTI_CLOCK_SET },
		{ NOW, NOW + 61, NOW - DAY, OSTI_CLOCK_BACK },
		/* It was wrong then: what it says now counts. */
		{ NOW, NOW + YEARS, NOW + YEARS, OSTI_CLOCK_BACK },
		/* Its battery was empty. */
		{ 0, NOW, NOW, OSTI_CLOCK_LOST },
		{ DAY, NOW, 2 * DAY, OSTI_CLOCK_LOST },
		{ 1699999999, NOW, NOW, OSTI_CLOCK_LOST },
		{ 1700000000, 0, NOW, OSTI_CLOCK_SET },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(osti_clock_judge(cases[i].rtc,
						  cases[i].saved_at,
						  cases[i].clock),
				 cases[i].verdict);
}

static void test_zone(void **state)
{
	static const struct {
		__s64 off, zone;
	} cases[] = {
		{ 0, 0 },
		{ 1, 0 },
		{ -60, 0 },
		{ HOUR, HOUR },
		{ HOUR + 1, HOUR },
		{ HOUR - 60, HOUR },
		{ HOUR + 60, HOUR },
		{ HOUR + 61, 0 },
		{ HOUR - 61, 0 },
		{ -8 * HOUR, -8 * HOUR },
		{ -8 * HOUR - 1, -8 * HOUR },
		{ -8 * HOUR + 61, 0 },
		/* Nepal, and Marquesas Islands */
		{ 5 * HOUR + 45 * 60, 5 * HOUR + 45 * 60 },
		{ -9 * HOUR - 30 * 60 - 1, -9 * HOUR - 30 * 60 },
		{ 14 * HOUR, 14 * HOUR },
		{ 14 * HOUR + 900, 0 },
		{ -14 * HOUR - 900, 0 },
		/* Half a quarter */
		{ 450, 0 },
		{ -450, 0 },
		{ YEARS, 0 },
		{ -YEARS, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(osti_clock_zone(NOW + cases[i].off, NOW),
				 cases[i].zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_zone),
	};

	return cmocka_run_group_tests_name("kmod_clock", tests, NULL, NULL);
}
