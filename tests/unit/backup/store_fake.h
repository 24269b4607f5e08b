/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_fake.h - a store in memory, with everything that can go wrong
 *
 * A cloud has objects; several stores may be open on it, as of several devices.
 * Each is used as switchd/backup/store.h says. Requests are done by store_run(),
 * one at a time and not in the order in which they were begun.
 */
#ifndef STORE_FAKE_H
#define STORE_FAKE_H

#include "test.h"

#include <stdbool.h>

#include "backup/store.h"

struct fake_object {
	char key[STORE_KEY_MAX + 1];
	uint8_t *body;
	size_t bytes;
	time_t modified;
};

struct cloud {
	struct fake_object *objects;	/* sorted by their keys */
	size_t nr;
	time_t now;			/* its clock */
	bool unconditional;		/* CREATE overwrites */
	bool no_delete;			/* DENIED, as with object lock */
	bool no_overwrite;		/* PUT of what is there: DENIED */
};

/* What becomes of a store at one request, counted from 1. */
enum fake_mode {
	FAKE_FAIL,	/* it is not done: STORE_E_NETWORK */
	FAKE_LOSE,	/* it is done, but said to be STORE_E_NETWORK */
	FAKE_KILL,	/* this and all that follow are not done */
	FAKE_KILL_AFTER,/* it is done, and nothing after it */
	FAKE_FULL,	/* this and all that write after it: STORE_E_FULL */
};

struct fake_faults {
	unsigned int at;	/* 0: never */
	enum fake_mode mode;
	/*
	 * Called before each request is done, with its number; may use other
	 * stores of the cloud.
	 */
	void (*before)(const struct store_request *r, unsigned int number,
		       void *data);
	void *data;
};

void cloud_init(struct cloud *c);
void cloud_free(struct cloud *c);
/* @to is not in use: it gets all that @from has. */
void cloud_copy(struct cloud *to, const struct cloud *from);
/* NULL: there is none. */
struct fake_object *cloud_find(struct cloud *c, const char *key);
void cloud_put(struct cloud *c, const char *key, const void *body,
	       size_t bytes);
void cloud_delete(struct cloud *c, const char *key);
/* How many keys have this in them; *last, if not NULL, is the last of them. */
size_t cloud_count(struct cloud *c, const char *part,
		   struct fake_object **last);
/* Write all objects to files below a directory. */
void cloud_export(struct cloud *c, const char *directory);

/* Open one; store_close() ends it. */
struct store *fake_open(struct cloud *c);
struct fake_faults *fake_faults(struct store *store);
/* Requests that were done so far, and the most that there were at a time. */
unsigned int fake_requests(struct store *store);
unsigned int fake_most(struct store *store);

#endif /* STORE_FAKE_H */
