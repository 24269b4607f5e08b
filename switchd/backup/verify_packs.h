/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify_packs.h - is all there that one backup needs?
 *
 * What can be known without the slot's key: a pack that has its id was not
 * altered since it was sent. Whether what was sent is good the monitor tells.
 */
#ifndef VERIFY_PACKS_H
#define VERIFY_PACKS_H

#include <stdbool.h>

#include "backup/backups.h"
#include "backup/progress.h"

/*
 * Looks whether the backup's packs are there and as long as they must be, and the
 * segments of its disk; with @read_data reads them, too, and compares them with
 * their ids. Stops at the
 * first one that is not right. @told, with NULL as data, may be NULL.
 * BACKUP_E_STORE, _MISSING, _DAMAGED, _MEMORY.
 */
int verify_packs_run(struct repository *repo, const struct backup *backup,
		     bool read_data,
		     void (*told)(const struct progress *p, void *data),
		     struct backup_fault *fault);

#endif /* VERIFY_PACKS_H */
