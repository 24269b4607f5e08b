/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * good.h - tells the monitor that this start was good, some time after it
 *
 * Starts that nobody calls good end in the boot menu after a few of them. With
 * it goes which versions this slot accepts no more: those below its own.
 */
#ifndef SWITCHD_GOOD_H
#define SWITCHD_GOOD_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "common/fault.h"
#include "daemon/device.h"
#include "daemon/slots.h"

struct good;

struct good_result {
	uint64_t version; /* by which this OS was started, 0 = not known */
	uint64_t least_version; /* that this slot accepts now, 0 = any */
};

/*
 * Says it now; raise: and that older versions than this one are accepted no
 * more.
 * Return: 0 and *ret, or -1 and the fault: FAULT_NO_VERSION, FAULT_NO_NV (after
 * both the start counts as good, but nothing was raised), FAULT_DEVICE.
 */
int good_mark(struct device *device, bool raise, struct good_result *ret,
	      struct fault *fault);

/*
 * Says it after_usec from now, in which this OS runs; not if somebody does
 * so before, or did already for this start. 0: never. device stays the
 * caller's; slots are what it told.
 * Return: 0 and *ret, which the caller ends with good_free(), or negative
 * errno.
 */
int good_new(sd_event *event, struct device *device, const struct slots *slots,
	     uint64_t after_usec, bool raise, struct good **ret);
void good_free(struct good *good); /* NULL is allowed */

#endif /* SWITCHD_GOOD_H */
