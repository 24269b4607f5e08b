/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * publish.h - from a plan that is carried out to what the repository says
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "backup/backup_fault.h"
#include "backup/plan.h"
#include "repo_backup.h"

/*
 * Fill in what follows from plan and head: lists of packs, places and segments,
 * which are the caller's to publish_free(), and sizes. The rest of @info is his, too.
 * BACKUP_E_SOURCE (the head is not one of this image), _MEMORY.
 */
int publish_make(const struct plan *plan, const uint8_t *head,
		 size_t head_bytes, struct repo_backup *info,
		 struct backup_fault *fault);
void publish_free(struct repo_backup *info);

#endif /* PUBLISH_H */
