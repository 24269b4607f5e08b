/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - how far a backup or a restore is
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

enum progress_phase {
	PROGRESS_PLAN, /* what is there already? */
	PROGRESS_TRANSFER, /* chunks and blocks */
	PROGRESS_FINISH, /* metadata, and what proves that all is there */
};

/*
 * In chunks, as how long those are is not known before they are made; each block
 * of the slot's disk counts as one, too.
 */
struct progress {
	enum progress_phase phase;
	uint64_t done; /* chunks */
	uint64_t total;
	uint64_t bytes_new; /* of both, moved */
	uint64_t bytes_shared; /* of both, that need not be moved */
};

/* Called by the thread that began the operation, at most once for a pack. */
typedef void progress_fn(const struct progress *p, void *data);

#endif /* PROGRESS_H */
