// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * firmware.c - what a device installs as its firmware
 */
#include "firmware.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tomcrypt.h>

#include "board.h"
#include "file.h"
#include "firmware_bank.h"
#include "firmware_statement.h"
#include "image_bytes.h"
#include "save.h"
#include "signature.h"

#define IMAGE_AT	(BOARD_BANK_A + BOARD_BANK_IMAGE)

/* The image of bank A, behind room for what comes before it. */
static enum status load(const char *path, uint8_t **file, uint64_t *bytes)
{
	uint8_t head[FIRMWARE_BANK_BYTES];
	struct firmware_bank bank = { 0 };
	enum status status = DONE;
	struct file f;
	int error = file_open(&f, path);

	if (error)
		return say_failed(path, "cannot open it", error);
	if (f.bytes >= IMAGE_AT && !file_read(&f, head, sizeof(head), BOARD_BANK_A))
		firmware_bank_read(head, BOARD_IMAGE_SIZE, &bank);
	if (!bank.whole || bank.bytes > f.bytes - IMAGE_AT ||
	    bank.bytes < BOARD_FLASH_OWNER + OSTI_FIRMWARE_PAGE) {
		close(f.fd);
		return say_refused(path, "it is no firmware image, or not all of one");
	}
	*bytes = bank.bytes;
	*file = calloc(1, OSTI_FIRMWARE_IMAGE + bank.bytes);
	if (!*file)
		status = say_failed(path, "no memory for it", ENOMEM);
	else if (file_read(&f, *file + OSTI_FIRMWARE_IMAGE, bank.bytes, IMAGE_AT))
		status = say_failed(path, "cannot read it", EIO);
	close(f.fd);
	return status;
}

static enum status sign(const struct options *o, const char *path, uint8_t *file,
			uint64_t bytes)
{
	uint8_t *image = file + OSTI_FIRMWARE_IMAGE;
	uint8_t hash[OSTI_FIRMWARE_HASH];
	const struct firmware_statement what = {
		.version = o->statement.version,
		.bytes = bytes,
		.hash = hash,
	};
	enum status status;
	hash_state md;
	size_t length;

	memset(image + OSTI_FIRMWARE_OWNER, 0, OSTI_FIRMWARE_PAGE);
	if (sha256_init(&md) != CRYPT_OK ||
	    sha256_process(&md, image, bytes) != CRYPT_OK ||
	    sha256_done(&md, hash) != CRYPT_OK)
		return say_failed(path, "cannot hash it", EINVAL);
	firmware_statement_make(file, &what, BOARD_NAME);
	if (firmware_statement_wrong(file))
		return say_refused(path, "%s", firmware_statement_wrong(file));
	status = signature_make(o->key, o->passphrase, file, OSTI_FIRMWARE_BODY,
				file + OSTI_FIRMWARE_BODY, &length);
	if (!status)
		image_put64(file + OSTI_FIRMWARE_LENGTH,
			    OSTI_FIRMWARE_BODY + length);
	return status;
}

enum status firmware_make(const struct options *o, const char *from,
			  const char *to)
{
	uint8_t *file = NULL;
	enum status status;
	uint64_t bytes = 0;

	status = load(from, &file, &bytes);
	if (!status)
		status = sign(o, from, file, bytes);
	if (!status)
		status = save_file(to, file, OSTI_FIRMWARE_IMAGE + bytes);
	free(file);
	return status;
}
