/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_svg.h - the phases of switches as a picture
 */
#ifndef SWITCHCTL_STATS_SVG_H
#define SWITCHCTL_STATS_SVG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl/stats.h"

/* One switch: a bar of its phases, one behind the other. */
struct stats_svg_bar {
	int64_t number; /* of its record */
	int64_t source;
	int64_t target;
	struct stats_row row;
};

/*
 * Writes an SVG 1.1 document to out: a bar for the median, one for each of the n
 * bars in their order, an axis of milliseconds from 0 to the longest of them, and
 * what colour is which phase. A phase that was not measured leaves nothing. With n
 * of 0 it says that there is nothing yet. Needs the locale "C". Errors of out are
 * the caller's to look for, as with any stream.
 */
void stats_svg(FILE *out, const struct stats_svg_bar *bars, size_t n,
	       const struct stats_row *median);

#endif /* SWITCHCTL_STATS_SVG_H */
