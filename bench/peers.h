/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers.h - restic and borg, as others back up a file with the memory of a slot
 *
 * Both as their manuals begin with them: compressed and encrypted by default.
 * Seconds are without those that they need to open a repository, which are for
 * making a key of a password, and would be most of it for so few bytes.
 */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

/** struct restic - a repository of restic, and where it keeps its cache. */
struct restic {
	char repository[600], cache[600];
	double open_s;
};

/**
 * restic_init() - make one
 * @where: a directory, or s3:http://HOST/BUCKET/PREFIX with the test server's
 *	   keys.
 * @state: directory for its cache.
 */
void restic_init(struct restic *r, const char *where, const char *state);
double restic_backup(const struct restic *r, const char *file);
/** restic_restore() - the newest backup, to a directory in memory. */
double restic_restore(const struct restic *r);

struct borg {
	char repository[600], state[600];
	double open_s;
	int nr;
};

void borg_init(struct borg *b, const char *dir, const char *state);
double borg_backup(struct borg *b, const char *file);
double borg_restore(const struct borg *b);

#endif /* BENCH_PEERS_H */
