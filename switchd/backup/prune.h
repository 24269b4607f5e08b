/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prune.h - forget backups, and delete packs that no backup needs
 *
 * Packs are deleted in two phases, so that nobody is locked out: a prune writes
 * a list of what it wants to delete, and one that runs a grace time later
 * deletes it, if no backup has come to need it (docs/repository-format.md,
 * "Deleting"). Segments of disks are deleted in the same way, and counted as packs.
 */
#ifndef PRUNE_H
#define PRUNE_H

#include "backup/backups.h"
#include "backup/moment.h"
#include "backup/retain.h"

#define PRUNE_GRACE (7 * 24 * 3600) /* seconds */

/*
 * Make a backup invisible; what only it needed a prune deletes.
 * BACKUP_E_STORE, _UNKNOWN, _NEEDED (the OS lives in it), _MEMORY.
 */
int forget_run(struct repository *repo, const char *name,
	       struct backup_fault *fault);

/*
 * Forget what the policy does not keep, but never the backup that the OS lives
 * in. @told is called for each backup, with whether it is kept; with @dry_run
 * that is all. BACKUP_E_STORE, _MEMORY.
 */
int forget_by_policy(struct repository *repo,
		     const struct retain_policy *policy, bool dry_run,
		     void (*told)(const char *name, bool keep, void *data),
		     void *data, struct backup_fault *fault);

struct prune_options {
	int64_t grace; /* seconds; 0: PRUNE_GRACE */
	bool dry_run; /* nothing is written or deleted */
	moment_fn *clock; /* NULL: moment_now() */
	void *clock_data;
};

struct prune_result {
	uint32_t packs_used;
	uint32_t packs_marked; /* are on a new list */
	uint64_t bytes_marked;
	uint32_t packs_waiting; /* on a list that is too young */
	uint64_t bytes_waiting;
	uint32_t packs_deleted;
	uint64_t bytes_deleted;
	uint32_t packs_rescued; /* a backup has come to need them */
	uint32_t packs_young; /* unused; maybe a backup is being made */
	bool denied; /* this credential may not delete */
};

/*
 * One step of both phases. With BACKUP_OK and result->denied what could be done
 * without deleting was done. Can be repeated at any time; nobody has to wait.
 * BACKUP_E_STORE, _DAMAGED and _MISSING (a backup that cannot be read: what it
 * needs is not known, so nothing is deleted), _BUSY (frozen in the middle),
 * _MEMORY.
 */
int prune_run(struct repository *repo, const struct prune_options *options,
	      struct prune_result *result, struct backup_fault *fault);

#endif /* PRUNE_H */
