// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_seal.c - seal and open the metadata of a repository
 */
#include "repo_seal.h"

#include <stdbool.h>
#include <string.h>

#include <osti/image.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "log.h"
#include "repo_pad.h"
#include "repo_path.h"

#define LENGTH	8	/* bytes of the number before what is sealed */
#define FRAME	(REPO_KEY + OSTI_IMAGE_TAG)
#define KIND	8

/* A multiple of 16, with room for the longest key. */
struct aad {
	uint8_t bytes[208];
};

_Static_assert(sizeof(struct aad) >= KIND + REPO_PATH - 1 &&
	       sizeof(struct aad) % 16 == 0, "what a tag covers");
_Static_assert(REPO_KEY == OSTI_IMAGE_HASH, "keys of image_crypto.h");

static const char *const kinds[] = {
	[REPO_KIND_BACKUP] = "backup",
	[REPO_KIND_PART] = "part",
	[REPO_KIND_HOLDER] = "holder",
	[REPO_KIND_FOSSIL] = "fossil",
	[REPO_KIND_SEGMENT] = "segment",
};

static void aad_make(enum repo_kind kind, const char *path, struct aad *aad)
{
	size_t length = strlen(path);

	ASSERT(length <= sizeof(aad->bytes) - KIND);
	memset(aad, 0, sizeof(*aad));
	memcpy(aad->bytes, kinds[kind], strlen(kinds[kind]));
	memcpy(aad->bytes + KIND, path, length);
}

static void digest_of(const struct repo_keys *keys, const struct aad *aad,
		      const uint8_t *plain, size_t bytes, uint8_t *digest)
{
	struct image_mac mac;

	image_crypto_mac_begin(&mac, keys->digest);
	image_crypto_mac_add(&mac, aad->bytes, sizeof(aad->bytes));
	image_crypto_mac_add(&mac, plain, bytes);
	image_crypto_mac_done(&mac, digest);
}

size_t repo_seal_size(size_t bytes)
{
	ASSERT(bytes <= REPO_SEAL_MAX);
	return FRAME + repo_pad_size(LENGTH + bytes);
}

void repo_seal(const struct repo_keys *keys, enum repo_kind kind,
	       const char *path, const uint8_t *in, size_t bytes, uint8_t *out)
{
	size_t padded = repo_seal_size(bytes) - FRAME;
	uint8_t *plain = out + REPO_KEY;
	uint8_t key[REPO_KEY];
	struct aad aad;

	image_put64(plain, bytes);
	memcpy(plain + LENGTH, in, bytes);
	memset(plain + LENGTH + bytes, 0, padded - LENGTH - bytes);
	aad_make(kind, path, &aad);
	digest_of(keys, &aad, plain, padded, out);
	image_crypto_mac(keys->seal, out, REPO_KEY, key);
	image_crypto_seal(key, aad.bytes, sizeof(aad.bytes), plain, padded,
			  plain + padded);
	image_crypto_wipe(key, sizeof(key));
}

/* Its length and padding are what repo_seal() writes. */
static bool padding_ok(const uint8_t *plain, size_t padded)
{
	uint64_t bytes = image_get64(plain);
	size_t i;

	if (bytes > REPO_SEAL_MAX || repo_pad_size(LENGTH + bytes) != padded)
		return false;
	for (i = LENGTH + bytes; i < padded; i++)
		if (plain[i])
			return false;
	return true;
}

static int unseal(const struct repo_keys *keys, const struct aad *aad,
		  uint8_t *buf, size_t padded)
{
	uint8_t *plain = buf + REPO_KEY;
	uint8_t key[REPO_KEY];
	uint8_t own[REPO_KEY];
	bool good;

	image_crypto_mac(keys->seal, buf, REPO_KEY, key);
	good = image_crypto_open(key, aad->bytes, sizeof(aad->bytes), plain,
				 padded, plain + padded);
	image_crypto_wipe(key, sizeof(key));
	if (!good)
		return REPO_E_TAG;
	/* A tag alone could be made to fit two keys. */
	digest_of(keys, aad, plain, padded, own);
	if (!image_crypto_equal(own, buf, sizeof(own)))
		return REPO_E_TAG;
	return padding_ok(plain, padded) ? REPO_OK : REPO_E_PADDING;
}

int repo_open(const struct repo_keys *keys, enum repo_kind kind,
	      const char *path, uint8_t *buf, size_t size, uint8_t **data,
	      size_t *bytes)
{
	struct aad aad;
	int error;

	if (size <= FRAME + LENGTH)
		return REPO_E_TRUNCATED;
	if (size > repo_seal_size(REPO_SEAL_MAX))
		return REPO_E_SIZE;
	aad_make(kind, path, &aad);
	error = unseal(keys, &aad, buf, size - FRAME);
	if (error) {
		image_crypto_wipe(buf, size);
		return error;
	}
	*data = buf + REPO_KEY + LENGTH;
	*bytes = image_get64(buf + REPO_KEY);
	return REPO_OK;
}
