/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repository.h - a repository, as one slot sees it
 *
 * docs/repository-format.md says what is in it. Everything here runs requests
 * of the store until they are done; one thread uses a repository at a time.
 *
 * Functions return BACKUP_OK or a BACKUP_E_*, with a fault that says what, where
 * and what to do.
 */
#ifndef REPOSITORY_H
#define REPOSITORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backup/backup_fault.h"
#include "backup/store.h"
#include "repo_config.h"
#include "repo_path.h"
#include "repo_seal.h"

struct catalogue;

/* Read-only for all but repository.c. */
struct repository {
	struct store *store;
	struct repo_config config;
	uint8_t slot[REPO_SLOT];
	struct repo_keys keys;
	struct catalogue *catalogue; /* a cache; NULL: none */
};

/*
 * Make a repository of an empty place. @id is random. Tries whether the store
 * refuses to create an object twice, and notes that in @config->flags: without
 * it push and pull are not possible.
 * BACKUP_E_STORE, _EXISTS, _DAMAGED (what is there is none).
 */
int repository_init(struct store *store, const uint8_t id[REPO_CONFIG_ID],
		    struct repo_config *config, struct backup_fault *fault);

/*
 * Open it for a slot. The keys are wiped by repository_close(); @store stays
 * the caller's, and the catalogue that he may set afterwards, too.
 * BACKUP_E_STORE, _NONE, _FORM, _DAMAGED.
 */
int repository_open(struct store *store, const uint8_t slot[REPO_SLOT],
		    const uint8_t carrier[REPO_KEY], struct repository *repo,
		    struct backup_fault *fault);
void repository_close(struct repository *repo);

/* All entries below a folder of the slot, sorted; the caller free()s them. */
int repository_list(struct repository *repo, enum repo_folder folder,
		    struct store_entry **entries, size_t *nr,
		    struct backup_fault *fault);

/* An object in memory. */
struct repository_object {
	uint8_t *buf; /* the caller free()s it */
	uint8_t digest[REPO_KEY];
	uint8_t *data; /* what was sealed: in buf */
	size_t bytes;
};

/*
 * Read and open a sealed object.
 * BACKUP_E_STORE, _MISSING, _DAMAGED, _MEMORY.
 */
int repository_read(struct repository *repo, enum repo_kind kind,
		    const char *path, struct repository_object *object,
		    struct backup_fault *fault);

/* The same, from the store also when the catalogue has it. */
int repository_fetch(struct repository *repo, enum repo_kind kind,
		     const char *path, struct repository_object *object,
		     struct backup_fault *fault);

/*
 * Seal and write one. With @op STORE_CREATE a key that has these very bytes is
 * no error: an answer may have been lost. @digest, if not NULL, gets that of
 * the object.
 * BACKUP_E_STORE, _EXISTS (another object has the key), _MEMORY, _LIMIT.
 */
int repository_write(struct repository *repo, enum store_op op,
		     enum repo_kind kind, const char *path, const uint8_t *data,
		     size_t bytes, uint8_t *digest, struct backup_fault *fault);

/* Delete one; that it is not there is no error. BACKUP_E_STORE. */
int repository_delete(struct repository *repo, const char *path,
		      struct backup_fault *fault);

#endif /* REPOSITORY_H */
