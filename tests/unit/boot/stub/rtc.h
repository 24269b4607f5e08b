/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtc.h - of U-Boot, as far as what is tested here needs it */
struct udevice;

struct rtc_time {
	int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year;
};

int dm_rtc_get(struct udevice *dev, struct rtc_time *time);
unsigned long rtc_mktime(const struct rtc_time *time);
void rtc_to_tm(u64 seconds, struct rtc_time *time);
