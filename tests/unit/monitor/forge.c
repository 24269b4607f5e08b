// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * forge.c - images taken apart and put together by the portable image code
 */
#include "forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image_crypto.h"
#include "image_seal.h"

static void finish(struct image_seal *s)
{
	int err;

	do {
		err = image_seal_step(s, SIZE_MAX);
	} while (err == OSTI_IMAGE_AGAIN);
	assert_int_equal(err, OSTI_IMAGE_OK);
}

uint8_t *forge_open(const struct carry_image *image,
		    struct image_header *header, struct image_manifest *m)
{
	uint8_t head[OSTI_IMAGE_HEADER];
	struct image_keys keys;
	struct image_seal s;
	uint8_t *plain;

	carry_image_keys(image->slot, &keys);
	memcpy(head, image->file, sizeof(head));
	assert_int_equal(image_header_parse(head, image->bytes, header), 0);
	assert_int_equal(OSTI_IMAGE_HEADER + header->manifest_bytes,
			 image->head);
	plain = malloc(header->manifest_bytes);
	assert_non_null(plain);
	memcpy(plain, image->file + OSTI_IMAGE_HEADER, header->manifest_bytes);
	assert_int_equal(image_open_begin(&s, &keys, header, head, plain,
					  header->manifest_bytes), 0);
	finish(&s);
	assert_int_equal(image_manifest_parse(plain, header->manifest_bytes -
					      OSTI_IMAGE_TAG,
					      header->chunks_bytes, m), 0);
	return plain;
}

/* A manifest of another size moves the chunks. */
static void make_room(struct carry_image *image, size_t manifest_bytes)
{
	const size_t head = OSTI_IMAGE_HEADER + manifest_bytes;
	const size_t chunks = image->bytes - image->head;
	uint8_t *file = malloc(head + chunks);
	uint32_t i;

	assert_non_null(file);
	memcpy(file + head, image->file + image->head, chunks);
	for (i = 0; i <= image->chunks; i++)
		image->at[i] += head - image->head;
	free(image->file);
	image->file = file;
	image->head = head;
	image->bytes = head + chunks;
}

void forge_seal(struct carry_image *image, const uint8_t *plain, size_t bytes,
		uint64_t chunks_bytes)
{
	struct image_header header;
	struct image_keys keys;
	struct image_seal s;

	carry_image_keys(image->slot, &keys);
	assert_int_equal(image_header_parse(image->file, image->bytes, &header),
			 0);
	header.chunks_bytes = chunks_bytes;
	make_room(image, bytes + OSTI_IMAGE_TAG);
	memcpy(image->file + OSTI_IMAGE_HEADER, plain, bytes);
	assert_int_equal(image_seal_begin(&s, &keys, &header, image->file,
					  image->file + OSTI_IMAGE_HEADER,
					  bytes), 0);
	finish(&s);
}

void forge_manifest_id(struct carry_image *image)
{
	uint8_t key[OSTI_IMAGE_HASH];
	struct image_header header;
	struct image_manifest m;
	struct image_keys keys;
	uint8_t *plain = forge_open(image, &header, &m);

	carry_image_keys(image->slot, &keys);
	header.manifest_id[0] ^= 1;
	image_header_write(&header, image->file);
	image_crypto_mac(keys.manifest_key, header.manifest_id,
			 OSTI_IMAGE_HASH, key);
	image_crypto_seal(key, image->file, OSTI_IMAGE_HEADER, plain, m.bytes,
			  image->file + OSTI_IMAGE_HEADER + m.bytes);
	memcpy(image->file + OSTI_IMAGE_HEADER, plain, m.bytes);
	free(plain);
}

void forge_chunk(struct carry_image *image, uint32_t index,
		 const uint8_t *content, size_t bytes)
{
	struct image_work *work = malloc(sizeof(*work));
	struct image_header header;
	struct image_manifest m;
	struct image_chunk chunk;
	struct image_keys keys;
	uint8_t *plain = forge_open(image, &header, &m);

	assert_non_null(work);
	carry_image_keys(image->slot, &keys);
	assert_int_equal(image_manifest_chunk(&m, index, &chunk), 0);
	assert_int_equal(chunk.stored, bytes + OSTI_IMAGE_TAG);
	memcpy(work->stored, content, bytes);
	image_chunk_encrypt(&keys, work, chunk.id, chunk.pages, chunk.codec,
			    bytes);
	memcpy(image->file + image->at[index], work->stored, chunk.stored);
	free(work);
	free(plain);
}
