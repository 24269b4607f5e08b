// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images by a boot manager that does nothing else: tests/payload/carry.c makes
 * one of some 18 MiB and says how long each call took.
 */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

#include "device.h"
#include "result.h"

#define ROUNDS		5
#define NOTE_MS		300000
/* The contract, osti/abi.h: a slice, and what a trap costs. */
#define SLICE_GOAL	1.0
/* Four CPUs against one; with fewer cores below them time cannot say more. */
#define SCALING_GOAL	3

struct export {
	double ms, p99_ms;
};

static struct export export_once(unsigned int cpus, bool icount)
{
	char *firmware = build_path("tests/payload/carry.firmware");
	const struct device_options opt = {
		.name = "bench-engine", .cpus = cpus, .icount = icount,
		.firmware = firmware,
	};
	struct device *dev = device_start(&opt);
	const struct console_match *match;
	struct export export;

	match = device_expect(dev, "note export of [0-9]+ bytes, [0-9]+ chunks took ([0-9]+) us; of its calls p99 ([0-9]+) us",
			      NOTE_MS);
	export.ms = atof(match->group[1]) / 1000;
	export.p99_ms = atof(match->group[2]) / 1000;
	device_stop(dev);
	free(firmware);
	return export;
}

static double export_times(unsigned int cpus, struct samples *p99)
{
	struct samples ms = { 0 };
	char name[48];
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct export export = export_once(cpus, false);

		samples_add(&ms, export.ms);
		samples_add(p99, export.p99_ms);
	}
	snprintf(name, sizeof(name), "engine.export_%u_cpu_ms", cpus);
	result_samples(name, &ms, "ms", GOAL_NONE, 0);
	return samples_median(&ms);
}

void bench_engine(void)
{
	struct samples p99 = { 0 }, other = { 0 };
	double one, two, four;

	printf("images on 1, 2 and 4 CPUs\n");
	fflush(stdout);
	one = export_times(1, &other);
	two = export_times(2, &p99);
	four = export_times(4, &other);
	result_samples("engine.slice_p99_ms", &p99, "ms", GOAL_AT_MOST,
		       SLICE_GOAL);
	result_value("engine.slice_p99_insns",
		     export_once(1, true).p99_ms * 1000000, "", GOAL_NONE, 0);
	result_value("engine.scaling_2", one / two, "", GOAL_NONE, 0);
	result_value("engine.scaling_4", one / four, "", GOAL_AT_LEAST,
		     SCALING_GOAL);
	result_note("engine.*: an image of 18 MiB by tests/payload/carry.c, without a disk. slice_p99_ms: 99 % of the calls of an export, with 2 CPUs; slice_p99_insns: the same with 1 CPU and instructions counted. scaling_n: by time, 1 CPU against n, on as many cores as this machine has.");
}
