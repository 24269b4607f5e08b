/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shelf.h - a store disk with an image, as the boot manager leaves it
 */
#ifndef SHELF_H
#define SHELF_H

#include <stddef.h>
#include <stdint.h>

/* Offsets of the first partition table and of its entries. */
#define SHELF_TABLE	512
#define SHELF_ENTRIES	1024
#define SHELF_ENTRY	128

struct shelf {
	uint8_t *bytes;
	size_t size;
	size_t partition;	/* of the slot: its offset, and its bytes */
	size_t partition_bytes;
	size_t image;		/* offset of the image */
};

/*
 * A disk with two partitions, the second of which has that name and, in area 0 or
 * 1, the image.
 */
void shelf_make(struct shelf *s, const char *name, const uint8_t *image,
		size_t bytes, unsigned int area);
void shelf_free(struct shelf *s);

#endif /* SHELF_H */
