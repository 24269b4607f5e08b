// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_run.c - a store in a bucket: its slots
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "backup/s3.h"
#include "backup/store_message.h"

/* No poll is longer: it does not see that the machine was suspended. */
#define POLL_MS 1000
/* Clocks are not read at the same time. */
#define SLEPT_MS 2000
/* With less each, transfers only seem to stall: fewer at a time then. */
#define SHARE_LEAST (64U << 10)

static int64_t clock_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t s3_now_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME);
}

void s3_set_patience(struct store *store, const struct s3_patience *patience)
{
	struct s3 *s3 = store->own;

	s3->patience = *patience;
}

/* ---- Speed -------------------------------------------------------------- */

static bool uploads(const struct s3_slot *slot)
{
	enum store_op op = s3_op(slot);

	return op == STORE_PUT || op == STORE_CREATE;
}

static void set_share(const struct s3_slot *slot, uint64_t limit,
		      unsigned int nr, CURLoption option)
{
	uint64_t share = limit / nr;

	if (limit)
		curl_easy_setopt(slot->easy, option,
				 (curl_off_t)(share ? share : 1));
}

/* Those that run share a limit evenly. */
static void balance(struct s3 *s3)
{
	const struct store_limits *limits = &s3->store->limits;
	unsigned int up = 0;
	unsigned int down = 0;
	unsigned int i;

	if (!limits->upload && !limits->download)
		return;
	for (i = 0; i < s3->nr_slots; i++)
		if (s3->slots[i].state == S3_RUN)
			*(uploads(&s3->slots[i]) ? &up : &down) += 1;
	for (i = 0; i < s3->nr_slots; i++) {
		if (s3->slots[i].state != S3_RUN)
			continue;
		if (uploads(&s3->slots[i]))
			set_share(&s3->slots[i], limits->upload, up,
				  CURLOPT_MAX_SEND_SPEED_LARGE);
		else
			set_share(&s3->slots[i], limits->download, down,
				  CURLOPT_MAX_RECV_SPEED_LARGE);
	}
}

static unsigned int parallel(const struct store_limits *limits)
{
	uint64_t least = UINT64_MAX;
	unsigned int n = limits->parallel;

	if (limits->upload)
		least = limits->upload;
	if (limits->download && limits->download < least)
		least = limits->download;
	if (least / SHARE_LEAST < n)
		n = least / SHARE_LEAST;
	return n ? n : 1;
}

/* ---- Attempts ----------------------------------------------------------- */

static void stop(struct s3_slot *slot)
{
	if (slot->state == S3_RUN)
		curl_multi_remove_handle(slot->s3->multi, slot->easy);
	s3_exchange_end(slot);
}

static void set_free(struct s3_slot *slot)
{
	stop(slot);
	slot->state = S3_FREE;
	slot->r = NULL;
}

static void finish(struct s3_slot *slot)
{
	struct store_request *r = slot->r;

	set_free(slot);
	store_ready(slot->s3->store, r);
}

static void pause_until(struct s3_slot *slot, int64_t due)
{
	stop(slot);
	slot->state = S3_PAUSE;
	slot->due = due;
}

static void begin(struct s3_slot *slot)
{
	struct store_request *r = slot->r;
	CURLcode result = s3_exchange_begin(slot);

	if (result == CURLE_OK &&
	    curl_multi_add_handle(slot->s3->multi, slot->easy) != CURLM_OK)
		result = CURLE_FAILED_INIT;
	if (result != CURLE_OK) {
		store_fail(r, STORE_E_IO, "%s %s: %s", store_op_text(r->op),
			   r->key, curl_easy_strerror(result));
		finish(slot);
		return;
	}
	slot->state = S3_RUN;
	slot->s3->store->counts.requests++;
	balance(slot->s3);
}

static void take(struct s3_slot *slot, struct store_request *r)
{
	slot->r = r;
	r->work = slot;
	slot->failed = 0;
	slot->lost = false;
	slot->fresh = false;
	slot->compare = false;
	slot->pages = 0;
	slot->token[0] = '\0';
	slot->payload[0] = '\0';
}

static void count(struct s3_slot *slot)
{
	struct store_counts *counts = &slot->s3->store->counts;
	curl_off_t n = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_SIZE_UPLOAD_T, &n);
	counts->sent += n;
	curl_easy_getinfo(slot->easy, CURLINFO_SIZE_DOWNLOAD_T, &n);
	counts->received += n;
}

static void ended(struct s3_slot *slot, CURLcode result)
{
	const struct s3_patience *patience = &slot->s3->patience;
	struct s3_outcome outcome;
	uint64_t random = 0;

	count(slot);
	slot->fresh = result != CURLE_OK;
	outcome = s3_outcome(slot, result);
	if (outcome.action == S3_DONE) {
		finish(slot);
	} else if (outcome.next) {
		if (!slot->compare)
			slot->failed = 0;
		pause_until(slot, s3_now_ms());
	} else if (++slot->failed >= patience->attempts) {
		finish(slot);
	} else {
		slot->lost = true;
		slot->s3->store->counts.retries++;
		/* Without it all come back at the same time, no more. */
		if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
			random = 0;
		pause_until(slot,
			    s3_now_ms() + s3_pause_ms(patience, slot->failed,
						      outcome.retry_after,
						      random));
	}
	balance(slot->s3);
}

static CURLM *multi_new(const struct s3 *s3)
{
	CURLM *multi = curl_multi_init();

	if (multi)
		curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
				  (long)s3->nr_slots);
	return multi;
}

/* No handle is in it: with it go the connections that wait for their next use. */
static void forget_connections(struct s3 *s3)
{
	CURLM *multi = multi_new(s3);

	if (!multi)
		return;
	curl_multi_cleanup(s3->multi);
	s3->multi = multi;
}

/*
 * After the machine was suspended connections are dead, which can take minutes to
 * be seen, and signatures are old. That is no failure of an attempt.
 */
static void wake(struct s3 *s3)
{
	int64_t slept = s3_now_ms() - clock_ms(CLOCK_MONOTONIC);
	bool now = slept - s3->slept_ms > SLEPT_MS;
	struct s3_slot *slot;
	unsigned int i;

	s3->slept_ms = slept;
	if (!now)
		return;
	for (i = 0; i < s3->nr_slots; i++) {
		slot = &s3->slots[i];
		if (slot->state != S3_RUN)
			continue;
		slot->lost = true;
		s3->store->counts.retries++;
		pause_until(slot, s3_now_ms());
	}
	forget_connections(s3);
}

/* ---- The loop ----------------------------------------------------------- */

static void begin_due(struct s3 *s3)
{
	struct s3_slot *slot;
	unsigned int i;

	for (i = 0; i < s3->nr_slots; i++) {
		slot = &s3->slots[i];
		if (slot->state == S3_FREE && s3->store->waiting.first) {
			take(slot, store_next(s3->store));
			begin(slot);
		} else if (slot->state == S3_PAUSE &&
			   slot->due <= s3_now_ms()) {
			begin(slot);
		}
	}
}

static void perform(struct s3 *s3)
{
	struct s3_slot *slot;
	CURLMsg *message;
	CURLMcode r;
	int left;

	r = curl_multi_perform(s3->multi, &left);
	/* Its other errors are ours. */
	assert(r == CURLM_OK || r == CURLM_OUT_OF_MEMORY);
	(void)r;
	while ((message = curl_multi_info_read(s3->multi, &left))) {
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				  (char **)&slot);
		ended(slot, result);
	}
}

/* Until something can happen, or end. */
static void wait_for_it(struct s3 *s3, int64_t end)
{
	int64_t now = s3_now_ms();
	int64_t until = now + POLL_MS;
	unsigned int i;

	if (end < until)
		until = end;
	for (i = 0; i < s3->nr_slots; i++)
		if (s3->slots[i].state == S3_PAUSE && s3->slots[i].due < until)
			until = s3->slots[i].due;
	curl_multi_poll(s3->multi, NULL, 0,
			until > now ? (int)(until - now) : 0, NULL);
}

static void s3_run(struct store *store, int ms)
{
	struct s3 *s3 = store->own;
	int64_t end = s3_now_ms() + ms;

	for (;;) {
		wake(s3);
		begin_due(s3);
		perform(s3);
		if (store->ready.first || s3_now_ms() >= end)
			break;
		wait_for_it(s3, end);
	}
}

static struct store_request *s3_any(struct store *store)
{
	struct s3 *s3 = store->own;
	unsigned int i;

	for (i = 0; i < s3->nr_slots; i++)
		if (s3->slots[i].state != S3_FREE)
			return s3->slots[i].r;
	return NULL;
}

static void s3_drop(struct store *store, struct store_request *r)
{
	struct s3_slot *slot = r->work;

	assert(slot->r == r);
	set_free(slot);
	balance(store->own);
}

/* ---- Beginning and end -------------------------------------------------- */

static void s3_close(struct store *store)
{
	struct s3 *s3 = store->own;
	unsigned int i;

	for (i = 0; i < s3->nr_slots; i++)
		curl_easy_cleanup(s3->slots[i].easy);
	curl_multi_cleanup(s3->multi);
	curl_global_cleanup();
	s3_credentials_free(&s3->credentials);
	free(s3->slots);
	free(s3->ca_file);
	free(s3);
}

static const struct store_backend s3_backend = {
	.close = s3_close,
	.run = s3_run,
	.any = s3_any,
	.drop = s3_drop,
};

static int set_up(struct s3 *s3, const struct store_settings *settings,
		  char *message, size_t room)
{
	unsigned int i;

	if (settings->ca_file) {
		if (access(settings->ca_file, R_OK) < 0)
			return store_say(
				message, room, STORE_E_CONFIG,
				"ca_file %s cannot be read: it must have certificates in PEM",
				settings->ca_file);
		s3->ca_file = strdup(settings->ca_file);
	}
	s3->nr_slots = parallel(&s3->store->limits);
	s3->slots = calloc(s3->nr_slots, sizeof(*s3->slots));
	s3->multi = multi_new(s3);
	if (!s3->slots || !s3->multi || (settings->ca_file && !s3->ca_file))
		return store_say(message, room, STORE_E_IO, "out of memory");
	for (i = 0; i < s3->nr_slots; i++)
		s3->slots[i].s3 = s3;
	s3->patience = s3_patience_default;
	s3->slept_ms = s3_now_ms() - clock_ms(CLOCK_MONOTONIC);
	return s3_credentials_load(settings->credentials, &s3->credentials,
				   message, room);
}

int store_s3_open(struct store *store, const struct store_url *url,
		  const struct store_settings *settings, char *message,
		  size_t room)
{
	struct s3 *s3 = calloc(1, sizeof(*s3));
	int r;

	if (!s3 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(s3);
		return store_say(message, room, STORE_E_IO, "out of memory");
	}
	s3->store = store;
	store->own = s3;
	store->backend = &s3_backend;
	r = s3_site_make(url, settings, &s3->site, message, room);
	if (r == STORE_OK)
		r = set_up(s3, settings, message, room);
	if (r != STORE_OK)
		s3_close(store);
	return r;
}
