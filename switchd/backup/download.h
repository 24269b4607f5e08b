/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * download.h - bring a backup back, or verify it
 */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "backup/backups.h"
#include "backup/image_sink.h"
#include "backup/progress.h"

struct download_options {
	bool verify; /* sink->check() instead of commit() */
	unsigned int takers; /* as of struct fetch_job */
	size_t memory;
	size_t range_bytes;
	progress_fn *progress;
	void *progress_data;
};

/*
 * Read all chunks of a backup, in the order of its packs, and give them to the
 * sink; what is between them is left out where that saves something. If the
 * backup has a disk, then bring that back, too (disk_restore.h). After anything
 * but BACKUP_OK the sink was aborted.
 * BACKUP_E_STORE, _MISSING, _DAMAGED (a pack ends early, or the disk's table is
 * wrong), _REFUSED, _SINK, _INTERRUPTED, _MEMORY.
 */
int download_run(struct repository *repo, const struct backup *backup,
		 struct image_sink *sink,
		 const struct download_options *options,
		 struct backup_fault *fault);

#endif /* DOWNLOAD_H */
