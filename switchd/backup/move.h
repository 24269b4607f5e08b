/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * move.h - push and pull: an OS lives in one place
 */
#ifndef MOVE_H
#define MOVE_H

#include "backup/download.h"
#include "backup/holder.h"
#include "backup/upload.h"

/*
 * Back the image up, ask options->agreed, say that the OS lives in the cloud as
 * this backup, and commit the source: the local copy is given up. Whatever fails
 * before leaves the OS here; the backup may be in the repository then, as any
 * other. @force: although another device has the OS, or the store cannot decide.
 * BACKUP_E_HELD, _INTERRUPTED (not agreed), what upload_run() and holder_claim()
 * return, and _SOURCE when the commit fails: then the OS lives in the cloud, and
 * what is here must not be used.
 */
int push_run(struct repository *repo, struct image_source *source,
	     const struct upload_options *options, bool force,
	     struct upload_result *result, struct backup_fault *fault);

struct pull_result {
	char name[REPO_NAME]; /* of the backup */
	bool again; /* this device had claimed it before */
	uint64_t disk_bytes; /* of its disk; 0: none, or not read yet */
};

/*
 * Who may have the OS: claim it for this device. BACKUP_OK also when this device
 * has it already from a backup, as after a pull that was interrupted; then
 * result->again says so, and a person has to know whether it ever ran here.
 * BACKUP_E_UNKNOWN (it was never pushed), _HELD, and what holder_claim() returns.
 */
int pull_claim(struct repository *repo, const uint8_t device[REPO_DEVICE],
	       const char *label, uint64_t time, bool force,
	       struct pull_result *result, struct backup_fault *fault);

/*
 * pull_claim(), and bring the backup in. If that fails the OS stays this
 * device's, in its backup: repeat it.
 */
int pull_run(struct repository *repo, const uint8_t device[REPO_DEVICE],
	     const char *label, uint64_t time, bool force,
	     struct image_sink *sink, const struct download_options *options,
	     struct pull_result *result, struct backup_fault *fault);

#endif /* MOVE_H */
