// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_sign.c - signatures of requests, AWS Signature Version 4
 */
#include "backup/s3_sign.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tomcrypt.h>

#include "common/hex.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DAY 8 /* "20130524" */
#define SCOPE_MAX 200

/* libtomcrypt fails for wrong arguments only, which would be ours. */
static void good(int r)
{
	if (r != CRYPT_OK) {
		fprintf(stderr, "SHA-256: %s\n", error_to_string(r));
		abort();
	}
}

static void add(hash_state *hash, const char *text, size_t n)
{
	good(sha256_process(hash, (const unsigned char *)text, n));
}

static void add_text(hash_state *hash, const char *text)
{
	add(hash, text, strlen(text));
}

void s3_sign_time(time_t when, char text[S3_TIME])
{
	struct tm tm;
	size_t n;

	gmtime_r(&when, &tm);
	n = strftime(text, S3_TIME, "%Y%m%dT%H%M%SZ", &tm);
	assert(n == S3_TIME - 1);
}

void s3_sign_digest(const void *bytes, size_t n, char text[S3_SHA256_HEX])
{
	uint8_t digest[S3_SHA256];
	hash_state hash;

	good(sha256_init(&hash));
	add(&hash, n ? bytes : "", n);
	good(sha256_done(&hash, digest));
	hex_encode(digest, sizeof(digest), text);
}

static void hmac(const uint8_t *key, size_t key_bytes, const char *text,
		 uint8_t out[S3_SHA256])
{
	unsigned long n = S3_SHA256;
	int hash = register_hash(&sha256_desc);

	assert(hash >= 0);
	good(hmac_memory(hash, key, key_bytes, (const unsigned char *)text,
			 strlen(text), out, &n));
}

/* A value without blanks at its ends, and with one where there are several. */
static void add_value(hash_state *hash, const char *value)
{
	value += strspn(value, " \t");
	while (*value) {
		size_t n = strcspn(value, " \t");

		add(hash, value, n);
		value += n;
		value += strspn(value, " \t");
		if (*value)
			add(hash, " ", 1);
	}
}

static int by_name(const void *a, const void *b)
{
	const struct s3_header *left = a;
	const struct s3_header *right = b;

	return strcmp(left->name, right->name);
}

/* "host;x-amz-date", from headers that are sorted. */
static int name_headers(const struct s3_header *headers, size_t nr, char *names,
			size_t room)
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		int n = snprintf(names + used, room - used, "%s%s",
				 i ? ";" : "", headers[i].name);

		if (n < 0 || (size_t)n >= room - used)
			return -ENOSPC;
		used += n;
	}
	return 0;
}

/* The digest of the request in the form that both sides agree on. */
static void canonical(const struct s3_to_sign *what,
		      const struct s3_header *headers, const char *names,
		      char text[S3_SHA256_HEX])
{
	uint8_t digest[S3_SHA256];
	hash_state hash;
	size_t i;

	good(sha256_init(&hash));
	add_text(&hash, what->method);
	add_text(&hash, "\n");
	add_text(&hash, what->path);
	add_text(&hash, "\n");
	add_text(&hash, what->query);
	add_text(&hash, "\n");
	for (i = 0; i < what->nr_headers; i++) {
		add_text(&hash, headers[i].name);
		add_text(&hash, ":");
		add_value(&hash, headers[i].value);
		add_text(&hash, "\n");
	}
	add_text(&hash, "\n");
	add_text(&hash, names);
	add_text(&hash, "\n");
	add_text(&hash, what->payload);
	good(sha256_done(&hash, digest));
	hex_encode(digest, sizeof(digest), text);
}

/* The key of one day, one region and one service. Return: 0 or -ENOSPC. */
static int derive(const char *secret, const char *day,
		  const struct s3_to_sign *what, uint8_t key[S3_SHA256])
{
	char first[256];
	int n = snprintf(first, sizeof(first), "AWS4%s", secret);

	if (n < 0 || (size_t)n >= sizeof(first)) {
		explicit_bzero(first, sizeof(first));
		return -ENOSPC;
	}
	hmac((const uint8_t *)first, n, day, key);
	explicit_bzero(first, sizeof(first));
	hmac(key, S3_SHA256, what->region, key);
	hmac(key, S3_SHA256, what->service, key);
	hmac(key, S3_SHA256, "aws4_request", key);
	return 0;
}

static int sign_text(const struct s3_key *key, const struct s3_to_sign *what,
		     const char *scope, const char *request,
		     char signature[S3_SHA256_HEX])
{
	char text[sizeof(ALGORITHM) + S3_TIME + SCOPE_MAX + S3_SHA256_HEX + 4];
	char when[S3_TIME];
	uint8_t secret[S3_SHA256];
	char day[DAY + 1];
	int r;

	s3_sign_time(what->when, when);
	memcpy(day, when, DAY);
	day[DAY] = '\0';
	r = derive(key->secret, day, what, secret);
	if (r == 0) {
		snprintf(text, sizeof(text), ALGORITHM "\n%s\n%s\n%s", when,
			 scope, request);
		hmac(secret, sizeof(secret), text, secret);
		hex_encode(secret, sizeof(secret), signature);
	}
	explicit_bzero(secret, sizeof(secret));
	return r;
}

int s3_sign(const struct s3_key *key, const struct s3_to_sign *what,
	    char *authorization, size_t room)
{
	struct s3_header headers[S3_HEADERS];
	char signature[S3_SHA256_HEX];
	char request[S3_SHA256_HEX];
	char scope[SCOPE_MAX];
	char when[S3_TIME];
	char names[400];
	int n;

	assert(what->nr_headers <= S3_HEADERS);
	memcpy(headers, what->headers, what->nr_headers * sizeof(*headers));
	qsort(headers, what->nr_headers, sizeof(*headers), by_name);
	if (name_headers(headers, what->nr_headers, names, sizeof(names)) < 0)
		return -ENOSPC;
	canonical(what, headers, names, request);
	s3_sign_time(what->when, when);
	n = snprintf(scope, sizeof(scope), "%.*s/%s/%s/aws4_request", DAY, when,
		     what->region, what->service);
	if (n < 0 || (size_t)n >= sizeof(scope))
		return -ENOSPC;
	if (sign_text(key, what, scope, request, signature) < 0)
		return -ENOSPC;
	n = snprintf(authorization, room,
		     ALGORITHM
		     " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
		     key->access, scope, names, signature);
	return n < 0 || (size_t)n >= room ? -ENOSPC : 0;
}
