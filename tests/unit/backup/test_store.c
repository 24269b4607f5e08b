// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every store promises about its requests, in a directory.
 */
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/store_probe.h"

struct fixture {
	char dir[PATH_MAX];
	struct store *store;
};

struct seen {
	struct store *store;
	unsigned int calls;
	int status;
	struct store_request *then; /* begun from done() */
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	f->store = stores_file(f->dir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	store_close(f->store);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void on_done(struct store_request *r, void *data)
{
	struct seen *seen = data;

	assert_true(r->finished);
	seen->calls++;
	seen->status = r->status;
	if (seen->then)
		store_start(seen->store, seen->then);
	seen->then = NULL;
}

static void test_done_is_told_once(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .store = f->store };
	struct store_request bad = {
		.op = STORE_GET, .key = "../x", .done = on_done, .data = &seen
	};

	store_start(f->store, &bad);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(store_run(f->store, 0), 0);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.status, STORE_E_CONFIG);
	stores_says(bad.message, "'../x' is not a key");
	assert_int_equal(store_run(f->store, 0), 0);
	store_cancel(f->store, &bad);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(bad.status, STORE_E_CONFIG);
}

static void test_done_begins_another(void **state)
{
	struct fixture *f = *state;
	struct seen second = { .store = f->store };
	struct store_request get = {
		.op = STORE_GET, .key = "a", .done = on_done, .data = &second
	};
	struct seen first = { .store = f->store, .then = &get };
	struct store_request put = { .op = STORE_PUT,
				     .key = "a",
				     .body = "text",
				     .body_bytes = 4,
				     .done = on_done,
				     .data = &first };

	store_start(f->store, &put);
	assert_int_equal(store_run(f->store, 0), 1);
	assert_int_equal(store_run(f->store, 0), 0);
	assert_int_equal(second.calls, 1);
	assert_int_equal(get.status, STORE_OK);
	assert_memory_equal(get.got, "text", 4);
	store_request_clear(&get);
}

static void test_cancel(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .store = f->store };
	struct store_request r[3];
	int i;

	for (i = 0; i < 3; i++) {
		r[i] = (struct store_request){ .op = STORE_PUT,
					       .key = "a",
					       .body = "0",
					       .body_bytes = 1,
					       .done = on_done,
					       .data = &seen };
		store_start(f->store, &r[i]);
	}
	/* The last in the queue, and then another one behind it. */
	store_cancel(f->store, &r[2]);
	assert_int_equal(r[2].status, STORE_E_CANCELLED);
	assert_int_equal(seen.calls, 1);
	store_start(f->store, &r[2]);
	store_cancel(f->store, &r[0]);
	assert_int_equal(store_run(f->store, 0), 1);
	assert_int_equal(store_run(f->store, 0), 0);
	assert_int_equal(r[1].status, STORE_OK);
	assert_int_equal(r[2].status, STORE_OK);
	assert_int_equal(seen.calls, 4);
}

static void test_close_cancels(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .store = f->store };
	struct store_request late = { .op = STORE_GET, .key = "b" };
	struct store_request r = {
		.op = STORE_GET, .key = "a", .done = on_done, .data = &seen
	};

	seen.then = &late;
	store_start(f->store, &r);
	store_close(f->store);
	f->store = NULL;
	assert_int_equal(seen.status, STORE_E_CANCELLED);
	assert_true(late.finished);
	assert_int_equal(late.status, STORE_E_CANCELLED);
	store_close(NULL);
}

static void test_limits(void **state)
{
	struct fixture *f = *state;
	struct store_limits limits = { .parallel = 100000 };
	struct store_request r = { .op = STORE_PUT,
				   .key = "a",
				   .body = "",
				   .body_bytes = STORE_OBJECT_MAX + 1 };
	struct store_request get = { .op = STORE_GET,
				     .key = "a",
				     .offset = UINT64_MAX };
	char message[400];
	struct store *store;

	stores_do(f->store, &r, STORE_E_LIMIT, "PUT a: an object has at most");
	stores_do(f->store, &get, STORE_E_LIMIT, "at most 67108864 bytes");
	assert_int_equal(store_open("file:///tmp", NULL, &limits, &store,
				    message, sizeof(message)),
			 STORE_E_CONFIG);
	assert_null(store);
	limits = (struct store_limits){ .upload = STORE_LIMIT_LEAST - 1 };
	assert_int_equal(store_open("file:///tmp", NULL, &limits, &store,
				    message, sizeof(message)),
			 STORE_E_CONFIG);
	stores_says(message, "at least 1024 bytes in a second");
	limits = (struct store_limits){ .upload = STORE_LIMIT_LEAST };
	assert_int_equal(store_open("file:///tmp", NULL, &limits, &store,
				    message, sizeof(message)),
			 STORE_OK);
	store_close(store);
}

static void test_texts(void **state)
{
	int i;

	(void)state;
	for (i = STORE_E_LAST; i <= STORE_OK; i++) {
		assert_non_null(store_error_text(i));
		assert_string_not_equal(store_error_text(i), "unknown error");
	}
	assert_string_equal(store_error_text(1), "unknown error");
	assert_string_equal(store_error_text(STORE_E_LAST - 1),
			    "unknown error");
}

static void test_counts(void **state)
{
	struct fixture *f = *state;
	struct store_counts counts;

	stores_put(f->store, "a", "12345");
	stores_get(f->store, "a", "12345");
	stores_get(f->store, "b", NULL);
	store_counts_get(f->store, &counts);
	assert_int_equal(counts.requests, 3);
	assert_int_equal(counts.sent, 5);
	assert_int_equal(counts.received, 5);
	assert_int_equal(counts.retries, 0);
}

static void test_probe(void **state)
{
	struct fixture *f = *state;
	char message[400];
	bool honoured;

	assert_int_equal(store_probe_create(f->store, "probe", &honoured,
					    message, sizeof(message)),
			 STORE_OK);
	assert_true(honoured);
	stores_list(f->store, "", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_done_is_told_once),
		TEST(test_done_begins_another),
		TEST(test_cancel),
		TEST(test_close_cancels),
		TEST(test_limits),
		TEST(test_texts),
		TEST(test_counts),
		TEST(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
