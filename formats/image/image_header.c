// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_header.c - the plain header of an image
 */
#include "image_header.h"

#include "image_bytes.h"
#include "string.h"

#define MAGIC_BYTES	8
/* Every page in a chunk of its own with a tag is more than can occur. */
#define CHUNKS_MAX \
	(OSTI_IMAGE_PARTITION_MAX / OSTI_IMAGE_PAGE * \
	 (OSTI_IMAGE_PAGE + OSTI_IMAGE_TAG))

_Static_assert(OSTI_IMAGE_H_MANIFEST_ID + OSTI_IMAGE_HASH == OSTI_IMAGE_H_ZERO,
	       "the id is the last field");

void image_header_write(const struct image_header *header, uint8_t *out)
{
	const struct image_identity *id = &header->identity;

	memset(out, 0, OSTI_IMAGE_HEADER);
	memcpy(out + OSTI_IMAGE_H_MAGIC, OSTI_IMAGE_MAGIC, MAGIC_BYTES);
	image_put32(out + OSTI_IMAGE_H_VERSION, OSTI_IMAGE_VERSION);
	image_put32(out + OSTI_IMAGE_H_SLOT, id->slot);
	image_put64(out + OSTI_IMAGE_H_GENERATION, id->generation);
	image_put64(out + OSTI_IMAGE_H_SAVED_AT, header->saved_at);
	memcpy(out + OSTI_IMAGE_H_NAME, id->name, OSTI_NAME_LEN);
	memcpy(out + OSTI_IMAGE_H_DEVICE, id->device, OSTI_IMAGE_DEVICE);
	image_put64(out + OSTI_IMAGE_H_MANIFEST_BYTES, header->manifest_bytes);
	image_put64(out + OSTI_IMAGE_H_CHUNKS_BYTES, header->chunks_bytes);
	memcpy(out + OSTI_IMAGE_H_MANIFEST_ID, header->manifest_id,
	       OSTI_IMAGE_HASH);
}

int image_header_parse(const uint8_t *in, uint64_t bytes,
		       struct image_header *header)
{
	struct image_identity *id = &header->identity;
	unsigned int i;

	if (bytes < OSTI_IMAGE_HEADER)
		return OSTI_IMAGE_E_TRUNCATED;
	if (memcmp(in + OSTI_IMAGE_H_MAGIC, OSTI_IMAGE_MAGIC, MAGIC_BYTES))
		return OSTI_IMAGE_E_MAGIC;
	if (image_get32(in + OSTI_IMAGE_H_VERSION) != OSTI_IMAGE_VERSION)
		return OSTI_IMAGE_E_VERSION;
	for (i = OSTI_IMAGE_H_ZERO; i < OSTI_IMAGE_HEADER; i++)
		if (in[i])
			return OSTI_IMAGE_E_RESERVED;

	id->slot = image_get32(in + OSTI_IMAGE_H_SLOT);
	if (id->slot < 1 || id->slot > OSTI_MAX_SLOTS)
		return OSTI_IMAGE_E_SLOT;
	id->generation = image_get64(in + OSTI_IMAGE_H_GENERATION);
	if (id->generation == 0)
		return OSTI_IMAGE_E_GENERATION;
	memcpy(id->name, in + OSTI_IMAGE_H_NAME, OSTI_NAME_LEN);
	memcpy(id->device, in + OSTI_IMAGE_H_DEVICE, OSTI_IMAGE_DEVICE);

	header->saved_at = image_get64(in + OSTI_IMAGE_H_SAVED_AT);
	header->manifest_bytes = image_get64(in + OSTI_IMAGE_H_MANIFEST_BYTES);
	if (header->manifest_bytes < OSTI_IMAGE_M_FIXED + OSTI_IMAGE_TAG ||
	    header->manifest_bytes > OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG)
		return OSTI_IMAGE_E_SIZE;
	header->chunks_bytes = image_get64(in + OSTI_IMAGE_H_CHUNKS_BYTES);
	if (header->chunks_bytes > CHUNKS_MAX)
		return OSTI_IMAGE_E_SIZE;
	memcpy(header->manifest_id, in + OSTI_IMAGE_H_MANIFEST_ID,
	       OSTI_IMAGE_HASH);
	return OSTI_IMAGE_OK;
}

int image_header_match(const struct image_header *header,
		       const struct image_identity *wanted)
{
	const struct image_identity *id = &header->identity;

	if (memcmp(id->device, wanted->device, OSTI_IMAGE_DEVICE))
		return OSTI_IMAGE_E_DEVICE;
	if (id->slot != wanted->slot ||
	    memcmp(id->name, wanted->name, OSTI_NAME_LEN))
		return OSTI_IMAGE_E_SLOT;
	if (id->generation != wanted->generation)
		return OSTI_IMAGE_E_GENERATION;
	return OSTI_IMAGE_OK;
}

uint64_t image_header_total(const struct image_header *header)
{
	return OSTI_IMAGE_HEADER + header->manifest_bytes +
	       header->chunks_bytes;
}
