/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firmware.h - what a device installs as its firmware
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include "options.h"
#include "say.h"

/*
 * Make of a firmware image, as scripts/mkfirmware writes it, a file to install
 * (osti/firmware.h): with the version and signed with the key of the options. The
 * owner's key in the image does not matter.
 */
enum status firmware_make(const struct options *o, const char *from,
			  const char *to);

#endif /* FIRMWARE_H */
