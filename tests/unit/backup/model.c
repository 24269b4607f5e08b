// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * model.c - what monitor and image engine do, for the other side of a backup
 */
#include "model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image_crypto.h"

/* ---- Work -------------------------------------------------------------------------- */

/*
 * What was worked with is kept for the next chunk: it is a MiB, and to map, mark and
 * unmap that much costs AddressSanitizer more than a chunk does.
 */
struct work {
	struct work *next;
	struct image_work image;
};

static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static struct work *spare;

static struct work *work_get(void)
{
	struct work *w;

	pthread_mutex_lock(&spare_lock);
	w = spare;
	if (w)
		spare = w->next;
	pthread_mutex_unlock(&spare_lock);
	return w ? w : malloc(sizeof(*w));
}

static void work_put(struct work *w)
{
	pthread_mutex_lock(&spare_lock);
	w->next = spare;
	spare = w;
	pthread_mutex_unlock(&spare_lock);
}

/* ---- Disk -------------------------------------------------------------------------- */

static int disk_open(struct image_disk *disk, uint64_t *bytes)
{
	struct model_disk *d = (struct model_disk *)disk;

	if (d->hidden)
		return -EOPNOTSUPP;
	d->opened++;
	*bytes = d->size;
	return 0;
}

/* Counts a call; returns what it is to fail with. */
static int disk_count(struct model_disk *d, unsigned int *calls,
		      unsigned int fail_at)
{
	unsigned int nr;

	pthread_mutex_lock(&d->lock);
	nr = ++*calls;
	pthread_mutex_unlock(&d->lock);
	return fail_at && nr >= fail_at ? d->error : 0;
}

static void disk_range(const struct model_disk *d, uint64_t offset,
		       uint64_t bytes)
{
	assert_true(d->opened);
	assert_int_equal(offset % 4096, 0);
	assert_int_equal(bytes % 4096, 0);
	assert_true(bytes && offset < d->size && bytes <= d->size - offset);
}

static int disk_read(struct image_disk *disk, uint64_t offset, uint8_t *buf,
		     size_t bytes)
{
	struct model_disk *d = (struct model_disk *)disk;
	int error = disk_count(d, &d->reads, d->fail_read);

	disk_range(d, offset, bytes);
	if (!error)
		memcpy(buf, d->bytes + offset, bytes);
	return error;
}

static int disk_write(struct image_disk *disk, uint64_t offset,
		      const uint8_t *buf, size_t bytes)
{
	struct model_disk *d = (struct model_disk *)disk;
	int error = disk_count(d, &d->writes, d->fail_write);

	assert_null(d->source);
	disk_range(d, offset, bytes);
	if (!error)
		memcpy(d->bytes + offset, buf, bytes);
	return error;
}

static int disk_zero(struct image_disk *disk, uint64_t offset, uint64_t bytes)
{
	struct model_disk *d = (struct model_disk *)disk;
	int error = disk_count(d, &d->writes, d->fail_write);

	assert_null(d->source);
	disk_range(d, offset, bytes);
	if (!error)
		memset(d->bytes + offset, 0, bytes);
	return error;
}

static int disk_flush(struct image_disk *disk)
{
	struct model_disk *d = (struct model_disk *)disk;

	return d->fail_write && d->writes >= d->fail_write ? d->error : 0;
}

/* It goes into the record of a source, which has room for one. */
static int disk_attach(struct image_disk *disk, uint64_t bytes,
		       const uint8_t digest[32])
{
	struct model_disk *d = (struct model_disk *)disk;

	if (d->attached)
		return -EINVAL;
	d->attached = true;
	d->what = (struct image_attachment){ .kind = OSTI_ATTACH_DISK,
					     .bytes = bytes };
	memcpy(d->what.digest, digest, OSTI_IMAGE_HASH);
	d->what.digest[0] ^= d->lie;
	if (!d->source)
		return 0;
	d->source->f->record.attachment[0] = d->what;
	assert_int_equal(image_record_write(&d->source->f->record,
					    d->source->record),
			 d->source->build->manifest.record_bytes);
	memcpy(d->source->build->manifest.record, d->source->record,
	       d->source->build->manifest.record_bytes);
	return 0;
}

void model_disk_begin(struct model_disk *d, uint64_t size)
{
	memset(d, 0, sizeof(*d));
	pthread_mutex_init(&d->lock, NULL);
	d->size = size;
	d->bytes = calloc(1, size);
	assert_non_null(d->bytes);
	d->disk = (struct image_disk){
		.open = disk_open, .read = disk_read, .write = disk_write,
		.zero = disk_zero, .flush = disk_flush, .attach = disk_attach,
	};
}

void model_disk_end(struct model_disk *d)
{
	free(d->bytes);
	pthread_mutex_destroy(&d->lock);
	memset(d, 0, sizeof(*d));
}

/* ---- Source ------------------------------------------------------------------------ */

static int have(struct image_source *src, uint32_t index, uint32_t stored,
		const uint8_t digest[32])
{
	struct model_source *m = (struct model_source *)src;

	/* As the monitor: not after the first chunk. */
	if (m->made)
		return -EBUSY;
	m->haves++;
	return image_build_set_stored(m->build, index, stored, digest) ?
	       -EINVAL : 0;
}

static int chunk(struct image_source *src, uint32_t index, uint8_t *buf,
		 size_t room, size_t *bytes)
{
	struct model_source *m = (struct model_source *)src;
	struct work *work = work_get();
	uint8_t digest[OSTI_IMAGE_HASH];
	uint32_t stored;
	unsigned int nr;
	int error = 0;

	if (!work)
		return -ENOMEM;
	pthread_mutex_lock(&m->lock);
	nr = ++m->made;
	pthread_mutex_unlock(&m->lock);
	if (m->fail_at && nr >= m->fail_at) {
		error = m->error;
	} else if (image_chunk_seal(&m->f->keys, &work->image,
				    &m->build->manifest, index, m->f->ram,
				    &m->f->packing, &stored, digest) ||
		   image_build_set_stored(m->build, index, stored, digest)) {
		error = -EINVAL;
	} else {
		memcpy(buf, work->image.stored, stored);
		buf[stored - 1] ^= m->twist;
		*bytes = stored;
		error = stored > room ? -ENOSPC : 0;
	}
	work_put(work);
	return error;
}

static int seal(struct image_source *src, uint8_t **head, size_t *bytes)
{
	struct model_source *m = (struct model_source *)src;
	const struct image_manifest *manifest = &m->build->manifest;
	struct image_header h = {
		.identity = m->f->identity,
		.saved_at = m->f->saved_at,
		.chunks = manifest->chunks,
		.manifest_bytes = manifest->bytes + OSTI_IMAGE_TAG,
	};
	uint8_t *to;

	if (m->before_seal)
		m->before_seal(m->data);
	if (m->seal_error)
		return m->seal_error;
	if (image_build_stored(m->build, &h.chunks_bytes))
		return -EINVAL;
	image_frame_record(&m->f->frame, manifest->record,
			   manifest->record_bytes, h.record_id);
	*bytes = image_header_first(&h);
	*head = malloc(*bytes);
	assert_non_null(*head);
	to = *head + OSTI_IMAGE_HEADER;
	memcpy(to, m->table, image_header_table(&h));
	memcpy(to + image_header_table(&h), m->plain, manifest->bytes);
	assert_int_equal(image_manifest_seal(&m->f->keys, m->table,
					     image_header_table(&h),
					     to + image_header_table(&h),
					     manifest->bytes, h.manifest_id),
			 OSTI_IMAGE_OK);
	image_frame_write(&m->f->frame, &h, *head);
	return 0;
}

static int commit(struct image_source *src)
{
	struct model_source *m = (struct model_source *)src;

	assert_false(m->aborted || m->commit);
	m->commit = !m->commit_error;
	return m->commit_error;
}

static void abort_source(struct image_source *src)
{
	((struct model_source *)src)->aborted = true;
}

void model_source_begin(struct model_source *m, struct fixture *f)
{
	uint64_t bytes = f->record.partition_bytes;
	size_t record;
	uint32_t i;

	memset(m, 0, sizeof(*m));
	pthread_mutex_init(&m->lock, NULL);
	m->f = f;
	m->build = malloc(sizeof(*m->build));
	m->plain = malloc(IMAGE_MANIFEST_MAX(bytes));
	m->table = calloc(1, IMAGE_TABLE_MAX(bytes));
	assert_true(m->build && m->plain && m->table);
	record = image_record_write(&f->record, m->record);
	assert_int_equal(image_build_begin(m->build, &f->keys, f->ram,
					   m->record, record, m->plain,
					   m->table), OSTI_IMAGE_OK);
	for (i = 0; i < image_build_segments(m->build); i++)
		image_build_segment(m->build, i);
	image_build_finish(m->build);
	m->source = (struct image_source){
		.chunks = m->build->manifest.chunks, .table = m->table,
		.have = have, .chunk = chunk, .seal = seal, .commit = commit,
		.abort = abort_source,
	};
}

void model_source_disk(struct model_source *m, struct model_disk *d)
{
	m->disk = d;
	m->source.disk = &d->disk;
	d->source = m;
	d->attached = false;
}

void model_source_end(struct model_source *m)
{
	free(m->table);
	free(m->plain);
	free(m->build);
	pthread_mutex_destroy(&m->lock);
}

/* ---- Sink --------------------------------------------------------------------------- */

static int begin(struct image_sink *sink, const uint8_t *header)
{
	struct model_sink *m = (struct model_sink *)sink;

	memcpy(m->raw_header, header, OSTI_IMAGE_HEADER);
	if (image_header_parse(header, OSTI_IMAGE_HEADER, &m->header) ||
	    image_frame_check(&m->f->frame, header))
		return -EBADMSG;
	return 0;
}

static int head(struct image_sink *sink, const uint8_t *buf, size_t bytes)
{
	struct model_sink *m = (struct model_sink *)sink;
	size_t table = image_header_table(&m->header);

	assert_int_equal(bytes, table + m->header.manifest_bytes);
	m->table = malloc(table + 1);
	m->plain = malloc(m->header.manifest_bytes);
	assert_true(m->table && m->plain);
	memcpy(m->table, buf, table);
	memcpy(m->plain, buf + table, m->header.manifest_bytes);
	if (image_manifest_open(&m->f->keys, m->table, table, m->plain,
				m->header.manifest_bytes,
				m->header.manifest_id) ||
	    image_manifest_parse(m->plain,
				 m->header.manifest_bytes - OSTI_IMAGE_TAG,
				 m->table, m->header.chunks,
				 m->header.chunks_bytes, &m->m))
		return -EBADMSG;
	m->ram = calloc(1, m->m.partition_bytes);
	assert_non_null(m->ram);
	return 0;
}

static int take(struct image_sink *sink, uint32_t index, const uint8_t *buf,
		size_t bytes)
{
	struct model_sink *m = (struct model_sink *)sink;
	struct work *work = work_get();
	unsigned int nr;
	int error = 0;

	if (!work)
		return -ENOMEM;
	pthread_mutex_lock(&m->lock);
	nr = ++m->chunks;
	pthread_mutex_unlock(&m->lock);
	if (m->fail_at && nr >= m->fail_at)
		error = m->error;
	else if (image_chunk_open(&m->f->keys, &work->image, &m->m, index, buf,
				  bytes))
		error = -EBADMSG;
	else
		image_chunk_place(&work->image, &m->m, index, m->ram);
	work_put(work);
	return error;
}

/* Is what was attached what the image was made with? */
static bool attached(const struct model_sink *m)
{
	const struct model_disk *d = m->disk;
	struct image_record record;

	if (!d)
		return true;
	assert_int_equal(image_record_parse(m->m.record, m->m.record_bytes,
					    &record), OSTI_IMAGE_OK);
	if (!d->attached || record.attachments != 1)
		return d->attached == record.attachments;
	return record.attachment[0].kind == d->what.kind &&
	       record.attachment[0].bytes == d->what.bytes &&
	       memcmp(record.attachment[0].digest, d->what.digest,
		      OSTI_IMAGE_HASH) == 0;
}

static int finish(struct model_sink *m, bool *what)
{
	assert_false(m->aborted || m->committed || m->checked);
	if (!attached(m))
		return -EBADMSG;
	assert_int_equal(m->chunks, m->header.chunks);
	*what = true;
	return 0;
}

static int check(struct image_sink *sink)
{
	struct model_sink *m = (struct model_sink *)sink;

	return finish(m, &m->checked);
}

static int commit_sink(struct image_sink *sink)
{
	struct model_sink *m = (struct model_sink *)sink;

	return finish(m, &m->committed);
}

static void abort_sink(struct image_sink *sink)
{
	((struct model_sink *)sink)->aborted = true;
}

void model_sink_begin(struct model_sink *m, const struct fixture *f)
{
	memset(m, 0, sizeof(*m));
	pthread_mutex_init(&m->lock, NULL);
	m->f = f;
	m->sink = (struct image_sink){
		.begin = begin, .head = head, .chunk = take, .check = check,
		.commit = commit_sink, .abort = abort_sink,
	};
}

void model_sink_disk(struct model_sink *m, struct model_disk *d)
{
	m->disk = d;
	m->sink.disk = &d->disk;
	d->source = NULL;
	d->attached = false;
}

void model_sink_end(struct model_sink *m)
{
	free(m->ram);
	free(m->plain);
	free(m->table);
	pthread_mutex_destroy(&m->lock);
}
