/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch_back.h - what the monitor tells of the way back of a switch
 */
#ifndef SWITCHD_SWITCH_BACK_H
#define SWITCHD_SWITCH_BACK_H

#include <stdint.h>

#include "daemon/device.h"
#include "daemon/switcher.h"

/*
 * When the monitor gave the CPU back to this OS, on CLOCK_BOOTTIME in microseconds.
 * The phase marks tell how long ago that was; without them it counts as now.
 */
uint64_t switch_back_time(struct device *device);

/* Which image was it? For people only: that it is not known does no harm. */
void switch_back_image(struct device *device, struct switcher_result *result);

#endif /* SWITCHD_SWITCH_BACK_H */
