/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - run a program of this machine, and see what it took
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <stdbool.h>
#include <sys/types.h>

#define RUN_ENV_MAX 16

/**
 * struct run - a program that runs, or ran
 * @argv:	ends with NULL; found in PATH.
 * @env:	more of its environment, "NAME=value"; NULL ends it.
 * @input:	what it reads; NULL: nothing.
 * @fd3:	what its descriptor 3 is; 0: there is none.
 * @socket:	what its descriptor 0 is, instead of @input; 0: it has that.
 * @s:		seconds that it took.
 * @cpu_s:	seconds of CPUs that it had, its threads and children together.
 * @rss_mib:	the most memory that it had.
 * @status:	as waitpid() tells it.
 * @text:	what it printed, of its descriptor 1 only.
 */
struct run {
	const char *const *argv;
	const char *env[RUN_ENV_MAX];
	const char *input;
	int fd3, socket;
	double s, cpu_s, rss_mib;
	int status;
	char *text;
	/* Its own */
	pid_t pid;
	int out, err;
	double started;
};

/** run_start() - start it; run_wait() ends it. */
void run_start(struct run *r);

/** run_wait() - wait for its end, whatever that is. */
void run_wait(struct run *r);

/** run_check() - the bench ends unless it exited with 0. */
void run_check(const struct run *r);

/** run_free() - free what run_wait() got. */
void run_free(struct run *r);

/**
 * run() - all of it, and it has to exit with 0
 *
 * Return: seconds.
 */
double run(struct run *r);

#endif /* BENCH_RUN_H */
