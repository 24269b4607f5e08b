/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_source.h - where an image comes from that is uploaded
 *
 * The monitor through /dev/osti, or on other machines the library itself. What
 * it gives is sealed; nobody here can open it.
 *
 * Functions return 0 or a negative errno. -ECANCELED and -ESTALE say that a
 * person wants the slot, or switched away: everybody stops and cleans up, and
 * what was uploaded counts next time.
 */
#ifndef IMAGE_SOURCE_H
#define IMAGE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "backup/image_disk.h"

struct image_source {
	uint32_t chunks;
	/*
	 * Entries as osti/image.h has them. Ids are all there and do not
	 * change; digest and stored bytes may be 0.
	 */
	const uint8_t *table;
	struct image_disk *disk; /* of the slot, or NULL: only its memory */
	/*
	 * The repository has chunk @index, from an image whose table says
	 * @stored and @digest. Not after the first chunk().
	 */
	int (*have)(struct image_source *src, uint32_t index, uint32_t stored,
		    const uint8_t digest[32]);
	/*
	 * Make chunk @index; @room is OSTI_IMAGE_STORED_MAX or more. Called by
	 * several threads at a time, for different chunks. A chunk can be made
	 * again, and one that was had: packs may be gone in the meantime. It is
	 * the same then, or another that seal() knows of.
	 */
	int (*chunk)(struct image_source *src, uint32_t index, uint8_t *buf,
		     size_t room, size_t *bytes);
	/*
	 * All chunks were made or had: header, table and sealed manifest, in
	 * memory that the caller free()s. Called again after chunk() was.
	 */
	int (*seal)(struct image_source *src, uint8_t **head, size_t *bytes);
	/* It is safe elsewhere. */
	int (*commit)(struct image_source *src);
	/* As if nothing had been; also after an error. */
	void (*abort)(struct image_source *src);
};

#endif /* IMAGE_SOURCE_H */
