/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/kept.h - boot images that an operating system installed
 *
 * They lie in the store, two for a slot at most (osti/bootimage.h). What their
 * headers say decides what is tried first, no more: what starts is the monitor's
 * to say.
 */
#ifndef _OSTI_BM_KEPT_H
#define _OSTI_BM_KEPT_H

#include <linux/types.h>
#include <osti/bootimage.h>
#include <osti/bm/store.h>

struct osti_device;
struct osti_fit;
struct osti_slot;

/**
 * struct osti_kept_area - what an area's header tells
 * @state:	OSTI_BOOT_*, or 0: there is no image
 * @version:	version of its start statement
 * @bytes:	of the image; it fits the area
 * @tries:	how often it is started before somebody has to call it good
 */
struct osti_kept_area {
	u64 state;
	u64 version;
	u64 bytes;
	u64 tries;
};

/**
 * struct osti_kept - the boot images of a slot
 * @store:	its boot partition
 * @area:	what lies there
 */
struct osti_kept {
	struct osti_store store;
	struct osti_kept_area area[OSTI_BOOT_AREAS];
};

/**
 * osti_kept_get() - read which boot images of a slot the store has
 * @slot:	the slot
 * @kept:	result
 *
 * A header that is none, or not whole, is no image.
 *
 * Return: 0, or as osti_store_open_boot(); prints nothing
 */
int osti_kept_get(const struct osti_slot *slot, struct osti_kept *kept);

/**
 * osti_kept_describe() - what an area's header begins with
 * @area:	which has an image
 * @to:		40 bytes, from OSTI_BOOT_A_MAGIC to OSTI_BOOT_A_TRIES
 */
void osti_kept_describe(const struct osti_kept_area *area, u8 *to);

/**
 * osti_kept_put() - write the header of an area, in one sector
 * @kept:	the boot images; of the area all is as it shall be
 * @area:	which
 * Return: 0 when it is safe, or as osti_store_write(); prints nothing
 */
int osti_kept_put(const struct osti_kept *kept, u32 area);

/**
 * osti_kept_next() - choose what a slot is started by
 * @kept:	its boot images
 * @tried:	bit n: not area n
 *
 * The latest version on trial that has tries left, else the latest that is good.
 *
 * Return: the area, or -ENOENT
 */
int osti_kept_next(const struct osti_kept *kept, u32 tried);

/**
 * osti_kept_spare() - choose where a new image goes
 * @kept:	the boot images
 *
 * Never where the latest that is good lies.
 *
 * Return: the area
 */
u32 osti_kept_spare(const struct osti_kept *kept);

/**
 * osti_kept_load() - read a boot image
 * @slot:	the slot
 * @kept:	its boot images
 * @area:	which
 * @img:	result, as of osti_fit_parse()
 * Return: 0 or negative errno
 */
int osti_kept_load(const struct osti_slot *slot, const struct osti_kept *kept,
		   u32 area, struct osti_fit *img);

/**
 * osti_kept_use() - note that a boot image is about to be started
 * @slot:	the slot
 * @kept:	its boot images; result: one on trial has a try less
 * @area:	which
 * Return: 0 when that is safe, or negative errno: it must not be started
 */
int osti_kept_use(const struct osti_slot *slot, struct osti_kept *kept,
		  u32 area);

/**
 * osti_kept_give_up() - what is on trial and cannot be started is bad
 * @slot:	the slot
 * @kept:	its boot images
 * @area:	which
 */
void osti_kept_give_up(const struct osti_slot *slot, struct osti_kept *kept,
		       u32 area);

/**
 * osti_kept_tries_over() - will the next start of a slot go back?
 * @slot:	the slot
 * Return: true if the tries of a boot image are over, and that was not noted yet
 */
bool osti_kept_tries_over(const struct osti_slot *slot);

/**
 * osti_kept_end_trials() - those whose tries are over are bad from now on
 * @slot:	the slot
 * @kept:	its boot images
 */
void osti_kept_end_trials(const struct osti_slot *slot,
			  struct osti_kept *kept);

/**
 * osti_kept_settle() - those that somebody called good are good from now on
 * @dev:	the device
 *
 * The monitor tells: by its NV memory, which has the least version that a slot
 * accepts, or by its events, since power-on.
 *
 * Return: 0 or -EIO (from the monitor; a store that is of no use is told elsewhere)
 */
int osti_kept_settle(const struct osti_device *dev);

#endif /* _OSTI_BM_KEPT_H */
