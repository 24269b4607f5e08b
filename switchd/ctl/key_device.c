// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * key_device.c - the device, for commands that ask it for a key of this slot
 */
#include "ctl/key_device.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

static void open_failed(struct fault *fault, const char *what, const char *path,
			int r)
{
	if (r == -EACCES || r == -EPERM)
		fault_set(fault, FAULT_DENIED, "only root may see %s", what);
	else
		fault_set(fault, FAULT_DEVICE,
			  "cannot open %s: %s; is the module osti loaded?",
			  path, strerror(-r));
}

int key_device_open(const struct options *options, const char *what,
		    struct device **ret, struct fault *fault)
{
	int r;

	/* No core, and nobody who is not root looks into this process. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0) {
		fault_set(fault, FAULT_FAILED, "forbidding a core dump: %s",
			  strerror(errno));
		return -1;
	}
	r = device_open(options->device, ret);
	if (r < 0) {
		open_failed(fault, what, options->device, r);
		return -1;
	}
	return 0;
}

void key_device_refused(struct fault *fault, const char *what, int r)
{
	switch (r) {
	case -EPERM:
		fault_set(fault, FAULT_DENIED,
			  "only root may see %s, with CAP_SYS_ADMIN", what);
		break;
	case -ENODATA:
		fault_set(
			fault, FAULT_NOT_SUPPORTED,
			"this device has no slot keys: it has no NV memory that can be trusted; the monitor has told why on the console at power-on");
		break;
	case -EOPNOTSUPP:
	case -ENOTTY:
		fault_set(
			fault, FAULT_NOT_SUPPORTED,
			"the firmware or the module osti is too old to tell %s; update it",
			what);
		break;
	default:
		fault_set(fault, FAULT_DEVICE, "asking the monitor for %s: %s",
			  what, strerror(-r));
		break;
	}
}
