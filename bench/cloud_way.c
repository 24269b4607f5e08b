// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way to the server: how many requests go there, what a long one costs, and
 * what has to be sent again after a backup was killed.
 */
#include <stdio.h>
#include <string.h>

#include "bucket.h"
#include "cloud.h"
#include "device.h"
#include "result.h"

#define MIB		0x100000
#define SLOT		(512ULL << 20)
#define NEAR_MS		1
#define FAR_MS		100
#define ROUNDS		2

#define RTT_GOAL	0.7
#define WASTE_GOAL	0.02

static struct samples near_ours, far_ours, near_restic, far_restic;

static void at_distance(const struct memory *m, int ms, int round,
			struct samples *ours, struct samples *restic)
{
	struct restic r = { .open_s = 0 };
	struct place p;
	char name[24];

	printf("a server that is %d ms away\n", ms);
	fflush(stdout);
	bucket_far(ms);
	snprintf(name, sizeof(name), "%d-ms-%d", ms, round);
	p = bucket_place(name);
	samples_add(ours, ours_backup(&p, m).s);
	r = bucket_restic(name);
	samples_add(restic, restic_backup(&r, m->path));
	bucket_far(0);
}

static void bench_rtt(const struct memory *m)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		at_distance(m, NEAR_MS, i, &near_ours, &near_restic);
		at_distance(m, FAR_MS, i, &far_ours, &far_restic);
	}
	result_value("cloud.rtt_mib_s.1_ms",
		     m->mib / samples_median(&near_ours), "MiB/s", GOAL_NONE, 0);
	result_value("cloud.rtt_mib_s.100_ms",
		     m->mib / samples_median(&far_ours), "MiB/s", GOAL_NONE, 0);
	result_value("cloud.rtt_scaling", samples_median(&near_ours) /
		     samples_median(&far_ours), "", GOAL_AT_LEAST, RTT_GOAL);
	result_value("cloud.rtt_scaling.restic", samples_median(&near_restic) /
		     samples_median(&far_restic), "", GOAL_NONE, 0);
	result_note("cloud.rtt_scaling: rate of a first backup to a bucket that is 100 ms away, there and back, against 1 ms, of the memory that osti-image bench has, 512 MiB.");
}

static void report_traffic(const char *what, const struct traffic *t)
{
	const struct {
		const char *name, *unit;
		double value;
	} all[] = {
		{ "puts", "", t->puts }, { "lists", "", t->lists },
		{ "gets", "", t->gets }, { "to", "bytes", t->received },
		{ "from", "bytes", t->sent },
	};
	char name[48];
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(name, sizeof(name), "cloud.traffic.%s.%s", what,
			 all[i].name);
		result_value(name, all[i].value, all[i].unit, GOAL_NONE, 0);
	}
}

/* What a device that is backed up every day does: the first time, then. */
static void bench_requests(const struct cloud_images *images)
{
	struct place p = bucket_place("requests");
	struct traffic t;

	printf("requests\n");
	fflush(stdout);
	bucket_traffic();
	ours_backup(&p, &images->first);
	t = bucket_traffic();
	result_value("cloud.requests_per_gib",
		     t.requests / (images->first.mib / 1024), "", GOAL_NONE, 0);
	report_traffic("first", &t);
	ours_backup(&p, &images->second);
	t = bucket_traffic();
	report_traffic("next", &t);
	ours_restore(&p, &images->second);
	t = bucket_traffic();
	report_traffic("restore", &t);
	ours_prune(&p, 1);
	t = bucket_traffic();
	report_traffic("prune", &t);
	result_note("cloud.requests_per_gib: of the first backup, for each GiB of pages that are not zero. cloud.traffic: requests and bytes, to and from the server with headers, of the first image, of the second, of its restore, and of a prune that forgets the first.");
}

/* ---- Killed on its way ----------------------------------------------------------- */

static void half_of(void *data)
{
	const double *whole = data;

	bucket_wait_received(*whole / 2);
}

static void bench_resume(const struct memory *m)
{
	struct place p = bucket_place("whole");
	double whole, both;

	printf("a backup that is killed, and repeated\n");
	fflush(stdout);
	bucket_traffic();
	ours_backup(&p, m);
	whole = bucket_traffic().received;
	p = bucket_place("killed");
	bucket_traffic();
	ours_backup_killed(&p, m, half_of, &whole);
	ours_backup(&p, m);
	both = bucket_traffic().received;
	result_value("cloud.resume_waste_ratio",
		     both > whole ? (both - whole) / whole : 0, "",
		     GOAL_AT_MOST, WASTE_GOAL);
	result_note("cloud.resume_waste_ratio: bytes that went to the bucket when a backup was killed after half of it, and repeated, beyond those of one that was not, against those.");
}

void cloud_way(const struct cloud_images *images, const char *dir)
{
	struct memory m;
	char path[600];

	snprintf(path, sizeof(path), "%.400s/way.ram", dir);
	m = cloud_memory_make(path, SLOT);
	bench_requests(images);
	bench_resume(&m);
	bench_rtt(&m);
	host_run((const char *const[]){ "rm", path, NULL });
}
