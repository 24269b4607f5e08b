// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for a slot: others go to the store
 */

#include <common.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/monitor.h>
#include <osti/bm/room.h>

/* Return: number of the slot that was frozen longest, 0 if none is, -EIO */
static int longest_frozen(const struct osti_device *dev,
			  struct osti_slot *longest)
{
	struct osti_slot slot;
	u32 i;

	longest->nr = 0;
	for (i = 1; i <= dev->nr_slots; i++) {
		int ret = osti_slot_get(i, &slot);

		if (ret)
			return ret;
		if (slot.state == OSTI_SLOT_FROZEN &&
		    (!longest->nr || slot.frozen_at < longest->frozen_at))
			*longest = slot;
	}

	return longest->nr;
}

int osti_make_room(const struct osti_device *dev, const struct osti_slot *slot)
{
	struct osti_slot longest;
	int ret = longest_frozen(dev, &longest);

	if (ret < 0)
		return ret;
	if (!ret) {
		osti_error("slot %u (%s): there is no free memory of %llu MiB, and no frozen slot that could make room: restart the device",
			   slot->nr, slot->name, slot->bytes / SZ_1M);
		return -ENOMEM;
	}
	printf("osti: slot %u (%s) has to make room for slot %u (%s)\n",
	       longest.nr, longest.name, slot->nr, slot->name);

	return osti_hibernate(dev, &longest);
}

int osti_hibernate_all(const struct osti_device *dev)
{
	struct osti_slot slot;
	int ret;

	/* The one that was frozen last gets the newest image. */
	while ((ret = longest_frozen(dev, &slot)) > 0) {
		ret = osti_hibernate(dev, &slot);
		if (ret)
			return ret;
	}

	return ret;
}
