/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stored_disk.h - bytes of a disk that is read in blocks
 *
 * What is asked for next mostly lies behind what was asked for last, so more than
 * that is read at a time.
 */
#ifndef STORED_DISK_H
#define STORED_DISK_H

#include <stddef.h>
#include <stdint.h>

/* So much at a time. */
#define STORED_DISK_WINDOW 0x80000

struct stored_disk {
	/* As image_disk.h has it: offset and bytes are multiples of 4096. */
	int (*read)(void *data, uint64_t offset, uint8_t *buf, size_t bytes);
	void *data;
	uint64_t bytes;
	/* These are its own, zero at the beginning: */
	uint8_t *window;
	uint64_t at;
	size_t held;
};

void stored_disk_free(struct stored_disk *disk);

/*
 * Any bytes of it. Return: 0, -ERANGE (they are not on the disk), -ENOMEM, or
 * what read() returned.
 */
int stored_disk_read(struct stored_disk *disk, uint64_t offset, void *buf,
		     size_t bytes);

#endif /* STORED_DISK_H */
