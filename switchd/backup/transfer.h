/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer.h - the part of an upload that moves chunks and blocks
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "backup/plan.h"
#include "backup/upload.h"

struct transfer_counts {
	uint64_t bytes_new;
	uint32_t packs;
};

/*
 * Make every chunk of the plan that is wanted, read every block, and send it. Counts are added
 * to. When the source says that a person switched away, no more chunks are made,
 * but those that were are sent.
 * BACKUP_E_STORE, _SOURCE, _INTERRUPTED, _MEMORY.
 */
int transfer_run(struct repository *repo, struct image_source *source,
		 const struct upload_options *options, struct plan *plan,
		 struct transfer_counts *counts, struct backup_fault *fault);

/* Is that what a source or a sink says when a person switched away? */
bool transfer_interrupted(int error);

#endif /* TRANSFER_H */
