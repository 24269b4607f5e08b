/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - what one job works with: a store, and a repository in it
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>

#include "backup/backup_fault.h"
#include "backup/job.h"
#include "backup/repository.h"
#include "backup/store.h"

struct session {
	const struct job *job;
	struct store *store;
	struct repository repo; /* of one slot at a time */
	bool is_open;
};

/* Return: 0, or -1 and a FAULT_FAILED, FAULT_STORE_DENIED or FAULT_STORE. */
int session_begin(struct session *session, const struct job *job,
		  struct fault *fault);
/* Ends what session_open() and session_begin() began. */
void session_end(struct session *session);

/*
 * Opens the repository for that slot of the job, with what is remembered of it;
 * what was open before is closed. Return: 0, or -1 and the fault.
 */
int session_open(struct session *session, size_t slot, struct fault *fault);

/* What went wrong, for switchd. Always -1. */
int session_failed(const struct backup_fault *from, struct fault *fault);

#endif /* SESSION_H */
