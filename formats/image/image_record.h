/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_record.h - the resume record: what a frozen slot is besides its memory
 *
 * The monitor writes it and believes it again by its id (image_frame.h); the
 * image engine seals it into the manifest without looking at it.
 */
#ifndef IMAGE_RECORD_H
#define IMAGE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include <osti/image.h>

/* Something that belongs to an image and is kept elsewhere. */
struct image_attachment {
	uint32_t kind;			/* not 0 */
	uint64_t bytes;
	uint8_t digest[OSTI_IMAGE_HASH];
};

struct image_record {
	uint64_t partition_bytes;
	uint64_t entry;
	uint64_t arg;
	uint64_t frozen_at;
	uint64_t counter;
	uint64_t start;			/* version of the start statement, or 0 */
	uint32_t cpu;
	uint16_t kind;			/* OSTI_IMAGE_LOCAL or _COPY */
	uint16_t flags;			/* OSTI_IMAGE_F_* */
	uint8_t platform[OSTI_IMAGE_HASH];
	uint32_t attachments;
	struct image_attachment attachment[OSTI_IMAGE_ATTACHMENTS_MAX];
	const uint8_t *gic;		/* gic_bytes, in a buffer of the caller */
	uint32_t gic_bytes;
};

/* Is that a size that a partition can have? */
int image_partition_ok(uint64_t bytes);

/*
 * Write at most OSTI_IMAGE_RECORD_MAX bytes, always a multiple of 8; returns how
 * many, or 0 when image_record_parse() would not take it.
 */
size_t image_record_write(const struct image_record *record, uint8_t *out);

/*
 * Check everything that can be checked in a record of that many bytes, and read
 * it. record->gic points into @in.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_RECORD (too short, too long, something
 * that must be zero is not, a flag that is not known, an attachment without
 * kind), _SIZE (no size of a partition), _RESUME, _GIC, _KIND.
 */
int image_record_parse(const uint8_t *in, size_t bytes,
		       struct image_record *record);

/*
 * Does it fit where it shall be resumed? platform has OSTI_IMAGE_HASH bytes.
 * Returns OSTI_IMAGE_OK or OSTI_IMAGE_E_PARTITION, _PLATFORM.
 */
int image_record_match(const struct image_record *record,
		       uint64_t partition_bytes, const uint8_t *platform);

#endif /* IMAGE_RECORD_H */
