// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keyfile.c - a key in a file, and the keys of a slot's images
 */
#include "keyfile.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "hex.h"
#include "image_crypto.h"
#include "recovery_key.h"

_Static_assert(RECOVERY_KEY_BYTES == OSTI_IMAGE_HASH,
	       "a recovery key is a slot key");

/* More than any key's text has, however it is spaced. */
#define TEXT_MAX	1024

static void report_bad(const char *path, int error, unsigned int row)
{
	static const char format[] =
		"%s is no key: a root key has %d bytes or %d hex digits; as recovery key%s: %s";
	char where[32] = "";

	if (row)
		snprintf(where, sizeof(where), ", row %u", row);
	report_failed(format, path, OSTI_IMAGE_HASH, 2 * OSTI_IMAGE_HASH, where,
		      recovery_key_error(error));
}

static bool read_text(const char *path, const char *text, size_t n,
		      struct keyfile *k)
{
	unsigned int row;
	size_t end = n;
	int error;

	while (end && strchr(" \t\r\n", text[end - 1]))
		end--;
	if (hex_read(text, end, k->key, OSTI_IMAGE_HASH))
		return true;
	error = recovery_key_decode(text, n, k->key, &row);
	if (error) {
		report_bad(path, error, row);
		return false;
	}
	k->recovery = true;
	return true;
}

bool keyfile_read(const char *path, struct keyfile *k)
{
	char text[TEXT_MAX];
	struct file f;
	size_t n = 0;
	int error;
	bool ok = true;

	memset(k, 0, sizeof(*k));
	error = file_open(&f, path);
	if (!error) {
		n = f.bytes < sizeof(text) ? f.bytes : sizeof(text);
		error = file_read(&f, text, n, 0);
		close(f.fd);
	}
	if (error) {
		report_errno("read the key", path, error);
		return false;
	}
	if (n == OSTI_IMAGE_HASH)
		memcpy(k->key, text, OSTI_IMAGE_HASH);
	else
		ok = read_text(path, text, n, k);
	image_crypto_wipe(text, sizeof(text));
	return ok;
}

void keyfile_wipe(struct keyfile *k)
{
	image_crypto_wipe(k, sizeof(*k));
}

void keyfile_slot(const struct keyfile *k, const uint8_t name[OSTI_NAME_LEN],
		  uint8_t slot_key[OSTI_IMAGE_HASH])
{
	if (k->recovery)
		memcpy(slot_key, k->key, OSTI_IMAGE_HASH);
	else
		image_keys_slot(k->key, name, slot_key);
}

void keyfile_derive(const struct keyfile *k, const uint8_t name[OSTI_NAME_LEN],
		    struct keyring *keys)
{
	uint8_t slot_key[OSTI_IMAGE_HASH];

	memset(keys->device, 0, sizeof(keys->device));
	keys->any_device = k->recovery;
	if (!k->recovery)
		image_keys_device(k->key, keys->device);
	keyfile_slot(k, name, slot_key);
	image_keys_derive(slot_key, &keys->image);
	image_keys_frame(slot_key, &keys->frame);
	image_crypto_wipe(slot_key, sizeof(slot_key));
}
