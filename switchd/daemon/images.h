/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * images.h - which slot has an image
 */
#ifndef SWITCHD_IMAGES_H
#define SWITCHD_IMAGES_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/ioctl.h>

#include "common/fault.h"
#include "daemon/device.h"

/*
 * Asks the monitor. Return: 0, or -1 and the fault: FAULT_NOT_SUPPORTED (this
 * device has no images), FAULT_DEVICE.
 */
int images_load(struct device *device, uint32_t slot,
		struct osti_ioc_image *ret, struct fault *fault);

/* May a slot go on from it, by itself or because a person wants it? */
bool images_resumable(const struct osti_ioc_image *image);

/*
 * Refuses a slot that lives elsewhere since it was pushed. Return: 0, or -1 and
 * FAULT_PUSHED.
 */
int images_check(struct device *device, uint32_t slot, const char *name,
		 struct fault *fault);

/*
 * What an image is worth, in a word:
 *
 *	none		there never was one
 *	stored		can be resumed, as far as is known
 *	retired		the same, but its slot lives elsewhere
 *	missing		could be resumed, but is not in the store
 *	refused		is in the store, but was refused
 *	consumed	was resumed, or given up
 */
const char *images_state(const struct osti_ioc_image *image);

#endif /* SWITCHD_IMAGES_H */
