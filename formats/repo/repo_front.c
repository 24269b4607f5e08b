// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repo_front.c - a backup's metadata in several objects
 */
#include "repo_front.h"

#include <string.h>

#include "image_bytes.h"
#include "log.h"

int repo_front_parts(size_t bytes, size_t piece)
{
	size_t parts = bytes ? (bytes - 1) / piece : 0;

	return parts <= REPO_PARTS_MAX ? (int)parts : -1;
}

void repo_front_write(unsigned int parts, const uint8_t *digests, uint8_t *out)
{
	ASSERT(parts <= REPO_PARTS_MAX);
	image_put32(out, parts);
	image_put32(out + 4, 0);
	memcpy(out + REPO_FRONT(0), digests, (size_t)parts * REPO_KEY);
}

int repo_front_parse(const uint8_t *in, size_t bytes, unsigned int *parts,
		     const uint8_t **digests, const uint8_t **data,
		     size_t *data_bytes)
{
	if (bytes < REPO_FRONT(0))
		return REPO_E_TRUNCATED;
	*parts = image_get32(in);
	if (*parts > REPO_PARTS_MAX)
		return REPO_E_SIZE;
	if (image_get32(in + 4))
		return REPO_E_RESERVED;
	if (bytes < REPO_FRONT(*parts))
		return REPO_E_TRUNCATED;
	*digests = in + REPO_FRONT(0);
	*data = in + REPO_FRONT(*parts);
	*data_bytes = bytes - REPO_FRONT(*parts);
	return REPO_OK;
}
