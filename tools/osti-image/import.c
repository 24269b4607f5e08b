// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * import.c - an image is checked, and becomes memory
 */
#include "import.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "image_bytes.h"
#include "image_chunk.h"
#include "image_crypto.h"
#include "image_frame.h"
#include "image_seal.h"
#include "threads.h"

static bool refuse(struct import_error *e, int refusal)
{
	*e = (struct import_error){ .refusal = refusal, .chunk = -1 };
	return false;
}

static bool failed(struct import_error *e, int error)
{
	*e = (struct import_error){ .error = error, .chunk = -1 };
	return false;
}

/* The image's place in the file: is there as much as its header says? */
static int check_size(const struct import *i, uint64_t there, bool exact)
{
	uint64_t total = image_header_total(&i->header);

	if (total > there)
		return OSTI_IMAGE_E_TRUNCATED;
	return exact && total < there ? OSTI_IMAGE_E_SIZE : OSTI_IMAGE_OK;
}

/* Read what is there, as was checked, into memory that is made for it. */
static bool load(const struct import *i, uint8_t **to, uint64_t bytes,
		 uint64_t at, struct import_error *e)
{
	int error;

	/* A table without entries is memory, too. */
	*to = malloc(bytes ? bytes : 1);
	if (!*to)
		return failed(e, -ENOMEM);
	error = file_read(i->in, *to, bytes, i->offset + at);
	return error ? failed(e, error) : true;
}

static bool load_table(struct import *i, struct import_error *e)
{
	return load(i, &i->table, image_header_table(&i->header),
		    OSTI_IMAGE_HEADER, e);
}

/* Read the header of an image of which so many bytes are there. */
static bool load_header(struct import *i, const struct file *in,
			uint64_t offset, uint64_t there, struct import_error *e)
{
	int error;

	i->in = in;
	i->offset = offset;
	i->table = NULL;
	i->plain = NULL;
	if (there < OSTI_IMAGE_HEADER)
		return refuse(e, OSTI_IMAGE_E_TRUNCATED);
	error = file_read(in, i->head, sizeof(i->head), offset);
	if (error)
		return failed(e, error);
	error = image_header_parse(i->head, sizeof(i->head), &i->header);
	return error ? refuse(e, error) : true;
}

bool import_front(struct import *i, const struct file *in, uint64_t offset,
		  bool exact, struct import_error *e)
{
	uint64_t there = offset < in->bytes ? in->bytes - offset : 0;
	int error;

	if (!load_header(i, in, offset, there, e))
		return false;
	error = check_size(i, there, exact);
	return error ? refuse(e, error) : load_table(i, e);
}

bool import_head(struct import *i, const struct file *in,
		 struct import_error *e)
{
	return load_header(i, in, 0, in->bytes, e) && load_table(i, e);
}

bool import_unproven(const struct import *i, struct import_error *e)
{
	uint64_t stored = 0;
	uint32_t nr;

	for (nr = 0; nr < i->header.chunks; nr++)
		stored += image_get32(i->table +
				      (size_t)nr * OSTI_IMAGE_T_ENTRY +
				      OSTI_IMAGE_T_STORED);
	return stored == i->header.chunks_bytes ||
	       refuse(e, OSTI_IMAGE_E_TABLE);
}

/* Is it the record that whoever made the header sealed? */
static int open_record(struct import *i, const struct image_frame_keys *keys)
{
	const struct image_manifest *m = &i->manifest;
	uint8_t id[OSTI_IMAGE_HASH];

	image_frame_record(keys, m->record, m->record_bytes, id);
	if (!image_crypto_equal(id, i->header.record_id, sizeof(id)))
		return OSTI_IMAGE_E_RECORD;
	return image_record_parse(m->record, m->record_bytes, &i->record);
}

bool import_manifest(struct import *i, const struct keyring *keys,
		     struct import_error *e)
{
	const struct image_header *h = &i->header;
	uint64_t table_bytes = image_header_table(h);
	int error = OSTI_IMAGE_OK;

	/* Says more than a wrong MAC. */
	if (!keys->any_device &&
	    !image_crypto_equal(keys->device, h->identity.device,
				OSTI_IMAGE_DEVICE))
		error = OSTI_IMAGE_E_DEVICE;
	if (!error)
		error = image_frame_check(&keys->frame, i->head);
	if (error)
		return refuse(e, error);
	if (!load(i, &i->plain, h->manifest_bytes,
		  OSTI_IMAGE_HEADER + table_bytes, e))
		return false;
	error = image_manifest_open(&keys->image, i->table, table_bytes,
				    i->plain, h->manifest_bytes,
				    h->manifest_id);
	if (!error)
		error = image_manifest_parse(i->plain,
					     h->manifest_bytes - OSTI_IMAGE_TAG,
					     i->table, h->chunks,
					     h->chunks_bytes, &i->manifest);
	if (!error)
		error = open_record(i, &keys->frame);
	return error ? refuse(e, error) : true;
}

void import_free(struct import *i)
{
	free(i->table);
	i->table = NULL;
	free(i->plain);
	i->plain = NULL;
}

struct job {
	const struct import *import;
	const struct image_keys *keys;
	const struct file *out;
	pthread_mutex_t lock;
	uint32_t next;
	uint64_t at;
	bool failed;
	struct import_error error;
};

/* What one thread works with. */
struct worker {
	struct image_work work;
	uint8_t stored[OSTI_IMAGE_STORED_MAX];
};

/* Take the next chunk; false when there is none, or something went wrong. */
static bool take(struct job *j, uint32_t *nr, struct image_chunk *chunk,
		 uint64_t *at)
{
	bool ok;

	pthread_mutex_lock(&j->lock);
	ok = !j->failed &&
	     image_manifest_chunk(&j->import->manifest, j->next, chunk) == 0;
	if (ok) {
		*nr = j->next++;
		*at = j->at;
		j->at += chunk->stored;
	}
	pthread_mutex_unlock(&j->lock);
	return ok;
}

/* Of several errors the one of the first chunk is kept. */
static void note(struct job *j, const struct import_error *e)
{
	pthread_mutex_lock(&j->lock);
	if (!j->failed || e->chunk < j->error.chunk)
		j->error = *e;
	j->failed = true;
	pthread_mutex_unlock(&j->lock);
}

static int write_pages(const struct job *j, const struct image_work *work,
		       const struct image_chunk *chunk)
{
	uint32_t page = chunk->first;
	unsigned int i;

	for (i = 0; i < chunk->pages; i++) {
		int error = file_write(j->out,
				       work->pages + i * OSTI_IMAGE_PAGE,
				       OSTI_IMAGE_PAGE,
				       (uint64_t)page * OSTI_IMAGE_PAGE);

		if (error)
			return error;
		page = image_manifest_next_page(&j->import->manifest, page + 1);
	}
	return 0;
}

static void *work(void *arg)
{
	struct job *j = arg;
	struct worker *w = malloc(sizeof(*w));
	struct image_chunk chunk;
	uint64_t at;
	uint32_t nr;

	if (!w) {
		note(j, &(struct import_error){ .error = -ENOMEM, .chunk = -1 });
		return NULL;
	}
	while (take(j, &nr, &chunk, &at)) {
		struct import_error e = { .chunk = nr };

		e.error = file_read(j->import->in, w->stored, chunk.stored, at);
		if (!e.error)
			e.refusal = image_chunk_open(j->keys, &w->work,
						     &j->import->manifest, nr,
						     w->stored, chunk.stored);
		if (!e.error && !e.refusal && j->out)
			e.error = write_pages(j, &w->work, &chunk);
		if (e.error || e.refusal)
			note(j, &e);
	}
	image_crypto_wipe(w, sizeof(*w));
	free(w);
	return NULL;
}

bool import_chunks(const struct import *i, const struct image_keys *keys,
		   const struct file *out, unsigned int threads,
		   struct import_error *e)
{
	struct job j = {
		.import = i,
		.keys = keys,
		.out = out,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.at = i->offset + image_header_first(&i->header),
	};

	threads_run(threads, work, &j);
	pthread_mutex_destroy(&j.lock);
	*e = j.error;
	return !j.failed;
}
