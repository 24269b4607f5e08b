// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fetch.c - the part of a download that reads packs
 */
#include "backup/fetch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS 5
#define TAKERS_MAX 16
#define RANGE_BYTES (4U << 20)

/* A part of a pack on its way: asked for, then given to the sink. */
struct fetch {
	struct fetching *d;
	struct range range;
	struct store_request request;
	char path[REPO_PATH];
	bool sending;
	struct fetch *next;
};

struct fetching {
	const struct fetch_job *job;
	struct backup_fault *fault;
	uint32_t next; /* chunk that is not asked for yet */
	struct fetch *fetches;
	unsigned int nr;
	unsigned int sending;
	int error;
	bool cancelled;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t came; /* something to take, or the end */
	pthread_cond_t taken;
	struct fetch *first;
	struct fetch **last;
	struct fetch *free;
	unsigned int busy; /* ranges that came, and are not done */
	bool ended;
	uint32_t done; /* chunks */
	uint64_t bytes;
	int take_error;
	struct range_chunk take_failed;
};

/* ---- Threads that take chunks ------------------------------------------------------ */

static void give_chunks(struct fetching *d, const struct fetch *f)
{
	uint32_t i;

	for (i = f->range.first; i < f->range.first + f->range.nr; i++) {
		const struct range_chunk *c = &d->job->chunks[i];
		int error = d->job->take(d->job->data, c,
					 f->request.got +
						 (c->offset - f->range.offset));

		pthread_mutex_lock(&d->lock);
		if (error && !d->take_error) {
			d->take_error = error;
			d->take_failed = *c;
		}
		error = d->take_error;
		d->done += !error;
		d->bytes += error ? 0 : c->bytes;
		pthread_mutex_unlock(&d->lock);
		if (error)
			break;
	}
}

/* The next range that came; NULL: no more will come. */
static struct fetch *take(struct fetching *d)
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
	struct fetching *d = arg;
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

static int judge_reply(struct fetching *d, const struct fetch *f)
{
	const struct store_request *r = &f->request;

	if (r->status == STORE_E_NOT_FOUND)
		return backup_fault_set(
			d->fault, BACKUP_E_MISSING,
			"pack %s is missing, so backup %s cannot be restored; \"switchctl repo check\" says which others are whole",
			r->key, d->job->backup->name);
	if (r->status)
		return backup_fault_store(d->fault, r, "reading");
	if (r->got_bytes != f->range.bytes)
		return backup_fault_set(
			d->fault, BACKUP_E_DAMAGED,
			"pack %s is truncated, so backup %s cannot be restored; \"switchctl repo check\" says which others are whole",
			r->key, d->job->backup->name);
	return BACKUP_OK;
}

static void arrived(struct store_request *r, void *data)
{
	struct fetch *f = data;
	struct fetching *d = f->d;
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

static void ask(struct fetching *d, struct fetch *f)
{
	const struct fetch_job *job = d->job;
	size_t most = job->range_bytes;
	uint64_t bytes;

	f->range = ranges_next(job->chunks, job->nr, d->next,
			       most ? (uint32_t)most : RANGE_BYTES);
	d->next += f->range.nr;
	repo_path_pack(job->repo->slot,
		       repo_backup_pack(&job->backup->info, f->range.pack,
					&bytes),
		       f->path);
	memset(&f->request, 0, sizeof(f->request));
	f->request.op = STORE_GET;
	f->request.key = f->path;
	f->request.offset = f->range.offset;
	f->request.bytes = f->range.bytes;
	f->request.done = arrived;
	f->request.data = f;
	f->sending = true;
	d->sending++;
	store_start(job->repo->store, &f->request);
}

static void cancel(struct fetching *d)
{
	unsigned int i;

	d->cancelled = true;
	for (i = 0; i < d->nr; i++) {
		struct fetch *f = &d->fetches[i];

		if (!f->sending)
			continue;
		store_cancel(d->job->repo->store, &f->request);
		if (f->sending && f->request.finished)
			arrived(&f->request, f);
	}
}

static struct fetch *get_free(struct fetching *d)
{
	struct fetch *f;

	pthread_mutex_lock(&d->lock);
	f = d->take_error ? NULL : d->free;
	if (f)
		d->free = f->next;
	pthread_mutex_unlock(&d->lock);
	return f;
}

static void tell(struct fetching *d)
{
	uint64_t bytes;
	uint32_t done;

	if (!d->job->told)
		return;
	pthread_mutex_lock(&d->lock);
	done = d->done;
	bytes = d->bytes;
	pthread_mutex_unlock(&d->lock);
	d->job->told(d->job->data, done, bytes);
}

/* Nothing is on its way: wait for the takers. True: they have done all. */
static bool wait_taken(struct fetching *d)
{
	bool idle;

	pthread_mutex_lock(&d->lock);
	if (d->busy)
		pthread_cond_wait(&d->taken, &d->lock);
	idle = !d->busy;
	pthread_mutex_unlock(&d->lock);
	return idle;
}

static bool take_failed(struct fetching *d)
{
	bool ret;

	pthread_mutex_lock(&d->lock);
	ret = d->take_error;
	pthread_mutex_unlock(&d->lock);
	return ret;
}

static void fetch_all(struct fetching *d)
{
	uint32_t chunks = d->job->nr;
	struct fetch *f;

	for (;;) {
		bool failed = d->error || take_failed(d);

		while (!failed && d->next < chunks && (f = get_free(d)))
			ask(d, f);
		if (failed) {
			cancel(d);
			return;
		}
		if (d->sending)
			store_run(d->job->repo->store, LOOK_MS);
		else if (wait_taken(d) && (d->next == chunks || d->error))
			return;
		tell(d);
	}
}

static void end_takers(struct fetching *d, const pthread_t *threads,
		       unsigned int nr)
{
	pthread_mutex_lock(&d->lock);
	d->ended = true;
	pthread_cond_broadcast(&d->came);
	pthread_mutex_unlock(&d->lock);
	while (nr--)
		pthread_join(threads[nr], NULL);
}

static int move(struct fetching *d)
{
	unsigned int wanted = d->job->takers ? d->job->takers : FETCH_TAKERS;
	pthread_t threads[TAKERS_MAX];
	unsigned int nr = 0;

	if (wanted > TAKERS_MAX)
		wanted = TAKERS_MAX;
	while (nr < wanted && pthread_create(&threads[nr], NULL, taker, d) == 0)
		nr++;
	if (nr)
		fetch_all(d);
	else
		d->error = backup_fault_memory(d->fault);
	end_takers(d, threads, nr);
	if (d->error)
		return d->error;
	return d->take_error ? BACKUP_E_SINK : BACKUP_OK;
}

static int run(struct fetching *d)
{
	unsigned int i;

	d->fetches = calloc(d->nr, sizeof(*d->fetches));
	if (!d->fetches)
		return backup_fault_memory(d->fault);
	for (i = 0; i < d->nr; i++) {
		d->fetches[i].d = d;
		d->fetches[i].next = d->free;
		d->free = &d->fetches[i];
	}
	return move(d);
}

int fetch_run(const struct fetch_job *job, int *error,
	      struct range_chunk *failed, struct backup_fault *fault)
{
	size_t range = job->range_bytes ? job->range_bytes : RANGE_BYTES;
	size_t memory = job->memory ? job->memory : FETCH_MEMORY;
	struct fetching d = {
		.job = job,
		.fault = fault,
		.nr = memory / range < 2 ? 2 : (unsigned int)(memory / range),
	};
	int ret;

	d.last = &d.first;
	pthread_mutex_init(&d.lock, NULL);
	pthread_cond_init(&d.came, NULL);
	pthread_cond_init(&d.taken, NULL);
	ret = run(&d);
	*error = d.take_error;
	*failed = d.take_failed;
	pthread_cond_destroy(&d.taken);
	pthread_cond_destroy(&d.came);
	pthread_mutex_destroy(&d.lock);
	free(d.fetches);
	return ret;
}
