// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two OSes of one device take turns: "personal" has the kernel's option
 * init_on_free=1, "work" has not, and that is all that distinguishes them.
 */
#include "image.h"

#include <stdio.h>

#include "cycles.h"
#include "imagefile.h"
#include "result.h"
#include "workload.h"

#define ROUNDTRIPS	100
#define CHURN_TURNS	4
#define CHURNS		5	/* in each turn */

static struct cycles cycles;

/*
 * What an OS does in a round trip, in ms: it is frozen in the record in which it
 * goes away, and resumed in the other one.
 */
static void part(int away, struct samples *s)
{
	const struct cycle *c;
	double from, to;
	int i;

	s->n = 0;
	for (i = 0; i < cycles.n; i++) {
		c = &cycles.cycle[i];
		if (c->error || c->nr_records != 2)
			continue;
		from = c->phase[away][OSTI_PHASE_MON_ENTER] -
			c->phase[away][OSTI_PHASE_REQUEST];
		to = c->phase[!away][OSTI_PHASE_USER] -
			c->phase[!away][OSTI_PHASE_MON_EXIT];
		samples_add(s, from + to);
	}
}

static void bench_switches(struct phone *ph)
{
	struct samples s;

	cycles_bounce(ph, "switch", &cycles, ROUNDTRIPS);
	if (cycles_failures(&cycles))
		device_fail(ph->dev, "%d of %d round trips failed",
			    cycles_failures(&cycles), ROUNDTRIPS);
	part(0, &s);
	result_samples("init_on_free.switch_ms.on", &s, "ms", GOAL_NONE, 0);
	part(1, &s);
	result_samples("init_on_free.switch_ms.off", &s, "ms", GOAL_NONE, 0);
}

static void bench_churn(struct phone *ph)
{
	struct samples on = { 0 }, off = { 0 };
	int i;

	for (i = 0; i < CHURN_TURNS; i++) {
		workload_churn(ph, CHURNS, &on);
		phone_switch_key(ph, WORK);
		workload_churn(ph, CHURNS, &off);
		phone_switch_key(ph, PERSONAL);
	}
	result_samples("init_on_free.churn_ms.on", &on, "ms", GOAL_NONE, 0);
	result_samples("init_on_free.churn_ms.off", &off, "ms", GOAL_NONE, 0);
}

void bench_init_on_free(struct phone *ph, double bytes)
{
	struct imagefile off;
	int id;

	printf("with and without init_on_free\n");
	fflush(stdout);
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	workload_start(ph);
	phone_switch_key(ph, PERSONAL);
	bench_churn(ph);
	bench_switches(ph);
	image_store(ph, &id);
	imagefile_read(ph, WORK, &off);
	result_value("init_on_free.bytes.on", bytes, "bytes", GOAL_NONE, 0);
	result_value("init_on_free.bytes.off", off.bytes, "bytes", GOAL_NONE, 0);
	imagefile_free(&off);
	result_note("init_on_free: two OSes of one device, with and without it, in turn. switch_ms: the part of one OS in a round trip. churn_ms: 16 MiB of memory and an 8 MiB file taken and given back, and five programs run. bytes: the image after that.");
}
