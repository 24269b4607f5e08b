// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device is, and why the boot manager was entered
 */

#include <common.h>
#include <asm/system.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/device.h>
#include <osti/bm/error.h>

static bool monitor_present(void)
{
	struct osti_regs regs;

	/* The monitor has EL2, so whoever is called from there is another. */
	if (current_el() != 1)
		return false;
	osti_call(OSTI_CALL_UID, 0, 0, 0, &regs);

	return (u32)regs.x[0] == OSTI_UID_0 && (u32)regs.x[1] == OSTI_UID_1 &&
	       (u32)regs.x[2] == OSTI_UID_2 && (u32)regs.x[3] == OSTI_UID_3;
}

int osti_device_get(struct osti_device *dev)
{
	struct osti_regs regs;
	s64 status;

	if (!monitor_present()) {
		osti_error("no switch monitor: this U-Boot was not started by one; start the device from its firmware image");
		return -ENODEV;
	}
	osti_call(OSTI_CALL_REVISION, 0, 0, 0, &regs);
	dev->major = regs.x[0];
	dev->minor = regs.x[1];
	if (dev->major != OSTI_ABI_MAJOR) {
		osti_error("the switch monitor speaks version %u.%u, this boot manager %u.%u: build both from the same source",
			   dev->major, dev->minor, OSTI_ABI_MAJOR,
			   OSTI_ABI_MINOR);
		return -EPROTO;
	}
	status = osti_call(OSTI_CALL_INFO, 0, 0, 0, &regs);
	if (status) {
		osti_call_refused("describe the device", NULL, status);
		return -EPROTO;
	}
	dev->nr_slots = regs.x[2];
	dev->nr_cpus = regs.x[3];
	dev->hz = regs.x[6];
	if (regs.x[1] != OSTI_CONTEXT_BM || !dev->nr_slots ||
	    dev->nr_slots > OSTI_MAX_SLOTS || !dev->nr_cpus ||
	    dev->nr_cpus > OSTI_MAX_CPUS || !dev->hz) {
		osti_error("the switch monitor describes an impossible device: context %llu, %u slots, %u CPUs, %llu Hz",
			   regs.x[1], dev->nr_slots, dev->nr_cpus, dev->hz);
		return -EPROTO;
	}

	return 0;
}

int osti_device_reason(struct osti_reason *reason)
{
	struct osti_regs regs;
	s64 status = osti_call(OSTI_CALL_BM_REASON, 0, 0, 0, &regs);

	if (status)
		return osti_call_refused("tell why the boot manager runs", NULL,
				    status);
	reason->why = regs.x[1];
	reason->slot = regs.x[2];
	reason->last = regs.x[3];
	reason->request = regs.x[4];

	return 0;
}
