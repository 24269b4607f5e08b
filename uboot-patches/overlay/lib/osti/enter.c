// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enter a slot in the way that it needs
 */

#include <common.h>
#include <osti/abi.h>
#include <osti/bm/enter.h>
#include <osti/bm/error.h>
#include <osti/bm/resume.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/start.h>

int osti_enter(const struct osti_device *dev, u32 nr)
{
	struct osti_saved saved;
	struct osti_slot slot;
	int ret;

	ret = osti_slots_get(nr, &slot);
	if (ret)
		return ret;
	if (slot.state == OSTI_SLOT_FROZEN)
		return osti_resume(&slot);
	ret = osti_saved_get(&slot, &saved);
	if (ret)
		return ret;
	if (saved.state == OSTI_SAVED_NONE)
		return osti_start(dev, &slot, OSTI_CONSENT_NONE);
	if (saved.retired) {
		osti_error("slot %u (%s) was pushed and lives elsewhere: what is here is old as soon as it runs there",
			   slot.nr, slot.name);
		return -EREMOTE;
	}

	return osti_resume_image(dev, &slot);
}
