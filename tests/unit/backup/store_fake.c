// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_fake.c - a store in memory, with everything that can go wrong
 */
#include "store_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PENDING_MAX	64

struct store {
	struct cloud *cloud;
	struct store_request *pending[PENDING_MAX];
	unsigned int nr;
	unsigned int most;
	unsigned int done;
	bool dead;
	bool full;
	uint64_t random;
	struct fake_faults faults;
};

/* ---- Objects -------------------------------------------------------------------- */

void cloud_init(struct cloud *c)
{
	memset(c, 0, sizeof(*c));
	c->now = 1800000000;
}

void cloud_free(struct cloud *c)
{
	size_t i;

	for (i = 0; i < c->nr; i++)
		free(c->objects[i].body);
	free(c->objects);
	memset(c, 0, sizeof(*c));
}

struct fake_object *cloud_find(struct cloud *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (strcmp(c->objects[i].key, key) == 0)
			return &c->objects[i];
	return NULL;
}

static struct fake_object *insert(struct cloud *c, const char *key)
{
	size_t at = 0;

	while (at < c->nr && strcmp(c->objects[at].key, key) < 0)
		at++;
	c->objects = realloc(c->objects, (c->nr + 1) * sizeof(*c->objects));
	assert_non_null(c->objects);
	memmove(c->objects + at + 1, c->objects + at,
		(c->nr - at) * sizeof(*c->objects));
	memset(&c->objects[at], 0, sizeof(c->objects[at]));
	strcpy(c->objects[at].key, key);
	c->nr++;
	return &c->objects[at];
}

void cloud_put(struct cloud *c, const char *key, const void *body, size_t bytes)
{
	struct fake_object *o = cloud_find(c, key);
	uint8_t *copy = malloc(bytes ? bytes : 1);

	assert_non_null(copy);
	if (bytes)
		memcpy(copy, body, bytes);
	if (!o)
		o = insert(c, key);
	free(o->body);
	o->body = copy;
	o->bytes = bytes;
	o->modified = c->now;
}

void cloud_delete(struct cloud *c, const char *key)
{
	struct fake_object *o = cloud_find(c, key);

	if (!o)
		return;
	free(o->body);
	memmove(o, o + 1, (size_t)(c->objects + c->nr - (o + 1)) * sizeof(*o));
	c->nr--;
}

void cloud_copy(struct cloud *to, const struct cloud *from)
{
	size_t i;

	*to = *from;
	to->objects = NULL;
	to->nr = 0;
	for (i = 0; i < from->nr; i++) {
		to->now = from->objects[i].modified;
		cloud_put(to, from->objects[i].key, from->objects[i].body,
			  from->objects[i].bytes);
	}
	to->now = from->now;
}

size_t cloud_count(struct cloud *c, const char *part, struct fake_object **last)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (!strstr(c->objects[i].key, part))
			continue;
		count++;
		if (last)
			*last = &c->objects[i];
	}
	return count;
}

static void make_folders(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

void cloud_export(struct cloud *c, const char *directory)
{
	char path[4096];
	size_t i;

	for (i = 0; i < c->nr; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", directory,
			 c->objects[i].key);
		make_folders(path);
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(c->objects[i].body, 1,
					c->objects[i].bytes, f),
				 c->objects[i].bytes);
		assert_int_equal(fclose(f), 0);
	}
}

/* ---- Requests -------------------------------------------------------------------- */

struct store *fake_open(struct cloud *c)
{
	struct store *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->cloud = c;
	s->random = 0x9e3779b97f4a7c15;
	return s;
}

struct fake_faults *fake_faults(struct store *store)
{
	return &store->faults;
}

unsigned int fake_requests(struct store *store)
{
	return store->done;
}

unsigned int fake_most(struct store *store)
{
	return store->most;
}

static int do_get(struct cloud *c, struct store_request *r)
{
	const struct fake_object *o = cloud_find(c, r->key);
	size_t bytes;

	if (!o)
		return STORE_E_NOT_FOUND;
	bytes = r->offset < o->bytes ? o->bytes - r->offset : 0;
	if (r->bytes && r->bytes < bytes)
		bytes = r->bytes;
	r->got = malloc(bytes ? bytes : 1);
	assert_non_null(r->got);
	if (bytes)
		memcpy(r->got, o->body + r->offset, bytes);
	r->got_bytes = bytes;
	return STORE_OK;
}

static int do_list(struct cloud *c, struct store_request *r)
{
	size_t i;

	r->entries = calloc(c->nr + 1, sizeof(*r->entries));
	assert_non_null(r->entries);
	for (i = 0; i < c->nr; i++) {
		struct store_entry *e = &r->entries[r->nr_entries];

		if (strncmp(c->objects[i].key, r->key, strlen(r->key)) != 0)
			continue;
		strcpy(e->key, c->objects[i].key);
		e->bytes = c->objects[i].bytes;
		e->modified = c->objects[i].modified;
		r->nr_entries++;
	}
	return STORE_OK;
}

static int execute(struct cloud *c, struct store_request *r)
{
	switch (r->op) {
	case STORE_GET:
		return do_get(c, r);
	case STORE_CREATE:
		if (cloud_find(c, r->key) && !c->unconditional)
			return STORE_E_EXISTS;
		cloud_put(c, r->key, r->body, r->body_bytes);
		return STORE_OK;
	case STORE_PUT:
		if (cloud_find(c, r->key) && c->no_overwrite)
			return STORE_E_DENIED;
		cloud_put(c, r->key, r->body, r->body_bytes);
		return STORE_OK;
	case STORE_DELETE:
		if (c->no_delete)
			return STORE_E_DENIED;
		cloud_delete(c, r->key);
		return STORE_OK;
	case STORE_LIST:
		return do_list(c, r);
	}
	return STORE_E_CONFIG;
}

static void complete(struct store_request *r, int status)
{
	r->status = status;
	r->finished = true;
	if (status)
		snprintf(r->message, sizeof(r->message), "%s (fake)",
			 store_error_text(status));
	if (r->done)
		r->done(r, r->data);
}

static bool writes(const struct store_request *r)
{
	return r->op == STORE_PUT || r->op == STORE_CREATE;
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

static int serve(struct store *s, struct store_request *r)
{
	const struct fake_faults *f = &s->faults;
	unsigned int number = ++s->done;
	int status;

	if (f->before)
		f->before(r, number, f->data);
	if (f->at == number && (f->mode == FAKE_FAIL || f->mode == FAKE_KILL))
		s->dead = true;
	if (f->at == number && f->mode == FAKE_FULL)
		s->full = true;
	if (s->dead) {
		s->dead = f->mode != FAKE_FAIL;
		return STORE_E_NETWORK;
	}
	if (s->full && writes(r))
		return STORE_E_FULL;
	status = execute(s->cloud, r);
	if (f->at != number)
		return status;
	s->dead = f->mode == FAKE_KILL_AFTER;
	if (f->mode != FAKE_LOSE && f->mode != FAKE_KILL_AFTER)
		return status;
	drop_results(r);
	return STORE_E_NETWORK;
}

void store_start(struct store *s, struct store_request *r)
{
	assert_true(s->nr < PENDING_MAX);
	r->finished = false;
	s->pending[s->nr++] = r;
	if (s->nr > s->most)
		s->most = s->nr;
}

unsigned int store_run(struct store *s, int ms)
{
	struct store_request *r;
	unsigned int which;

	(void)ms;
	if (!s->nr)
		return 0;
	which = (unsigned int)(test_random(&s->random) % s->nr);
	r = s->pending[which];
	s->pending[which] = s->pending[--s->nr];
	complete(r, serve(s, r));
	return s->nr;
}

void store_cancel(struct store *s, struct store_request *r)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		if (s->pending[i] != r)
			continue;
		s->pending[i] = s->pending[--s->nr];
		complete(r, STORE_E_CANCELLED);
		return;
	}
}

int store_do(struct store *s, struct store_request *r)
{
	store_start(s, r);
	while (!r->finished)
		store_run(s, 1000);
	return r->status;
}

void store_request_clear(struct store_request *r)
{
	drop_results(r);
	memset(r, 0, sizeof(*r));
}

void store_close(struct store *s)
{
	if (!s)
		return;
	while (s->nr)
		store_cancel(s, s->pending[0]);
	free(s);
}

const char *store_error_text(int status)
{
	static const char *const texts[] = {
		"done", "not found", "exists", "no store", "denied", "clock",
		"full", "network", "reply", "limit", "cancelled", "config",
		"input or output",
	};

	return status <= 0 && status >= STORE_E_LAST ? texts[-status] : "?";
}
