/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * platform.h - what an OS that was frozen elsewhere must find here again
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <osti/image.h>

#include "context.h"

/*
 * A hash of all that the slot's OS learned of the device and cannot learn anew:
 * board, CPUs and their features, counter, addresses of devices, its PCI
 * functions. Two devices with the same one can resume each other's images;
 * docs/image-format.md has the list.
 */
void platform_fingerprint(const struct context *slot,
			  uint8_t out[OSTI_IMAGE_HASH]);

#endif /* PLATFORM_H */
