/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_sink.h - where an image goes that is downloaded
 *
 * The monitor through /dev/osti, or a file. Functions return 0 or a negative
 * errno. -ECANCELED and -ESTALE say that a person switched away; -EBADMSG, that
 * the image is not believed.
 */
#ifndef IMAGE_SINK_H
#define IMAGE_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "backup/image_disk.h"

struct image_sink {
	/* Of the slot, or NULL: there is no place for one. */
	struct image_disk *disk;
	/* The image's header, OSTI_IMAGE_HEADER bytes. */
	int (*begin)(struct image_sink *sink, const uint8_t *header);
	/* Table and sealed manifest. */
	int (*head)(struct image_sink *sink, const uint8_t *buf, size_t bytes);
	/*
	 * Chunk @index, in any order, each once. Called by several threads at
	 * a time; @buf is the callee's no longer than the call.
	 */
	int (*chunk)(struct image_sink *sink, uint32_t index,
		     const uint8_t *buf, size_t bytes);
	/* All chunks came; only verify: nothing of it is kept. */
	int (*check)(struct image_sink *sink);
	/* All chunks came: the image counts now. */
	int (*commit)(struct image_sink *sink);
	/* As if nothing had been; also after an error. */
	void (*abort)(struct image_sink *sink);
};

#endif /* IMAGE_SINK_H */
