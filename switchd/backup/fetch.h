/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch.h - the part of a download that reads packs
 */
#ifndef FETCH_H
#define FETCH_H

#include "backup/backups.h"
#include "backup/ranges.h"

#define FETCH_MEMORY (40U << 20)
#define FETCH_TAKERS 2

struct fetch_job {
	struct repository *repo;
	const struct backup *backup;
	/* What is wanted, in the order of packs (ranges.h). */
	const struct range_chunk *chunks;
	uint32_t nr;
	/*
	 * Takes one, of c->bytes at @buf, which is his no longer than the call.
	 * By several threads at a time; 0 or a negative errno, which ends all.
	 */
	int (*take)(void *data, const struct range_chunk *c,
		    const uint8_t *buf);
	/* How far it is; by the thread that began; may be NULL. */
	void (*told)(void *data, uint32_t done, uint64_t bytes);
	void *data;
	unsigned int takers; /* threads; 0: FETCH_TAKERS */
	size_t memory; /* for ranges; 0: FETCH_MEMORY */
	size_t range_bytes; /* of a request; 0: 4 MiB */
};

/*
 * Read all. When take() failed, BACKUP_E_SINK, *error is what it said first, and
 * *failed what it was about; the fault is to be filled in by the caller.
 * BACKUP_E_STORE, _MISSING, _DAMAGED (a pack ends early), _SINK, _MEMORY.
 */
int fetch_run(const struct fetch_job *job, int *error,
	      struct range_chunk *failed, struct backup_fault *fault);

#endif /* FETCH_H */
