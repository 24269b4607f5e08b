/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repodir.h - a repository in a directory, as one key opens it
 *
 * docs/repository-format.md says what is in it. It is read with switchd's own
 * code (switchd/backup/), which refuses what a device refuses. Buckets are not
 * opened: a copy of one in a directory is the same repository.
 */
#ifndef REPODIR_H
#define REPODIR_H

#include "backup/repository.h"
#include "keyfile.h"
#include "options.h"

struct repodir {
	struct store *store;
	/* Without a key that of no slot: only its config and store count. */
	struct repository view;
	bool keyed;
	struct keyring keys;	/* if keyed */
};

/*
 * Open the one in that directory, for the slot whose key is in o->key_file if
 * there is one. A root key needs the slot's name. When the result is not DONE
 * the error was reported. repodir_close() it in any case.
 */
enum status repodir_open(struct repodir *r, const struct options *o,
			 const char *directory);
void repodir_close(struct repodir *r);

/* Report why something was not done. Returns the status to exit with. */
enum status repodir_fault(const struct backup_fault *fault);

#endif /* REPODIR_H */
