// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * workload - what an OS has in its memory, and does, while it is measured
 *
 * workload hold MIB	fill memory, and keep it in a process of its own
 * workload touch	let that process write to some of it
 * workload check	that process must still have what it wrote
 * workload churn N	N times: take memory and give it back, write a file and
 *			remove it, run programs; prints the milliseconds of each
 *
 * What the memory is like: pages.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pages.h"

#define PID_FILE	"/run/workload.pid"
#define ANSWER		"/run/workload.answer"
#define ANSWER_MS	20000

#define TOUCHED		PIECE		/* pages in a row that one touch writes */

#define CHURN_MIB	16
#define CHURN_PROGRAMS	5

static void die(const char *what)
{
	fprintf(stderr, "workload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void write_file(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || close(fd))
		die(path);
}

/* ---- The process that keeps memory ----------------------------------------- */

static void touch_some(uint8_t *memory, uint32_t *times, unsigned long pages)
{
	static uint64_t seed = 1;
	unsigned long page = next_random(&seed) % (pages - TOUCHED);
	int i;

	for (i = 0; i < TOUCHED; i++, page++) {
		times[page]++;
		pages_fill(memory + page * PAGE, page, times[page]);
	}
}

static bool is_whole(const uint8_t *memory, const uint32_t *times,
		     unsigned long pages)
{
	uint8_t want[PAGE];
	unsigned long page;

	for (page = 0; page < pages; page++) {
		pages_fill(want, page, times[page]);
		if (memcmp(want, memory + page * PAGE, PAGE))
			return false;
	}
	return true;
}

static void answer(const char *text)
{
	write_file(ANSWER ".new", text, strlen(text));
	if (rename(ANSWER ".new", ANSWER))
		die(ANSWER);
}

static void keep(unsigned long pages)
{
	uint8_t *memory = map(pages * PAGE);
	uint32_t *times = calloc(pages, sizeof(*times));
	unsigned long page;
	char text[16];
	sigset_t set;
	int number;

	if (!times)
		die("calloc");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (page = 0; page < pages; page++)
		pages_fill(memory + page * PAGE, page, 0);
	write_file(PID_FILE, text,
		   snprintf(text, sizeof(text), "%d\n", getpid()));
	answer("filled");
	for (;;) {
		if (sigwait(&set, &number))
			die("sigwait");
		if (number == SIGUSR1) {
			touch_some(memory, times, pages);
			answer("touched");
		} else {
			answer(is_whole(memory, times, pages) ? "whole" : "lost");
		}
	}
}

/* Return: whether the process says the expected. */
static bool wait_answer(const char *expected)
{
	char text[16] = "";
	int fd, ms;

	for (ms = 0; ms < ANSWER_MS; ms++) {
		fd = open(ANSWER, O_RDONLY);
		if (fd >= 0) {
			if (read(fd, text, sizeof(text) - 1) < 0)
				die(ANSWER);
			close(fd);
			unlink(ANSWER);
			return !strcmp(text, expected);
		}
		usleep(1000);
	}
	fprintf(stderr, "workload: no answer within %d ms\n", ANSWER_MS);
	return false;
}

static int hold(unsigned long mib)
{
	pid_t pid;

	unlink(ANSWER);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		setsid();
		keep(mib * 0x100000 / PAGE);
	}
	return !wait_answer("filled");
}

static int ask(int number, const char *expected)
{
	FILE *f = fopen(PID_FILE, "r");
	int pid;

	if (!f || fscanf(f, "%d", &pid) != 1)
		die(PID_FILE);
	fclose(f);
	unlink(ANSWER);
	if (kill(pid, number))
		die("kill");
	return !wait_answer(expected);
}

/* ---- Work that takes memory and gives it back ------------------------------ */

static void run_program(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (!pid) {
		execl("/bin/busybox", "true", NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die("busybox");
}

static void churn_once(unsigned int round)
{
	size_t bytes = CHURN_MIB * 0x100000, at;
	uint8_t *memory = map(bytes);
	int i;

	for (at = 0; at < bytes; at += PAGE)
		pages_fill(memory + at, PIECE * 4 + at / PAGE % PIECE, round);
	write_file("/tmp/churn", memory, bytes / 2);
	munmap(memory, bytes);
	if (unlink("/tmp/churn"))
		die("/tmp/churn");
	for (i = 0; i < CHURN_PROGRAMS; i++)
		run_program();
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static int churn(int n)
{
	double start;
	int i;

	for (i = 0; i < n; i++) {
		start = now_ms();
		churn_once(i);
		printf("%.3f\n", now_ms() - start);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "hold") && atoi(argv[2]) > 0)
		return hold(atoi(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "churn") && atoi(argv[2]) > 0)
		return churn(atoi(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "touch"))
		return ask(SIGUSR1, "touched");
	if (argc == 2 && !strcmp(argv[1], "check"))
		return ask(SIGUSR2, "whole");
	fprintf(stderr, "usage: workload hold MIB | touch | check | churn N\n");
	return 2;
}
