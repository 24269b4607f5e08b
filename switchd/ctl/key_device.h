/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key_device.h - the device, for commands that ask it for a key of this slot
 */
#ifndef SWITCHCTL_KEY_DEVICE_H
#define SWITCHCTL_KEY_DEVICE_H

#include "common/fault.h"
#include "ctl/options.h"
#include "daemon/device.h"

/*
 * Opens it, after nobody can look into this process any more. what is the key, as
 * in "the recovery key". Return: 0 and *ret, to be closed with device_close(), or
 * -1 and the fault.
 */
int key_device_open(const struct options *options, const char *what,
		    struct device **ret, struct fault *fault);

/* The fault for an errno with which the device refused a key. */
void key_device_refused(struct fault *fault, const char *what, int r);

#endif /* SWITCHCTL_KEY_DEVICE_H */
