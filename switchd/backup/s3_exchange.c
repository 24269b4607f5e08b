// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_exchange.c - one request of HTTP and its answer
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/s3.h"

#define AUTHORIZATION_MAX 1024
#define HEADER_MAX 4400
/* A transfer that is slower than this for a while has stalled: bytes/s. */
#define SLOWEST STORE_LIMIT_LEAST
#define BUFFER (256L << 10)
/* With a limit: what goes out at once is paid for by a pause, no stall. */
#define LIMITED_BUFFER (16L << 10)

/* SHA-256 of nothing */
static const char empty[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

enum store_op s3_op(const struct s3_slot *slot)
{
	return slot->compare ? STORE_GET : slot->r->op;
}

static bool has_body(const struct s3_slot *slot)
{
	enum store_op op = s3_op(slot);

	return op == STORE_PUT || op == STORE_CREATE;
}

/* ---- What libcurl calls ------------------------------------------------- */

static size_t on_read(char *to, size_t size, size_t n, void *data)
{
	struct s3_slot *slot = data;
	size_t left = slot->r->body_bytes - slot->sent;

	n *= size;
	if (n > left)
		n = left;
	if (n)
		memcpy(to, (const char *)slot->r->body + slot->sent, n);
	slot->sent += n;
	return n;
}

/* An old connection turned out to be dead: libcurl sends all of it again. */
static int on_seek(void *data, curl_off_t offset, int origin)
{
	struct s3_slot *slot = data;

	if (origin != SEEK_SET || offset < 0 ||
	    (size_t)offset > slot->r->body_bytes)
		return CURL_SEEKFUNC_FAIL;
	slot->sent = (size_t)offset;
	slot->lost = true;
	return CURL_SEEKFUNC_OK;
}

static size_t on_header(char *line, size_t size, size_t n, void *data)
{
	struct s3_slot *slot = data;

	s3_head_line(&slot->head, line, n * size);
	return n * size;
}

static bool answer_is_good(const struct s3_slot *slot)
{
	long http = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &http);
	return http >= 200 && http < 300;
}

static size_t body_max(const struct s3_slot *slot)
{
	if (!answer_is_good(slot))
		return S3_ERROR_MAX;
	switch (s3_op(slot)) {
	case STORE_GET:
		return slot->compare ? slot->r->body_bytes : STORE_OBJECT_MAX;
	case STORE_LIST:
		return S3_LIST_MAX;
	default:
		return S3_ERROR_MAX;
	}
}

/* As much as the server says it sends, but not more than it may. */
static bool make_room(struct s3_slot *slot, size_t n, size_t max)
{
	struct s3_body *body = &slot->body;
	curl_off_t told = -1;
	size_t room = body->room ? 2 * body->room : 16384;
	uint8_t *at;

	if (body->bytes + n <= body->room)
		return true;
	curl_easy_getinfo(slot->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
			  &told);
	if (told > 0 && !body->room)
		room = told < (curl_off_t)max ? (size_t)told : max;
	if (room < body->bytes + n)
		room = body->bytes + n;
	at = realloc(body->at, room);
	if (!at) {
		body->no_memory = true;
		return false;
	}
	body->at = at;
	body->room = room;
	return true;
}

static size_t on_write(char *bytes, size_t size, size_t n, void *data)
{
	struct s3_slot *slot = data;
	struct s3_body *body = &slot->body;
	size_t max = body_max(slot);

	n *= size;
	if (body->bytes + n > max) {
		body->too_large = true;
		return 0;
	}
	if (!make_room(slot, n, max))
		return 0;
	memcpy(body->at + body->bytes, bytes, n);
	body->bytes += n;
	return n;
}

/* ---- Headers, and their signature --------------------------------------- */

struct headers {
	struct s3_header all[S3_HEADERS];
	size_t nr;
	char range[64];
	char when[S3_TIME];
};

static void add(struct headers *h, const char *name, const char *value)
{
	assert(h->nr < S3_HEADERS);
	h->all[h->nr].name = name;
	h->all[h->nr++].value = value;
}

static void add_range(struct headers *h, const struct store_request *r)
{
	if (r->bytes)
		snprintf(h->range, sizeof(h->range), "bytes=%llu-%llu",
			 (unsigned long long)r->offset,
			 (unsigned long long)(r->offset + r->bytes - 1));
	else
		snprintf(h->range, sizeof(h->range), "bytes=%llu-",
			 (unsigned long long)r->offset);
	add(h, "range", h->range);
}

static void collect(const struct s3_slot *slot, struct headers *h)
{
	const struct s3 *s3 = slot->s3;
	const struct store_request *r = slot->r;

	h->nr = 0;
	s3_sign_time(slot->signed_at, h->when);
	add(h, "host", s3->site.host);
	add(h, "x-amz-content-sha256", has_body(slot) ? slot->payload : empty);
	add(h, "x-amz-date", h->when);
	if (s3->credentials.token)
		add(h, "x-amz-security-token", s3->credentials.token);
	if (s3_op(slot) == STORE_CREATE)
		add(h, "if-none-match", "*");
	if (r->op == STORE_GET && (r->offset || r->bytes))
		add_range(h, r);
}

static const char *method(const struct s3_slot *slot)
{
	if (has_body(slot))
		return "PUT";
	return s3_op(slot) == STORE_DELETE ? "DELETE" : "GET";
}

static bool send_header(struct s3_slot *slot, const char *name,
			const char *value)
{
	char line[HEADER_MAX];
	struct curl_slist *more = NULL;
	int n = snprintf(line, sizeof(line), "%s: %s", name, value);

	if (n > 0 && (size_t)n < sizeof(line))
		more = curl_slist_append(slot->headers, line);
	explicit_bzero(line, sizeof(line));
	if (more)
		slot->headers = more;
	return more;
}

static bool sign(struct s3_slot *slot, const char *path, const char *query)
{
	const struct s3 *s3 = slot->s3;
	const struct s3_key key = { .access = s3->credentials.access,
				    .secret = s3->credentials.secret };
	char authorization[AUTHORIZATION_MAX];
	struct headers h;
	struct s3_to_sign what = {
		.method = method(slot),
		.path = path,
		.query = query,
		.headers = h.all,
		.payload = has_body(slot) ? slot->payload : empty,
		.region = s3->site.region,
		.service = "s3",
		.when = slot->signed_at,
	};
	bool ok = true;
	size_t i;

	collect(slot, &h);
	what.nr_headers = h.nr;
	/* All lengths were checked when they were read. */
	if (s3_sign(&key, &what, authorization, sizeof(authorization)) < 0)
		abort();
	for (i = 0; i < h.nr; i++)
		ok = ok && send_header(slot, h.all[i].name, h.all[i].value);
	ok = ok && send_header(slot, "Authorization", authorization);
	/* It would wait for a round trip to learn that it may send. */
	if (has_body(slot))
		ok = ok && send_header(slot, "Expect", "");
	return ok;
}

/* ---- Setting it up ------------------------------------------------------ */

struct setup {
	CURL *easy;
	CURLcode result;
};

#define SET(setup, option, value)                                              \
	do {                                                                   \
		if ((setup)->result == CURLE_OK)                               \
			(setup)->result = curl_easy_setopt((setup)->easy,      \
							   option, value);     \
	} while (0)

static void set_callbacks(struct setup *s, struct s3_slot *slot)
{
	SET(s, CURLOPT_PRIVATE, slot);
	SET(s, CURLOPT_ERRORBUFFER, slot->curl_text);
	SET(s, CURLOPT_READFUNCTION, on_read);
	SET(s, CURLOPT_READDATA, slot);
	SET(s, CURLOPT_SEEKFUNCTION, on_seek);
	SET(s, CURLOPT_SEEKDATA, slot);
	SET(s, CURLOPT_WRITEFUNCTION, on_write);
	SET(s, CURLOPT_WRITEDATA, slot);
	SET(s, CURLOPT_HEADERFUNCTION, on_header);
	SET(s, CURLOPT_HEADERDATA, slot);
}

static void set_safety(struct setup *s, const struct s3 *s3)
{
	SET(s, CURLOPT_NOSIGNAL, 1L);
	SET(s, CURLOPT_PROTOCOLS_STR, s3->site.tls ? "https" : "http");
	SET(s, CURLOPT_FOLLOWLOCATION, 0L);
	SET(s, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(s, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(s, CURLOPT_SSL_VERIFYHOST, 2L);
	if (s3->ca_file) {
		/* It and no other. */
		SET(s, CURLOPT_CAINFO, s3->ca_file);
		SET(s, CURLOPT_CAPATH, NULL);
	}
	/* A proxy would be asked in plain text. */
	if (!s3->site.tls)
		SET(s, CURLOPT_NOPROXY, "*");
}

static void set_speed(struct setup *s, const struct s3_slot *slot)
{
	const struct s3_patience *patience = &slot->s3->patience;
	const struct store_limits *limits = &slot->s3->store->limits;
	long buffer = limits->upload || limits->download ? LIMITED_BUFFER
							 : BUFFER;

	SET(s, CURLOPT_CONNECTTIMEOUT, (long)patience->connect_s);
	SET(s, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST);
	SET(s, CURLOPT_LOW_SPEED_TIME, (long)patience->stall_s);
	SET(s, CURLOPT_BUFFERSIZE, buffer);
	SET(s, CURLOPT_UPLOAD_BUFFERSIZE, buffer);
	SET(s, CURLOPT_TCP_KEEPALIVE, 1L);
	/* One connection a request: no loss on one of them stops the others. */
	SET(s, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	/* Others of the same age may be broken, too. */
	if (slot->fresh)
		SET(s, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_method(struct setup *s, const struct s3_slot *slot)
{
	if (has_body(slot)) {
		SET(s, CURLOPT_UPLOAD, 1L);
		SET(s, CURLOPT_INFILESIZE_LARGE,
		    (curl_off_t)slot->r->body_bytes);
	} else {
		SET(s, CURLOPT_HTTPGET, 1L);
		if (s3_op(slot) == STORE_DELETE)
			SET(s, CURLOPT_CUSTOMREQUEST, "DELETE");
	}
}

static void set_url(struct setup *s, const struct s3_slot *slot,
		    const char *path, const char *query)
{
	const struct s3_site *site = &slot->s3->site;
	char url[16 + S3_HOST_MAX + S3_PATH_MAX + S3_QUERY_MAX];

	snprintf(url, sizeof(url), "%s%s%s%s%s",
		 site->tls ? "https://" : "http://", site->host, path,
		 *query ? "?" : "", query);
	SET(s, CURLOPT_PATH_AS_IS, 1L);
	SET(s, CURLOPT_URL, url);
}

static void clear_attempt(struct s3_slot *slot)
{
	slot->sent = 0;
	slot->curl_text[0] = '\0';
	s3_head_clear(&slot->head);
	slot->signed_at = time(NULL);
}

CURLcode s3_exchange_begin(struct s3_slot *slot)
{
	const struct store_request *r = slot->r;
	struct setup s = { .result = CURLE_OK };
	char query[S3_QUERY_MAX] = "";
	char path[S3_PATH_MAX];

	if (!slot->easy)
		slot->easy = curl_easy_init();
	if (!slot->easy)
		return CURLE_OUT_OF_MEMORY;
	s.easy = slot->easy;
	curl_easy_reset(slot->easy);
	clear_attempt(slot);
	if (has_body(slot) && !slot->payload[0])
		s3_sign_digest(r->body, r->body_bytes, slot->payload);
	if (r->op == STORE_LIST) {
		/* The bucket itself, without a key. */
		snprintf(path, sizeof(path), "%s/", slot->s3->site.path);
		s3_site_list(&slot->s3->site, r->key, slot->token, query);
	} else {
		s3_site_path(&slot->s3->site, r->key, path);
	}
	set_callbacks(&s, slot);
	set_safety(&s, slot->s3);
	set_speed(&s, slot);
	set_method(&s, slot);
	set_url(&s, slot, path, query);
	if (!sign(slot, path, query))
		return CURLE_OUT_OF_MEMORY;
	SET(&s, CURLOPT_HTTPHEADER, slot->headers);
	return s.result;
}

void s3_exchange_end(struct s3_slot *slot)
{
	struct curl_slist *line;

	/* A session token is among them. */
	for (line = slot->headers; line; line = line->next)
		explicit_bzero(line->data, strlen(line->data));
	curl_slist_free_all(slot->headers);
	slot->headers = NULL;
	free(slot->body.at);
	memset(&slot->body, 0, sizeof(slot->body));
}
