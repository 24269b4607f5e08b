// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dirty.c - what the kernel has yet to write to disks; a fake of tests is in
 * its place
 */
#include "daemon/dirty.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/util.h"

void dirty_read(char *text, size_t room)
{
	_cleanup_close_ int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, room - 1);

	text[n > 0 ? n : 0] = '\0';
}

void dirty_write(void)
{
	sync();
}
