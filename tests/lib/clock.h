/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - host time and deadlines
 *
 * All times are milliseconds of CLOCK_MONOTONIC.
 */
#ifndef TEST_CLOCK_H
#define TEST_CLOCK_H

/** clock_now_ms() - the present host time. */
double clock_now_ms(void);

/**
 * clock_deadline_ms() - the time at which a wait ends
 * @ms: how long to wait on an idle machine.
 *
 * Waits are stretched by the environment variable OSTI_DEADLINE_SCALE, a
 * factor from 0.01 to 100, for slow or loaded machines. Default 1.
 */
double clock_deadline_ms(double ms);

#endif /* TEST_CLOCK_H */
