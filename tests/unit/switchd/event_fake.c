// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event_fake.c - what the fakes of a device do, counted, so that any of it can
 * be held, cut off or failed
 */
#include "event_fake.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Threads come one after the other, and all wait while one is held. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int open_file(const char *dir, const char *name, int flags)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= PATH_MAX)
		abort();
	return open(path, flags | O_CLOEXEC);
}

/* What is in a file, "" without one. Return: the number that it is, or 0. */
static long look(const char *dir, const char *name, char text[32])
{
	int fd = open_file(dir, name, O_RDONLY);
	ssize_t n;

	memset(text, 0, 32);
	if (fd < 0)
		return 0;
	n = read(fd, text, 31);
	close(fd);
	return n > 0 ? strtol(text, NULL, 10) : 0;
}

/* Return: the how manieth event of the device it is; 0: nobody counts. */
static long record(const char *dir, const char *what)
{
	int fd = open_file(dir, "events", O_WRONLY | O_APPEND);
	char text[EVENT_FAKE_RECORD + 1];
	off_t end;

	if (fd < 0)
		return 0;
	if (snprintf(text, sizeof(text), "%-20.20s %10d\n", what, getpid()) !=
		    EVENT_FAKE_RECORD ||
	    write(fd, text, EVENT_FAKE_RECORD) != EVENT_FAKE_RECORD)
		abort();
	end = lseek(fd, 0, SEEK_CUR);
	close(fd);
	return end / EVENT_FAKE_RECORD;
}

static void hold(const char *dir)
{
	int fd = open_file(dir, "event-hold", O_RDONLY);
	char c;

	if (fd < 0)
		return;
	while (read(fd, &c, 1) > 0)
		;
	close(fd);
}

/* Whoever lets us go has it open all the time. */
static void step(const char *dir)
{
	int fd = open_file(dir, "event-step", O_RDONLY);
	char c;

	if (fd < 0)
		return;
	if (read(fd, &c, 1) < 0)
		abort();
	close(fd);
}

int event_fake(const char *dir, const char *what)
{
	char text[32] = "";
	int error = 0;
	long at = 0;
	long nr;

	pthread_mutex_lock(&lock);
	nr = record(dir, what);
	if (nr) {
		step(dir);
		at = look(dir, "event-at", text);
	}
	if (at ? nr == at : strcmp(text, what) == 0)
		hold(dir);
	if (at && nr >= at)
		error = (int)look(dir, "event-errno", text);
	if (error && nr == at && look(dir, "event-lost", text))
		error = -error;
	pthread_mutex_unlock(&lock);
	return error;
}
