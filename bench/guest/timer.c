// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timer - how late a timer of one millisecond is
 *
 * timer MS                 for so long
 * timer 0 PROGRAM ARG...   for as long as a program runs, which has to exit with 0
 *
 * Prints the median and the 99th percentile in microseconds, and how many times
 * the timer came.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_NS	1000000L
#define MAX		200000
#define LOG		"/tmp/timer.log"	/* of the program */

static double late_us[MAX];

static void die(const char *what)
{
	fprintf(stderr, "timer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void add_ns(struct timespec *ts, long ns)
{
	ts->tv_nsec += ns;
	while (ts->tv_nsec >= 1000000000L) {
		ts->tv_nsec -= 1000000000L;
		ts->tv_sec++;
	}
}

static double us_between(const struct timespec *from, const struct timespec *to)
{
	return (to->tv_sec - from->tv_sec) * 1e6 +
	       (to->tv_nsec - from->tv_nsec) / 1e3;
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	if (!freopen(LOG, "w", stdout) || !freopen(LOG, "w", stderr))
		_exit(126);
	execvp(argv[0], argv);
	_exit(127);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* One that comes so late that others were missed goes on from there. */
static int measure(pid_t pid, long ms, int *status)
{
	struct timespec due, now, begin;
	int n = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	due = begin;
	while (n < MAX) {
		add_ns(&due, PERIOD_NS);
		if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL))
			die("clock_nanosleep");
		clock_gettime(CLOCK_MONOTONIC, &now);
		late_us[n++] = us_between(&due, &now);
		if (us_between(&due, &now) > PERIOD_NS / 1e3)
			due = now;
		if (pid ? waitpid(pid, status, WNOHANG) == pid :
			  us_between(&begin, &now) >= ms * 1e3)
			break;
	}
	return n;
}

int main(int argc, char **argv)
{
	long ms = argc > 1 ? atol(argv[1]) : 0;
	int status = 0, n;
	pid_t pid = 0;

	if (argc < 2 || (!ms && argc < 3)) {
		fprintf(stderr, "usage: timer MS | timer 0 PROGRAM ARG...\n");
		return 2;
	}
	/* No page of it is there for the first time while it counts. */
	memset(late_us, 0, sizeof(late_us));
	if (!ms)
		pid = start(argv + 2);
	n = measure(pid, ms, &status);
	if (status) {
		fprintf(stderr, "timer: %s failed, see %s\n", argv[2], LOG);
		return 1;
	}
	qsort(late_us, n, sizeof(late_us[0]), by_value);
	printf("%.1f %.1f %d\n", late_us[n / 2], late_us[(n * 99 + 99) / 100 - 1],
	       n);
	return 0;
}
