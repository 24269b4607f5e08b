// SPDX-License-Identifier: GPL-2.0-only
/*
 * A slot goes on: one that is frozen, or from its image
 */

#include <common.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/leave.h>
#include <osti/bm/restore.h>
#include <osti/bm/resume.h>
#include <osti/bm/slots.h>

static int enter_frozen(const struct osti_slot *slot)
{
	struct osti_regs regs;
	s64 status;

	osti_leave_quiesce();
	status = osti_call(OSTI_CALL_SLOT_RESUME, slot->nr, 0, 0, &regs);

	return osti_call_refused("resume it", slot, status);
}

int osti_resume(const struct osti_slot *slot)
{
	printf("osti: resuming slot %u (%s)\n", slot->nr, slot->name);

	return enter_frozen(slot);
}

int osti_resume_image(const struct osti_device *dev,
		      const struct osti_slot *slot)
{
	int ret = osti_restore(dev, slot);

	if (ret)
		return ret;
	printf("osti: entering slot %u (%s)\n", slot->nr, slot->name);

	return enter_frozen(slot);
}
