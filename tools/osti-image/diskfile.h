/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diskfile.h - the disk of a backup: into a file, or only looked at
 */
#ifndef DISKFILE_H
#define DISKFILE_H

#include "backup/image_disk.h"
#include "import.h"

struct diskfile {
	struct image_disk disk;		/* first */
	const struct import *import;	/* says which disk belongs to it */
	const struct file *out;		/* a new file, or NULL */
	uint64_t bytes;
};

/* Of an image that is opened before the disk is; both stay the caller's. */
void diskfile_begin(struct diskfile *d, const struct import *import,
		    const struct file *out);

#endif /* DISKFILE_H */
