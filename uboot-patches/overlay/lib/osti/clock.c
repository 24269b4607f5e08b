// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time of day
 */

#include <common.h>
#include <dm.h>
#include <rtc.h>
#include <osti/bm.h>

u64 osti_clock_now(void)
{
	struct rtc_time tm;
	struct udevice *rtc;

	if (uclass_first_device_err(UCLASS_RTC, &rtc) || dm_rtc_get(rtc, &tm))
		return 0;

	return rtc_mktime(&tm);
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
