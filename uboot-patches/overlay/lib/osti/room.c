// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for a slot: others go to the store
 */

#include <common.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/error.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/room.h>
#include <osti/bm/slots.h>

int osti_room_make(const struct osti_device *dev, const struct osti_slot *slot)
{
	struct osti_slot longest;
	int ret = osti_slots_longest(dev, &longest);

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
