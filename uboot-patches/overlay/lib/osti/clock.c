// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time of day
 */

#include <common.h>
#include <dm.h>
#include <rtc.h>
#include <osti/abi.h>
#include <osti/bm/clock.h>

u64 osti_clock_now(void)
{
	struct rtc_time tm;
	struct udevice *rtc;
	u64 now;

	if (uclass_first_device_err(UCLASS_RTC, &rtc) || dm_rtc_get(rtc, &tm))
		return 0;
	now = rtc_mktime(&tm);

	return now < OSTI_CLOCK_MIN ? 0 : now;
}

bool osti_clock_ahead(u64 seconds)
{
	u64 now = osti_clock_now();

	return now && seconds > now + OSTI_CLOCK_SLACK;
}

void osti_clock_print(u64 seconds)
{
	struct rtc_time tm;

	if (!seconds || seconds > OSTI_CLOCK_MAX) {
		puts("unknown time");
		return;
	}
	rtc_to_tm(seconds, &tm);
	printf("%04d-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year, tm.tm_mon,
	       tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
