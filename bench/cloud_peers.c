// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same two images of memory to the same places by switchd-backup, restic and
 * borg, one after the other in the same minutes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bucket.h"
#include "cloud.h"
#include "device.h"
#include "result.h"

#define ROUNDS		3

#define FIRST_GOAL	1.0
#define SECOND_GOAL	0.8
#define RATE_GOAL	1.5

/* Of one program, at one place. */
struct figures {
	struct samples first_bytes, second_bytes;
	struct samples first, second, restore;	/* seconds */
};

enum who { OSTI, RESTIC, BORG, PROGRAMS };

static const char *const names[PROGRAMS] = { "osti", "restic", "borg" };

static struct figures file[PROGRAMS], s3[PROGRAMS];

/* ---- In a directory ------------------------------------------------------------- */

/* Bytes of the files of a directory. */
static double size_of(const char *path)
{
	char *text = host_output((const char *const[]){
		"du", "-s", "--apparent-size", "--block-size=1", path, NULL });
	double bytes = atof(text);

	free(text);
	return bytes;
}

static void add_bytes(struct figures *f, double empty, double one, double two)
{
	samples_add(&f->first_bytes, one - empty);
	samples_add(&f->second_bytes, two - one);
}

static void ours_in_file(const struct cloud_images *images, const char *dir)
{
	struct figures *f = &file[OSTI];
	double empty, one;
	struct place p = { 0 };
	const char *path = p.url + strlen("file://");

	snprintf(p.url, sizeof(p.url), "file://%.300s/ours", dir);
	snprintf(p.state, sizeof(p.state), "%.300s/ours-state", dir);
	ours_init(&p);
	empty = size_of(path);
	samples_add(&f->first, ours_backup(&p, &images->first).s);
	one = size_of(path);
	samples_add(&f->second, ours_backup(&p, &images->second).s);
	add_bytes(f, empty, one, size_of(path));
	samples_add(&f->restore, ours_restore(&p, &images->second).s);
	host_run((const char *const[]){ "rm", "-rf", path, p.state, NULL });
}

static void restic_in_file(const struct cloud_images *images, const char *dir)
{
	struct figures *f = &file[RESTIC];
	char path[512], state[512];
	double empty, one;
	struct restic r = { .open_s = 0 };

	snprintf(path, sizeof(path), "%.300s/restic", dir);
	snprintf(state, sizeof(state), "%.300s/restic-state", dir);
	restic_init(&r, path, state);
	empty = size_of(path);
	samples_add(&f->first, restic_backup(&r, images->first.path));
	one = size_of(path);
	samples_add(&f->second, restic_backup(&r, images->second.path));
	add_bytes(f, empty, one, size_of(path));
	samples_add(&f->restore, restic_restore(&r));
	host_run((const char *const[]){ "rm", "-rf", path, state, NULL });
}

static void borg_in_file(const struct cloud_images *images, const char *dir)
{
	struct figures *f = &file[BORG];
	char path[512], state[512];
	double empty, one;
	struct borg b = { .nr = 0 };

	snprintf(path, sizeof(path), "%.300s/borg", dir);
	snprintf(state, sizeof(state), "%.300s/borg-state", dir);
	borg_init(&b, path, state);
	empty = size_of(path);
	samples_add(&f->first, borg_backup(&b, images->first.path));
	one = size_of(path);
	samples_add(&f->second, borg_backup(&b, images->second.path));
	add_bytes(f, empty, one, size_of(path));
	samples_add(&f->restore, borg_restore(&b));
	host_run((const char *const[]){ "rm", "-rf", path, state, NULL });
}

/* ---- In a bucket ------------------------------------------------------------------- */

static void both_in_bucket(const struct cloud_images *images, int round)
{
	struct place p;
	struct restic r = { .open_s = 0 };
	char name[16];

	snprintf(name, sizeof(name), "round-%d", round);
	p = bucket_place(name);
	samples_add(&s3[OSTI].first, ours_backup(&p, &images->first).s);
	samples_add(&s3[OSTI].second, ours_backup(&p, &images->second).s);
	samples_add(&s3[OSTI].restore, ours_restore(&p, &images->second).s);
	r = bucket_restic(name);
	samples_add(&s3[RESTIC].first, restic_backup(&r, images->first.path));
	samples_add(&s3[RESTIC].second, restic_backup(&r, images->second.path));
	samples_add(&s3[RESTIC].restore, restic_restore(&r));
}

/* ---- Results ----------------------------------------------------------------------- */

static double rate(struct samples *seconds, double mib)
{
	return mib / samples_median(seconds);
}

/* MiB a second of each program; returns how many times restic's ours is. */
static double report_rates(const char *what, const char *where, double mib,
			   struct samples *ours, struct samples *restic,
			   struct samples *borg)
{
	struct samples *const all[PROGRAMS] = { ours, restic, borg };
	char name[48];
	int i;

	for (i = 0; i < PROGRAMS; i++) {
		if (!all[i])
			continue;
		snprintf(name, sizeof(name), "cloud.%s_mib_s.%s.%s", what,
			 where, names[i]);
		result_value(name, rate(all[i], mib), "MiB/s", GOAL_NONE, 0);
	}
	if (borg) {
		snprintf(name, sizeof(name), "cloud.%s_mib_s_vs_borg", what);
		result_value(name, rate(ours, mib) / rate(borg, mib), "times",
			     GOAL_NONE, 0);
	}
	snprintf(name, sizeof(name), "cloud.%s_mib_s_vs_restic.%s", what,
		 where);
	result_value(name, rate(ours, mib) / rate(restic, mib), "times",
		     GOAL_NONE, 0);
	return rate(ours, mib) / rate(restic, mib);
}

static void report_bytes(const char *what, struct samples *ours,
			 struct samples *restic, struct samples *borg,
			 double goal)
{
	double bytes = samples_median(ours);
	char name[48];

	snprintf(name, sizeof(name), "cloud.%s_bytes", what);
	result_value(name, bytes, "bytes", GOAL_NONE, 0);
	snprintf(name, sizeof(name), "cloud.%s_bytes_vs_restic", what);
	result_value(name, bytes / samples_median(restic), "", GOAL_AT_MOST,
		     goal);
	snprintf(name, sizeof(name), "cloud.%s_bytes_vs_borg", what);
	result_value(name, bytes / samples_median(borg), "", GOAL_NONE, 0);
}

static void report(const struct cloud_images *images)
{
	double first = images->first.mib, second = images->second.mib;
	double backup, restore, other;

	result_value("cloud.image_mib", first, "MiB", GOAL_NONE, 0);
	report_bytes("first", &file[OSTI].first_bytes,
		     &file[RESTIC].first_bytes, &file[BORG].first_bytes,
		     FIRST_GOAL);
	report_bytes("second", &file[OSTI].second_bytes,
		     &file[RESTIC].second_bytes, &file[BORG].second_bytes,
		     SECOND_GOAL);
	backup = report_rates("backup", "file", first, &file[OSTI].first,
			      &file[RESTIC].first, &file[BORG].first);
	other = report_rates("backup", "s3", first, &s3[OSTI].first,
			     &s3[RESTIC].first, NULL);
	backup = other < backup ? other : backup;
	report_rates("next_backup", "file", second, &file[OSTI].second,
		     &file[RESTIC].second, &file[BORG].second);
	report_rates("next_backup", "s3", second, &s3[OSTI].second,
		     &s3[RESTIC].second, NULL);
	restore = report_rates("restore", "file", second, &file[OSTI].restore,
			       &file[RESTIC].restore, &file[BORG].restore);
	other = report_rates("restore", "s3", second, &s3[OSTI].restore,
			     &s3[RESTIC].restore, NULL);
	restore = other < restore ? other : restore;
	result_value("cloud.backup_mib_s_vs_restic", backup, "times",
		     GOAL_AT_LEAST, RATE_GOAL);
	result_value("cloud.restore_mib_s_vs_restic", restore, "times",
		     GOAL_AT_LEAST, RATE_GOAL);
	result_note("cloud.image_mib: pages of the first image that are not zero, of 512 MiB; rates count them alone, for all programs. The second image is of the same OS after 30 s of light use.");
	result_note("cloud.first_bytes, cloud.second_bytes: by how much the repository grew. restic and borg compress and encrypt as they do by default. next_backup is that of the second image.");
	result_note("cloud.*_mib_s: medians of 3. Ours is all of switchd-backup, which restores into memory; of restic and borg, which restore into a memory file system, what opening the repository takes is left out. *_vs_restic without file or s3 is the worse one.");
}

void cloud_peers(const struct cloud_images *images, const char *dir)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		printf("backups beside restic and borg, round %d of %d\n",
		       i + 1, ROUNDS);
		fflush(stdout);
		ours_in_file(images, dir);
		restic_in_file(images, dir);
		borg_in_file(images, dir);
		both_in_bucket(images, i);
	}
	report(images);
}
