/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_rtc.h - a PL031 for unit tests
 *
 * Its time is what a test sets. Only some registers exist: an access to another
 * one fails the test, so does setting the clock.
 */
#ifndef HOST_RTC_H
#define HOST_RTC_H

#include <stdbool.h>
#include <stdint.h>

struct host_rtc {
	bool stuck;		/* script: the alarm never rises */
	uint32_t now;
	uint32_t match;
	bool running;
	bool enabled;
	bool raised;
};

extern struct host_rtc host_rtc;

/* A clock that stands at @now. */
void host_rtc_add(uint32_t now);
/* Seconds go by, one after the other. */
void host_rtc_pass(uint32_t seconds);
/* Does it interrupt? */
bool host_rtc_line(void);

#endif /* HOST_RTC_H */
