/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyfile.h - a key in a file, and the keys of a slot's images
 *
 * A device's root key opens what that device made. A recovery key
 * (docs/recovery-key.md) is the key of one slot: it opens what any device made
 * of that slot with it.
 */
#ifndef KEYFILE_H
#define KEYFILE_H

#include <stdbool.h>

#include "image_keys.h"
#include "report.h"

struct keyfile {
	bool recovery;			/* key is a slot key, not a root key */
	uint8_t key[OSTI_IMAGE_HASH];
};

/* What a key becomes for the images of one slot. */
struct keyring {
	struct image_keys image;
	struct image_frame_keys frame;
	bool any_device;		/* the key says nothing of it */
	uint8_t device[OSTI_IMAGE_DEVICE];	/* public; zeroes if any_device */
};

/*
 * Read a key: a root key has OSTI_IMAGE_HASH bytes, or their hexadecimal digits
 * with white space behind; anything else is the text of a recovery key. When
 * the result is false the error was reported. keyfile_wipe() it in any case.
 */
bool keyfile_read(const char *path, struct keyfile *k);
void keyfile_wipe(struct keyfile *k);

/*
 * The key of the slot of that name; a recovery key is one already. The caller
 * wipes it in the end.
 */
void keyfile_slot(const struct keyfile *k, const uint8_t name[OSTI_NAME_LEN],
		  uint8_t slot_key[OSTI_IMAGE_HASH]);

/* The keys of its images. The caller wipes *keys in the end. */
void keyfile_derive(const struct keyfile *k, const uint8_t name[OSTI_NAME_LEN],
		    struct keyring *keys);

#endif /* KEYFILE_H */
