// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * retain.c - which backups to keep
 */
#include "backup/retain.h"

#include <time.h>

#define DAY 86400

static int64_t day_of(uint64_t time)
{
	return (int64_t)(time / DAY);
}

/* Day 0 was a Thursday. */
static int64_t week_of(uint64_t time)
{
	return (day_of(time) + 3) / 7;
}

static int64_t month_of(uint64_t time)
{
	time_t t = (time_t)time;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		return 0;
	return (int64_t)tm.tm_year * 12 + tm.tm_mon;
}

/* The newest of each of the last @nr periods. */
static void keep_newest(int64_t (*period)(uint64_t time), unsigned int nr,
			const uint64_t *times, size_t count, bool *keep)
{
	int64_t before = -1;
	size_t i;

	for (i = count; i-- && nr;) {
		int64_t this = period(times[i]);

		if (this == before)
			continue;
		before = this;
		keep[i] = true;
		nr--;
	}
}

void retain_select(const struct retain_policy *policy, const uint64_t *times,
		   size_t nr, bool *keep)
{
	bool all = !policy->last && !policy->daily && !policy->weekly &&
		   !policy->monthly;
	size_t i;

	for (i = 0; i < nr; i++)
		keep[i] = all || nr - i <= policy->last;
	keep_newest(day_of, policy->daily, times, nr, keep);
	keep_newest(week_of, policy->weekly, times, nr, keep);
	keep_newest(month_of, policy->monthly, times, nr, keep);
}
