/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cycles.h - switches and suspends, measured by guest/bounce.c
 */
#ifndef BENCH_CYCLES_H
#define BENCH_CYCLES_H

#include <osti/abi.h>

#include "phone.h"
#include "result.h"

#define CYCLES_MAX	500

/* What bounce printed of one cycle; times in ms since its start. */
struct cycle {
	double total, slept;
	int error, nr_records;
	double phase[2][OSTI_PHASES];	/* -1: was not reached */
};

struct cycles {
	int n;
	int far_failures;		/* of the switches back */
	double hz;
	struct cycle cycle[CYCLES_MAX];
};

/**
 * cycles_bounce() - round trips from "personal" to "work" and back
 * @mode: "switch"; or "mixed", with a suspend of "personal" before each of them,
 *	which is a cycle of its own.
 * @n:	round trips.
 *
 * Both OSes are up, with guest/bounce.c on their disks, and "personal" has the
 * console, before and afterwards.
 */
void cycles_bounce(struct phone *ph, const char *mode, struct cycles *out, int n);

/** cycles_failures() - how often a switch or suspend failed, there and back. */
int cycles_failures(const struct cycles *c);

/** cycles_totals() - how long each cycle took, in ms, without the sleep. */
void cycles_totals(const struct cycles *c, struct samples *s);

/** cycles_span() - how long it took from a phase to another, in ms. */
void cycles_span(const struct cycles *c, int from, int to, struct samples *s);

#endif /* BENCH_CYCLES_H */
