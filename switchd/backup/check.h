/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - is everything there that the backups of a slot need?
 */
#ifndef CHECK_H
#define CHECK_H

#include "backup/repository.h"

struct check_result {
	unsigned int backups; /* that are whole */
	unsigned int bad_backups;
	uint32_t packs; /* that were looked at */
	uint32_t bad_packs;
};

/*
 * Read the metadata of all backups and look whether their packs are there and
 * as long as they must be; with @read_data read the packs, too, and compare
 * them with their ids. @told gets a text for each thing that is wrong, and the
 * check goes on. BACKUP_OK says that it came to its end.
 * BACKUP_E_STORE, _DAMAGED (a list of packs to be deleted), _MEMORY.
 */
int check_run(struct repository *repo, bool read_data,
	      void (*told)(const char *text, void *data), void *data,
	      struct check_result *result, struct backup_fault *fault);

#endif /* CHECK_H */
