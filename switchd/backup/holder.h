/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * holder.h - where a slot's OS lives
 */
#ifndef HOLDER_H
#define HOLDER_H

#include "backup/repository.h"
#include "repo_holder.h"

/*
 * The record that counts; h->number is 0 when there is none yet.
 * BACKUP_E_STORE, _DAMAGED, _MISSING, _MEMORY.
 */
int holder_read(struct repository *repo, struct repo_holder *h,
		struct backup_fault *fault);

/*
 * Write the record that follows @before, in whose place @next then is; number
 * and claim of @next are filled in. Of several who do that one gets BACKUP_OK.
 * With @force also where the store cannot decide: a person knows that nobody
 * else does it.
 * BACKUP_E_STORE, _HELD (another device was faster), _FORM (the store cannot
 * decide), _LIMIT, _MEMORY.
 */
int holder_claim(struct repository *repo, const struct repo_holder *before,
		 struct repo_holder *next, bool force,
		 struct backup_fault *fault);

#endif /* HOLDER_H */
