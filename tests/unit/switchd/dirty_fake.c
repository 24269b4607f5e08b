// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A dirty.h by files of the fake device, which is in the current directory: the
 * text of "meminfo", and a FIFO "disk", which takes what is written until a writer
 * came and went.
 */
#include "daemon/dirty.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/util.h"

void dirty_read(char *text, size_t room)
{
	_cleanup_close_ int fd = open("device/meminfo", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, room - 1);

	text[n > 0 ? n : 0] = '\0';
}

void dirty_write(void)
{
	_cleanup_close_ int fd = open("device/disk", O_RDONLY | O_CLOEXEC);
	char byte;

	while (fd >= 0 && read(fd, &byte, 1) > 0)
		;
}
