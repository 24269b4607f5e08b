/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backups.h - the backups of a slot: what the repository says of them
 */
#ifndef BACKUPS_H
#define BACKUPS_H

#include "backup/repository.h"
#include "repo_backup.h"

struct backup {
	char name[REPO_NAME];
	struct repo_backup info; /* points into plain */
	uint8_t *plain;
};

struct backup_names {
	char (*names)[REPO_NAME]; /* ascending: by time */
	size_t nr;
};

/*
 * All visible backups; free(names->names) in any case.
 * BACKUP_E_STORE, _MEMORY.
 */
int backups_names(struct repository *repo, struct backup_names *names,
		  struct backup_fault *fault);
bool backups_has(const struct backup_names *names, const char *name);

/*
 * Read one that was listed, from the catalogue if it is there.
 * BACKUP_E_STORE, _UNKNOWN, _MISSING (a part of it), _DAMAGED, _MEMORY.
 */
int backups_load(struct repository *repo, const char *name, struct backup *b,
		 struct backup_fault *fault);
void backups_free(struct backup *b);

/*
 * Write it: its parts, of @piece bytes (0: REPO_PIECE), and then itself. With
 * BACKUP_OK it is visible, and @name is its name.
 * BACKUP_E_STORE, _LIMIT, _MEMORY.
 */
int backups_create(struct repository *repo, const struct repo_backup *info,
		   size_t piece, char name[REPO_NAME],
		   struct backup_fault *fault);

/* Make it invisible, then delete its parts. BACKUP_E_STORE. */
int backups_delete(struct repository *repo, const char *name,
		   struct backup_fault *fault);

#endif /* BACKUPS_H */
