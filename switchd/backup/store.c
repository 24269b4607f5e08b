// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store.c - objects in a directory or in a bucket
 */
#include "backup/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "backup/store_backend.h"
#include "backup/store_message.h"
#include "backup/store_url.h"

#define PARALLEL 16
#define PARALLEL_MAX 256

static void queue_init(struct store_queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

static void queue_add(struct store_queue *queue, struct store_request *r)
{
	r->next = NULL;
	*queue->last = r;
	queue->last = &r->next;
}

static struct store_request *queue_take(struct store_queue *queue)
{
	struct store_request *r = queue->first;

	if (!r)
		return NULL;
	queue->first = r->next;
	if (!queue->first)
		queue->last = &queue->first;
	return r;
}

static bool queue_remove(struct store_queue *queue, struct store_request *r)
{
	struct store_request **at;

	for (at = &queue->first; *at; at = &(*at)->next) {
		if (*at != r)
			continue;
		*at = r->next;
		if (!*at)
			queue->last = at;
		return true;
	}
	return false;
}

struct store_request *store_next(struct store *store)
{
	return queue_take(&store->waiting);
}

void store_ready(struct store *store, struct store_request *r)
{
	queue_add(&store->ready, r);
}

static bool limit_ok(uint64_t limit)
{
	return !limit || limit >= STORE_LIMIT_LEAST;
}

static int set_limits(struct store *store, const struct store_limits *limits,
		      char *message, size_t room)
{
	if (limits)
		store->limits = *limits;
	if (!store->limits.parallel)
		store->limits.parallel = PARALLEL;
	if (store->limits.parallel > PARALLEL_MAX)
		return store_say(message, room, STORE_E_CONFIG,
				 "at most %d requests can run at the same time",
				 PARALLEL_MAX);
	if (!limit_ok(store->limits.upload) ||
	    !limit_ok(store->limits.download))
		return store_say(message, room, STORE_E_CONFIG,
				 "a limit is at least %d bytes in a second",
				 STORE_LIMIT_LEAST);
	return STORE_OK;
}

int store_open(const char *url, const struct store_settings *settings,
	       const struct store_limits *limits, struct store **store,
	       char *message, size_t room)
{
	static const struct store_settings none;
	struct store_url where;
	struct store *s;
	int r;

	*store = NULL;
	r = store_url_parse(url, &where, message, room);
	if (r != STORE_OK)
		return r;
	s = calloc(1, sizeof(*s));
	if (s)
		s->name = strdup(url);
	if (!s || !s->name) {
		free(s);
		return store_say(message, room, STORE_E_IO, "out of memory");
	}
	queue_init(&s->waiting);
	queue_init(&s->ready);
	r = set_limits(s, limits, message, room);
	if (r == STORE_OK && where.s3)
		r = store_s3_open(s, &where, settings ? settings : &none,
				  message, room);
	else if (r == STORE_OK)
		r = store_file_open(s, &where, message, room);
	if (r != STORE_OK) {
		free(s->name);
		free(s);
		return r;
	}
	*store = s;
	return STORE_OK;
}

static struct store_request *any_request(struct store *store)
{
	if (store->ready.first)
		return store->ready.first;
	if (store->waiting.first)
		return store->waiting.first;
	return store->backend->any(store);
}

void store_close(struct store *store)
{
	struct store_request *r;

	if (!store)
		return;
	/* Who begins another one in done() is told the same. */
	store->closing = true;
	while ((r = any_request(store)))
		store_cancel(store, r);
	assert(!store->open);
	store->backend->close(store);
	free(store->name);
	free(store);
}

static int check(const struct store *store, struct store_request *r)
{
	bool list = r->op == STORE_LIST;

	if (store->closing)
		return store_fail(r, STORE_E_CANCELLED, "%s %s: cancelled",
				  store_op_text(r->op), r->key);
	if (list ? !store_prefix_ok(r->key) : !store_key_ok(r->key))
		return store_fail(r, STORE_E_CONFIG, "'%s' is not a%s key",
				  r->key, list ? " beginning of a" : "");
	if (r->body_bytes > STORE_OBJECT_MAX || r->bytes > STORE_OBJECT_MAX ||
	    r->offset > STORE_OBJECT_MAX)
		return store_fail(r, STORE_E_LIMIT,
				  "%s %s: an object has at most %u bytes",
				  store_op_text(r->op), r->key,
				  STORE_OBJECT_MAX);
	return STORE_OK;
}

void store_start(struct store *store, struct store_request *r)
{
	assert(r->key && r->op <= STORE_LIST);
	assert(r->body || !r->body_bytes);
	r->status = STORE_OK;
	r->message[0] = '\0';
	r->got = NULL;
	r->got_bytes = 0;
	r->entries = NULL;
	r->nr_entries = 0;
	r->finished = false;
	r->work = NULL;
	store->open++;
	if (check(store, r) == STORE_OK)
		queue_add(&store->waiting, r);
	else
		store_ready(store, r);
}

static void drop_results(struct store_request *r)
{
	free(r->got);
	r->got = NULL;
	r->got_bytes = 0;
	free(r->entries);
	r->entries = NULL;
	r->nr_entries = 0;
}

/* The last look at a request: its owner may free it in done(). */
static void finish(struct store *store, struct store_request *r)
{
	assert(r->status <= STORE_OK && !r->finished);
	if (r->status != STORE_OK)
		drop_results(r);
	else
		/* Attempts that failed are of no interest any more. */
		r->message[0] = '\0';
	r->finished = true;
	store->open--;
	if (r->done)
		r->done(r, r->data);
}

unsigned int store_run(struct store *store, int ms)
{
	struct store_request *r;

	if (!store->ready.first && store->open)
		store->backend->run(store, ms);
	while ((r = queue_take(&store->ready)))
		finish(store, r);
	return store->open;
}

void store_cancel(struct store *store, struct store_request *r)
{
	if (r->finished)
		return;
	if (!queue_remove(&store->ready, r)) {
		if (!queue_remove(&store->waiting, r))
			store->backend->drop(store, r);
		store_fail(r, STORE_E_CANCELLED, "%s %s: cancelled",
			   store_op_text(r->op), r->key);
	}
	finish(store, r);
}

int store_do(struct store *store, struct store_request *r)
{
	store_start(store, r);
	while (!r->finished)
		store_run(store, 1000);
	return r->status;
}

void store_request_clear(struct store_request *r)
{
	drop_results(r);
	memset(r, 0, sizeof(*r));
}

void store_counts_get(const struct store *store, struct store_counts *counts)
{
	*counts = store->counts;
}
