// SPDX-License-Identifier: GPL-2.0-or-later
#include "keyfile.h"

#include <string.h>
#include <unistd.h>

#include "file.h"
#include "hex.h"
#include "image_crypto.h"

bool keyfile_read(const char *path, uint8_t root[OSTI_IMAGE_HASH])
{
	char text[4 * OSTI_IMAGE_HASH];
	struct file f;
	size_t n = 0;
	int error;
	bool ok;

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
	ok = n == OSTI_IMAGE_HASH;
	if (ok) {
		memcpy(root, text, OSTI_IMAGE_HASH);
	} else {
		while (n && strchr(" \t\r\n", text[n - 1]))
			n--;
		ok = hex_read(text, n, root, OSTI_IMAGE_HASH);
	}
	image_crypto_wipe(text, sizeof(text));
	if (!ok)
		report_failed("%s is not a key: it must have %d bytes, or %d hexadecimal digits",
			      path, OSTI_IMAGE_HASH, 2 * OSTI_IMAGE_HASH);
	return ok;
}

void keyfile_derive(const uint8_t *root, const uint8_t name[OSTI_NAME_LEN],
		    struct keyring *keys)
{
	uint8_t slot_key[OSTI_IMAGE_HASH];

	image_keys_device(root, keys->device);
	image_keys_slot(root, name, slot_key);
	image_keys_derive(slot_key, &keys->image);
	image_keys_frame(slot_key, &keys->frame);
	image_crypto_wipe(slot_key, sizeof(slot_key));
}
