// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_config.c - the object that makes a directory or bucket a repository
 */
#include "repo_config.h"

#include <string.h>

#include <osti/image.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "repo_fields.h"

#define MAGIC	"OSTI-RP1"
#define VERSION	1

/* Offsets */
#define C_VERSION	8
#define C_FLAGS		12
#define C_ID		16
#define C_ZERO		32
#define C_SUM		64

_Static_assert(C_SUM + OSTI_IMAGE_HASH == REPO_CONFIG, "the sum is its end");

void repo_config_write(const struct repo_config *c, uint8_t out[REPO_CONFIG])
{
	memset(out, 0, REPO_CONFIG);
	memcpy(out, MAGIC, REPO_MAGIC);
	image_put32(out + C_VERSION, VERSION);
	image_put32(out + C_FLAGS, c->flags);
	memcpy(out + C_ID, c->id, REPO_CONFIG_ID);
	image_crypto_hash(out, C_SUM, out + C_SUM);
}

int repo_config_parse(const uint8_t *in, size_t bytes, struct repo_config *c)
{
	uint8_t sum[OSTI_IMAGE_HASH];
	int error;

	if (bytes < REPO_CONFIG)
		return REPO_E_TRUNCATED;
	error = repo_fields_front(in, MAGIC, VERSION);
	if (error)
		return error;
	if (bytes > REPO_CONFIG)
		return REPO_E_SIZE;
	image_crypto_hash(in, C_SUM, sum);
	if (memcmp(sum, in + C_SUM, sizeof(sum)) != 0)
		return REPO_E_SUM;
	c->flags = image_get32(in + C_FLAGS);
	memcpy(c->id, in + C_ID, REPO_CONFIG_ID);
	if (c->flags & ~REPO_CONDITIONAL ||
	    !repo_fields_zero(in + C_ZERO, C_SUM - C_ZERO))
		return REPO_E_RESERVED;
	return REPO_OK;
}
