/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * upload.h - make a backup
 *
 * What older backups have is not sent again. A backup is visible when all of it
 * is there, and not before. Nobody is locked out meanwhile: who deletes packs
 * says so long before, and what was about to be deleted is not used
 * (docs/repository-format.md, "Deleting").
 */
#ifndef UPLOAD_H
#define UPLOAD_H

#include "backup/image_source.h"
#include "backup/moment.h"
#include "backup/progress.h"
#include "backup/repository.h"
#include "repo_backup.h"
#include "repo_pack.h"

#define UPLOAD_MEMORY (5 * REPO_PACK_BYTES)
#define UPLOAD_MAKERS 2

struct upload_options {
	enum repo_backup_kind kind;
	uint8_t device[REPO_DEVICE];
	const char *label; /* of the device */
	const char *host;
	unsigned int makers; /* threads; 0: UPLOAD_MAKERS */
	size_t memory; /* for packs; 0: UPLOAD_MEMORY */
	size_t pack_bytes; /* 0: REPO_PACK_BYTES */
	size_t piece; /* 0: REPO_PIECE */
	/*
	 * Which freeze of the slot it is, see frozen.h, so that its disk is not
	 * read twice; NULL: not known.
	 */
	const char *freeze;
	int64_t grace; /* seconds; 0: PRUNE_GRACE */
	moment_fn *clock; /* NULL: moment_now() */
	void *clock_data;
	progress_fn *progress; /* NULL: nobody wants to know */
	void *progress_data;
	/*
	 * Of a push: called when the backup is visible. True when it is noted
	 * here, for good, that the OS may live there from now on; NULL: who asked
	 * sees to it himself.
	 */
	bool (*agreed)(void *data);
	void *agreed_data;
};

struct upload_result {
	char name[REPO_NAME]; /* of the backup */
	uint64_t bytes_new;
	uint64_t bytes_shared;
	uint32_t packs; /* that were sent */
	uint64_t disk_bytes; /* of the disk; 0: only memory */
	bool disk_known; /* and it was not read */
	unsigned int damaged; /* older backups that were passed over */
};

/*
 * Upload the image. With BACKUP_OK the backup is visible and everything in it
 * was seen in the repository; the caller commits or aborts the source. Else the
 * source was aborted, and what was uploaded counts next time if the repository
 * has a catalogue.
 * BACKUP_E_STORE, _SOURCE, _INTERRUPTED, _DAMAGED (a list of packs to be
 * deleted), _BUSY, _LIMIT, _MEMORY.
 */
int upload_run(struct repository *repo, struct image_source *source,
	       const struct upload_options *options,
	       struct upload_result *result, struct backup_fault *fault);

/* The same, and commit. */
int backup_run(struct repository *repo, struct image_source *source,
	       const struct upload_options *options,
	       struct upload_result *result, struct backup_fault *fault);

#endif /* UPLOAD_H */
