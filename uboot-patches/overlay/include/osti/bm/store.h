/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/store.h - the store disk
 */
#ifndef _OSTI_BM_STORE_H
#define _OSTI_BM_STORE_H

#include <linux/types.h>

struct osti_slot;
struct udevice;

/**
 * struct osti_store - a slot's partition of the store disk
 * @blk:	the disk
 * @start:	first sector of the partition
 * @area_bytes:	size of each of its two areas, a multiple of OSTI_STORE_UNIT
 */
struct osti_store {
	struct udevice *blk;
	u64 start;
	u64 area_bytes;
};

/* Reads and writes of the store begin and end at multiples of this. */
#define OSTI_STORE_UNIT	4096

/* Name of an area of the store, for messages. */
#define OSTI_AREA_NAME(area)	('A' + (int)(area))

/**
 * osti_store_open() - find a slot's partition of the store disk
 * @slot:	the slot; its partition has its name
 * @store:	result
 * Return: 0, -ENODEV (no store disk), -EMEDIUMTYPE (it has no good GPT),
 * -ENOENT (no such partition), -EPERM (one of another type), -ERANGE (it
 * cannot be as the table says), or as osti_store_read(); prints nothing
 */
int osti_store_open(const struct osti_slot *slot, struct osti_store *store);

/**
 * osti_store_open_boot() - find a slot's partition for boot images
 * @slot:	the slot; its partition is called as the slot, with ".boot" behind
 * @store:	result
 * Return: as osti_store_open(); prints nothing
 */
int osti_store_open_boot(const struct osti_slot *slot,
			 struct osti_store *store);

/**
 * osti_store_explain() - print why a slot's partition of the store is not there
 * @slot:	the slot
 * @err:	what osti_store_open() returned
 * Return: @err
 */
int osti_store_explain(const struct osti_slot *slot, int err);

/**
 * osti_store_read() - read from an area
 * @store:	the partition
 * @area:	which, 0 or 1
 * @offset:	offset in the area, a multiple of OSTI_STORE_UNIT
 * @buf:	result
 * @bytes:	how much, a multiple of OSTI_STORE_UNIT
 * Return: 0, -ENOSPC (outside of the area), -EIO, -ETIMEDOUT (it does not
 * answer, and is not asked again), -ECANCELED (neither, by Esc); prints nothing
 */
int osti_store_read(const struct osti_store *store, u32 area, u64 offset,
		    void *buf, u64 bytes);

/**
 * osti_store_write() - write to an area
 * @store:	the partition
 * @area:	which, 0 or 1
 * @offset:	offset in the area, a multiple of OSTI_STORE_UNIT
 * @buf:	what
 * @bytes:	how much, a multiple of OSTI_STORE_UNIT
 *
 * It is safe after osti_store_flush() only.
 *
 * Return: as osti_store_read(); prints nothing
 */
int osti_store_write(const struct osti_store *store, u32 area, u64 offset,
		     const void *buf, u64 bytes);

/**
 * osti_store_flush() - wait until all that was written is safe
 * @store:	a partition; all of its disk is meant
 * Return: 0 or negative errno; prints nothing
 */
int osti_store_flush(const struct osti_store *store);

/**
 * osti_store_clear() - make that no image is found in an area
 * @store:	the partition
 * @area:	which, 0 or 1
 * Return: 0 when it is so on the disk, else negative errno; prints nothing
 */
int osti_store_clear(const struct osti_store *store, u32 area);

#endif /* _OSTI_BM_STORE_H */
