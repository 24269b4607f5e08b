// SPDX-License-Identifier: GPL-2.0-only
/*
 * image_record.c - the resume record: what a frozen slot is besides its memory
 */
#include "image_record.h"

#include <stdbool.h>

#include "image_bytes.h"
#include "string.h"

#define ALIGNMENT	8
/* With limits on both numbers: what they take, up to the next multiple. */
#define RECORD_BYTES(attachments, gic_bytes) \
	((OSTI_IMAGE_R_FIXED + (attachments) * OSTI_IMAGE_A_ENTRY + \
	  (gic_bytes) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

_Static_assert(RECORD_BYTES(OSTI_IMAGE_ATTACHMENTS_MAX, OSTI_IMAGE_GIC_MAX) <=
	       OSTI_IMAGE_RECORD_MAX, "the largest record is allowed");

int image_partition_ok(uint64_t bytes)
{
	return bytes > 0 && bytes <= OSTI_IMAGE_PARTITION_MAX &&
	       bytes % OSTI_IMAGE_PARTITION_UNIT == 0;
}

static bool limits_ok(const struct image_record *record)
{
	return record->attachments <= OSTI_IMAGE_ATTACHMENTS_MAX &&
	       record->gic_bytes <= OSTI_IMAGE_GIC_MAX;
}

static void write_attachment(const struct image_attachment *attachment,
			     uint8_t *out)
{
	image_put32(out + OSTI_IMAGE_A_KIND, attachment->kind);
	image_put32(out + OSTI_IMAGE_A_ZERO, 0);
	image_put64(out + OSTI_IMAGE_A_BYTES, attachment->bytes);
	memcpy(out + OSTI_IMAGE_A_DIGEST, attachment->digest, OSTI_IMAGE_HASH);
}

size_t image_record_write(const struct image_record *record, uint8_t *out)
{
	struct image_record again;
	uint8_t *at = out + OSTI_IMAGE_R_FIXED;
	size_t bytes;
	uint32_t i;

	if (!limits_ok(record))
		return 0;
	bytes = RECORD_BYTES(record->attachments, record->gic_bytes);
	memset(out, 0, bytes);
	image_put64(out + OSTI_IMAGE_R_PARTITION, record->partition_bytes);
	image_put64(out + OSTI_IMAGE_R_ENTRY, record->entry);
	image_put64(out + OSTI_IMAGE_R_ARG, record->arg);
	image_put64(out + OSTI_IMAGE_R_FROZEN_AT, record->frozen_at);
	image_put64(out + OSTI_IMAGE_R_COUNTER, record->counter);
	image_put64(out + OSTI_IMAGE_R_START, record->start);
	image_put32(out + OSTI_IMAGE_R_CPU, record->cpu);
	image_put16(out + OSTI_IMAGE_R_KIND, record->kind);
	image_put16(out + OSTI_IMAGE_R_FLAGS, record->flags);
	image_put32(out + OSTI_IMAGE_R_ATTACHMENTS, record->attachments);
	image_put32(out + OSTI_IMAGE_R_GIC_BYTES, record->gic_bytes);
	memcpy(out + OSTI_IMAGE_R_PLATFORM, record->platform, OSTI_IMAGE_HASH);
	for (i = 0; i < record->attachments; i++) {
		write_attachment(&record->attachment[i], at);
		at += OSTI_IMAGE_A_ENTRY;
	}
	if (record->gic_bytes)
		memcpy(at, record->gic, record->gic_bytes);
	return image_record_parse(out, bytes, &again) ? 0 : bytes;
}

static void read_fixed(const uint8_t *in, struct image_record *record)
{
	record->partition_bytes = image_get64(in + OSTI_IMAGE_R_PARTITION);
	record->entry = image_get64(in + OSTI_IMAGE_R_ENTRY);
	record->arg = image_get64(in + OSTI_IMAGE_R_ARG);
	record->frozen_at = image_get64(in + OSTI_IMAGE_R_FROZEN_AT);
	record->counter = image_get64(in + OSTI_IMAGE_R_COUNTER);
	record->start = image_get64(in + OSTI_IMAGE_R_START);
	record->cpu = image_get32(in + OSTI_IMAGE_R_CPU);
	record->kind = image_get16(in + OSTI_IMAGE_R_KIND);
	record->flags = image_get16(in + OSTI_IMAGE_R_FLAGS);
	record->attachments = image_get32(in + OSTI_IMAGE_R_ATTACHMENTS);
	record->gic_bytes = image_get32(in + OSTI_IMAGE_R_GIC_BYTES);
	memcpy(record->platform, in + OSTI_IMAGE_R_PLATFORM, OSTI_IMAGE_HASH);
}

static int check_fixed(const struct image_record *record)
{
	if (!image_partition_ok(record->partition_bytes))
		return OSTI_IMAGE_E_SIZE;
	if (record->entry < OSTI_RAM_IPA || record->entry % 4 ||
	    record->entry - OSTI_RAM_IPA >= record->partition_bytes ||
	    record->cpu >= OSTI_MAX_CPUS)
		return OSTI_IMAGE_E_RESUME;
	if (record->kind != OSTI_IMAGE_LOCAL &&
	    record->kind != OSTI_IMAGE_COPY)
		return OSTI_IMAGE_E_KIND;
	if (record->flags & ~OSTI_IMAGE_F_ALL)
		return OSTI_IMAGE_E_RECORD;
	if (record->gic_bytes > OSTI_IMAGE_GIC_MAX)
		return OSTI_IMAGE_E_GIC;
	return limits_ok(record) ? OSTI_IMAGE_OK : OSTI_IMAGE_E_RECORD;
}

static int read_attachment(const uint8_t *in,
			   struct image_attachment *attachment)
{
	attachment->kind = image_get32(in + OSTI_IMAGE_A_KIND);
	attachment->bytes = image_get64(in + OSTI_IMAGE_A_BYTES);
	memcpy(attachment->digest, in + OSTI_IMAGE_A_DIGEST, OSTI_IMAGE_HASH);
	if (!attachment->kind || image_get32(in + OSTI_IMAGE_A_ZERO))
		return OSTI_IMAGE_E_RECORD;
	return OSTI_IMAGE_OK;
}

int image_record_parse(const uint8_t *in, size_t bytes,
		       struct image_record *record)
{
	size_t at = OSTI_IMAGE_R_FIXED;
	uint32_t i;
	int error;

	if (bytes < OSTI_IMAGE_R_FIXED || bytes > OSTI_IMAGE_RECORD_MAX)
		return OSTI_IMAGE_E_RECORD;
	read_fixed(in, record);
	error = check_fixed(record);
	if (error)
		return error;
	if (bytes != RECORD_BYTES(record->attachments, record->gic_bytes))
		return OSTI_IMAGE_E_RECORD;

	for (i = 0; i < record->attachments; i++) {
		error = read_attachment(in + at, &record->attachment[i]);
		if (error)
			return error;
		at += OSTI_IMAGE_A_ENTRY;
	}
	record->gic = in + at;
	for (at += record->gic_bytes; at < bytes; at++)
		if (in[at])
			return OSTI_IMAGE_E_RECORD;
	return OSTI_IMAGE_OK;
}

int image_record_match(const struct image_record *record,
		       uint64_t partition_bytes, const uint8_t *platform)
{
	if (record->partition_bytes != partition_bytes)
		return OSTI_IMAGE_E_PARTITION;
	if (memcmp(record->platform, platform, OSTI_IMAGE_HASH))
		return OSTI_IMAGE_E_PLATFORM;
	return OSTI_IMAGE_OK;
}
