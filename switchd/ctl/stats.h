/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats.h - from the phase marks of a switch to durations
 */
#ifndef SWITCHCTL_STATS_H
#define SWITCHCTL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osti/abi.h>

/* Between two marks lies a phase: phase n goes from mark n to mark n + 1. */
#define STATS_PHASES (OSTI_PHASES - 1)

/* Milliseconds, negative where a mark was not reached. */
#define STATS_NONE (-1.0)

struct stats_row {
	double phase[STATS_PHASES];
	double total; /* from the first to the last mark that was reached */
};

/* "freeze", "devices", "suspend", "monitor", "resume", "user" */
const char *stats_phase_name(size_t phase);

/*
 * Computes the durations. slept, ticks that the device slept in the monitor,
 * count neither as the monitor's nor in total. hz is not 0. Marks that go
 * backwards count as not reached.
 */
void stats_compute(const uint64_t time[OSTI_PHASES], uint64_t slept,
		   uint64_t hz, struct stats_row *ret);

/*
 * Median of those of n values that are not STATS_NONE; STATS_NONE if there are
 * none. Sorts the values.
 */
double stats_median(double *values, size_t n);

/* Length of a bar of at most width; a duration above 0 gets 1 at least. */
unsigned int stats_bar(double ms, double max, unsigned int width);

#endif /* SWITCHCTL_STATS_H */
