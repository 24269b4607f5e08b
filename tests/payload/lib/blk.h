/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blk.h - sectors of a virtio disk, one at a time
 */
#ifndef PAYLOAD_BLK_H
#define PAYLOAD_BLK_H

#include <stdbool.h>
#include <stdint.h>

#define BLK_SECTOR	512

/* What the device says of a request, or that it says nothing. */
#define BLK_OK		0
#define BLK_ERROR	1
#define BLK_SILENT	0xff

/* Does configuration space show anything at 00:dev.0? */
bool blk_is_there(unsigned int dev);
/*
 * Read or write a sector of the disk 00:dev.0, which is reset before. Returns
 * BLK_*; a function that is not there fails the test.
 */
unsigned int blk_move(unsigned int dev, bool write, uint64_t sector,
		      uint8_t data[BLK_SECTOR]);

#endif /* PAYLOAD_BLK_H */
