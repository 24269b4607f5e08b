/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/clock.h - time of day
 */
#ifndef _OSTI_BM_CLOCK_H
#define _OSTI_BM_CLOCK_H

#include <linux/types.h>

/* 9999-12-31 23:59:59; a later time is a mistake. */
#define OSTI_CLOCK_MAX	253402300799ULL

/**
 * osti_clock_now() - read the real-time clock
 * Return: seconds since 1970, 0 if there is no clock that works, or it has lost
 * the time
 */
u64 osti_clock_now(void);

/**
 * osti_clock_ahead() - does a time lie ahead of the real-time clock?
 * @seconds:	since 1970
 *
 * The clock is believed: what was written while it, or another one, was wrong
 * must not last.
 *
 * Return: true if it does; false without a clock
 */
bool osti_clock_ahead(u64 seconds);

/**
 * osti_clock_print() - print a time as "2023-11-14 22:13:20 UTC"
 * @seconds:	since 1970; 0 and times after the year 9999 are not known
 */
void osti_clock_print(u64 seconds);

#endif /* _OSTI_BM_CLOCK_H */
