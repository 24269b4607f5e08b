/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manifest.h - a manifest in plain text with its table, to be made wrong
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "fixture.h"

/* Parts of an image; the tests change them as they like. */
struct manifest {
	struct fixture f;
	uint8_t *plain;
	size_t bytes;
	uint8_t *bitmap;		/* in plain */
	uint8_t *table;
	uint32_t chunks;
	uint64_t chunks_bytes;
};

extern struct manifest manifest;

/*
 * For cmocka. 18 MiB with 100 noisy pages, a gap, 3 pages, then 20 at the next
 * segment's begin; all chunks are raw.
 */
int manifest_setup(void **state);
int manifest_teardown(void **state);

/* What image_manifest_parse() says of exact copies. */
int manifest_parse(void);
/* What a whole import says, with good keys around it. */
int manifest_import(void);

/* More zeroes at the end of the plain text. */
void manifest_grow(size_t more);
/* Another entry, all zero, in table and layout. */
void manifest_add_chunk(void);

/* The entries of a chunk. */
uint8_t *manifest_table(uint32_t index);
uint8_t *manifest_layout(uint32_t index);

/* Say that a chunk is raw and has that many pages; the sum follows. */
void manifest_set_pages(uint32_t index, uint8_t pages);

#endif /* MANIFEST_H */
