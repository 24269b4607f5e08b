/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_disk.h - the disk that belongs to the image of a slot
 *
 * As osti.ko shows it, or a file on another machine. Offsets and sizes are
 * multiples of 4096. Functions return 0 or a negative errno, -ECANCELED and
 * -ESTALE when a person switched away. Reading and writing are called by several
 * threads at a time, for different blocks.
 */
#ifndef IMAGE_DISK_H
#define IMAGE_DISK_H

#include <stddef.h>
#include <stdint.h>

struct image_disk {
	/*
	 * Get hold of it, of a source to read, of a sink to write. It is given
	 * back when source or sink end. -EOPNOTSUPP: nobody can show it here.
	 * NULL, of a sink: the disk is wanted only to be looked at.
	 */
	int (*open)(struct image_disk *disk, uint64_t *bytes);
	int (*read)(struct image_disk *disk, uint64_t offset, uint8_t *buf,
		    size_t bytes);
	/* Of a sink */
	int (*write)(struct image_disk *disk, uint64_t offset,
		     const uint8_t *buf, size_t bytes);
	int (*zero)(struct image_disk *disk, uint64_t offset, uint64_t bytes);
	/* All that was written is on the disk now. */
	int (*flush)(struct image_disk *disk);
	/*
	 * Say what the disk is: of a source, before it is sealed, to belong to
	 * the image; of a sink, before it is opened, what was found. -EBADMSG:
	 * not the one that the image was made with; the monitor says so only
	 * with commit() or check().
	 */
	int (*attach)(struct image_disk *disk, uint64_t bytes,
		      const uint8_t digest[32]);
};

#endif /* IMAGE_DISK_H */
