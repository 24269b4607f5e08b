/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - objects in a directory or in a bucket
 *
 * A store keeps objects: bytes under a key. It is all that a repository
 * (formats/repo/) wants of the world outside, and the only code that knows of
 * files or of a network. Nothing that comes from a store is to be trusted.
 *
 *   file:///DIR               a directory, typically of a removable disk
 *   s3://BUCKET[/PREFIX]      any S3-compatible server
 *
 * Keys are relative: segments of [0-9a-z._-] that do not begin with a dot,
 * joined by '/', at most STORE_KEY_MAX characters.
 *
 * Requests run at the same time, at most store_limits.parallel of them, and are
 * finished in any order. Nothing is done in the background: requests go on
 * while somebody is in store_run(). One thread uses a store at a time.
 *
 * An object is at most STORE_OBJECT_MAX bytes and goes out in one request:
 * S3's uploads in parts are for larger ones, and would leave parts behind.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define STORE_KEY_MAX 200
/* Most bytes of one object; more than any pack or metadata object has. */
#define STORE_OBJECT_MAX (64U << 20)

struct store;

enum store_error {
	STORE_OK = 0,
	STORE_E_NOT_FOUND = -1, /* no such object */
	STORE_E_EXISTS = -2, /* CREATE: it is there already */
	STORE_E_NO_STORE = -3, /* no such directory or bucket */
	STORE_E_DENIED = -4, /* credentials or permissions do not allow it */
	STORE_E_CLOCK = -5, /* this clock and the server's differ too much */
	STORE_E_FULL = -6, /* no space, or a quota is used up */
	STORE_E_NETWORK = -7, /* no answer, after all retries */
	STORE_E_REPLY = -8, /* an answer that is not one */
	STORE_E_LIMIT = -9, /* an object is larger than STORE_OBJECT_MAX */
	STORE_E_CANCELLED = -10, /* store_cancel() */
	STORE_E_CONFIG = -11, /* the URL or a setting is not usable */
	STORE_E_IO = -12, /* reading or writing a file failed */
	STORE_E_LAST = STORE_E_IO
};

enum store_op {
	STORE_GET, /* the object, or a range of it */
	STORE_PUT, /* write it, whatever was there */
	STORE_CREATE, /* write it if it is not there: one of several wins */
	STORE_DELETE, /* an object that is not there is no error */
	STORE_LIST, /* all keys that begin with a prefix, sorted */
};

struct store_entry {
	char key[STORE_KEY_MAX + 1];
	uint64_t bytes;
	time_t modified; /* by the store's own clock */
};

/*
 * A request is its owner's; it, its key and its body stay where they are until
 * it is done. Either all of an object is written or nothing of it: a reader
 * never sees a part.
 */
struct store_request {
	/* In */
	enum store_op op;
	const char *key; /* LIST: a prefix, may be "" */
	/*
	 * GET. Of a range that goes beyond the end, got is what there is of it:
	 * look at got_bytes.
	 */
	uint64_t offset;
	uint64_t bytes; /* 0 = up to the end */
	const void *body; /* PUT, CREATE */
	size_t body_bytes;
	/*
	 * Called once for each request that was started, when it is done, from
	 * store_run(), store_do(), store_cancel() or store_close(); may be NULL.
	 * It may begin others, and may free the request, but for store_do().
	 */
	void (*done)(struct store_request *r, void *data);
	void *data;
	/* Out */
	int status; /* STORE_OK or STORE_E_* */
	char message[400]; /* what failed, where, what to do about it */
	uint8_t *got; /* GET: malloc()ed, the owner frees it */
	size_t got_bytes;
	struct store_entry *entries; /* LIST: likewise */
	size_t nr_entries;
	bool finished;
	/* The store's own */
	struct store_request *next;
	void *work;
};

#define STORE_LIMIT_LEAST 1024

/* Those of bytes are for s3:// only. */
struct store_limits {
	unsigned int parallel; /* 0 = 16, at most 256 */
	/* Bytes in a second, STORE_LIMIT_LEAST or more; 0 = no limit */
	uint64_t upload;
	uint64_t download;
};

struct store_counts {
	uint64_t requests; /* with each retry */
	uint64_t retries;
	uint64_t sent; /* bytes of bodies */
	uint64_t received;
};

/* Settings of an s3:// store; file:// has none. NULL = not set. */
struct store_settings {
	const char *endpoint; /* https://host[:port], NULL = AWS */
	const char *region; /* NULL = us-east-1 */
	const char *ca_file; /* PEM; NULL = the system's */
	const char *credentials; /* path of a file, mode 0600 */
	bool virtual_host; /* bucket in the host's name */
	bool plain_http; /* allow http:// (loopback only) */
};

/*
 * Open one. It is not touched yet. Returns 0 with *store, which store_close()
 * ends, or STORE_E_CONFIG, _DENIED (credentials cannot be read), _IO, with a
 * text in @message.
 */
int store_open(const char *url, const struct store_settings *settings,
	       const struct store_limits *limits, struct store **store,
	       char *message, size_t room);
/*
 * Requests that are not done are cancelled first. NULL is allowed. Not from a
 * done().
 */
void store_close(struct store *store);

/*
 * Begin a request, which is new or was cleared. What is wrong with it at once is
 * told by done(), too, and never from in here.
 */
void store_start(struct store *store, struct store_request *r);
/*
 * Go on with all requests until one is done or @ms have passed. Returns how many
 * are not done yet. A directory's requests are carried out one after the other,
 * and each to its end.
 */
unsigned int store_run(struct store *store, int ms);
/*
 * End it, with STORE_E_CANCELLED if it was not done; done() was called when this
 * returns. A PUT or CREATE that is cancelled may have been carried out.
 */
void store_cancel(struct store *store, struct store_request *r);
/* One request from its beginning to its end; returns its status. */
int store_do(struct store *store, struct store_request *r);
/* Free what a request got, and make all of it zero: ready for another. */
void store_request_clear(struct store_request *r);

/* What it cost so far. */
void store_counts_get(const struct store *store, struct store_counts *counts);

/* Name of a status, for messages and exit codes: "not found" ... */
const char *store_error_text(int status);

#endif /* STORE_H */
