/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyfile.h - the device's root key, and the keys of a slot's images
 */
#ifndef KEYFILE_H
#define KEYFILE_H

#include <stdbool.h>

#include "image_keys.h"
#include "report.h"

/* What a root key becomes for the images of one slot. */
struct keyring {
	struct image_keys image;
	struct image_frame_keys frame;
	uint8_t device[OSTI_IMAGE_DEVICE];	/* public */
};

/*
 * Read a root key of OSTI_IMAGE_HASH bytes, or of their hexadecimal digits
 * with white space behind. When the result is false the error was reported.
 */
bool keyfile_read(const char *path, uint8_t root[OSTI_IMAGE_HASH]);

/* For the slot of that name. The caller wipes *keys in the end. */
void keyfile_derive(const uint8_t *root, const uint8_t name[OSTI_NAME_LEN],
		    struct keyring *keys);

#endif /* KEYFILE_H */
