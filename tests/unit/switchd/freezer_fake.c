// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A freezer.h by files of the fake device, which is in the current directory: the
 * number in "freeze-limit", and the text that device_fake.c appends to "kmsg".
 * Without them there is no freezer.
 */
#include "daemon/freezer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int freezer_limit(unsigned int *ms)
{
	FILE *file = fopen("device/freeze-limit", "re");
	int n;

	if (!file)
		return -errno;
	n = fscanf(file, "%u", ms);
	fclose(file);
	return n == 1 ? 0 : -EPROTO;
}

int freezer_set_limit(unsigned int ms)
{
	FILE *file = fopen("device/freeze-limit", "r+e");

	if (!file)
		return -errno;
	fprintf(file, "%-8u", ms);
	return fclose(file) == 0 ? 0 : -errno;
}

int freezer_log(void)
{
	int fd = open("device/kmsg", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return fd;
}
