/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_keys.h - from a slot's key to the keys of its part of a repository
 *
 *   slot key    -> slot id          public: where in a repository its things are
 *               -> carrier key      what the courier gets; image_keys_carrier()
 *   carrier key -> struct repo_keys
 *
 * Who has the carrier key reads and writes what a repository says of a slot;
 * it opens no image. HKDF is that of docs/image-format.md.
 *
 * What derives is not reentrant, as in image_keys.h.
 */
#ifndef REPO_KEYS_H
#define REPO_KEYS_H

#include <stdint.h>

#define REPO_KEY	32	/* bytes of a key, an id of a pack, a digest */
#define REPO_SLOT	16	/* bytes of a slot id */

/* In the order of HKDF's output. */
struct repo_keys {
	uint8_t digest[REPO_KEY];	/* digests of what is sealed */
	uint8_t seal[REPO_KEY];		/* digest -> key of an object */
	uint8_t pack[REPO_KEY];		/* ids of packs */
	uint8_t name[REPO_KEY];		/* names of backups, lists and segments */
	uint8_t disk[REPO_KEY];		/* digest -> key of a disk's block */
};

/* The caller wipes them in the end. */
void repo_keys_derive(const uint8_t carrier[REPO_KEY], struct repo_keys *keys);

#endif /* REPO_KEYS_H */
