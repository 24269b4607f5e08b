// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_header.c - the header, and whether it is genuine
 *
 * Input: what may be a header. What is parsed must be written again as it was;
 * with a MAC it must be believed, and not with one bit of it changed.
 */
#include "fuzz.h"
#include "image_frame.h"
#include "image_manifest.h"

static const struct image_frame_keys keys = { .header = { 1 } };

static void check_limits(const struct image_header *h)
{
	uint64_t first = image_header_first(h);

	CHECK(h->identity.slot >= 1 && h->identity.slot <= OSTI_MAX_SLOTS);
	CHECK(h->identity.generation);
	CHECK(h->chunks <= IMAGE_CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX));
	CHECK(h->manifest_bytes > OSTI_IMAGE_TAG &&
	      h->manifest_bytes <= OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG);
	CHECK(first == OSTI_IMAGE_HEADER + image_header_table(h) +
		       h->manifest_bytes);
	CHECK(image_header_total(h) == first + h->chunks_bytes);
	/* Sums of a few of them do not overflow either. */
	CHECK(image_header_total(h) < UINT64_MAX / 16);
	CHECK(image_header_match(h, &h->identity) == OSTI_IMAGE_OK);
}

/* Without the MAC, written anew, it is the same. */
static void check_written(const struct image_header *h, const uint8_t *in)
{
	uint8_t again[OSTI_IMAGE_HEADER];

	image_header_write(h, again);
	memcpy(again + OSTI_IMAGE_H_MAC, in + OSTI_IMAGE_H_MAC,
	       OSTI_IMAGE_HASH);
	CHECK(!memcmp(again, in, sizeof(again)));
}

static void check_frame(const struct image_header *h, const uint8_t *in)
{
	uint8_t framed[OSTI_IMAGE_HEADER];
	struct image_header again;
	/* The MAC of the input may be anything: it says where to change one. */
	uint32_t bit = (in[OSTI_IMAGE_H_MAC] | in[OSTI_IMAGE_H_MAC + 1] << 8) %
		       (8 * OSTI_IMAGE_HEADER);

	image_frame_write(&keys, h, framed);
	CHECK(image_frame_check(&keys, framed) == OSTI_IMAGE_OK);
	CHECK(image_header_parse(framed, sizeof(framed), &again) == 0);
	check_written(&again, framed);
	framed[bit / 8] ^= 1U << bit % 8;
	CHECK(image_frame_check(&keys, framed) == OSTI_IMAGE_E_TAG);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *in = fuzz_copy(data, size);
	struct image_header h;

	if (size >= OSTI_IMAGE_HEADER) {
		int error = image_frame_check(&keys, in);

		CHECK(error == OSTI_IMAGE_OK || error == OSTI_IMAGE_E_TAG);
	}
	if (image_header_parse(in, size, &h) == OSTI_IMAGE_OK) {
		check_limits(&h);
		check_written(&h, in);
		check_frame(&h, in);
	}
	free(in);
	return 0;
}
