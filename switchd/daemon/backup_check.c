// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_check.c - what cannot go well is refused before it begins
 */
#include "daemon/backup_check.h"

#include <osti/abi.h>

#include "common/names.h"
#include "daemon/images.h"

static int wrong_state(const struct slots *slots, uint32_t slot,
		       const char *advice, struct fault *fault)
{
	fault_set(fault, FAULT_SLOT_STATE, "slot %u (%s) is %s; %s", slot,
		  slots_name(slots, slot),
		  names_slot_state(slots->slot[slot - 1].state), advice);
	return -1;
}

/* What is not in memory may lie in the store. */
static int check_stored(struct device *device, const struct slots *slots,
			uint32_t slot, struct fault *fault)
{
	struct osti_ioc_image image;

	/* Where there is no image that is known, there is none. */
	if (device_image(device, slot, &image) < 0 || !images_resumable(&image))
		return wrong_state(
			slots, slot,
			"only what is frozen in memory, or hibernated, can be saved: switch to it and back",
			fault);
	return images_check(device, slot, slots_name(slots, slot), fault);
}

int backup_check(struct device *device, const struct slots *slots,
		 const struct backup_request *request, struct fault *fault)
{
	uint32_t slot = request->slot;
	uint32_t state = slot ? slots->slot[slot - 1].state : 0;

	switch (request->op) {
	case JOB_BACKUP:
	case JOB_PUSH:
		if (slot == slots->own)
			return wrong_state(
				slots, slot,
				"an OS is saved while it is frozen: switch to another slot and do it from there",
				fault);
		if (state == OSTI_SLOT_EMPTY)
			return check_stored(device, slots, slot, fault);
		if (state != OSTI_SLOT_FROZEN)
			return wrong_state(
				slots, slot,
				"only what is frozen in memory, or hibernated, can be saved: switch to it and back",
				fault);
		return 0;
	case JOB_RESTORE:
		if (slot == slots->own)
			return wrong_state(
				slots, slot,
				"bring it in from another slot, while this one is hibernated",
				fault);
		if (state != OSTI_SLOT_EMPTY)
			return wrong_state(
				slots, slot,
				"hibernate it first, so that nothing of it is lost before the copy is in ('switchctl hibernate')",
				fault);
		return 0;
	default:
		return 0;
	}
}
