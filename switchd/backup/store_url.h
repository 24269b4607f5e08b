/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_url.h - where a store is, and which keys there are
 */
#ifndef STORE_URL_H
#define STORE_URL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Most characters of the prefix in s3://BUCKET/PREFIX */
#define STORE_PREFIX_MAX 200
#define STORE_BUCKET_MAX 63

struct store_url {
	bool s3;
	char dir[PATH_MAX]; /* file:// */
	char bucket[STORE_BUCKET_MAX + 1];
	char prefix[STORE_PREFIX_MAX + 1]; /* without '/' at its ends, or "" */
};

/*
 * Takes a URL apart; %XX in file:// stands for a byte.
 * Return: STORE_OK, or STORE_E_CONFIG with a text in message.
 */
int store_url_parse(const char *url, struct store_url *ret, char *message,
		    size_t room);

/* Is it a key? As store.h says. */
bool store_key_ok(const char *key);
/* Can keys begin so? "" and a half segment at the end are allowed. */
bool store_prefix_ok(const char *prefix);
/* Is it one segment of a key? */
bool store_segment_ok(const char *name);

/*
 * %XX to bytes, in place.
 * Return: false if something else follows a '%', or if a byte is zero.
 */
bool store_unescape(char *text);

#endif /* STORE_URL_H */
