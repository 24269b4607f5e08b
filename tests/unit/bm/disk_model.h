/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk_model.h - the store: a disk in memory with a cache for what is written
 *
 * What is in the cache when power goes may have reached the medium or not, each
 * sector for itself, in any order.
 */
#ifndef BM_DISK_MODEL_H
#define BM_DISK_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define DISK_SECTOR		512
/* A partition for each slot, two areas in each; then those for boot images. */
#define DISK_SLOTS		2
#define DISK_AREA		0x60000
#define DISK_FIRST		64
#define DISK_PARTITION		(2 * DISK_AREA / DISK_SECTOR)
#define DISK_BOOT_AREA		0x4000
#define DISK_BOOT_FIRST		(DISK_FIRST + DISK_SLOTS * DISK_PARTITION)
#define DISK_BOOT_PARTITION	(2 * DISK_BOOT_AREA / DISK_SECTOR)
#define DISK_SECTORS \
	(DISK_BOOT_FIRST + DISK_SLOTS * DISK_BOOT_PARTITION)
#define DISK_BYTES		(DISK_SECTORS * DISK_SECTOR)

struct disk {
	uint8_t now[DISK_BYTES];	/* what a read gives */
	uint8_t medium[DISK_BYTES];	/* what stays without power */
	bool cached[DISK_SECTORS];	/* not on the medium yet */
	/* Script: this write or flush from now on fails, 0 = none */
	unsigned int fail_at;
	int fail_err;
	/* Record: writes and flushes */
	unsigned int acts;
};

extern struct disk disk;

/*
 * Called when sectors were written, which are in the cache now, or, without any
 * (count 0), when all of it was put on the medium.
 */
extern void (*disk_hook)(uint64_t first, uint64_t count);

/* Power on, with what the medium has. */
void disk_power_on(const uint8_t medium[DISK_BYTES]);
/* Return: sectors, or negative errno */
long disk_read(uint64_t first, uint64_t count, void *buf);
long disk_write(uint64_t first, uint64_t count, const void *buf);
/* Return: 0 or negative errno */
int disk_flush(void);
bool disk_is_flushed(void);

#endif /* BM_DISK_MODEL_H */
