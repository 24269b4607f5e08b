// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calendar.c - U-Boot's conversions of dates, by the C library
 */
#include <common.h>
#include <rtc.h>
#include <time.h>

unsigned long rtc_mktime(const struct rtc_time *t)
{
	struct tm tm = {
		.tm_sec = t->tm_sec, .tm_min = t->tm_min,
		.tm_hour = t->tm_hour, .tm_mday = t->tm_mday,
		.tm_mon = t->tm_mon - 1, .tm_year = t->tm_year - 1900,
	};

	return timegm(&tm);
}

void rtc_to_tm(u64 seconds, struct rtc_time *t)
{
	const time_t when = seconds;
	struct tm tm;

	gmtime_r(&when, &tm);
	*t = (struct rtc_time){
		tm.tm_sec, tm.tm_min, tm.tm_hour, tm.tm_mday, tm.tm_mon + 1,
		tm.tm_year + 1900,
	};
}
