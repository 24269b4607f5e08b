/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image_device.h - an image that comes from the monitor, or goes to it
 *
 * Over the descriptor of one transfer, OSTI_BACKUP_OPEN; the slot and, of an
 * import, the header are part of it already.
 */
#ifndef IMAGE_DEVICE_H
#define IMAGE_DEVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backup/image_sink.h"
#include "backup/image_source.h"
#include "common/fault.h"

struct image_device {
	struct image_source
		source; /* for an export, after image_device_scan() */
	struct image_sink sink; /* for an import */
	struct image_disk disk; /* of both */
	bool import; /* the disk is to be written */
	int fd; /* -1: was closed */
	uint64_t pages; /* of the slot, that are not zero */
	uint8_t *table;
	atomic_uint reason; /* why the monitor refused, -OSTI_IMAGE_E_*, or 0 */
};

/* The descriptor becomes the device's. */
void image_device_init(struct image_device *device, int fd, bool import);
/* Closes the descriptor: a transfer that was not committed never was. */
void image_device_close(struct image_device *device);

/*
 * Export: looks at all pages of the slot, so that the source is ready. @looked,
 * if not NULL, is told the pages looked at so far.
 * Return: 0, or a negative errno as image_source.h has them, or -ENOMEM.
 */
int image_device_scan(struct image_device *device,
		      void (*looked)(uint64_t pages, void *data), void *data);

/* For what else has such a transfer; errors as those of the source: */
/* Keeps why a call was refused; returns its error. */
int image_device_refused(struct image_device *device, int error,
			 uint32_t reason);
/* Hands table and sealed manifest over, of @bytes, and has them opened. */
int image_device_give(struct image_device *device, const uint8_t *buf,
		      size_t bytes);
/* What is sealed, in memory that the caller free()s; as seal(). */
int image_device_head(struct image_device *device, uint8_t **head,
		      size_t *bytes);

/*
 * What an error of source or sink means, for people, without a full stop. It may
 * point into a static text of strerror().
 */
const char *image_device_text(const struct image_device *device, int error);

/* Adds to a fault why the monitor refused something, if it did. */
void image_device_explain(const struct image_device *device,
			  struct fault *fault);

#endif /* IMAGE_DEVICE_H */
