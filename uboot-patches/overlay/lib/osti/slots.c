// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots, one by one and all of them
 */

#include <common.h>
#include <vsprintf.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/device.h>
#include <osti/bm/error.h>
#include <osti/bm/slots.h>

int osti_slots_get(u32 nr, struct osti_slot *slot)
{
	struct osti_regs regs;
	s64 status = osti_call(OSTI_CALL_SLOT_INFO, nr, 0, 0, &regs);
	int i;

	slot->nr = nr;
	strcpy(slot->name, "?");
	if (status)
		return osti_call_refused("describe it", slot, status);
	slot->state = regs.x[1];
	slot->bytes = regs.x[2];
	slot->frozen_at = regs.x[3];
	slot->entries = regs.x[4];
	for (i = 0; i < OSTI_NAME_LEN; i++)
		slot->name[i] = regs.x[5 + i / 8] >> (8 * (i % 8));
	slot->name[OSTI_NAME_LEN] = '\0';
	slot->least = regs.x[7];
	slot->starts = regs.x[8];
	slot->version = regs.x[9];
	slot->key = regs.x[10];

	return 0;
}

int osti_slots_next(const struct osti_device *dev, struct osti_slot *slot)
{
	int ret;

	if (slot->nr >= dev->nr_slots)
		return 0;
	ret = osti_slots_get(slot->nr + 1, slot);

	return ret ? ret : 1;
}

int osti_slots_find(const struct osti_device *dev, const char *arg,
		    struct osti_slot *slot)
{
	char *end;
	ulong nr = dectoul(arg, &end);
	int ret;

	if (end != arg && !*end && nr >= 1 && nr <= dev->nr_slots)
		return osti_slots_get(nr, slot);
	slot->nr = 0;
	while ((ret = osti_slots_next(dev, slot)) > 0) {
		if (!strcmp(arg, slot->name))
			return 0;
	}
	if (ret)
		return ret;
	osti_error("no slot \"%s\": give a number from 1 to %u, or a name that \"osti list\" shows",
		   arg, dev->nr_slots);

	return -ENOENT;
}

int osti_slots_frozen(const struct osti_device *dev, u32 *last)
{
	struct osti_slot slot = { .nr = 0 };
	u64 newest = 0;
	int count = 0;
	int ret;

	if (last)
		*last = 0;
	while ((ret = osti_slots_next(dev, &slot)) > 0) {
		if (slot.state != OSTI_SLOT_FROZEN)
			continue;
		count++;
		if (last && slot.frozen_at >= newest) {
			newest = slot.frozen_at;
			*last = slot.nr;
		}
	}

	return ret ? ret : count;
}

int osti_slots_longest(const struct osti_device *dev, struct osti_slot *longest)
{
	struct osti_slot slot = { .nr = 0 };
	int ret;

	longest->nr = 0;
	while ((ret = osti_slots_next(dev, &slot)) > 0) {
		if (slot.state == OSTI_SLOT_FROZEN &&
		    (!longest->nr || slot.frozen_at < longest->frozen_at))
			*longest = slot;
	}

	return ret ? ret : longest->nr != 0;
}
