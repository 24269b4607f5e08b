// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_outcome.c - what an answer means for the request
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/s3.h"
#include "backup/store_message.h"

/* Servers allow 15 minutes. */
#define SKEW_SECONDS 300

static const struct s3_outcome done = { .action = S3_DONE, .retry_after = -1 };
static const struct s3_outcome next = { .action = S3_AGAIN,
					.next = true,
					.retry_after = -1 };

static struct s3_outcome again(const struct s3_slot *slot)
{
	return (struct s3_outcome){ .action = S3_AGAIN,
				    .retry_after = slot->head.retry_after };
}

/* "PUT a/b: s3://bucket: what, and what to do", and a detail if there is one. */
static void fail(struct s3_slot *slot, int status, const char *text,
		 const char *detail)
{
	struct store_request *r = slot->r;

	store_fail(r, status, "%s %s: %s: %s%s%s%s", store_op_text(r->op),
		   r->key, slot->s3->store->name, text, *detail ? " (" : "",
		   detail, *detail ? ")" : "");
}

static struct s3_outcome give_up(struct s3_slot *slot, int status,
				 const char *text)
{
	fail(slot, status, text, "");
	return done;
}

/* ---- Answers that are good ---------------------------------------------- */

/* What was asked for of a range; a server may send all of the object. */
static bool cut_range(struct s3_slot *slot, long http)
{
	const struct store_request *r = slot->r;
	struct s3_body *body = &slot->body;

	if (http == 206)
		return slot->head.ranged && slot->head.first == r->offset &&
		       (r->offset || r->bytes) &&
		       (!r->bytes || body->bytes <= r->bytes);
	if (r->offset >= body->bytes) {
		body->bytes = 0;
	} else if (r->offset) {
		body->bytes -= r->offset;
		memmove(body->at, body->at + r->offset, body->bytes);
	}
	if (r->bytes && body->bytes > r->bytes)
		body->bytes = r->bytes;
	return true;
}

static struct s3_outcome got(struct s3_slot *slot, long http)
{
	struct s3_body *body = &slot->body;
	struct store_request *r = slot->r;

	if (!cut_range(slot, http))
		return give_up(slot, STORE_E_REPLY,
			       "the server sent another range than asked for");
	/* Nothing is something that can be freed, too. */
	if (!body->at)
		body->at = malloc(1);
	if (!body->at)
		return give_up(slot, STORE_E_IO, "out of memory");
	r->got = body->at;
	r->got_bytes = body->bytes;
	r->status = STORE_OK;
	memset(body, 0, sizeof(*body));
	return done;
}

static int on_entry(void *data, const char *key, uint64_t bytes,
		    time_t modified)
{
	return store_entries_add(data, key, bytes, modified);
}

static struct s3_outcome last_page(struct s3_slot *slot)
{
	store_entries_sort(slot->r);
	slot->r->status = STORE_OK;
	return done;
}

static struct s3_outcome listed(struct s3_slot *slot)
{
	struct store_request *r = slot->r;
	size_t before = r->nr_entries;
	struct s3_page page;
	int error;

	error = s3_page_parse(slot->body.at, slot->body.bytes,
			      slot->s3->site.before, r->key, &page, on_entry,
			      r);
	if (error == -EBADMSG) {
		/* Another proxy, another try: no part of it counts. */
		r->nr_entries = before;
		fail(slot, STORE_E_REPLY,
		     "what the server sent is no list of what was asked for",
		     "");
		return again(slot);
	}
	if (error != 0)
		return done;
	if (!page.more)
		return last_page(slot);
	if (!strcmp(page.token, slot->token))
		return give_up(slot, STORE_E_REPLY,
			       "the server's list does not go on");
	if (++slot->pages == S3_PAGES_MAX)
		return give_up(
			slot, STORE_E_LIMIT,
			"there are too many objects: use a prefix of its own");
	strcpy(slot->token, page.token);
	return next;
}

/* Is it what we sent? Then the answer to that was lost. */
static struct s3_outcome compared(struct s3_slot *slot)
{
	struct store_request *r = slot->r;

	if (slot->body.too_large || slot->body.bytes != r->body_bytes ||
	    (r->body_bytes &&
	     memcmp(slot->body.at, r->body, r->body_bytes) != 0))
		return give_up(slot, STORE_E_EXISTS, "it is there already");
	r->status = STORE_OK;
	return done;
}

static struct s3_outcome good(struct s3_slot *slot, long http)
{
	if (slot->compare)
		return compared(slot);
	if (slot->body.too_large)
		return give_up(slot, STORE_E_LIMIT,
			       "the answer is larger than any that is ours");
	switch (slot->r->op) {
	case STORE_GET:
		return got(slot, http);
	case STORE_LIST:
		return listed(slot);
	default:
		slot->r->status = STORE_OK;
		return done;
	}
}

/* ---- And others --------------------------------------------------------- */

static void amount(int64_t seconds, char *text, size_t room)
{
	long long n = seconds < 0 ? -seconds : seconds;
	const char *side = seconds < 0 ? "behind" : "ahead of";

	if (n < 2 * 3600)
		snprintf(text, room, "%lld minutes %s", n / 60, side);
	else if (n < 2 * 86400)
		snprintf(text, room, "%lld hours %s", n / 3600, side);
	else
		snprintf(text, room, "%lld days %s", n / 86400, side);
}

/* The signature may be old and the clock right: we were frozen in between. */
static struct s3_outcome skewed(struct s3_slot *slot)
{
	int64_t ahead = slot->head.date ? time(NULL) - slot->head.date : 0;
	char how_much[64] = "far from";
	char text[160];

	if (slot->head.date && llabs(ahead) < SKEW_SECONDS) {
		fail(slot, STORE_E_CLOCK,
		     "the server says that the request came late", "");
		return again(slot);
	}
	if (slot->head.date)
		amount(ahead, how_much, sizeof(how_much));
	snprintf(
		text, sizeof(text),
		"this device's clock is %s the server's: set it, or look why it is not set by the network",
		how_much);
	return give_up(slot, STORE_E_CLOCK, text);
}

static const char *plain_text(const struct s3_verdict *verdict)
{
	if (verdict->advice)
		return verdict->advice;
	switch (verdict->status) {
	case STORE_E_NOT_FOUND:
		return "there is no such object";
	case STORE_E_EXISTS:
		return "it is there already";
	default:
		return "the server refuses what it should do";
	}
}

static struct s3_outcome refused(struct s3_slot *slot, long http,
				 const struct s3_error *error,
				 const struct s3_verdict *verdict)
{
	const char *region = error->region[0] ? error->region
					      : slot->head.region;
	char detail[400];

	snprintf(detail, sizeof(detail), "HTTP %ld%s%s%s%s%s%s", http,
		 error->code[0] ? " " : "", error->code,
		 error->message[0] ? ": " : "", error->message,
		 region[0] ? ", region " : "", region);
	fail(slot, verdict->status, plain_text(verdict), detail);
	return verdict->action == S3_AGAIN ? again(slot) : done;
}

/* CREATE answers that it is there. Is it by an attempt whose answer was lost? */
static struct s3_outcome exists(struct s3_slot *slot)
{
	if (!slot->lost)
		return give_up(slot, STORE_E_EXISTS, "it is there already");
	slot->compare = true;
	return next;
}

static struct s3_outcome answered(struct s3_slot *slot, long http)
{
	const struct s3_body *body = &slot->body;
	struct s3_verdict verdict;
	struct s3_error error;

	s3_error_parse(body->at ? (const void *)body->at : "", body->bytes,
		       &error);
	verdict = s3_verdict_http(s3_op(slot), http, error.code);
	if (verdict.action == S3_DONE)
		return good(slot, http);
	if (slot->compare && verdict.status == STORE_E_NOT_FOUND) {
		/* It was deleted since: begin again. */
		slot->compare = false;
		verdict.action = S3_AGAIN;
	}
	if (verdict.status == STORE_E_CLOCK)
		return skewed(slot);
	if (verdict.status == STORE_E_EXISTS)
		return exists(slot);
	/* A range behind the end: what there is of it. */
	if (http == 416 && slot->r->op == STORE_GET) {
		slot->body.bytes = 0;
		return got(slot, 200);
	}
	return refused(slot, http, &error, &verdict);
}

struct s3_outcome s3_outcome(struct s3_slot *slot, CURLcode result)
{
	struct s3_verdict verdict;
	long http = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &http);
	if (slot->body.no_memory)
		return give_up(slot, STORE_E_IO, "out of memory");
	/* Too large is what on_write() stopped. */
	if (result == CURLE_OK || slot->body.too_large)
		return answered(slot, http);
	verdict = s3_verdict_curl(result);
	fail(slot, verdict.status, verdict.advice,
	     slot->curl_text[0] ? slot->curl_text : curl_easy_strerror(result));
	return verdict.action == S3_AGAIN ? again(slot) : done;
}
