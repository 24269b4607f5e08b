// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_seal.c - seal and open the manifest
 */
#include "image_seal.h"

#include <osti/image.h>

#include "image_crypto.h"

_Static_assert(OSTI_IMAGE_HASH % 16 == 0, "a digest can be what a tag covers");

static bool size_ok(size_t bytes)
{
	return bytes >= OSTI_IMAGE_MANIFEST_MIN &&
	       bytes <= OSTI_IMAGE_MANIFEST_MAX;
}

/* The id of a manifest in plain text, with the digest of its table. */
static void manifest_id(const struct image_keys *keys, const uint8_t *digest,
			const uint8_t *buf, size_t bytes, uint8_t *id)
{
	struct image_mac mac;

	image_crypto_mac_begin(&mac, keys->manifest_id);
	image_crypto_mac_add(&mac, digest, OSTI_IMAGE_HASH);
	image_crypto_mac_add(&mac, buf, bytes);
	image_crypto_mac_done(&mac, id);
}

int image_manifest_seal(const struct image_keys *keys, const uint8_t *table,
			size_t table_bytes, uint8_t *buf, size_t bytes,
			uint8_t *id)
{
	uint8_t digest[OSTI_IMAGE_HASH];
	uint8_t key[OSTI_IMAGE_HASH];

	if (!size_ok(bytes))
		return OSTI_IMAGE_E_SIZE;
	image_crypto_mac(keys->manifest_id, table, table_bytes, digest);
	manifest_id(keys, digest, buf, bytes, id);
	image_crypto_mac(keys->manifest_key, id, OSTI_IMAGE_HASH, key);
	image_crypto_seal(key, digest, sizeof(digest), buf, bytes, buf + bytes);
	image_crypto_wipe(key, sizeof(key));
	return OSTI_IMAGE_OK;
}

int image_manifest_open(const struct image_keys *keys, const uint8_t *table,
			size_t table_bytes, uint8_t *buf, size_t bytes,
			const uint8_t *id)
{
	uint8_t digest[OSTI_IMAGE_HASH];
	uint8_t key[OSTI_IMAGE_HASH];
	size_t plain = bytes - OSTI_IMAGE_TAG;
	uint8_t own[OSTI_IMAGE_HASH];
	bool genuine;

	if (bytes < OSTI_IMAGE_TAG || !size_ok(plain))
		return OSTI_IMAGE_E_SIZE;
	image_crypto_mac(keys->manifest_id, table, table_bytes, digest);
	image_crypto_mac(keys->manifest_key, id, OSTI_IMAGE_HASH, key);
	genuine = image_crypto_open(key, digest, sizeof(digest), buf, plain,
				    buf + plain);
	image_crypto_wipe(key, sizeof(key));
	if (!genuine)
		return OSTI_IMAGE_E_TAG;
	manifest_id(keys, digest, buf, plain, own);
	if (image_crypto_equal(own, id, sizeof(own)))
		return OSTI_IMAGE_OK;
	image_crypto_wipe(buf, plain);
	return OSTI_IMAGE_E_MANIFEST_ID;
}
