// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_header.c - the plain header of an image
 */
#include "image_header.h"

#include "image_bytes.h"
#include "string.h"

#define MAGIC_BYTES	8
#define CHUNKS_MAX \
	(OSTI_IMAGE_PARTITION_MAX / OSTI_IMAGE_PAGE / OSTI_IMAGE_CHUNK_MIN)
/* All pages of the largest partition, in chunks that are as small as can be. */
#define CHUNKS_BYTES_MAX \
	(OSTI_IMAGE_PARTITION_MAX + \
	 CHUNKS_MAX * (OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG))

_Static_assert(OSTI_IMAGE_H_MAC + OSTI_IMAGE_HASH == OSTI_IMAGE_H_ZERO,
	       "the MAC is the last field");

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
	image_put32(out + OSTI_IMAGE_H_CHUNKS, header->chunks);
	memcpy(out + OSTI_IMAGE_H_MANIFEST_ID, header->manifest_id,
	       OSTI_IMAGE_HASH);
	memcpy(out + OSTI_IMAGE_H_RECORD_ID, header->record_id,
	       OSTI_IMAGE_HASH);
}

/* Is it an image of this version, and is zero what must be? */
static int check_form(const uint8_t *in)
{
	unsigned int i;

	if (!memcmp(in + OSTI_IMAGE_H_MAGIC, OSTI_IMAGE_MAGIC_1, MAGIC_BYTES))
		return OSTI_IMAGE_E_OLD;
	if (memcmp(in + OSTI_IMAGE_H_MAGIC, OSTI_IMAGE_MAGIC, MAGIC_BYTES))
		return OSTI_IMAGE_E_MAGIC;
	if (image_get32(in + OSTI_IMAGE_H_VERSION) != OSTI_IMAGE_VERSION)
		return OSTI_IMAGE_E_VERSION;
	if (image_get32(in + OSTI_IMAGE_H_ZERO_1))
		return OSTI_IMAGE_E_RESERVED;
	for (i = OSTI_IMAGE_H_ZERO; i < OSTI_IMAGE_HEADER; i++)
		if (in[i])
			return OSTI_IMAGE_E_RESERVED;
	return OSTI_IMAGE_OK;
}

static int read_sizes(const uint8_t *in, struct image_header *header)
{
	header->chunks = image_get32(in + OSTI_IMAGE_H_CHUNKS);
	header->manifest_bytes = image_get64(in + OSTI_IMAGE_H_MANIFEST_BYTES);
	header->chunks_bytes = image_get64(in + OSTI_IMAGE_H_CHUNKS_BYTES);
	if (header->chunks > CHUNKS_MAX ||
	    header->manifest_bytes < OSTI_IMAGE_MANIFEST_MIN + OSTI_IMAGE_TAG ||
	    header->manifest_bytes > OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG ||
	    header->chunks_bytes > CHUNKS_BYTES_MAX)
		return OSTI_IMAGE_E_SIZE;
	return OSTI_IMAGE_OK;
}

int image_header_parse(const uint8_t *in, uint64_t bytes,
		       struct image_header *header)
{
	struct image_identity *id = &header->identity;
	int error;

	if (bytes < OSTI_IMAGE_HEADER)
		return OSTI_IMAGE_E_TRUNCATED;
	error = check_form(in);
	if (error)
		return error;

	id->slot = image_get32(in + OSTI_IMAGE_H_SLOT);
	if (id->slot < 1 || id->slot > OSTI_MAX_SLOTS)
		return OSTI_IMAGE_E_SLOT;
	id->generation = image_get64(in + OSTI_IMAGE_H_GENERATION);
	if (id->generation == 0)
		return OSTI_IMAGE_E_GENERATION;
	memcpy(id->name, in + OSTI_IMAGE_H_NAME, OSTI_NAME_LEN);
	memcpy(id->device, in + OSTI_IMAGE_H_DEVICE, OSTI_IMAGE_DEVICE);

	header->saved_at = image_get64(in + OSTI_IMAGE_H_SAVED_AT);
	memcpy(header->manifest_id, in + OSTI_IMAGE_H_MANIFEST_ID,
	       OSTI_IMAGE_HASH);
	memcpy(header->record_id, in + OSTI_IMAGE_H_RECORD_ID,
	       OSTI_IMAGE_HASH);
	return read_sizes(in, header);
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

uint64_t image_header_table(const struct image_header *header)
{
	return (uint64_t)header->chunks * OSTI_IMAGE_T_ENTRY;
}

uint64_t image_header_first(const struct image_header *header)
{
	return OSTI_IMAGE_HEADER + image_header_table(header) +
	       header->manifest_bytes;
}

uint64_t image_header_total(const struct image_header *header)
{
	return image_header_first(header) + header->chunks_bytes;
}
