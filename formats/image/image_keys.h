/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_keys.h - from the device's root key to the keys of a slot's images
 *
 * HKDF is RFC 5869 with HMAC of BLAKE2b-256, no salt; the infos are in
 * docs/image-format.md.
 *
 *   root key -> device id                       public
 *   root key -> slot key, for a slot's name
 *   slot key -> struct image_keys               what makes and opens images
 *   slot key -> struct image_frame_keys         what says that one is genuine
 *   slot key -> slot id, carrier key            for whoever carries copies
 *
 * The second are the monitor's alone: who has only the first, as the image
 * engine, cannot make a header or a resume record of it that is believed.
 *
 * The functions that derive are not reentrant: one CPU at a time.
 */
#ifndef IMAGE_KEYS_H
#define IMAGE_KEYS_H

#include <stdint.h>

#include <osti/image.h>

/* In the order of HKDF's output. */
struct image_keys {
	uint8_t page[OSTI_IMAGE_HASH];		/* hashes of pages */
	uint8_t chunk_id[OSTI_IMAGE_HASH];	/* ids of chunks */
	uint8_t chunk_digest[OSTI_IMAGE_HASH];	/* digests of sealed bytes */
	uint8_t chunk_key[OSTI_IMAGE_HASH];	/* digest -> key of a chunk */
	uint8_t manifest_id[OSTI_IMAGE_HASH];	/* ids of manifests */
	uint8_t manifest_key[OSTI_IMAGE_HASH];	/* id -> key of a manifest */
};

struct image_frame_keys {
	uint8_t header[OSTI_IMAGE_HASH];	/* MACs of headers */
	uint8_t record[OSTI_IMAGE_HASH];	/* ids of resume records */
};

/* The device's public name. root has OSTI_IMAGE_HASH bytes. */
void image_keys_device(const uint8_t *root, uint8_t device[OSTI_IMAGE_DEVICE]);

/* The key of all images of a slot, which opens and forges them. */
void image_keys_slot(const uint8_t *root, const uint8_t name[OSTI_NAME_LEN],
		     uint8_t slot_key[OSTI_IMAGE_HASH]);

/* The keys that the other functions want. The caller wipes them in the end. */
void image_keys_derive(const uint8_t *slot_key, struct image_keys *keys);
void image_keys_frame(const uint8_t *slot_key, struct image_frame_keys *keys);

/*
 * The slot key's public name, and the key under which carriers of copies hide
 * from their store what a copy is. Neither opens an image.
 */
void image_keys_carrier(const uint8_t *slot_key, uint8_t id[OSTI_IMAGE_SLOT_ID],
			uint8_t key[OSTI_IMAGE_HASH]);

/* The key of the slot's private disk. It opens no image. */
void image_keys_disk(const uint8_t *slot_key, uint8_t key[OSTI_DISK_KEY_BYTES]);

#endif /* IMAGE_KEYS_H */
