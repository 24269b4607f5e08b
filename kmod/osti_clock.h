/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_clock.h - what the RTC says about the time of the day
 *
 * Pure functions, so that the unit tests run them on the build machine. Times
 * are seconds since 1970.
 */
#ifndef OSTI_CLOCK_H
#define OSTI_CLOCK_H

#include <linux/types.h>

enum osti_clock_verdict {
	OSTI_CLOCK_RIGHT,	/* the clock is right */
	OSTI_CLOCK_SET,		/* set it */
	OSTI_CLOCK_BACK,	/* set it, to before this OS was saved */
	OSTI_CLOCK_LOST,	/* the RTC knows no time */
};

__s64 osti_clock_zone(__s64 rtc, __s64 clock);
enum osti_clock_verdict osti_clock_judge(__s64 rtc, __s64 saved_at,
					 __s64 clock);

#endif /* OSTI_CLOCK_H */
