/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3.h - a store in a bucket: what its parts share
 *
 * A request has a slot from its first attempt to its end; a slot that pauses
 * keeps it, so that a server that asks for mercy gets less to do.
 *
 *   s3_run.c       slots, and which attempt begins when
 *   s3_exchange.c  one attempt: a request of HTTP and its answer
 *   s3_outcome.c   what an answer means for the request
 */
#ifndef S3_H
#define S3_H

#include <curl/curl.h>

#include "backup/s3_credentials.h"
#include "backup/s3_reply.h"
#include "backup/s3_sign.h"
#include "backup/s3_site.h"
#include "backup/s3_verdict.h"
#include "backup/store_backend.h"

/* Of answers that are no objects */
#define S3_LIST_MAX (8U << 20)
#define S3_ERROR_MAX (64U << 10)
#define S3_PAGES_MAX 4096

struct s3_body {
	uint8_t *at;
	size_t bytes;
	size_t room;
	bool too_large;
	bool no_memory;
};

enum s3_state {
	S3_FREE, /* has no request */
	S3_PAUSE, /* begins at due */
	S3_RUN, /* libcurl works on it */
};

struct s3_slot {
	struct s3 *s3;
	enum s3_state state;
	struct store_request *r;
	/* Of the request */
	unsigned int failed; /* attempts */
	int64_t due; /* by s3_now_ms() */
	bool lost; /* an answer may be: it may have been carried out */
	bool fresh; /* on a new connection: the last one broke */
	bool compare; /* a GET: is what is there what we sent? */
	unsigned int pages; /* of a LIST */
	char token[S3_TOKEN_MAX + 1];
	char payload[S3_SHA256_HEX];
	/* Of the attempt */
	CURL *easy; /* kept for the next request, with its session */
	struct curl_slist *headers;
	char curl_text[CURL_ERROR_SIZE];
	time_t signed_at;
	size_t sent; /* of the body */
	struct s3_head head;
	struct s3_body body;
};

struct s3 {
	struct store *store;
	struct s3_site site;
	struct s3_credentials credentials;
	char *ca_file;
	struct s3_patience patience;
	CURLM *multi;
	struct s3_slot *slots;
	unsigned int nr_slots;
	int64_t slept_ms; /* how long the machine was suspended, ever */
};

/* Time that goes on while the machine is suspended; in ms. */
int64_t s3_now_ms(void);

/* For tests: how long to bear with a server. */
void s3_set_patience(struct store *store, const struct s3_patience *patience);

/* The request of a slot, for what is sent: a GET if it compares. */
enum store_op s3_op(const struct s3_slot *slot);

/*
 * Make the slot's handle ready for an attempt, signed now. Return: CURLE_OK, or
 * what libcurl said.
 */
CURLcode s3_exchange_begin(struct s3_slot *slot);
/* After the attempt, or when it was broken off: frees what it had. */
void s3_exchange_end(struct s3_slot *slot);

/* What became of an attempt. */
struct s3_outcome {
	enum s3_action action; /* S3_DONE: the request is, r->status is set */
	bool next; /* S3_AGAIN, at once: a page, a comparison */
	int64_t retry_after; /* S3_AGAIN: seconds or -1 */
};

/*
 * After an attempt, with libcurl's result. For S3_AGAIN the request's status and
 * message are what it fails with if there is no other attempt.
 */
struct s3_outcome s3_outcome(struct s3_slot *slot, CURLcode result);

#endif /* S3_H */
