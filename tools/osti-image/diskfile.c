// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diskfile.c - the disk of a backup: into a file, or only looked at
 */
#include "diskfile.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct diskfile *of(struct image_disk *disk)
{
	return (struct diskfile *)disk;
}

/* What takes no bytes in the file is zero. */
static int open_file(struct image_disk *disk, uint64_t *bytes)
{
	struct diskfile *d = of(disk);

	*bytes = d->bytes;
	return ftruncate(d->out->fd, (off_t)d->bytes) < 0 ? -errno : 0;
}

static int read_file(struct image_disk *disk, uint64_t offset, uint8_t *buf,
		     size_t bytes)
{
	return file_read(of(disk)->out, buf, bytes, offset);
}

static int write_file(struct image_disk *disk, uint64_t offset,
		      const uint8_t *buf, size_t bytes)
{
	return file_write(of(disk)->out, buf, bytes, offset);
}

/* A new file is, and each block is written once. */
static int zero_file(struct image_disk *disk, uint64_t offset, uint64_t bytes)
{
	(void)disk;
	(void)offset;
	(void)bytes;
	return 0;
}

/* The file counts when it gets its name; that is after this. */
static int flush_file(struct image_disk *disk)
{
	(void)disk;
	return 0;
}

/* As the monitor: it has to be the one of the sealed record. */
static int attach(struct image_disk *disk, uint64_t bytes,
		  const uint8_t digest[32])
{
	struct diskfile *d = of(disk);
	const struct image_record *record = &d->import->record;
	const struct image_attachment *a = &record->attachment[0];

	d->bytes = bytes;
	if (record->attachments != 1 || a->kind != OSTI_ATTACH_DISK ||
	    a->bytes != bytes || memcmp(a->digest, digest, OSTI_IMAGE_HASH))
		return -EBADMSG;
	return 0;
}

void diskfile_begin(struct diskfile *d, const struct import *import,
		    const struct file *out)
{
	*d = (struct diskfile){
		.disk = {
			.open = out ? open_file : NULL,
			.read = read_file,
			.write = write_file,
			.zero = zero_file,
			.flush = flush_file,
			.attach = attach,
		},
		.import = import,
		.out = out,
	};
}
