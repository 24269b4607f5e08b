// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl disk-key: the key of this slot's private disk, for who opens the disk
 *
 * 64 bytes, for a pipe to cryptsetup. switchd is not asked, as for the recovery
 * key; it need not even run yet.
 */
#include "ctl/commands.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <osti/ioctl.h>

#include "common/util.h"
#include "ctl/key_device.h"

#define WHAT "the disk key"

static int read_and_write(struct device *device, struct fault *fault)
{
	struct osti_ioc_disk_key key;
	int r = device_disk_key(device, &key);

	if (r == -EACCES) {
		fault_set(
			fault, FAULT_DENIED,
			"the statement by which this system was started does not allow it to have the disk key; sign one with osti-sign make --disk-key");
		return -1;
	}
	if (r < 0) {
		key_device_refused(fault, WHAT, r);
		return -1;
	}
	r = util_write(STDOUT_FILENO, key.key, sizeof(key.key));
	explicit_bzero(&key, sizeof(key));
	if (r == 0)
		return 0;
	fault_set(fault, FAULT_FAILED, "writing the key: %s", strerror(-r));
	return -1;
}

int command_disk_key(const struct options *options, struct fault *fault)
{
	struct device *device;
	int r;

	if (isatty(STDOUT_FILENO)) {
		fault_set(
			fault, FAULT_FAILED,
			"the disk key is no text for a terminal; it is for a pipe, as to cryptsetup --key-file=-");
		return -1;
	}
	if (key_device_open(options, WHAT, &device, fault) < 0)
		return -1;
	r = read_and_write(device, fault);
	device_close(device);
	return r;
}
