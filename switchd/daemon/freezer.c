// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * freezer.c - the kernel's freezer: how long it waits for a task, and what it
 * says of those that do not stop; a fake of tests is in its place
 */
#include "daemon/freezer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/util.h"

#define LIMIT_FILE "/sys/power/pm_freeze_timeout"
#define LOG_FILE "/dev/kmsg"

int freezer_limit(unsigned int *ms)
{
	_cleanup_close_ int fd = open(LIMIT_FILE, O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	*ms = (unsigned int)strtoul(text, NULL, 10);
	return *ms ? 0 : -EPROTO;
}

int freezer_set_limit(unsigned int ms)
{
	_cleanup_close_ int fd = open(LIMIT_FILE, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%u", ms) < 0)
		return -errno;
	return 0;
}

int freezer_log(void)
{
	_cleanup_close_ int fd =
		open(LOG_FILE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int ret;

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	ret = fd;
	fd = -1;
	return ret;
}
