// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/download.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "backup/ranges.h"
#include "backup/transfer.h"

#define LOOK_MS		5
#define TAKERS_MAX	16
#define RANGE_BYTES	(4U << 20)

/* A part of a pack on its way: asked for, then given to the sink. */
struct fetch {
	struct download *d;
	struct range range;
	struct store_request request;
	char path[REPO_PATH];
	bool sending;
	struct fetch *next;
};

struct download {
	struct repository *repo;
	const struct backup *backup;
	struct image_sink *sink;
	const struct download_options *options;
	struct backup_fault *fault;
	struct range_chunk *chunks;
	uint32_t next;			/* chunk that is not asked for yet */
	struct fetch *fetches;
	unsigned int nr;
	unsigned int sending;
	int error;
	bool cancelled;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t came;		/* something to take, or the end */
	pthread_cond_t taken;
	struct fetch *first;
	struct fetch **last;
	struct fetch *free;
	unsigned int busy;		/* ranges that came, and are not done */
	bool ended;
	uint32_t done;			/* chunks */
	uint64_t bytes;
	int sink_error;
	uint32_t sink_chunk;
	uint32_t sink_pack;
};

/* ---- Threads that give chunks to the sink ---------------------------------------- */

static void give_chunks(struct download *d, const struct fetch *f)
{
	uint32_t i;

	for (i = f->range.first; i < f->range.first + f->range.nr; i++) {
		const struct range_chunk *c = &d->chunks[i];
		int error = d->sink->chunk(d->sink, c->index,
					   f->request.got +
					   (c->offset - f->range.offset),
					   c->bytes);

		pthread_mutex_lock(&d->lock);
		if (error && !d->sink_error) {
			d->sink_error = error;
			d->sink_chunk = c->index;
			d->sink_pack = c->pack;
		}
		error = d->sink_error;
		d->done += !error;
		d->bytes += error ? 0 : c->bytes;
		pthread_mutex_unlock(&d->lock);
		if (error)
			break;
	}
}

/* The next range that came; NULL: no more will come. */
static struct fetch *take(struct download *d)
{
	struct fetch *f;

	pthread_mutex_lock(&d->lock);
	while (!d->first && !d->ended)
		pthread_cond_wait(&d->came, &d->lock);
	f = d->first;
	if (f) {
		d->first = f->next;
		if (!d->first)
			d->last = &d->first;
	}
	pthread_mutex_unlock(&d->lock);
	return f;
}

static void *taker(void *arg)
{
	struct download *d = arg;
	struct fetch *f;

	while ((f = take(d))) {
		give_chunks(d, f);
		store_request_clear(&f->request);
		pthread_mutex_lock(&d->lock);
		f->next = d->free;
		d->free = f;
		d->busy--;
		pthread_cond_signal(&d->taken);
		pthread_mutex_unlock(&d->lock);
	}
	return NULL;
}

/* ---- The thread that asks ----------------------------------------------------------- */

static int judge_reply(struct download *d, const struct fetch *f)
{
	const struct store_request *r = &f->request;

	if (r->status == STORE_E_NOT_FOUND)
		return backup_fault_set(d->fault, BACKUP_E_MISSING,
					"pack %s is missing, so backup %s cannot be restored; \"switchctl repo check\" says which others are whole",
					r->key, d->backup->name);
	if (r->status)
		return backup_fault_store(d->fault, r, "reading");
	if (r->got_bytes != f->range.bytes)
		return backup_fault_set(d->fault, BACKUP_E_DAMAGED,
					"pack %s is truncated, so backup %s cannot be restored; \"switchctl repo check\" says which others are whole",
					r->key, d->backup->name);
	return BACKUP_OK;
}

static void arrived(struct store_request *r, void *data)
{
	struct fetch *f = data;
	struct download *d = f->d;
	bool failed = r->status;

	f->sending = false;
	d->sending--;
	/* What went wrong first is what is told. */
	if (!d->error && !d->cancelled) {
		d->error = judge_reply(d, f);
		failed = d->error;
	}
	pthread_mutex_lock(&d->lock);
	if (failed) {
		f->next = d->free;
		d->free = f;
	} else {
		f->next = NULL;
		*d->last = f;
		d->last = &f->next;
		d->busy++;
		pthread_cond_signal(&d->came);
	}
	pthread_mutex_unlock(&d->lock);
	if (failed)
		store_request_clear(&f->request);
}

static void ask(struct download *d, struct fetch *f)
{
	const struct repo_backup *b = &d->backup->info;
	size_t most = d->options->range_bytes;
	uint64_t bytes;

	f->range = ranges_next(d->chunks, b->header.chunks, d->next,
			       most ? (uint32_t)most : RANGE_BYTES);
	d->next += f->range.nr;
	repo_path_pack(d->repo->slot,
		       repo_backup_pack(b, f->range.pack, &bytes), f->path);
	memset(&f->request, 0, sizeof(f->request));
	f->request.op = STORE_GET;
	f->request.key = f->path;
	f->request.offset = f->range.offset;
	f->request.bytes = f->range.bytes;
	f->request.done = arrived;
	f->request.data = f;
	f->sending = true;
	d->sending++;
	store_start(d->repo->store, &f->request);
}

static void cancel(struct download *d)
{
	unsigned int i;

	d->cancelled = true;
	for (i = 0; i < d->nr; i++) {
		struct fetch *f = &d->fetches[i];

		if (!f->sending)
			continue;
		store_cancel(d->repo->store, &f->request);
		if (f->sending && f->request.finished)
			arrived(&f->request, f);
	}
}

static struct fetch *get_free(struct download *d)
{
	struct fetch *f;

	pthread_mutex_lock(&d->lock);
	f = d->sink_error ? NULL : d->free;
	if (f)
		d->free = f->next;
	pthread_mutex_unlock(&d->lock);
	return f;
}

static void tell(struct download *d, enum progress_phase phase)
{
	struct progress p = { .phase = phase,
			      .total = d->backup->info.header.chunks };

	if (!d->options->progress)
		return;
	pthread_mutex_lock(&d->lock);
	p.done = d->done;
	p.bytes_new = d->bytes;
	pthread_mutex_unlock(&d->lock);
	d->options->progress(&p, d->options->progress_data);
}

/* Nothing is on its way: wait for the takers. True: they have done all. */
static bool wait_taken(struct download *d)
{
	bool idle;

	pthread_mutex_lock(&d->lock);
	if (d->busy)
		pthread_cond_wait(&d->taken, &d->lock);
	idle = !d->busy;
	pthread_mutex_unlock(&d->lock);
	return idle;
}

static bool sink_failed(struct download *d)
{
	bool ret;

	pthread_mutex_lock(&d->lock);
	ret = d->sink_error;
	pthread_mutex_unlock(&d->lock);
	return ret;
}

static void fetch_all(struct download *d)
{
	uint32_t chunks = d->backup->info.header.chunks;
	struct fetch *f;

	for (;;) {
		bool failed = d->error || sink_failed(d);

		while (!failed && d->next < chunks && (f = get_free(d)))
			ask(d, f);
		if (failed) {
			cancel(d);
			return;
		}
		if (d->sending)
			store_run(d->repo->store, LOOK_MS);
		else if (wait_taken(d) && (d->next == chunks || d->error))
			return;
		tell(d, PROGRESS_TRANSFER);
	}
}

static int judge_sink(struct download *d, int error, const char *what)
{
	char path[REPO_PATH];
	uint64_t bytes;

	if (transfer_interrupted(error))
		return backup_fault_set(d->fault, BACKUP_E_INTERRUPTED,
					"a person switched; nothing is lost");
	if (error == -EBADMSG && !what) {
		repo_path_pack(d->repo->slot,
			       repo_backup_pack(&d->backup->info, d->sink_pack,
						&bytes), path);
		return backup_fault_set(d->fault, BACKUP_E_REFUSED,
					"chunk %u of backup %s is not genuine: pack %s was altered; nothing of it was used",
					d->sink_chunk, d->backup->name, path);
	}
	if (error == -EBADMSG)
		return backup_fault_set(d->fault, BACKUP_E_REFUSED,
					"backup %s is not genuine, or of another slot: %s was refused",
					d->backup->name, what);
	return backup_fault_set(d->fault, BACKUP_E_SINK, "%s: %s",
				what ? what : "giving chunks",
				strerror(-error));
}

static void end_takers(struct download *d, const pthread_t *threads,
		       unsigned int nr)
{
	pthread_mutex_lock(&d->lock);
	d->ended = true;
	pthread_cond_broadcast(&d->came);
	pthread_mutex_unlock(&d->lock);
	while (nr--)
		pthread_join(threads[nr], NULL);
}

static int move(struct download *d)
{
	unsigned int wanted = d->options->takers ? d->options->takers :
						   DOWNLOAD_TAKERS;
	pthread_t threads[TAKERS_MAX];
	unsigned int nr = 0;

	if (wanted > TAKERS_MAX)
		wanted = TAKERS_MAX;
	while (nr < wanted &&
	       pthread_create(&threads[nr], NULL, taker, d) == 0)
		nr++;
	if (nr)
		fetch_all(d);
	else
		d->error = backup_fault_memory(d->fault);
	end_takers(d, threads, nr);
	if (d->error)
		return d->error;
	return d->sink_error ? judge_sink(d, d->sink_error, NULL) : BACKUP_OK;
}

static int begin_sink(struct download *d)
{
	const struct repo_backup *b = &d->backup->info;
	int error;

	error = d->sink->begin(d->sink, b->head);
	if (error)
		return judge_sink(d, error, "the image's header");
	error = d->sink->head(d->sink, b->head + OSTI_IMAGE_HEADER,
			      b->head_bytes - OSTI_IMAGE_HEADER);
	return error ? judge_sink(d, error, "the image's manifest") : BACKUP_OK;
}

static int run(struct download *d)
{
	unsigned int i;
	int error;

	tell(d, PROGRESS_PLAN);
	d->chunks = ranges_order(&d->backup->info);
	d->fetches = calloc(d->nr, sizeof(*d->fetches));
	if (!d->chunks || !d->fetches)
		return backup_fault_memory(d->fault);
	for (i = 0; i < d->nr; i++) {
		d->fetches[i].d = d;
		d->fetches[i].next = d->free;
		d->free = &d->fetches[i];
	}
	error = begin_sink(d);
	if (!error)
		error = move(d);
	if (error)
		return error;
	tell(d, PROGRESS_FINISH);
	error = d->options->verify ? d->sink->check(d->sink) :
				     d->sink->commit(d->sink);
	return error ? judge_sink(d, error, "the whole image") : BACKUP_OK;
}

int download_run(struct repository *repo, const struct backup *backup,
		 struct image_sink *sink,
		 const struct download_options *options,
		 struct backup_fault *fault)
{
	size_t range = options->range_bytes ? options->range_bytes :
					      RANGE_BYTES;
	size_t memory = options->memory ? options->memory : DOWNLOAD_MEMORY;
	struct download d = {
		.repo = repo, .backup = backup, .sink = sink,
		.options = options, .fault = fault,
		.nr = memory / range < 2 ? 2 : (unsigned int)(memory / range),
	};
	int error;

	d.last = &d.first;
	pthread_mutex_init(&d.lock, NULL);
	pthread_cond_init(&d.came, NULL);
	pthread_cond_init(&d.taken, NULL);
	error = run(&d);
	if (error)
		sink->abort(sink);
	pthread_cond_destroy(&d.taken);
	pthread_cond_destroy(&d.came);
	pthread_mutex_destroy(&d.lock);
	free(d.fetches);
	free(d.chunks);
	return error;
}
