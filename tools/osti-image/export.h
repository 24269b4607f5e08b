/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export.h - memory becomes an image
 */
#ifndef EXPORT_H
#define EXPORT_H

#include "file.h"
#include "image_chunk.h"
#include "image_header.h"
#include "image_record.h"
#include "keyfile.h"

/* What shall be made. */
struct export {
	struct image_identity identity;
	uint64_t saved_at;
	struct image_record record;
	const uint8_t *ram;		/* record.partition_bytes of it */
	struct image_packing packing;
	unsigned int threads;
};

struct export_result {
	uint64_t bytes;			/* of the image */
	uint64_t pages;
	uint32_t chunks;
};

/*
 * Write an image to out. What the format does not take is *refusal, an
 * OSTI_IMAGE_E_*.
 *
 * Returns 0 or a negative errno; -EINVAL only with *refusal.
 */
int export_image(const struct keyring *keys, const struct export *what,
		 const struct file *out, struct export_result *result,
		 int *refusal);

#endif /* EXPORT_H */
