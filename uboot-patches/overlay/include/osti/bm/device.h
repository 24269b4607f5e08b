/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/device.h - the device, and why the boot manager was entered
 */
#ifndef _OSTI_BM_DEVICE_H
#define _OSTI_BM_DEVICE_H

#include <linux/types.h>

/**
 * struct osti_device - the device, as the monitor describes it
 * @major:	major version of the monitor's call interface
 * @minor:	minor version of it
 * @nr_slots:	number of slots, 1 to OSTI_MAX_SLOTS
 * @nr_cpus:	number of CPUs, 1 to OSTI_MAX_CPUS
 * @hz:		frequency of the counter in which the monitor tells times
 */
struct osti_device {
	u32 major;
	u32 minor;
	u32 nr_slots;
	u32 nr_cpus;
	u64 hz;
};

/**
 * struct osti_reason - why the boot manager was entered
 * @why:	OSTI_REASON_*
 * @slot:	the slot that it is about, or 0
 * @last:	the slot that ran last, or 0
 * @request:	OSTI_REQUEST_* | slot << 8, what @slot asks for, or 0
 */
struct osti_reason {
	u32 why;
	u32 slot;
	u32 last;
	u32 request;
};

/* Parts of a request, see OSTI_CALL_TARGET_ARM. */
#define OSTI_REQUEST_OF(request)	((request) & 0xff)
#define OSTI_REQUEST_SLOT(request)	((request) >> 8)

/**
 * osti_device_get() - look for the monitor and ask what the device is
 * @dev:	result
 * Return: 0, -ENODEV (no switch monitor), -EPROTO (one that speaks another
 * version or answers nonsense)
 */
int osti_device_get(struct osti_device *dev);

/**
 * osti_device_reason() - ask why the boot manager was entered
 * @reason:	result
 * Return: 0 or -EIO
 */
int osti_device_reason(struct osti_reason *reason);

#endif /* _OSTI_BM_DEVICE_H */
