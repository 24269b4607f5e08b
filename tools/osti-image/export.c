// SPDX-License-Identifier: GPL-2.0-or-later
#include "export.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "image_chunk.h"
#include "image_seal.h"
#include "threads.h"

struct job {
	const struct image_keys *keys;
	const uint8_t *ram;
	const struct file *out;
	struct image_build build;
	atomic_uint next;	/* segment or chunk */
	/* Chunks are written in order: each waits for its turn. */
	pthread_mutex_t lock;
	pthread_cond_t turn;
	uint32_t written;
	uint64_t at;
	int error;
};

static void *scan(void *arg)
{
	struct job *j = arg;
	struct image_segment s;
	uint32_t nr;

	while ((nr = atomic_fetch_add(&j->next, 1)) <
	       image_build_segments(&j->build)) {
		image_build_segment_begin(&s, &j->build, nr);
		while (image_build_segment_step(&s, UINT32_MAX))
			;
	}
	image_crypto_wipe(&s, sizeof(s));
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

static void stop(struct job *j, int error)
{
	pthread_mutex_lock(&j->lock);
	j->error = error;
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
		stop(j, -ENOMEM);
		return NULL;
	}
	while (!stopped(j) &&
	       (nr = atomic_fetch_add(&j->next, 1)) < m->chunks) {
		uint32_t bytes;
		uint8_t codec;

		/* Both take every chunk that there is. */
		image_chunk_seal(j->keys, work, m, nr, j->ram, &bytes, &codec);
		image_build_set_stored(&j->build, nr, bytes, codec);
		write_chunk(j, nr, work->stored, bytes);
	}
	image_crypto_wipe(work, sizeof(*work));
	free(work);
	return NULL;
}

/* The header is written last: without it there is no image. */
static int write_manifest(struct job *j, const struct image_header *header,
			  uint8_t *plain, struct export_result *result)
{
	struct image_header h = *header;
	uint8_t head[OSTI_IMAGE_HEADER];
	size_t bytes = j->build.manifest.bytes;
	struct image_seal s;
	int error;

	if (image_build_stored(&j->build, &h.chunks_bytes) ||
	    image_seal_begin(&s, j->keys, &h, head, plain, bytes))
		return -EPROTO;
	while (image_seal_step(&s, SIZE_MAX))
		;
	result->pages = j->build.manifest.pages;
	result->chunks = j->build.manifest.chunks;
	result->bytes = j->at;
	error = file_write(j->out, plain, bytes + OSTI_IMAGE_TAG,
			   OSTI_IMAGE_HEADER);
	return error ? error : file_write(j->out, head, sizeof(head), 0);
}

int export_image(const struct image_keys *keys, const struct image_header *header,
		 const struct image_info *info, const uint8_t *ram,
		 const struct file *out, unsigned int threads,
		 struct export_result *result, int *refusal)
{
	size_t capacity = image_manifest_max(info->partition_bytes,
					     info->gic_bytes);
	struct job *j = calloc(1, sizeof(*j));
	uint8_t *plain = malloc(capacity + OSTI_IMAGE_TAG);
	int error = -ENOMEM;

	*refusal = OSTI_IMAGE_OK;
	if (!j || !plain)
		goto out;
	*refusal = image_build_begin(&j->build, keys, ram, info, plain,
				     capacity);
	error = -EINVAL;
	if (*refusal)
		goto out;
	j->keys = keys;
	j->ram = ram;
	j->out = out;
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->turn, NULL);
	threads_run(threads, scan, j);
	image_build_finish(&j->build);
	j->at = OSTI_IMAGE_HEADER + j->build.manifest.bytes + OSTI_IMAGE_TAG;
	atomic_store(&j->next, 0);
	threads_run(threads, seal, j);
	error = j->error;
	if (!error)
		error = write_manifest(j, header, plain, result);
	pthread_cond_destroy(&j->turn);
	pthread_mutex_destroy(&j->lock);
out:
	free(plain);
	free(j);
	return error;
}
