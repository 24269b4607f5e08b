// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show.c - report what an image says of itself
 */
#include "show.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"
#include "options.h"
#include "report.h"

static const uint8_t *entry(const struct import *i, uint32_t nr)
{
	return i->table + (size_t)nr * OSTI_IMAGE_T_ENTRY;
}

static int compare_digests(const void *a, const void *b)
{
	const uint8_t *const *x = a, *const *y = b;

	return memcmp(*x + OSTI_IMAGE_T_DIGEST, *y + OSTI_IMAGE_T_DIGEST,
		      OSTI_IMAGE_HASH);
}

/* Of chunks with the same bytes a carrier needs one. */
static int count_distinct(const struct import *i, uint32_t *chunks,
			  uint64_t *bytes)
{
	const uint8_t **sorted;
	uint32_t nr = i->header.chunks;
	uint32_t k;

	*chunks = 0;
	*bytes = 0;
	if (!nr)
		return 0;
	sorted = malloc(nr * sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (k = 0; k < nr; k++)
		sorted[k] = entry(i, k);
	qsort(sorted, nr, sizeof(*sorted), compare_digests);
	for (k = 0; k < nr; k++) {
		if (k && !compare_digests(&sorted[k - 1], &sorted[k]))
			continue;
		(*chunks)++;
		*bytes += image_get32(sorted[k] + OSTI_IMAGE_T_STORED);
	}
	free(sorted);
	return 0;
}

enum status show_front(const struct import *i)
{
	const struct image_header *h = &i->header;
	uint32_t chunks;
	uint64_t bytes;
	int error = count_distinct(i, &chunks, &bytes);

	if (error)
		return report_errno("sort", "the table", error);
	report_number("version", OSTI_IMAGE_VERSION);
	report_number("slot", h->identity.slot);
	report_name("name", h->identity.name, OSTI_NAME_LEN);
	report_hex("device", h->identity.device, OSTI_IMAGE_DEVICE);
	report_number("generation", h->identity.generation);
	report_time("saved_at", h->saved_at);
	report_number("file_bytes", image_header_total(h));
	report_number("manifest_bytes", h->manifest_bytes);
	report_number("chunks", h->chunks);
	report_number("chunks_bytes", h->chunks_bytes);
	report_number("distinct_chunks", chunks);
	report_number("distinct_bytes", bytes);
	return DONE;
}

static void show_attachments(const struct image_record *r)
{
	uint32_t k;

	report_number("attachments", r->attachments);
	report_list("attachment");
	for (k = 0; k < r->attachments; k++)
		report_attachment(&r->attachment[k]);
}

void show_record(const struct import *i)
{
	const struct image_manifest *m = &i->manifest;
	const struct image_record *r = &i->record;

	report_text("kind", options_kind(r->kind));
	report_number("partition_bytes", r->partition_bytes);
	report_number("pages", m->pages);
	if (m->pages)
		report_real("ratio", (double)image_header_total(&i->header) /
				     (double)(m->pages * OSTI_IMAGE_PAGE));
	report_time("frozen_at", r->frozen_at);
	report_number("counter", r->counter);
	report_address("entry", r->entry);
	report_address("arg", r->arg);
	report_number("cpu", r->cpu);
	report_number("start", r->start);
	report_bool("disk_key", r->flags & OSTI_IMAGE_F_DISK_KEY);
	report_hex("platform", r->platform, OSTI_IMAGE_HASH);
	report_number("gic_bytes", r->gic_bytes);
	show_attachments(r);
}

void show_table(const struct import *i, bool opened)
{
	struct image_chunk chunk = { .pages = 0 };
	uint32_t nr;

	report_list("chunk");
	for (nr = 0; nr < i->header.chunks; nr++) {
		const uint8_t *at = entry(i, nr);

		if (opened) {
			image_manifest_chunk(&i->manifest, nr, &chunk);
		} else {
			memcpy(chunk.id, at + OSTI_IMAGE_T_ID, OSTI_IMAGE_HASH);
			memcpy(chunk.digest, at + OSTI_IMAGE_T_DIGEST,
			       OSTI_IMAGE_HASH);
			chunk.stored = image_get32(at + OSTI_IMAGE_T_STORED);
		}
		report_chunk(&chunk, opened);
	}
}
