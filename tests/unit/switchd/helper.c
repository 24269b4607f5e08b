// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * helper.c - what several tests of switchd need
 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 5

static void pause_shortly(void)
{
	const struct timespec ts = { .tv_nsec = POLL_MS * 1000000L };

	nanosleep(&ts, NULL);
}

int64_t helper_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void helper_dir_make(char path[PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, PATH_MAX, "%s/switchd-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void helper_dir_remove(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void helper_write(const char *dir, const char *name, mode_t mode,
		  const char *text)
{
	char path[PATH_MAX];
	FILE *file;

	assert_true(snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

char *helper_read(const char *dir, const char *name)
{
	char path[PATH_MAX];
	char *text = calloc(1, 65536);
	ssize_t n;
	int fd;

	assert_non_null(text);
	assert_true(snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		assert_int_equal(errno, ENOENT);
		return text;
	}
	n = read(fd, text, 65535);
	assert_true(n >= 0);
	close(fd);
	return text;
}

bool helper_exists(const char *dir, const char *name)
{
	char path[PATH_MAX];

	assert_true(snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX);
	return access(path, F_OK) == 0;
}

void helper_wait_text(const char *dir, const char *name, const char *text)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	for (;;) {
		char *all = helper_read(dir, name);
		bool found = !!strstr(all, text);

		if (!found && helper_now_ms() > deadline)
			fail_msg("%s never had \"%s\", but: %s", name, text,
				 all);
		free(all);
		if (found)
			return;
		pause_shortly();
	}
}

void helper_wait_gone(const char *dir, const char *name)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while (helper_exists(dir, name)) {
		if (helper_now_ms() > deadline)
			fail_msg("%s/%s does not go away", dir, name);
		pause_shortly();
	}
}

bool helper_is_running(pid_t pid)
{
	char path[64];
	char text[512] = "";
	const char *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	/* "pid (name) state" */
	state = strrchr(text, ')');
	return state && state[2] != 'Z' && state[2] != 'X';
}

void helper_wait_ended(pid_t pid)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while (helper_is_running(pid)) {
		if (helper_now_ms() > deadline)
			fail_msg("process %d does not end", (int)pid);
		pause_shortly();
	}
}

void helper_run_until(sd_event *event, const int *flag)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;

	while (!*flag) {
		int64_t left = deadline - helper_now_ms();

		if (left <= 0)
			fail_msg("what was waited for does not come");
		assert_true(sd_event_run(event, (uint64_t)left * 1000) >= 0);
	}
}

void helper_run_ready(sd_event *event)
{
	int r;

	do {
		r = sd_event_run(event, 0);
		assert_true(r >= 0);
	} while (r > 0);
}

sd_event *helper_event_new(void)
{
	sd_event *event;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	assert_true(sd_event_new(&event) >= 0);
	return event;
}
