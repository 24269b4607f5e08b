/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export.h - memory becomes an image
 */
#ifndef EXPORT_H
#define EXPORT_H

#include "file.h"
#include "image_build.h"
#include "image_header.h"

struct export_result {
	uint64_t bytes;		/* of the image */
	uint64_t pages;
	uint32_t chunks;
};

/*
 * Write the image of ram, which is info->partition_bytes long, to out. Of
 * *header identity and saved_at are used. What image_build_begin() refuses is
 * *refusal, an OSTI_IMAGE_E_*.
 *
 * Returns 0 or a negative errno; -EINVAL only with *refusal.
 */
int export_image(const struct image_keys *keys, const struct image_header *header,
		 const struct image_info *info, const uint8_t *ram,
		 const struct file *out, unsigned int threads,
		 struct export_result *result, int *refusal);

#endif /* EXPORT_H */
