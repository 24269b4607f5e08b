// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_record.c - the resume record
 *
 * Input: what may be a record. What is parsed must be within its limits, and be
 * written again as it was.
 */
#include "fuzz.h"
#include "image_manifest.h"
#include "image_record.h"

static void check_limits(const struct image_record *r, const uint8_t *in,
			 size_t bytes)
{
	uint32_t i;

	CHECK(image_partition_ok(r->partition_bytes));
	CHECK(r->entry >= OSTI_RAM_IPA && r->entry % 4 == 0 &&
	      r->entry - OSTI_RAM_IPA < r->partition_bytes);
	CHECK(r->cpu < OSTI_MAX_CPUS);
	CHECK(r->kind == OSTI_IMAGE_LOCAL || r->kind == OSTI_IMAGE_COPY);
	CHECK(r->attachments <= OSTI_IMAGE_ATTACHMENTS_MAX);
	for (i = 0; i < r->attachments; i++)
		CHECK(r->attachment[i].kind);
	CHECK(r->gic_bytes <= OSTI_IMAGE_GIC_MAX);
	CHECK(r->gic >= in + OSTI_IMAGE_R_FIXED &&
	      r->gic_bytes <= (size_t)(in + bytes - r->gic));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[OSTI_IMAGE_RECORD_MAX];
	uint8_t *in = fuzz_copy(data, size);
	struct image_record r;

	if (image_record_parse(in, size, &r) == OSTI_IMAGE_OK) {
		check_limits(&r, in, size);
		CHECK(image_record_match(&r, r.partition_bytes, r.platform) ==
		      OSTI_IMAGE_OK);
		CHECK(image_record_write(&r, again) == size);
		CHECK(!memcmp(again, in, size));
	}
	free(in);
	return 0;
}
