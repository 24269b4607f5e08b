/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_backend.h - what the two kinds of stores and store.c share
 *
 * A request is in one of three places: it waits, a back end has it, or it is
 * ready and its owner will hear of it. store.c owns the two queues; a back end
 * takes from the first and gives to the second.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "backup/store.h"

struct store_url;

struct store_queue {
	struct store_request *first;
	struct store_request **last;
};

struct store_backend {
	/* Frees what it has; it has no requests any more. */
	void (*close)(struct store *store);
	/* Goes on until a request is ready or @ms have passed. */
	void (*run)(struct store *store, int ms);
	/* One that it took and that is not ready, or NULL. */
	struct store_request *(*any)(struct store *store);
	/* Lets go of a request that it took; the request is not touched. */
	void (*drop)(struct store *store, struct store_request *r);
};

struct store {
	const struct store_backend *backend;
	void *own; /* the back end's */
	char *name; /* the URL, for messages */
	struct store_limits limits; /* parallel is not 0 */
	struct store_counts counts;
	struct store_queue waiting;
	struct store_queue ready;
	unsigned int open; /* requests whose done() was not called yet */
	bool closing;
};

/* The next one that waits, or NULL. */
struct store_request *store_next(struct store *store);
/* It is done; its status says how. */
void store_ready(struct store *store, struct store_request *r);

/*
 * Adds to what a LIST got, which is sorted at the end.
 * Return: the request's status: STORE_OK, or STORE_E_LIMIT, STORE_E_IO.
 */
int store_entries_add(struct store_request *r, const char *key, uint64_t bytes,
		      time_t modified);
void store_entries_sort(struct store_request *r);

/*
 * Fill in backend and own.
 * Return: as store_open().
 */
int store_file_open(struct store *store, const struct store_url *url,
		    char *message, size_t room);
int store_s3_open(struct store *store, const struct store_url *url,
		  const struct store_settings *settings, char *message,
		  size_t room);

#endif /* STORE_BACKEND_H */
