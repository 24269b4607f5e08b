/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ours.h - switchd-backup on this machine, with bench/host in the monitor's place
 */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include <stdint.h>

#include "run.h"

/**
 * struct place - where backups go
 * @url:	file:///DIR or s3://BUCKET/PREFIX.
 * @endpoint:	of s3; else NULL.
 * @credentials: of s3, path of a file; else NULL.
 * @state:	directory of the courier's catalogue.
 */
struct place {
	char url[512], state[512];
	const char *endpoint, *credentials;
};

/**
 * struct memory - the memory of a slot
 * @path:	file; what it does not have of @bytes is zero.
 * @mib:	of pages that are not zero.
 */
struct memory {
	const char *path;
	uint64_t bytes;
	double mib;
};

/** struct cost - of a backup or restore */
struct cost {
	double s, rss_mib;
};

/** ours_init() - make the repository. */
void ours_init(const struct place *p);

/** ours_backup() - make a backup. */
struct cost ours_backup(const struct place *p, const struct memory *m);

/**
 * ours_backup_killed() - the same, but it is killed on its way
 * @when:	returns when it is time, or when *r has ended.
 */
void ours_backup_killed(const struct place *p, const struct memory *m,
			void (*when)(void *data), void *data);

/** ours_restore() - bring the newest backup in; it has to be that memory. */
struct cost ours_restore(const struct place *p, const struct memory *m);

/** ours_prune() - keep so many backups, and delete what no backup needs. */
void ours_prune(const struct place *p, int keep);

#endif /* BENCH_OURS_H */
