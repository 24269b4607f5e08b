/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ranges.h - which parts of which packs a backup needs
 */
#ifndef RANGES_H
#define RANGES_H

#include "repo_backup.h"

/* A chunk, or a block of the disk, in the order of packs. */
struct range_chunk {
	uint32_t pack;
	uint32_t offset;
	uint32_t bytes;
	uint32_t index;
};

/* A request: chunks first .. first + nr - 1 of that order. */
struct range {
	uint32_t pack;
	uint32_t offset;
	uint32_t bytes;
	uint32_t first;
	uint32_t nr;
};

void ranges_sort(struct range_chunk *chunks, uint32_t nr);
/* All chunks of a backup by pack and offset; NULL without memory. */
struct range_chunk *ranges_order(const struct repo_backup *b);

/*
 * The range that begins with chunk @first of @nr: as many chunks as fit into
 * @most bytes, at least one, of one pack, as long as what lies between two of
 * them costs less than another request.
 */
struct range ranges_next(const struct range_chunk *chunks, uint32_t nr,
			 uint32_t first, uint32_t most);

#endif /* RANGES_H */
