// SPDX-License-Identifier: GPL-2.0-only
/*
 * firmware_statement.c - what a firmware statement says
 */
#include "firmware_statement.h"

#include <stddef.h>

#include "image_bytes.h"
#include "string.h"

void firmware_statement_read(const uint8_t *body, struct firmware_statement *out)
{
	out->version = image_get64(body + OSTI_FIRMWARE_S_VERSION);
	out->bytes = image_get64(body + OSTI_FIRMWARE_S_BYTES);
	out->hash = body + OSTI_FIRMWARE_S_HASH;
}

const char *firmware_statement_wrong(const uint8_t *body)
{
	static const uint8_t magic[] = OSTI_FIRMWARE_MAGIC;
	struct firmware_statement s;

	firmware_statement_read(body, &s);
	if (memcmp(body + OSTI_FIRMWARE_S_MAGIC, magic, 8))
		return "it is no firmware statement";
	if (image_get64(body + OSTI_FIRMWARE_S_FLAGS))
		return "it has flags that are not known";
	if (image_get64(body + OSTI_FIRMWARE_S_ZERO) ||
	    image_get64(body + OSTI_FIRMWARE_S_ZERO + 8))
		return "bytes that must be 0 are not";
	if (!s.version)
		return "the version is 0";
	/* The owner's page is in every image: another key must not fit behind it. */
	if (s.bytes % 8 || s.bytes < OSTI_FIRMWARE_OWNER + OSTI_FIRMWARE_PAGE)
		return "no image has that size";
	return NULL;
}

static void put_board(uint8_t name[OSTI_FIRMWARE_BOARD], const char *board)
{
	unsigned int i;

	for (i = 0; i < OSTI_FIRMWARE_BOARD; i++)
		name[i] = *board ? *board++ : 0;
}

bool firmware_statement_names(const uint8_t *body, const char *board)
{
	uint8_t name[OSTI_FIRMWARE_BOARD];

	put_board(name, board);
	return !memcmp(body + OSTI_FIRMWARE_S_BOARD, name, sizeof(name));
}

void firmware_statement_make(uint8_t body[OSTI_FIRMWARE_BODY],
			     const struct firmware_statement *what,
			     const char *board)
{
	memset(body, 0, OSTI_FIRMWARE_BODY);
	memcpy(body + OSTI_FIRMWARE_S_MAGIC, OSTI_FIRMWARE_MAGIC, 8);
	image_put64(body + OSTI_FIRMWARE_S_VERSION, what->version);
	image_put64(body + OSTI_FIRMWARE_S_BYTES, what->bytes);
	put_board(body + OSTI_FIRMWARE_S_BOARD, board);
	memcpy(body + OSTI_FIRMWARE_S_HASH, what->hash, OSTI_FIRMWARE_HASH);
}
