// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_url.c - where a store is, and which keys there are
 */
#include "backup/store_url.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backup/store_message.h"
#include "common/hex.h"

#define FILE_SCHEME "file://"
#define S3_SCHEME "s3://"

static bool key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '_' || c == '-';
}

/*
 * Segments that are joined by '/'. The last one may be empty if @open; then a
 * path is a beginning of paths. @upper: capital letters, too.
 */
static bool path_ok(const char *path, size_t max, bool open, bool upper)
{
	const char *p;
	char before = '/';

	if (strlen(path) > max)
		return false;
	for (p = path; *p; before = *p++) {
		if (before == '/' && (*p == '/' || *p == '.'))
			return false;
		if (*p != '/' && !key_char(*p) &&
		    !(upper && *p >= 'A' && *p <= 'Z'))
			return false;
	}
	return open || before != '/';
}

bool store_key_ok(const char *key)
{
	return path_ok(key, STORE_KEY_MAX, false, false);
}

bool store_prefix_ok(const char *prefix)
{
	return path_ok(prefix, STORE_KEY_MAX, true, false);
}

bool store_segment_ok(const char *name)
{
	return !strchr(name, '/') && store_key_ok(name);
}

bool store_unescape(char *text)
{
	char digits[3] = "";
	uint8_t byte;
	char *to;

	for (to = text; *text; text++) {
		if (*text != '%') {
			*to++ = *text;
			continue;
		}
		snprintf(digits, sizeof(digits), "%s", text + 1);
		digits[0] = (char)tolower((unsigned char)digits[0]);
		digits[1] = (char)tolower((unsigned char)digits[1]);
		if (hex_decode(digits, &byte, 1) < 0 || byte == 0)
			return false;
		*to++ = (char)byte;
		text += 2;
	}
	*to = '\0';
	return true;
}

static int parse_file(const char *url, struct store_url *ret, char *message,
		      size_t room)
{
	const char *dir = url + strlen(FILE_SCHEME);

	if (dir[0] != '/')
		return store_say(
			message, room, STORE_E_CONFIG,
			"%s: a directory is named from the root on, as in file:///media/disk",
			url);
	if (strlen(dir) >= sizeof(ret->dir))
		return store_say(message, room, STORE_E_CONFIG,
				 "the path in a file:// URL is too long");
	strcpy(ret->dir, dir);
	if (!store_unescape(ret->dir))
		return store_say(
			message, room, STORE_E_CONFIG,
			"%s: two hexadecimal digits must follow a '%%', and %%25 stands for '%%' itself",
			url);
	return STORE_OK;
}

/* What S3 allows: this goes into paths and, with virtual hosts, into names. */
static bool bucket_ok(const char *bucket)
{
	size_t n = strlen(bucket);
	size_t i;

	if (n < 3)
		return false;
	for (i = 0; i < n; i++) {
		if (!key_char(bucket[i]) || bucket[i] == '_')
			return false;
		if (bucket[i] == '.' && (bucket[i + 1] == '.'))
			return false;
	}
	return bucket[0] != '.' && bucket[0] != '-' && bucket[n - 1] != '.' &&
	       bucket[n - 1] != '-';
}

static int parse_s3(const char *url, struct store_url *ret, char *message,
		    size_t room)
{
	const char *bucket = url + strlen(S3_SCHEME);
	size_t n = strcspn(bucket, "/");
	const char *prefix = bucket + n + (bucket[n] == '/');
	size_t prefix_bytes = strlen(prefix);

	ret->s3 = true;
	if (n <= STORE_BUCKET_MAX)
		memcpy(ret->bucket, bucket, n);
	if (!bucket_ok(ret->bucket))
		return store_say(
			message, room, STORE_E_CONFIG,
			"%s: a bucket's name has 3 to 63 characters: small letters, digits, '.' and '-'",
			url);
	if (prefix_bytes && prefix[prefix_bytes - 1] == '/')
		prefix_bytes--;
	if (prefix_bytes <= STORE_PREFIX_MAX)
		memcpy(ret->prefix, prefix, prefix_bytes);
	if (prefix_bytes > STORE_PREFIX_MAX ||
	    (prefix_bytes &&
	     !path_ok(ret->prefix, STORE_PREFIX_MAX, false, true)))
		return store_say(
			message, room, STORE_E_CONFIG,
			"%s: the path behind the bucket has at most %d letters, digits, '.', '_', '-' and single '/', and no part of it begins with a dot",
			url, STORE_PREFIX_MAX);
	return STORE_OK;
}

int store_url_parse(const char *url, struct store_url *ret, char *message,
		    size_t room)
{
	memset(ret, 0, sizeof(*ret));
	if (!strncmp(url, FILE_SCHEME, strlen(FILE_SCHEME)))
		return parse_file(url, ret, message, room);
	if (!strncmp(url, S3_SCHEME, strlen(S3_SCHEME)))
		return parse_s3(url, ret, message, room);
	return store_say(
		message, room, STORE_E_CONFIG,
		"%s: a store is file:///DIRECTORY or s3://BUCKET[/PREFIX]",
		url);
}
