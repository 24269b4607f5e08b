// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stored_model.c - what monitor and image engine do to copy an image that is
 * stored: another record, and with it another manifest and header
 */
#include "stored_model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

void stored_model_begin(struct stored_model *m, struct fixture *f,
			unsigned int attachments)
{
	memset(m, 0, sizeof(*m));
	m->f = f;
	m->attachments = attachments;
}

void stored_model_end(struct stored_model *m)
{
	fixture_close(&m->image);
	free(m->given);
	free(m->head);
	memset(m, 0, sizeof(*m));
}

/* The header alone, and then no more than it says. */
int stored_model_give(struct stored_model *m, uint64_t offset,
		      const void *buf, size_t bytes)
{
	struct image_header *h = &m->image.header;

	if (m->open || offset != m->nr_given)
		return -EINVAL;
	if (!offset) {
		if (bytes != OSTI_IMAGE_HEADER)
			return -EINVAL;
		if (image_header_parse(buf, bytes, h) ||
		    image_header_match(h, &m->f->identity) ||
		    image_frame_check(&m->f->frame, buf))
			return -EBADMSG;
		m->given = malloc(image_header_first(h));
		assert_non_null(m->given);
	} else if (bytes > image_header_first(h) - offset) {
		return -EINVAL;
	}
	memcpy(m->given + offset, buf, bytes);
	m->nr_given += bytes;
	return 0;
}

int stored_model_open(struct stored_model *m)
{
	struct fixture stored = *m->f;

	if (m->open || !m->given ||
	    m->nr_given != image_header_first(&m->image.header))
		return -EINVAL;
	/* Chunks are not looked at. */
	stored.file = m->given;
	stored.bytes = image_header_total(&m->image.header);
	stored.record.kind = OSTI_IMAGE_LOCAL;
	if (fixture_open(&stored, &m->image))
		return -EBADMSG;
	m->open = true;
	return 0;
}

int stored_model_have(struct stored_model *m, uint32_t index, uint32_t stored,
		      const uint8_t digest[OSTI_IMAGE_HASH])
{
	uint8_t *entry = m->image.table + (size_t)index * OSTI_IMAGE_T_ENTRY;

	if (!m->open || m->head || index >= m->image.m.chunks)
		return -EINVAL;
	m->haves++;
	memcpy(entry + OSTI_IMAGE_T_DIGEST, digest, OSTI_IMAGE_HASH);
	image_put32(entry + OSTI_IMAGE_T_STORED, stored);
	return 0;
}

int stored_model_attach(struct stored_model *m, uint64_t bytes,
			const uint8_t digest[OSTI_IMAGE_HASH])
{
	if (!m->open || m->head || m->attached == m->attachments)
		return -EINVAL;
	m->attached++;
	m->what = (struct image_attachment){ .kind = OSTI_ATTACH_DISK,
					     .bytes = bytes };
	memcpy(m->what.digest, digest, OSTI_IMAGE_HASH);
	return 0;
}

/* With another record, of @bytes. What is behind it stays. */
static void write_plain(const struct stored_model *m, uint8_t *plain,
			const uint8_t *record, size_t bytes)
{
	const struct image_manifest *old = &m->image.m;

	memcpy(plain, old->record - OSTI_IMAGE_M_FIXED, OSTI_IMAGE_M_FIXED);
	image_put32(plain + OSTI_IMAGE_M_RECORD_BYTES, (uint32_t)bytes);
	memcpy(plain + OSTI_IMAGE_M_FIXED, record, bytes);
	memcpy(plain + OSTI_IMAGE_M_FIXED + bytes, old->bitmap,
	       old->bytes - OSTI_IMAGE_M_FIXED - old->record_bytes);
}

static uint64_t sum_stored(const struct image_manifest *m)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < m->chunks; i++)
		sum += image_get32(m->table + (size_t)i * OSTI_IMAGE_T_ENTRY +
				   OSTI_IMAGE_T_STORED);
	return sum;
}

int stored_model_seal(struct stored_model *m)
{
	const struct image_manifest *old = &m->image.m;
	struct image_record *record = &m->image.record;
	struct image_header h = m->image.header;
	uint8_t bytes[OSTI_IMAGE_RECORD_MAX];
	size_t nr, plain;
	uint8_t *at;

	if (!m->open || m->head || m->attached != m->attachments)
		return -EINVAL;
	record->kind = OSTI_IMAGE_COPY;
	record->attachments = m->attachments;
	record->attachment[0] = m->what;
	nr = image_record_write(record, bytes);
	assert_int_not_equal(nr, 0);
	plain = old->bytes - old->record_bytes + nr;
	h.manifest_bytes = plain + OSTI_IMAGE_TAG;
	h.chunks_bytes = sum_stored(old);
	image_frame_record(&m->f->frame, bytes, nr, h.record_id);
	m->head_bytes = image_header_first(&h);
	m->head = malloc(m->head_bytes);
	assert_non_null(m->head);
	at = m->head + OSTI_IMAGE_HEADER;
	memcpy(at, old->table, image_header_table(&h));
	at += image_header_table(&h);
	write_plain(m, at, bytes, nr);
	assert_int_equal(image_manifest_seal(&m->f->keys, old->table,
					     image_header_table(&h), at, plain,
					     h.manifest_id), OSTI_IMAGE_OK);
	image_frame_write(&m->f->frame, &h, m->head);
	return 0;
}

int stored_model_read(struct stored_model *m, uint64_t offset, void *buf,
		      size_t bytes)
{
	if (!m->head || offset > m->head_bytes ||
	    bytes > m->head_bytes - offset)
		return -EINVAL;
	memcpy(buf, m->head + offset, bytes);
	return 0;
}
