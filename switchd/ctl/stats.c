// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stats.c - from the phase marks of a switch to durations
 */
#include "ctl/stats.h"

#include <stdlib.h>

static const char *const names[STATS_PHASES] = {
	"freeze", "devices", "suspend", "monitor", "resume", "user",
};

const char *stats_phase_name(size_t phase)
{
	return names[phase];
}

static double to_ms(uint64_t ticks, uint64_t hz)
{
	return (double)ticks * 1000.0 / (double)hz;
}

void stats_compute(const uint64_t time[OSTI_PHASES], uint64_t slept,
		   uint64_t hz, struct stats_row *ret)
{
	uint64_t first = 0;
	uint64_t last = 0;
	size_t i;

	for (i = 0; i < OSTI_PHASES; i++) {
		if (!time[i])
			continue;
		if (!first)
			first = time[i];
		last = time[i];
	}
	for (i = 0; i < STATS_PHASES; i++) {
		uint64_t away = i == OSTI_PHASE_MON_ENTER ? slept : 0;

		ret->phase[i] = STATS_NONE;
		if (time[i] && time[i + 1] >= time[i] &&
		    time[i + 1] - time[i] >= away)
			ret->phase[i] = to_ms(time[i + 1] - time[i] - away, hz);
	}
	ret->total = STATS_NONE;
	if (last > first && last - first >= slept)
		ret->total = to_ms(last - first - slept, hz);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

double stats_median(double *values, size_t n)
{
	size_t none = 0;

	qsort(values, n, sizeof(*values), compare);
	while (none < n && values[none] < 0)
		none++;
	values += none;
	n -= none;
	if (!n)
		return STATS_NONE;
	return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

unsigned int stats_bar(double ms, double max, unsigned int width)
{
	unsigned int length;

	if (ms <= 0 || max <= 0)
		return 0;
	if (ms >= max)
		return width;
	length = (unsigned int)(ms / max * width + 0.5);
	return length ? length : 1;
}
