/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixture.h - whole images in memory, made and read the way that monitor and
 * image engine do it
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "test.h"

#include "image_build.h"
#include "image_chunk.h"
#include "image_frame.h"
#include "image_seal.h"

#define MIB		0x100000
#define PAGE		OSTI_IMAGE_PAGE

/* An image, and what it was made of. */
struct fixture {
	uint8_t root[OSTI_IMAGE_HASH];
	struct image_keys keys;
	struct image_frame_keys frame;
	struct image_identity identity;
	uint64_t saved_at;
	struct image_record record;
	struct image_packing packing;
	uint8_t *ram;
	uint8_t *file;
	size_t bytes;
};

/* An image that was read. The manifest is a view of plain and table. */
struct fixture_image {
	struct image_header header;
	struct image_record record;
	struct image_manifest m;
	uint8_t *plain;
	uint8_t *table;
};

/*
 * Fill in everything with something; ram is zeroed and owned by the fixture.
 * Change what the test wants before fixture_pack().
 */
void fixture_init(struct fixture *f, uint64_t partition_bytes);
void fixture_free(struct fixture *f);

/* Derive keys and device id again after root or name changed. */
void fixture_rekey(struct fixture *f);

/* Make f->file of f->ram. */
void fixture_pack(struct fixture *f);

/* Offset of a chunk in f->file, and its entry. */
size_t fixture_chunk(const struct fixture *f, uint32_t index,
		     struct image_chunk *chunk);

/* Only header, table and manifest. Results as those of fixture_import(). */
int fixture_open(const struct fixture *f, struct fixture_image *image);

/*
 * Import f->file: f says whose image is wanted, where to, and with which key.
 * Returns the first error, or OSTI_IMAGE_OK with the pages in ram (zeroed, of
 * f->record.partition_bytes). The image is to be closed in any case.
 */
int fixture_import(const struct fixture *f, uint8_t *ram,
		   struct fixture_image *image);
void fixture_close(struct fixture_image *image);

/* Only the error; the rest is thrown away. */
int fixture_refusal(const struct fixture *f);

/*
 * Write the header of f->file anew with a good MAC: for what only the monitor
 * itself could write.
 */
void fixture_reframe(struct fixture *f, const struct image_header *header);

/*
 * Replace everything in f->file: plain and table are sealed with good keys, and
 * a header with a good MAC says chunks_bytes; zeroes follow instead of chunks.
 * For what library and monitor themselves would never write.
 */
void fixture_reseal(struct fixture *f, const uint8_t *plain, size_t bytes,
		    const uint8_t *table, uint32_t chunks,
		    uint64_t chunks_bytes);

/* Fill with bytes that nothing compresses; seed is not 0. */
void fixture_noise(uint8_t *to, size_t bytes, uint64_t seed);
/* Fill with what compresses to about a third. */
void fixture_text(uint8_t *to, size_t bytes, uint64_t seed);

#endif /* FIXTURE_H */
