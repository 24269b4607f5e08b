/* SPDX-License-Identifier: GPL-2.0-only */
/* image.h - of it, U-Boot's headers of lib/rsa want these: see fdt_host.h */
#ifndef SHIM_IMAGE_H
#define SHIM_IMAGE_H

#include "fdt_host.h"

/* Named in prototypes only. */
struct image_region {
	int unused;
};

struct udevice;

#endif /* SHIM_IMAGE_H */
