// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock.c - host time and deadlines
 */
#include "clock.h"

#include <stdlib.h>
#include <time.h>

#include "fail.h"

double clock_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

double clock_deadline_ms(double ms)
{
	static double scale;
	const char *text;
	char *end;

	if (scale == 0) {
		text = getenv("OSTI_DEADLINE_SCALE");
		if (!text) {
			scale = 1;
		} else {
			scale = strtod(text, &end);
			if (*end || !(scale >= 0.01 && scale <= 100)) {
				scale = 0;
				test_fail("OSTI_DEADLINE_SCALE=%s: want a number from 0.01 to 100",
					  text);
			}
		}
	}
	return clock_now_ms() + ms * scale;
}
