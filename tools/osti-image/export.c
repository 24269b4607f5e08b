// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export.c - memory becomes an image
 */
#include "export.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "image_build.h"
#include "image_crypto.h"
#include "image_frame.h"
#include "image_seal.h"
#include "threads.h"

struct job {
	const struct keyring *keys;
	const struct export *what;
	const struct file *out;
	struct image_build build;
	uint8_t record[OSTI_IMAGE_RECORD_MAX];
	size_t record_bytes;
	uint8_t *plain;
	uint8_t *table;
	atomic_uint next;	/* segment or chunk */
	/* Chunks are written in order: each waits for its turn. */
	pthread_mutex_t lock;
	pthread_cond_t turn;
	uint32_t written;
	uint64_t at;
	int error;
	int refusal;
};

static void *scan(void *arg)
{
	struct job *j = arg;
	uint32_t nr;

	while ((nr = atomic_fetch_add(&j->next, 1)) <
	       image_build_segments(&j->build))
		image_build_segment(&j->build, nr);
	return NULL;
}

/* Write chunk nr when the one before it was written. */
static void write_chunk(struct job *j, uint32_t nr, const uint8_t *stored,
			uint32_t bytes)
{
	int error = 0;
	uint64_t at;

	pthread_mutex_lock(&j->lock);
	while (j->written != nr && !j->error)
		pthread_cond_wait(&j->turn, &j->lock);
	at = j->at;
	j->at += bytes;
	j->written++;
	pthread_cond_broadcast(&j->turn);
	if (!j->error) {
		/* Its place is known: the next one need not wait longer. */
		pthread_mutex_unlock(&j->lock);
		error = file_write(j->out, stored, bytes, at);
		pthread_mutex_lock(&j->lock);
	}
	if (error) {
		j->error = error;
		pthread_cond_broadcast(&j->turn);
	}
	pthread_mutex_unlock(&j->lock);
}

static bool stopped(struct job *j)
{
	bool ret;

	pthread_mutex_lock(&j->lock);
	ret = j->error;
	pthread_mutex_unlock(&j->lock);
	return ret;
}

/* With -EINVAL it is refusal that says why. */
static void stop(struct job *j, int error, int refusal)
{
	pthread_mutex_lock(&j->lock);
	j->error = error;
	j->refusal = refusal;
	pthread_cond_broadcast(&j->turn);
	pthread_mutex_unlock(&j->lock);
}

static void *seal(void *arg)
{
	struct job *j = arg;
	const struct image_manifest *m = &j->build.manifest;
	struct image_work *work = malloc(sizeof(*work));
	uint32_t nr;

	if (!work) {
		stop(j, -ENOMEM, OSTI_IMAGE_OK);
		return NULL;
	}
	while (!stopped(j) &&
	       (nr = atomic_fetch_add(&j->next, 1)) < m->chunks) {
		uint8_t digest[OSTI_IMAGE_HASH];
		uint32_t bytes;
		int refusal;

		refusal = image_chunk_seal(&j->keys->image, work, m, nr,
					   j->what->ram, &j->what->packing,
					   &bytes, digest);
		if (!refusal)
			refusal = image_build_set_stored(&j->build, nr, bytes,
							 digest);
		if (refusal)
			stop(j, -EINVAL, refusal);
		else
			write_chunk(j, nr, work->stored, bytes);
	}
	image_crypto_wipe(work, sizeof(*work));
	free(work);
	return NULL;
}

/* The header is written last: without it there is no image. */
static int write_front(struct job *j, const struct image_header *header)
{
	size_t table_bytes = image_header_table(header);
	uint8_t head[OSTI_IMAGE_HEADER];
	int error;

	image_frame_write(&j->keys->frame, header, head);
	error = file_write(j->out, j->table, table_bytes, OSTI_IMAGE_HEADER);
	if (!error)
		error = file_write(j->out, j->plain, header->manifest_bytes,
				   OSTI_IMAGE_HEADER + table_bytes);
	return error ? error : file_write(j->out, head, sizeof(head), 0);
}

/* All chunks are written: what is in front of them. */
static int finish(struct job *j, struct export_result *result)
{
	const struct image_manifest *m = &j->build.manifest;
	struct image_header header = {
		.identity = j->what->identity,
		.saved_at = j->what->saved_at,
		.chunks = m->chunks,
		.manifest_bytes = m->bytes + OSTI_IMAGE_TAG,
	};

	image_frame_record(&j->keys->frame, j->record, j->record_bytes,
			   header.record_id);
	if (image_build_stored(&j->build, &header.chunks_bytes) ||
	    image_manifest_seal(&j->keys->image, j->table,
				image_header_table(&header), j->plain, m->bytes,
				header.manifest_id))
		return -EPROTO;
	*result = (struct export_result){
		.bytes = image_header_total(&header),
		.pages = m->pages,
		.chunks = m->chunks,
	};
	return write_front(j, &header);
}

static void run(struct job *j, struct export_result *result)
{
	const struct image_manifest *m = &j->build.manifest;

	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->turn, NULL);
	threads_run(j->what->threads, scan, j);
	image_build_finish(&j->build);
	j->at = OSTI_IMAGE_HEADER + (uint64_t)m->chunks * OSTI_IMAGE_T_ENTRY +
		m->bytes + OSTI_IMAGE_TAG;
	atomic_store(&j->next, 0);
	threads_run(j->what->threads, seal, j);
	if (!j->error)
		j->error = finish(j, result);
	pthread_cond_destroy(&j->turn);
	pthread_mutex_destroy(&j->lock);
}

/* Returns OSTI_IMAGE_OK or why there can be no image. */
static int begin(struct job *j)
{
	j->record_bytes = image_record_write(&j->what->record, j->record);
	/* All else of it the caller gives within its limits. */
	if (!j->record_bytes)
		return OSTI_IMAGE_E_RESUME;
	return image_build_begin(&j->build, &j->keys->image, j->what->ram,
				 j->record, j->record_bytes, j->plain,
				 j->table);
}

int export_image(const struct keyring *keys, const struct export *what,
		 const struct file *out, struct export_result *result,
		 int *refusal)
{
	uint64_t bytes = what->record.partition_bytes;
	struct job *j = calloc(1, sizeof(*j));
	int error = -ENOMEM;

	*refusal = OSTI_IMAGE_OK;
	if (!j)
		return error;
	j->keys = keys;
	j->what = what;
	j->out = out;
	j->plain = malloc(IMAGE_MANIFEST_MAX(bytes) + OSTI_IMAGE_TAG);
	j->table = malloc(IMAGE_TABLE_MAX(bytes));
	if (j->plain && j->table) {
		j->refusal = begin(j);
		if (j->refusal)
			j->error = -EINVAL;
		else
			run(j, result);
		error = j->error;
		*refusal = j->refusal;
	}
	free(j->table);
	free(j->plain);
	free(j);
	return error;
}
