// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A store in a bucket, at a server that answers as it is told: what is sent, what
 * is tried again, and what is made of answers.
 */
#include "server.h"
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "backup/s3.h"
#include "backup/store_probe.h"

#define DATE "Date: Fri, 24 May 2013 00:00:00 GMT\r\n"
#define DATE_TIME 1369353600

/* ---- Clocks -------------------------------------------------------------- */

static int64_t slept_s; /* what CLOCK_BOOTTIME has more */
static time_t wall; /* what time() says; 0 = the time */

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
time_t __wrap_time(time_t *t);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ts);

	if (clock == CLOCK_BOOTTIME)
		ts->tv_sec += slept_s;
	return r;
}

time_t __wrap_time(time_t *t)
{
	struct timespec ts;

	(void)t;
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &ts);
	return wall ? wall : ts.tv_sec;
}

/* ---- Fixture ------------------------------------------------------------- */

struct fixture {
	struct server *server;
	struct store *store;
};

static const struct s3_patience hasty = {
	.attempts = 4,
	.base_ms = 2,
	.most_ms = 8,
	.retry_after_s = 1,
	.connect_s = 5,
	.stall_s = 1,
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	slept_s = 0;
	wall = 0;
	f->server = server_start();
	f->store = stores_s3(server_port(f->server));
	s3_set_patience(f->store, &hasty);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	store_close(f->store);
	server_stop(f->server);
	free(f);
	return 0;
}

/* A new store of the same server, with other limits. */
static void reopen(struct fixture *f, const struct store_limits *limits)
{
	char message[400];
	char endpoint[64];
	const struct store_settings settings = { .endpoint = endpoint,
						 .plain_http = true };

	store_close(f->store);
	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%u",
		 server_port(f->server));
	assert_int_equal(store_open("s3://bucket", &settings, limits, &f->store,
				    message, sizeof(message)),
			 STORE_OK);
	s3_set_patience(f->store, &hasty);
}

static struct store_request get(void)
{
	return (struct store_request){ .op = STORE_GET, .key = "a/b" };
}

static struct store_request put(enum store_op op)
{
	return (struct store_request){
		.op = op, .key = "a/b", .body = "content", .body_bytes = 7
	};
}

static void head_is(struct fixture *f, unsigned int nr, const char *begins)
{
	const char *head = server_request(f->server, nr)->head;

	if (strncmp(head, begins, strlen(begins)) != 0)
		fail_msg("'%s' is not '%s'", head, begins);
}

static void header_is(struct fixture *f, unsigned int nr, const char *name,
		      const char *expected)
{
	char value[1024];

	server_header(f->server, nr, name, value);
	assert_string_equal(value, expected);
}

#define ERROR(code) "<Error><Code>" code "</Code><Message>why</Message></Error>"

static void tell(struct fixture *f, enum server_how how)
{
	server_tell(f->server, how, "200 OK", "", "content", 7);
}

/* ---- What is sent -------------------------------------------------------- */

static void test_requests(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);
	char host[64];
	char value[1024];

	wall = DATE_TIME;
	tell(f, SERVER_ANSWER);
	stores_do(f->store, &r, STORE_OK, "");
	head_is(f, 0, "PUT /bucket/pre/a/b HTTP/1.1\r\n");
	assert_int_equal(server_request(f->server, 0)->body_bytes, 7);
	assert_memory_equal(server_request(f->server, 0)->body, "content", 7);
	snprintf(host, sizeof(host), "127.0.0.1:%u", server_port(f->server));
	header_is(f, 0, "host", host);
	header_is(f, 0, "x-amz-date", "20130524T000000Z");
	header_is(
		f, 0, "x-amz-content-sha256",
		"ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
	header_is(f, 0, "if-none-match", "");
	header_is(f, 0, "expect", "");
	header_is(f, 0, "x-amz-security-token", "");
	server_header(f->server, 0, "authorization", value);
	stores_says(
		value,
		"AWS4-HMAC-SHA256 Credential=AK/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=");
}

static void test_create_asks_for_it(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_CREATE);
	char value[1024];

	tell(f, SERVER_ANSWER);
	stores_do(f->store, &r, STORE_OK, "");
	header_is(f, 0, "if-none-match", "*");
	server_header(f->server, 0, "authorization", value);
	stores_says(value, "SignedHeaders=host;if-none-match;x-amz-");
}

static void test_delete(void **state)
{
	struct fixture *f = *state;

	server_tells(f->server, "204 No Content", "", "");
	server_tells(f->server, "404 Not Found", "", ERROR("NoSuchKey"));
	stores_delete(f->store, "a/b");
	stores_delete(f->store, "a/b");
	head_is(f, 0, "DELETE /bucket/pre/a/b HTTP/1.1\r\n");
}

static void test_session_token(void **state)
{
	struct fixture *f = *state;
	char value[1024];

	setenv("AWS_SESSION_TOKEN", "tok/en=", 1);
	reopen(f, NULL);
	unsetenv("AWS_SESSION_TOKEN");
	tell(f, SERVER_ANSWER);
	stores_get(f->store, "a", "content");
	header_is(f, 0, "x-amz-security-token", "tok/en=");
	server_header(f->server, 0, "authorization", value);
	stores_says(value, ";x-amz-security-token,");
}

static void test_one_connection(void **state)
{
	struct fixture *f = *state;
	int i;

	for (i = 0; i < 5; i++)
		tell(f, SERVER_ANSWER);
	for (i = 0; i < 5; i++)
		stores_get(f->store, "a", "content");
	assert_int_equal(server_request(f->server, 4)->connection, 0);
}

static void test_ranges(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();

	r.offset = 3;
	r.bytes = 4;
	server_tells(f->server, "206 Partial Content",
		     "Content-Range: bytes 3-6/100\r\n", "3456");
	stores_do(f->store, &r, STORE_OK, "");
	header_is(f, 0, "range", "bytes=3-6");
	assert_int_equal(r.got_bytes, 4);
	assert_memory_equal(r.got, "3456", 4);
	store_request_clear(&r);
	/* A server that does not know ranges. */
	r = get();
	r.offset = 3;
	r.bytes = 4;
	server_tells(f->server, "200 OK", "", "0123456789");
	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(r.got_bytes, 4);
	assert_memory_equal(r.got, "3456", 4);
	store_request_clear(&r);
	r = get();
	r.offset = 8;
	server_tells(f->server, "416 Range Not Satisfiable", "",
		     ERROR("InvalidRange"));
	stores_do(f->store, &r, STORE_OK, "");
	header_is(f, 2, "range", "bytes=8-");
	assert_int_equal(r.got_bytes, 0);
	assert_non_null(r.got);
	store_request_clear(&r);
}

static void test_wrong_ranges(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();

	/* Other bytes, more bytes, not asked for. */
	r.offset = 3;
	r.bytes = 4;
	server_tells(f->server, "206 Partial Content",
		     "Content-Range: bytes 0-3/100\r\n", "3456");
	stores_do(f->store, &r, STORE_E_REPLY, "another range");
	server_tells(f->server, "206 Partial Content",
		     "Content-Range: bytes 3-6/100\r\n", "34567");
	stores_do(f->store, &r, STORE_E_REPLY, "another range");
	r = get();
	server_tells(f->server, "206 Partial Content",
		     "Content-Range: bytes 0-3/100\r\n", "0123");
	stores_do(f->store, &r, STORE_E_REPLY, "another range");
}

/* ---- What is tried again -------------------------------------------------- */

static void again(struct fixture *f, struct store_request *r,
		  unsigned int requests)
{
	struct store_counts counts;

	tell(f, SERVER_ANSWER);
	stores_do(f->store, r, STORE_OK, "");
	assert_string_equal(r->message, "");
	assert_int_equal(server_count(f->server), requests);
	store_counts_get(f->store, &counts);
	assert_int_equal(counts.requests, requests);
	assert_int_equal(counts.retries, requests - 1);
}

static void test_slow_down(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);

	server_tells(f->server, "503 Slow Down", "", ERROR("SlowDown"));
	server_tells(f->server, "500 Internal Server Error", "", "<html>");
	server_tells(f->server, "502 Bad Gateway", "", "");
	again(f, &r, 4);
	assert_memory_equal(server_request(f->server, 3)->body, "content", 7);
	/* A server that has too much to do need not greet us again. */
	assert_int_equal(server_request(f->server, 3)->connection, 0);
}

static void test_retry_after(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();
	int64_t began = helper_now_ms();

	server_tells(f->server, "503 Slow Down", "Retry-After: 1\r\n",
		     ERROR("SlowDown"));
	again(f, &r, 2);
	assert_true(helper_now_ms() - began >= 1000);
	store_request_clear(&r);
}

static void test_retry_after_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();
	int64_t began = helper_now_ms();

	server_tells(f->server, "503 Slow Down", "Retry-After: 86400\r\n", "");
	again(f, &r, 2);
	assert_true(helper_now_ms() - began < 10000);
	store_request_clear(&r);
}

static void test_broken_connections(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();

	tell(f, SERVER_RESET);
	tell(f, SERVER_CLOSE);
	tell(f, SERVER_CUT);
	again(f, &r, 4);
	assert_memory_equal(r.got, "content", 7);
	/* The cut one left nothing. */
	assert_int_equal(r.got_bytes, 7);
	store_request_clear(&r);
}

static void test_stall(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);

	tell(f, SERVER_STALL);
	again(f, &r, 2);
}

/* What is wrong with it is told at the end: the last answer. */
static void test_gives_up(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);
	int i;

	for (i = 0; i < 10; i++)
		server_tells(f->server, "503 Slow Down", "", ERROR("SlowDown"));
	stores_do(
		f->store, &r, STORE_E_NETWORK,
		"PUT a/b: s3://bucket/pre: the server does not answer as it should (HTTP 503 SlowDown: why)");
	assert_int_equal(server_count(f->server), hasty.attempts);
}

static void test_nobody_there(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();
	unsigned int port = server_port(f->server);

	server_stop(f->server);
	f->server = server_start();
	assert_int_not_equal(server_port(f->server), port);
	stores_do(f->store, &r, STORE_E_NETWORK, "is the network up");
}

static void test_signed_anew(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);
	char first[1024];
	char second[1024];

	wall = DATE_TIME;
	server_tells(f->server, "503 Slow Down", "Retry-After: 1\r\n", "");
	tell(f, SERVER_ANSWER);
	store_start(f->store, &r);
	while (server_count(f->server) < 1)
		store_run(f->store, 10);
	wall = DATE_TIME + 100000;
	while (store_run(f->store, 1000))
		;
	assert_int_equal(r.status, STORE_OK);
	header_is(f, 0, "x-amz-date", "20130524T000000Z");
	header_is(f, 1, "x-amz-date", "20130525T034640Z");
	server_header(f->server, 0, "authorization", first);
	server_header(f->server, 1, "authorization", second);
	assert_string_not_equal(first, second);
}

/* ---- The machine was suspended -------------------------------------------- */

static void test_suspended_in_a_request(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);
	struct s3_patience patient = hasty;
	struct store_counts counts;

	/* It would never be seen to have stalled. */
	patient.stall_s = 3600;
	patient.attempts = 1;
	s3_set_patience(f->store, &patient);
	tell(f, SERVER_STALL);
	tell(f, SERVER_ANSWER);
	store_start(f->store, &r);
	while (server_count(f->server) < 1)
		store_run(f->store, 10);
	slept_s = 7 * 86400;
	while (store_run(f->store, 1000))
		;
	assert_int_equal(r.status, STORE_OK);
	store_counts_get(f->store, &counts);
	assert_int_equal(counts.retries, 1);
	assert_int_equal(server_request(f->server, 1)->connection, 1);
}

static void test_suspended_in_a_pause(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);
	struct s3_patience patient = hasty;
	int64_t began = helper_now_ms();

	patient.retry_after_s = 3600;
	s3_set_patience(f->store, &patient);
	server_tells(f->server, "503 Slow Down", "Retry-After: 1000\r\n", "");
	tell(f, SERVER_ANSWER);
	store_start(f->store, &r);
	while (server_count(f->server) < 1)
		store_run(f->store, 10);
	store_run(f->store, 100);
	slept_s = 1001;
	while (store_run(f->store, 1000))
		;
	assert_int_equal(r.status, STORE_OK);
	assert_true(helper_now_ms() - began < 20000);
}

/* ---- CREATE whose answer was lost ------------------------------------------ */

static void lost(struct fixture *f, enum server_how how)
{
	tell(f, how);
	server_tells(f->server, "412 Precondition Failed", "",
		     ERROR("PreconditionFailed"));
}

static void test_lost_answer_was_ours(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_CREATE);

	lost(f, SERVER_CLOSE);
	tell(f, SERVER_ANSWER);
	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(server_count(f->server), 3);
	head_is(f, 2, "GET /bucket/pre/a/b HTTP/1.1\r\n");
	header_is(f, 2, "if-none-match", "");
	assert_null(r.got);
}

static void test_lost_answer_was_not_ours(void **state)
{
	static const char *const others[] = { "contents", "conten", "CONTENT",
					      "" };
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 4; i++) {
		struct store_request r = put(STORE_CREATE);

		lost(f, SERVER_RESET);
		server_tells(f->server, "200 OK", "", others[i]);
		stores_do(f->store, &r, STORE_E_EXISTS, "it is there already");
	}
}

/* A connection that was used before: libcurl sends again by itself. */
static void test_lost_answer_on_an_old_connection(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_CREATE);
	struct store_counts counts;

	tell(f, SERVER_ANSWER);
	stores_get(f->store, "a", "content");
	lost(f, SERVER_CLOSE);
	tell(f, SERVER_ANSWER);
	stores_do(f->store, &r, STORE_OK, "");
	store_counts_get(f->store, &counts);
	assert_int_equal(server_count(f->server), 4);
}

static void test_lost_answer_and_then_gone(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_CREATE);

	lost(f, SERVER_CLOSE);
	server_tells(f->server, "404 Not Found", "", ERROR("NoSuchKey"));
	tell(f, SERVER_ANSWER);
	stores_do(f->store, &r, STORE_OK, "");
	head_is(f, 3, "PUT ");
	header_is(f, 3, "if-none-match", "*");
}

static void test_exists(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_CREATE);

	server_tells(f->server, "412 Precondition Failed", "",
		     ERROR("PreconditionFailed"));
	stores_do(f->store, &r, STORE_E_EXISTS,
		  "CREATE a/b: s3://bucket/pre: it is there already");
	assert_int_equal(server_count(f->server), 1);
}

/* ---- What is final --------------------------------------------------------- */

static void final(struct fixture *f, const char *status, const char *headers,
		  const char *body, int error, const char *says)
{
	struct store_request r = put(STORE_PUT);
	unsigned int before = server_count(f->server);

	server_tells(f->server, status, headers, body);
	stores_do(f->store, &r, error, says);
	assert_int_equal(server_count(f->server), before + 1);
	assert_null(strstr(r.message, "SK"));
}

static void test_final(void **state)
{
	struct fixture *f = *state;

	final(f, "403 Forbidden", "", ERROR("SignatureDoesNotMatch"),
	      STORE_E_DENIED, "check secret_key (HTTP 403 Signature");
	final(f, "403 Forbidden", "", "", STORE_E_DENIED,
	      "change the policy, or take others (HTTP 403)");
	final(f, "404 Not Found", "", ERROR("NoSuchBucket"), STORE_E_NO_STORE,
	      "make it first");
	final(f, "403 Forbidden", "", ERROR("QuotaExceeded"), STORE_E_FULL,
	      "prune old backups");
	final(f, "400 Bad Request", "", ERROR("ExpiredToken"), STORE_E_DENIED,
	      "get new credentials");
	final(f, "301 Moved", "x-amz-bucket-region: eu-9\r\n", "",
	      STORE_E_CONFIG, "region eu-9");
	final(f, "302 Found", "Location: http://127.0.0.1/x\r\n", "",
	      STORE_E_CONFIG, "set both right");
	final(f, "400 Bad Request", "", "<Error><Code>\033]0;x</Code></Error>",
	      STORE_E_REPLY, "(HTTP 400)");
	final(f, "418 I am a teapot", "", ERROR("Tea"), STORE_E_REPLY,
	      "refuses what it should do (HTTP 418 Tea: why)");
}

static void test_clock(void **state)
{
	struct fixture *f = *state;

	wall = DATE_TIME + 20 * 60;
	final(f, "403 Forbidden", DATE, ERROR("RequestTimeTooSkewed"),
	      STORE_E_CLOCK, "clock is 20 minutes ahead of the server's");
	wall = DATE_TIME - 5 * 3600;
	final(f, "403 Forbidden", DATE, ERROR("RequestTimeTooSkewed"),
	      STORE_E_CLOCK, "clock is 5 hours behind the server's");
	wall = DATE_TIME + 400 * 86400;
	final(f, "403 Forbidden", DATE, ERROR("RequestTimeTooSkewed"),
	      STORE_E_CLOCK, "clock is 400 days ahead of");
	final(f, "403 Forbidden", "", ERROR("RequestTimeTooSkewed"),
	      STORE_E_CLOCK, "clock is far from the server's");
}

/* Stopped between the signature and the last byte; the clock is right. */
static void test_late_request(void **state)
{
	struct fixture *f = *state;
	struct store_request r = put(STORE_PUT);

	wall = DATE_TIME + 10;
	server_tells(f->server, "403 Forbidden", DATE,
		     ERROR("RequestTimeTooSkewed"));
	again(f, &r, 2);
}

/* ---- Lists ------------------------------------------------------------------ */

#define PAGE(inside, more)                                                     \
	"<ListBucketResult>" inside "<IsTruncated>" more                       \
	"</IsTruncated><EncodingType>url</EncodingType></ListBucketResult>"
#define ENTRY(key) "<Contents><Key>pre%2F" key "</Key><Size>1</Size></Contents>"
#define TOKEN(token) "<NextContinuationToken>" token "</NextContinuationToken>"

static void test_pages(void **state)
{
	struct fixture *f = *state;

	server_tells(f->server, "200 OK", "",
		     PAGE(ENTRY("p%2Fb") TOKEN("1/2"), "true"));
	server_tells(f->server, "503 Slow Down", "", "");
	server_tells(f->server, "200 OK", "",
		     PAGE(ENTRY("p%2Fa") ENTRY("p%2Fb") ENTRY("p%2Fno-%C3%A4"),
			  "false"));
	stores_list(f->store, "p/", "p/a p/b ");
	head_is(f, 0,
		"GET /bucket/?encoding-type=url&list-type=2&prefix=pre%2Fp%2F HTTP/1.1\r\n");
	head_is(f, 2,
		"GET /bucket/?continuation-token=1%2F2&encoding-type=url&list-type=2&prefix=pre%2Fp%2F HTTP/1.1\r\n");
}

static void list_fails(struct fixture *f, int error, const char *says)
{
	struct store_request r = { .op = STORE_LIST, .key = "" };

	stores_do(f->store, &r, error, says);
	assert_null(r.entries);
	assert_int_equal(r.nr_entries, 0);
}

static void test_bad_lists(void **state)
{
	struct fixture *f = *state;
	unsigned int i;

	for (i = 0; i < hasty.attempts; i++)
		server_tells(f->server, "200 OK", "", "<html>Log in</html>");
	list_fails(f, STORE_E_REPLY, "no list of what was asked for");
	for (i = 0; i < hasty.attempts; i++)
		server_tells(
			f->server, "200 OK", "",
			PAGE(ENTRY("a") "<Contents><Key>other</Key><Size>1</Size></Contents>",
			     "false"));
	list_fails(f, STORE_E_REPLY, "no list of what was asked for");
	server_tells(f->server, "200 OK", "",
		     PAGE(ENTRY("a") TOKEN("1"), "true"));
	for (i = 0; i < hasty.attempts; i++)
		server_tells(f->server, "200 OK", "", "");
	list_fails(f, STORE_E_REPLY, "no list of what was asked for");
	/* And a good one after a bad one has nothing of that. */
	server_tells(f->server, "200 OK", "",
		     PAGE(ENTRY("bad") "<Contents></Contents>", "false"));
	server_tells(f->server, "200 OK", "", PAGE(ENTRY("a"), "false"));
	stores_list(f->store, "", "a ");
}

static void test_list_without_end(void **state)
{
	struct fixture *f = *state;

	server_tells(f->server, "200 OK", "",
		     PAGE(ENTRY("a") TOKEN("1"), "true"));
	server_tells(f->server, "200 OK", "",
		     PAGE(ENTRY("a") TOKEN("1"), "true"));
	list_fails(f, STORE_E_REPLY, "does not go on");
}

/* ---- Too large -------------------------------------------------------------- */

static void test_too_large(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();
	struct store_request list = { .op = STORE_LIST, .key = "" };
	char *huge = calloc(1, STORE_OBJECT_MAX + 1);

	assert_non_null(huge);
	server_tell(f->server, SERVER_ANSWER, "200 OK", "", huge,
		    STORE_OBJECT_MAX + 1);
	stores_do(f->store, &r, STORE_E_LIMIT, "larger than any");
	server_tell(f->server, SERVER_ANSWER, "200 OK", "", huge,
		    S3_LIST_MAX + 1);
	stores_do(f->store, &list, STORE_E_LIMIT, "larger than any");
	/* An error that is endless is still that error. */
	server_tell(f->server, SERVER_ANSWER, "403 Forbidden", "", huge,
		    S3_ERROR_MAX + 1);
	stores_do(f->store, &r, STORE_E_DENIED, "HTTP 403");
	server_tell(f->server, SERVER_ANSWER, "200 OK", "", huge,
		    STORE_OBJECT_MAX);
	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(r.got_bytes, STORE_OBJECT_MAX);
	store_request_clear(&r);
	free(huge);
}

static void test_lying_length(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();
	unsigned int i;

	/* The first of two lengths counts, or none of them; it never comes. */
	for (i = 0; i < hasty.attempts; i++)
		server_tell(f->server, SERVER_CUT, "200 OK",
			    "Content-Length: 99999999999\r\n", "content", 7);
	store_do(f->store, &r);
	assert_int_not_equal(r.status, STORE_OK);
}

/* ---- Several at once, and none ------------------------------------------------ */

static void test_parallel(void **state)
{
	struct fixture *f = *state;
	const struct store_limits limits = { .parallel = 3 };
	struct store_request r[8];
	unsigned int i;

	reopen(f, &limits);
	for (i = 0; i < 8; i++) {
		r[i] = get();
		store_start(f->store, &r[i]);
	}
	/* Three come, and no other before one of them is answered. */
	tell(f, SERVER_STALL);
	tell(f, SERVER_STALL);
	tell(f, SERVER_STALL);
	while (server_count(f->server) < 3)
		store_run(f->store, 10);
	store_run(f->store, 50);
	assert_int_equal(server_count(f->server), 3);
	for (i = 0; i < 8; i++)
		tell(f, SERVER_ANSWER);
	/* A place that becomes free is taken by the next one. */
	store_cancel(f->store, &r[0]);
	assert_int_equal(r[0].status, STORE_E_CANCELLED);
	while (store_run(f->store, 1000))
		;
	for (i = 1; i < 8; i++) {
		assert_int_equal(r[i].status, STORE_OK);
		store_request_clear(&r[i]);
	}
}

static void test_cancel_in_a_pause(void **state)
{
	struct fixture *f = *state;
	struct store_request r = get();

	server_tells(f->server, "503 Slow Down", "Retry-After: 1\r\n", "");
	store_start(f->store, &r);
	while (server_count(f->server) < 1)
		store_run(f->store, 10);
	store_run(f->store, 50);
	store_cancel(f->store, &r);
	assert_int_equal(store_run(f->store, 0), 0);
	assert_int_equal(r.status, STORE_E_CANCELLED);
	assert_int_equal(server_count(f->server), 1);
}

static void test_close_in_a_request(void **state)
{
	struct fixture *f = *state;
	struct store_request r[2] = { get(), put(STORE_PUT) };

	tell(f, SERVER_STALL);
	tell(f, SERVER_STALL);
	store_start(f->store, &r[0]);
	store_start(f->store, &r[1]);
	while (server_count(f->server) < 2)
		store_run(f->store, 10);
	store_close(f->store);
	f->store = NULL;
	assert_int_equal(r[0].status, STORE_E_CANCELLED);
	assert_int_equal(r[1].status, STORE_E_CANCELLED);
}

static void test_upload_limit(void **state)
{
	struct fixture *f = *state;
	const struct store_limits limits = { .upload = 512 << 10 };
	static char body[256 << 10];
	struct store_request r[4];
	int64_t began;
	unsigned int i;

	reopen(f, &limits);
	for (i = 0; i < 4; i++) {
		r[i] = put(STORE_PUT);
		r[i].body = body;
		r[i].body_bytes = sizeof(body);
		tell(f, SERVER_ANSWER);
	}
	began = helper_now_ms();
	for (i = 0; i < 4; i++)
		store_start(f->store, &r[i]);
	while (store_run(f->store, 1000))
		;
	for (i = 0; i < 4; i++)
		assert_int_equal(r[i].status, STORE_OK);
	/* 1 MiB at 512 KiB/s; what is in flight at the end counts for less. */
	assert_true(helper_now_ms() - began > 800);
	assert_true(helper_now_ms() - began < 15000);
}

/* Each has 64 KiB/s at least. */
static void test_limit_makes_fewer(void **state)
{
	struct fixture *f = *state;
	const struct store_limits limits = { .parallel = 16,
					     .download = 128 << 10 };
	struct store_request r[3] = { get(), get(), get() };
	unsigned int i;

	reopen(f, &limits);
	for (i = 0; i < 3; i++) {
		tell(f, SERVER_STALL);
		store_start(f->store, &r[i]);
	}
	while (server_count(f->server) < 2)
		store_run(f->store, 10);
	store_run(f->store, 50);
	assert_int_equal(server_count(f->server), 2);
	for (i = 0; i < 3; i++)
		store_cancel(f->store, &r[i]);
}

/* ---- The probe ---------------------------------------------------------------- */

static void probe(struct fixture *f, int error, bool expected, const char *says)
{
	char message[400] = "";
	bool honoured = !expected;

	assert_int_equal(store_probe_create(f->store, "probe", &honoured,
					    message, sizeof(message)),
			 error);
	assert_int_equal(honoured, expected);
	stores_says(message, says);
}

static void probe_answers(struct fixture *f, const char *first,
			  const char *others)
{
	int i;

	server_tells(f->server, "204 No Content", "", "");
	server_tells(f->server, first, "", "");
	for (i = 0; i < 3; i++)
		server_tells(f->server, others, "", "");
	server_tells(f->server, "204 No Content", "", "");
}

static void test_probe(void **state)
{
	struct fixture *f = *state;
	int i;

	probe_answers(f, "200 OK", "412 Precondition Failed");
	probe(f, STORE_OK, true, "");
	probe_answers(f, "200 OK", "200 OK");
	probe(f, STORE_OK, false, "and wrote it 4 times");
	probe_answers(f, "501 Not Implemented", "501 Not Implemented");
	probe(f, STORE_OK, false, "refuses to write an object only if");
	probe_answers(f, "403 Forbidden", "403 Forbidden");
	probe(f, STORE_E_DENIED, false, "CREATE probe: ");
	/* An old one and no right to delete it: the condition is honoured. */
	server_tells(f->server, "403 Forbidden", "", "");
	for (i = 0; i < 4; i++)
		server_tells(f->server, "412 Precondition Failed", "", "");
	server_tells(f->server, "403 Forbidden", "", "");
	probe(f, STORE_OK, true, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_requests),
		TEST(test_create_asks_for_it),
		TEST(test_delete),
		TEST(test_session_token),
		TEST(test_one_connection),
		TEST(test_ranges),
		TEST(test_wrong_ranges),
		TEST(test_slow_down),
		TEST(test_retry_after),
		TEST(test_retry_after_is_bounded),
		TEST(test_broken_connections),
		TEST(test_stall),
		TEST(test_gives_up),
		TEST(test_nobody_there),
		TEST(test_signed_anew),
		TEST(test_suspended_in_a_request),
		TEST(test_suspended_in_a_pause),
		TEST(test_lost_answer_was_ours),
		TEST(test_lost_answer_was_not_ours),
		TEST(test_lost_answer_on_an_old_connection),
		TEST(test_lost_answer_and_then_gone),
		TEST(test_exists),
		TEST(test_final),
		TEST(test_clock),
		TEST(test_late_request),
		TEST(test_pages),
		TEST(test_bad_lists),
		TEST(test_list_without_end),
		TEST(test_too_large),
		TEST(test_lying_length),
		TEST(test_parallel),
		TEST(test_cancel_in_a_pause),
		TEST(test_close_in_a_request),
		TEST(test_upload_limit),
		TEST(test_limit_makes_fewer),
		TEST(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
