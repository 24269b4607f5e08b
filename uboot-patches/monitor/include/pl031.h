/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pl031.h - the device's real time clock: a PL031, at BOARD_RTC_BASE
 *
 * It counts seconds since 1970 in 32 bits, which the monitor never sets, and
 * has one alarm: a level interrupt, which stays until it is cleared. Another
 * clock takes another driver behind this header.
 *
 * All functions are called with the monitor's lock held.
 */
#ifndef PL031_H
#define PL031_H

#include <stdbool.h>
#include <stdint.h>

/* Once at power-on: let the clock run, with no alarm. */
void pl031_init(void);
/* Seconds since 1970. */
uint32_t pl031_now(void);
/* The alarm is raised when the clock shows this, or at once if it does. */
void pl031_set_match(uint32_t when);
/* Does a raised alarm interrupt? */
void pl031_enable(bool on);
bool pl031_raised(void);
void pl031_clear(void);
/* Raise the alarm now. Logs an error where the clock does not. */
void pl031_raise(void);
/* No alarm is raised, enabled or due in this century. */
void pl031_quiet(void);

#endif /* PL031_H */
