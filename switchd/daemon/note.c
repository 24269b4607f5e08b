// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * note.c - small texts in the state directory, which outlive switchd
 */
#include "daemon/note.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/util.h"

static int write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0644);
	int r;

	if (fd < 0)
		return -errno;
	r = util_write(fd, text, strlen(text));
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int replace(int dir, const char *name, const char *text)
{
	char temporary[NAME_MAX + 1];
	int r;

	snprintf(temporary, sizeof(temporary), "%.200s.new", name);
	r = write_file(dir, temporary, text);
	if (r == 0 && renameat(dir, temporary, dir, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, temporary, 0);
	return r;
}

int note_write(const char *path, const char *name, const char *text)
{
	_cleanup_close_ int dir =
		open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	if (dir < 0)
		return errno == ENOENT && !text ? 0 : -errno;
	if (text)
		r = replace(dir, name, text);
	else if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0 && fsync(dir) < 0)
		r = -errno;
	return r;
}

int note_read(const char *path, const char *name, char *text, size_t room)
{
	_cleanup_close_ int fd = -1;
	char file[PATH_MAX];
	ssize_t n;

	if (snprintf(file, sizeof(file), "%s/%s", path, name) >=
	    (int)sizeof(file))
		return -ENAMETOOLONG;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, room - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}
