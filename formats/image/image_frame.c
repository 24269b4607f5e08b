// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_frame.c - is an image genuine, and which one is it?
 */
#include "image_frame.h"

#include "image_crypto.h"

/* The MAC of a header is made with zeroes in its place. */
static void header_mac(const struct image_frame_keys *keys, const uint8_t *in,
		       uint8_t *out)
{
	static const uint8_t no_mac[OSTI_IMAGE_HASH];
	struct image_mac mac;

	image_crypto_mac_begin(&mac, keys->header);
	image_crypto_mac_add(&mac, in, OSTI_IMAGE_H_MAC);
	image_crypto_mac_add(&mac, no_mac, sizeof(no_mac));
	image_crypto_mac_add(&mac, in + OSTI_IMAGE_H_ZERO,
			     OSTI_IMAGE_HEADER - OSTI_IMAGE_H_ZERO);
	image_crypto_mac_done(&mac, out);
}

void image_frame_write(const struct image_frame_keys *keys,
		       const struct image_header *header, uint8_t *out)
{
	image_header_write(header, out);
	header_mac(keys, out, out + OSTI_IMAGE_H_MAC);
}

int image_frame_check(const struct image_frame_keys *keys, const uint8_t *in)
{
	uint8_t mac[OSTI_IMAGE_HASH];
	bool genuine;

	header_mac(keys, in, mac);
	genuine = image_crypto_equal(mac, in + OSTI_IMAGE_H_MAC, sizeof(mac));
	/* The right MAC of a forgery is a secret. */
	image_crypto_wipe(mac, sizeof(mac));
	return genuine ? OSTI_IMAGE_OK : OSTI_IMAGE_E_TAG;
}

void image_frame_record(const struct image_frame_keys *keys,
			const uint8_t *record, size_t bytes,
			uint8_t id[OSTI_IMAGE_HASH])
{
	image_crypto_mac(keys->record, record, bytes, id);
}
