/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyfile.h - the device's root key
 */
#ifndef KEYFILE_H
#define KEYFILE_H

#include <stdbool.h>

#include "image_keys.h"
#include "report.h"

/*
 * Read a root key of OSTI_IMAGE_HASH bytes, or of their hexadecimal digits
 * with white space behind. When the result is false the error was reported.
 */
bool keyfile_read(const char *path, uint8_t root[OSTI_IMAGE_HASH]);

/* The keys of the slot of that name, and the device id. */
void keyfile_derive(const uint8_t *root, const uint8_t name[OSTI_NAME_LEN],
		    struct image_keys *keys, uint8_t device[OSTI_IMAGE_DEVICE]);

#endif /* KEYFILE_H */
