// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon/pushed.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/util.h"

static const char *const words[] = {
	[PUSHED_UNSURE] = "unsure\n",
	[PUSHED_AWAY] = "pushed\n",
};

static void name_of(uint32_t slot, char name[32])
{
	snprintf(name, 32, "pushed-%u", slot);
}

/* Return: 0 or a negative errno. */
static int write_file(int dir, const char *name, const char *text)
{
	size_t n = strlen(text);
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0644);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, n) != (ssize_t)n)
		r = -EIO;
	else if (fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int write_note(int dir, const char *name, enum pushed pushed)
{
	char temporary[48];
	int r;

	if (pushed == PUSHED_NOT)
		return unlinkat(dir, name, 0) < 0 && errno != ENOENT ? -errno
								     : 0;
	snprintf(temporary, sizeof(temporary), "%s.new", name);
	r = write_file(dir, temporary, words[pushed]);
	if (r == 0 && renameat(dir, temporary, dir, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, temporary, 0);
	return r;
}

int pushed_note(const char *path, uint32_t slot, enum pushed pushed,
		struct fault *fault)
{
	_cleanup_close_ int dir =
		open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[32];
	int r = dir < 0 ? -errno : 0;

	name_of(slot, name);
	/* Where nothing can be noted, there is nothing to be removed, either. */
	if (r == -ENOENT && pushed == PUSHED_NOT)
		return 0;
	if (r == 0)
		r = write_note(dir, name, pushed);
	if (r == 0 && fsync(dir) < 0)
		r = -errno;
	if (r == 0)
		return 0;
	fault_set(fault, FAULT_FAILED,
		  "that slot %u was pushed cannot be noted in %s: %s", slot,
		  path, strerror(-r));
	return -1;
}

enum pushed pushed_look(const char *path, uint32_t slot)
{
	_cleanup_close_ int fd = -1;
	char file[PATH_MAX];
	char text[16] = "";
	char name[32];

	name_of(slot, name);
	if (snprintf(file, sizeof(file), "%s/%s", path, name) >=
	    (int)sizeof(file))
		return PUSHED_UNSURE;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? PUSHED_NOT : PUSHED_UNSURE;
	if (read(fd, text, sizeof(text) - 1) > 0 &&
	    strcmp(text, words[PUSHED_AWAY]) == 0)
		return PUSHED_AWAY;
	return PUSHED_UNSURE;
}

int pushed_check(const char *path, uint32_t slot, const char *name,
		 struct fault *fault)
{
	switch (pushed_look(path, slot)) {
	case PUSHED_NOT:
		return 0;
	case PUSHED_AWAY:
		fault_set(
			fault, FAULT_PUSHED,
			"%s was pushed: it lives in the repository now, and what is left here is old as soon as it runs elsewhere; 'switchctl pull %s' brings it back, 'switchctl switch --force %s' goes on with what is here all the same",
			name, name, name);
		return -1;
	default:
		fault_set(
			fault, FAULT_PUSHED,
			"a push of %s did not tell how it ended: 'switchctl push %s' ends it, 'switchctl switch --force %s' goes on with what is here all the same",
			name, name, name);
		return -1;
	}
}
