// SPDX-License-Identifier: GPL-2.0-or-later
#include "import.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "image_chunk.h"
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

bool import_header(struct import *i, const struct file *in, uint64_t offset,
		   bool exact, struct import_error *e)
{
	uint64_t there;
	uint64_t total;
	int error;

	i->in = in;
	i->offset = offset;
	i->plain = NULL;
	there = offset < in->bytes ? in->bytes - offset : 0;
	if (there < OSTI_IMAGE_HEADER)
		return refuse(e, OSTI_IMAGE_E_TRUNCATED);
	error = file_read(in, i->head, sizeof(i->head), offset);
	if (error)
		return failed(e, error);
	error = image_header_parse(i->head, sizeof(i->head), &i->header);
	if (error)
		return refuse(e, error);
	total = image_header_total(&i->header);
	if (total > there)
		return refuse(e, OSTI_IMAGE_E_TRUNCATED);
	if (exact && total < there)
		return refuse(e, OSTI_IMAGE_E_SIZE);
	return true;
}

bool import_manifest(struct import *i, const struct image_keys *keys,
		     struct import_error *e)
{
	size_t bytes = i->header.manifest_bytes;
	struct image_seal s;
	int error;

	i->plain = malloc(bytes);
	if (!i->plain)
		return failed(e, -ENOMEM);
	error = file_read(i->in, i->plain, bytes,
			  i->offset + OSTI_IMAGE_HEADER);
	if (error)
		return failed(e, error);
	error = image_open_begin(&s, keys, &i->header, i->head, i->plain,
				 bytes);
	if (error)
		return refuse(e, error);
	do {
		error = image_seal_step(&s, SIZE_MAX);
	} while (error == OSTI_IMAGE_AGAIN);
	if (error)
		return refuse(e, error);
	error = image_manifest_parse(i->plain, bytes - OSTI_IMAGE_TAG,
				     i->header.chunks_bytes, &i->manifest);
	return error ? refuse(e, error) : true;
}

void import_free(struct import *i)
{
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
	uint8_t stored[IMAGE_CHUNK_STORED];
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
		.at = i->offset + OSTI_IMAGE_HEADER + i->header.manifest_bytes,
	};

	threads_run(threads, work, &j);
	pthread_mutex_destroy(&j.lock);
	*e = j.error;
	return !j.failed;
}
