// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of the boot manager: devices stop, or all of the device does
 */

#include <common.h>
#include <sysreset.h>
#include <dm/device.h>
#include <dm/root.h>
#include <osti/bm/error.h>
#include <osti/bm/leave.h>

void osti_leave_quiesce(void)
{
	dm_remove_devices_flags(DM_REMOVE_ACTIVE_ALL);
}

int osti_leave_power_off(void)
{
	int ret;

	puts("osti: power off\n");
	osti_leave_quiesce();
	ret = sysreset_walk(SYSRESET_POWER_OFF);
	osti_error("the device did not switch off (%d): remove its power", ret);

	return -EIO;
}
