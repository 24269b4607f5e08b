// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stores.c - what several tests of stores need
 */
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>

static struct store *open_store(const char *url,
				const struct store_settings *settings)
{
	char message[400] = "";
	struct store *store;

	if (store_open(url, settings, NULL, &store, message, sizeof(message)) !=
	    STORE_OK)
		fail_msg("%s", message);
	return store;
}

struct store *stores_file(const char *dir)
{
	char url[PATH_MAX + 8];

	snprintf(url, sizeof(url), "file://%s", dir);
	return open_store(url, NULL);
}

struct store *stores_s3(unsigned int port)
{
	char endpoint[64];
	const struct store_settings settings = { .endpoint = endpoint,
						 .plain_http = true };

	setenv("AWS_ACCESS_KEY_ID", "AK", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "SK", 1);
	unsetenv("AWS_SESSION_TOKEN");
	unsetenv("CREDENTIALS_DIRECTORY");
	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%u", port);
	return open_store("s3://bucket/pre", &settings);
}

void stores_do(struct store *store, struct store_request *r, int status,
	       const char *says)
{
	store_do(store, r);
	if (r->status != status)
		fail_msg("%d and not %d: %s", r->status, status, r->message);
	stores_says(r->message, says);
}

void stores_put(struct store *store, const char *key, const char *text)
{
	struct store_request r = { .op = STORE_PUT,
				   .key = key,
				   .body = text,
				   .body_bytes = strlen(text) };

	stores_do(store, &r, STORE_OK, "");
}

int stores_create(struct store *store, const char *key, const char *text)
{
	struct store_request r = { .op = STORE_CREATE,
				   .key = key,
				   .body = text,
				   .body_bytes = strlen(text) };

	return store_do(store, &r);
}

void stores_get(struct store *store, const char *key, const char *text)
{
	struct store_request r = { .op = STORE_GET, .key = key };

	stores_do(store, &r, text ? STORE_OK : STORE_E_NOT_FOUND, "");
	if (text) {
		assert_int_equal(r.got_bytes, strlen(text));
		assert_memory_equal(r.got, text, r.got_bytes);
	}
	store_request_clear(&r);
}

void stores_delete(struct store *store, const char *key)
{
	struct store_request r = { .op = STORE_DELETE, .key = key };

	stores_do(store, &r, STORE_OK, "");
}

void stores_list(struct store *store, const char *prefix, const char *keys)
{
	struct store_request r = { .op = STORE_LIST, .key = prefix };
	char got[4096] = "";
	size_t i;

	stores_do(store, &r, STORE_OK, "");
	for (i = 0; i < r.nr_entries; i++) {
		assert_true(strlen(got) + STORE_KEY_MAX + 2 < sizeof(got));
		strcat(strcat(got, r.entries[i].key), " ");
	}
	assert_string_equal(got, keys);
	store_request_clear(&r);
}
