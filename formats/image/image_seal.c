// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_seal.c - seal and open header and manifest
 */
#include "image_seal.h"

#include "string.h"

/* The id covers the header with zeroes in its place. */
static void hash_begin(struct image_seal *s)
{
	static const uint8_t no_id[OSTI_IMAGE_HASH];
	const uint8_t *h = s->header;

	image_crypto_mac_begin(&s->mac, s->keys->manifest_id);
	image_crypto_mac_add(&s->mac, h, OSTI_IMAGE_H_MANIFEST_ID);
	image_crypto_mac_add(&s->mac, no_id, sizeof(no_id));
	image_crypto_mac_add(&s->mac, h + OSTI_IMAGE_H_ZERO,
			     OSTI_IMAGE_HEADER - OSTI_IMAGE_H_ZERO);
	s->crypting = false;
	s->done = 0;
}

static void crypt_begin(struct image_seal *s)
{
	uint8_t key[OSTI_IMAGE_HASH];

	image_crypto_mac(s->keys->manifest_key, s->id, sizeof(s->id), key);
	image_crypto_aead_begin(&s->aead, key, s->header, OSTI_IMAGE_HEADER);
	image_crypto_wipe(key, sizeof(key));
	s->crypting = true;
	s->done = 0;
}

static void init(struct image_seal *s, const struct image_keys *keys,
		 uint8_t *header, uint8_t *buf, size_t bytes)
{
	s->keys = keys;
	s->header = header;
	s->buf = buf;
	s->bytes = bytes;
}

int image_seal_begin(struct image_seal *s, const struct image_keys *keys,
		     const struct image_header *header, uint8_t *out,
		     uint8_t *buf, size_t bytes)
{
	struct image_header h = *header;

	if (bytes < OSTI_IMAGE_M_FIXED || bytes > OSTI_IMAGE_MANIFEST_MAX)
		return OSTI_IMAGE_E_SIZE;
	h.manifest_bytes = bytes + OSTI_IMAGE_TAG;
	memset(h.manifest_id, 0, sizeof(h.manifest_id));
	image_header_write(&h, out);
	init(s, keys, out, buf, bytes);
	s->sealing = true;
	hash_begin(s);
	return OSTI_IMAGE_OK;
}

int image_open_begin(struct image_seal *s, const struct image_keys *keys,
		     const struct image_header *header, uint8_t *in,
		     uint8_t *buf, size_t bytes)
{
	if (bytes < header->manifest_bytes)
		return OSTI_IMAGE_E_TRUNCATED;
	if (bytes > header->manifest_bytes)
		return OSTI_IMAGE_E_SIZE;
	init(s, keys, in, buf, bytes - OSTI_IMAGE_TAG);
	s->sealing = false;
	memcpy(s->id, header->manifest_id, sizeof(s->id));
	crypt_begin(s);
	return OSTI_IMAGE_OK;
}

static int seal_next(struct image_seal *s)
{
	if (!s->crypting) {
		image_crypto_mac_done(&s->mac, s->id);
		memcpy(s->header + OSTI_IMAGE_H_MANIFEST_ID, s->id,
		       sizeof(s->id));
		crypt_begin(s);
		return OSTI_IMAGE_AGAIN;
	}
	image_crypto_aead_tag(&s->aead, s->buf + s->bytes);
	return OSTI_IMAGE_OK;
}

static int open_next(struct image_seal *s)
{
	uint8_t id[OSTI_IMAGE_HASH];

	if (s->crypting) {
		if (image_crypto_aead_check(&s->aead, s->buf + s->bytes)) {
			hash_begin(s);
			return OSTI_IMAGE_AGAIN;
		}
		image_crypto_wipe(s->buf, s->bytes);
		return OSTI_IMAGE_E_TAG;
	}
	image_crypto_mac_done(&s->mac, id);
	if (image_crypto_equal(id, s->id, sizeof(id)))
		return OSTI_IMAGE_OK;
	image_crypto_wipe(s->buf, s->bytes);
	return OSTI_IMAGE_E_MANIFEST_ID;
}

int image_seal_step(struct image_seal *s, size_t max_bytes)
{
	size_t n = s->bytes - s->done;

	if (n > max_bytes)
		n = max_bytes;
	if (!s->crypting)
		image_crypto_mac_add(&s->mac, s->buf + s->done, n);
	else if (s->sealing)
		image_crypto_aead_seal(&s->aead, s->buf + s->done, n);
	else
		image_crypto_aead_open(&s->aead, s->buf + s->done, n);
	s->done += n;
	if (s->done < s->bytes)
		return OSTI_IMAGE_AGAIN;
	return s->sealing ? seal_next(s) : open_next(s);
}
