/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/slots.h - the slots, one by one and all of them
 */
#ifndef _OSTI_BM_SLOTS_H
#define _OSTI_BM_SLOTS_H

#include <linux/types.h>
#include <osti/abi.h>

struct osti_device;

/**
 * struct osti_slot - a slot, as the monitor describes it
 * @nr:		its number, from 1
 * @state:	OSTI_SLOT_*
 * @bytes:	size of its memory
 * @frozen_at:	counter at its last freeze, 0 if it was not frozen yet
 * @entries:	how often it was started or resumed since power-on
 * @name:	its name, with NUL
 * @least:	least version of a start statement that it accepts, 0 = any
 * @starts:	starts in a row since power-on that nobody called good
 * @version:	version by which what is in it was started, 0 if that is not known
 * @key:	OSTI_KEY_*: where its slot key is from
 */
struct osti_slot {
	u32 nr;
	u32 state;
	u64 bytes;
	u64 frozen_at;
	u64 entries;
	char name[OSTI_NAME_LEN + 1];
	u64 least;
	u64 starts;
	u64 version;
	u32 key;
};

/**
 * osti_slots_get() - ask for a slot
 * @nr:		number of the slot
 * @slot:	result
 * Return: 0 or -EIO
 */
int osti_slots_get(u32 nr, struct osti_slot *slot);

/**
 * osti_slots_next() - go from slot to slot
 * @dev:	the device
 * @slot:	in: the one before, with number 0 for none; result: the next one
 *
 *	struct osti_slot slot = { .nr = 0 };
 *
 *	while ((ret = osti_slots_next(dev, &slot)) > 0)
 *		...
 *
 * Return: 1, 0 (that was the last one), -EIO
 */
int osti_slots_next(const struct osti_device *dev, struct osti_slot *slot);

/**
 * osti_slots_find() - find a slot by its number or name
 * @dev:	the device
 * @arg:	decimal number, or name in full
 * @slot:	result
 * Return: 0, -ENOENT (no such slot), -EIO
 */
int osti_slots_find(const struct osti_device *dev, const char *arg,
		    struct osti_slot *slot);

/**
 * osti_slots_frozen() - count the frozen slots
 * @dev:	the device
 * @last:	if not NULL: number of the one frozen last, 0 if none is
 * Return: their number, or -EIO
 */
int osti_slots_frozen(const struct osti_device *dev, u32 *last);

/**
 * osti_slots_longest() - find the slot that was frozen longest
 * @dev:	the device
 * @longest:	result
 * Return: 1, 0 (none is frozen), -EIO
 */
int osti_slots_longest(const struct osti_device *dev,
		       struct osti_slot *longest);

#endif /* _OSTI_BM_SLOTS_H */
