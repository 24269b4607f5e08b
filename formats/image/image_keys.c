// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_keys.c - from the device's root key to the keys of a slot's images
 */
#include "image_keys.h"

#include <tomcrypt.h>

#include "log.h"
#include "string.h"

static const uint8_t info_device[] = "OSTI device id";
static const uint8_t info_slot[] = "OSTI slot key";
static const uint8_t info_image[] = "OSTI image keys 2";
static const uint8_t info_frame[] = "OSTI image frame 2";
static const uint8_t info_id[] = "OSTI slot id";
static const uint8_t info_carrier[] = "OSTI carrier key 1";
static const uint8_t info_disk[] = "OSTI disk key 1";

/* Infos are used without their NUL. */
#define INFO_BYTES(info)	(sizeof(info) - 1)

_Static_assert(sizeof(struct image_keys) == 6 * OSTI_IMAGE_HASH &&
	       sizeof(struct image_frame_keys) == 2 * OSTI_IMAGE_HASH,
	       "HKDF's outputs are the structs");

static void derive(const uint8_t *key, const uint8_t *info,
		   unsigned long info_bytes, uint8_t *out, unsigned long bytes)
{
	/* Gives the same index every time. */
	int hash = register_hash(&blake2b_256_desc);

	ASSERT(hash >= 0);
	CHECK(hkdf(hash, NULL, 0, info, info_bytes, key, OSTI_IMAGE_HASH, out,
		   bytes) == CRYPT_OK);
}

void image_keys_device(const uint8_t *root, uint8_t device[OSTI_IMAGE_DEVICE])
{
	derive(root, info_device, INFO_BYTES(info_device), device,
	       OSTI_IMAGE_DEVICE);
}

void image_keys_slot(const uint8_t *root, const uint8_t name[OSTI_NAME_LEN],
		     uint8_t slot_key[OSTI_IMAGE_HASH])
{
	uint8_t info[INFO_BYTES(info_slot) + OSTI_NAME_LEN];

	memcpy(info, info_slot, INFO_BYTES(info_slot));
	memcpy(info + INFO_BYTES(info_slot), name, OSTI_NAME_LEN);
	derive(root, info, sizeof(info), slot_key, OSTI_IMAGE_HASH);
}

void image_keys_derive(const uint8_t *slot_key, struct image_keys *keys)
{
	derive(slot_key, info_image, INFO_BYTES(info_image), (uint8_t *)keys,
	       sizeof(*keys));
}

void image_keys_frame(const uint8_t *slot_key, struct image_frame_keys *keys)
{
	derive(slot_key, info_frame, INFO_BYTES(info_frame), (uint8_t *)keys,
	       sizeof(*keys));
}

void image_keys_carrier(const uint8_t *slot_key, uint8_t id[OSTI_IMAGE_SLOT_ID],
			uint8_t key[OSTI_IMAGE_HASH])
{
	derive(slot_key, info_id, INFO_BYTES(info_id), id, OSTI_IMAGE_SLOT_ID);
	derive(slot_key, info_carrier, INFO_BYTES(info_carrier), key,
	       OSTI_IMAGE_HASH);
}

void image_keys_disk(const uint8_t *slot_key, uint8_t key[OSTI_DISK_KEY_BYTES])
{
	derive(slot_key, info_disk, INFO_BYTES(info_disk), key,
	       OSTI_DISK_KEY_BYTES);
}
