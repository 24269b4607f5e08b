// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_clock.c - what the RTC says about the time of the day
 */
#include <osti/abi.h>

#include "osti_clock.h"

/* Time zones are whole quarters of an hour, up to UTC+14. */
#define QUARTER		(15 * 60)
#define ZONE_MAX	(14 * 3600)
/* So far apart are an RTC and a clock that the network sets. */
#define DRIFT		60

/* The RTC counts whole seconds: a difference up to this one is none. */
#define SLACK		1

static __s64 distance(__s64 a, __s64 b)
{
	return a < b ? b - a : a - b;
}

/**
 * osti_clock_zone() - is the RTC set to local time?
 * @rtc:	what it shows.
 * @clock:	UTC, at the same moment.
 *
 * Nobody tells the kernel in a way that it passes on, so the difference does.
 *
 * Return: seconds to be taken from @rtc; 0 if they are no time zone's.
 */
__s64 osti_clock_zone(__s64 rtc, __s64 clock)
{
	const __s64 off = rtc - clock;
	const __s64 half = off < 0 ? -QUARTER / 2 : QUARTER / 2;
	const __s64 zone = (off + half) / QUARTER * QUARTER;

	if (distance(off, zone) > DRIFT || distance(zone, 0) > ZONE_MAX)
		return 0;
	return zone;
}

/**
 * osti_clock_judge() - shall the clock be set from the RTC?
 * @rtc:	what it shows.
 * @saved_at:	when this OS was saved, by the RTC of that time; 0 if unknown.
 * @clock:	what the clock shows.
 *
 * An RTC that was ahead once must not decide for ever, so only one that cannot
 * be right is not believed.
 *
 * Return: what to do.
 */
enum osti_clock_verdict osti_clock_judge(__s64 rtc, __s64 saved_at,
					 __s64 clock)
{
	if (rtc < OSTI_CLOCK_MIN)
		return OSTI_CLOCK_LOST;
	if (distance(rtc, clock) <= SLACK)
		return OSTI_CLOCK_RIGHT;
	return rtc + OSTI_CLOCK_SLACK < saved_at ? OSTI_CLOCK_BACK : OSTI_CLOCK_SET;
}
