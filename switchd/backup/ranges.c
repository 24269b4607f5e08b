// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ranges.c - which parts of which packs a backup needs
 */
#include "backup/ranges.h"

#include <stdlib.h>

/* What a round trip costs, in bytes that could have come meanwhile. */
#define GAP_MAX (256U << 10)

static int compare(const void *a, const void *b)
{
	const struct range_chunk *x = a, *y = b;

	if (x->pack != y->pack)
		return x->pack < y->pack ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

void ranges_sort(struct range_chunk *chunks, uint32_t nr)
{
	qsort(chunks, nr, sizeof(*chunks), compare);
}

struct range_chunk *ranges_order(const struct repo_backup *b)
{
	uint32_t nr = b->header.chunks;
	struct range_chunk *chunks = calloc((size_t)nr + 1, sizeof(*chunks));
	uint32_t i;

	if (!chunks)
		return NULL;
	for (i = 0; i < nr; i++) {
		struct repo_place place = repo_backup_place(b, i);

		chunks[i] = (struct range_chunk){
			.pack = place.pack,
			.offset = place.offset,
			.bytes = place.bytes,
			.index = i,
		};
	}
	ranges_sort(chunks, nr);
	return chunks;
}

struct range ranges_next(const struct range_chunk *chunks, uint32_t nr,
			 uint32_t first, uint32_t most)
{
	const struct range_chunk *c = &chunks[first];
	struct range r = { .pack = c->pack,
			   .offset = c->offset,
			   .bytes = c->bytes,
			   .first = first,
			   .nr = 1 };
	uint32_t end = c->offset + c->bytes;

	while (++c < chunks + nr && c->pack == r.pack) {
		/* Places may overlap, and be the same. */
		uint32_t last = c->offset + c->bytes;

		if (last < end)
			last = end;
		if ((c->offset > end && c->offset - end > GAP_MAX) ||
		    last - r.offset > most)
			break;
		end = last;
		r.nr++;
	}
	r.bytes = end - r.offset;
	return r;
}
