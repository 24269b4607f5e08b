/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stored_place.h - where on the store disk an image lies that hibernated there
 *
 * docs/boot-manager.md, "The store". Nothing there is trusted: what is found is at
 * most the wrong image, which the monitor does not believe.
 */
#ifndef STORED_PLACE_H
#define STORED_PLACE_H

#include <stdint.h>

#include <osti/image.h>

#include "backup/stored_disk.h"
#include "common/fault.h"
#include "image_header.h"

struct stored_place {
	uint64_t offset; /* of the image, on the disk; all of it lies there */
	uint8_t raw[OSTI_IMAGE_HEADER];
	struct image_header header; /* the same, read */
};

/*
 * The image of that generation of the slot with that number and name.
 * Return: 0, or -1 and the fault, FAULT_DEVICE or FAULT_INTERRUPTED.
 */
int stored_place_find(struct stored_disk *disk, uint32_t slot, const char *name,
		      uint64_t generation, struct stored_place *place,
		      struct fault *fault);

/* How the errno of a read of the store is told. Always -1. */
int stored_place_failed(int error, struct fault *fault);

#endif /* STORED_PLACE_H */
