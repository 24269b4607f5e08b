// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stored_disk.c - bytes of a disk that is read in blocks
 */
#include "backup/stored_disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osti/ioctl.h>

#define BLOCK OSTI_DISK_SECTOR

_Static_assert(STORED_DISK_WINDOW % BLOCK == 0, "blocks are read whole");

void stored_disk_free(struct stored_disk *disk)
{
	free(disk->window);
	disk->window = NULL;
	disk->held = 0;
}

/* Fills the window with what begins in the block of @offset, on the disk. */
static int move_window(struct stored_disk *disk, uint64_t offset)
{
	uint64_t at = offset - offset % BLOCK;
	uint64_t left = disk->bytes - disk->bytes % BLOCK - at;
	size_t bytes = left < STORED_DISK_WINDOW ? (size_t)left
						 : STORED_DISK_WINDOW;
	int r;

	if (!disk->window)
		disk->window = malloc(STORED_DISK_WINDOW);
	if (!disk->window)
		return -ENOMEM;
	disk->held = 0;
	r = disk->read(disk->data, at, disk->window, bytes);
	if (r < 0)
		return r;
	disk->at = at;
	disk->held = bytes;
	return 0;
}

int stored_disk_read(struct stored_disk *disk, uint64_t offset, void *buf,
		     size_t bytes)
{
	const uint64_t end = disk->bytes - disk->bytes % BLOCK;
	uint8_t *to = buf;
	size_t n;
	int r;

	if (offset > end || bytes > end - offset)
		return -ERANGE;
	while (bytes) {
		if (offset < disk->at || offset - disk->at >= disk->held) {
			r = move_window(disk, offset);
			if (r < 0)
				return r;
		}
		n = disk->held - (size_t)(offset - disk->at);
		if (n > bytes)
			n = bytes;
		memcpy(to, disk->window + (offset - disk->at), n);
		to += n;
		offset += n;
		bytes -= n;
	}
	return 0;
}
