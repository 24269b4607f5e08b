// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_site.c - where requests to a bucket go
 */
#include "backup/s3_site.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/s3_reply.h"
#include "backup/store_message.h"

#define DEFAULT_REGION "us-east-1"
#define HTTPS "https://"
#define HTTP "http://"

/* These are encoded as %XX, three characters a byte. */
_Static_assert(3 * (S3_TOKEN_MAX + STORE_PREFIX_MAX + STORE_KEY_MAX) + 100 <
		       S3_QUERY_MAX,
	       "a query has room for all of it");

static bool letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* A name, an address, [an IPv6 address]; n characters of it. */
static bool name_ok(const char *name, size_t n)
{
	const char *others = ".-";
	size_t i;

	if (n > 2 && name[0] == '[' && name[n - 1] == ']') {
		others = ":.";
		name++;
		n -= 2;
	}
	for (i = 0; i < n; i++)
		if (!letter_or_digit(name[i]) && !strchr(others, name[i]))
			return false;
	return n > 0;
}

/* Nobody is between us and it. libcurl does not ask others for "localhost". */
static bool is_loopback(const char *host, size_t n)
{
	char name[S3_HOST_MAX + 1];
	struct in_addr address;

	memcpy(name, host, n);
	name[n] = '\0';
	if (!strcmp(name, "localhost") || !strcmp(name, "[::1]"))
		return true;
	return inet_pton(AF_INET, name, &address) == 1 &&
	       ntohl(address.s_addr) >> 24 == 127;
}

/* Without a port that is the scheme's: libcurl and servers leave it away. */
static bool set_host(struct s3_site *site, const char *host, size_t name)
{
	const char *port = host + name;
	const char *usual = site->tls ? ":443" : ":80";
	char *end;
	long n;

	if (*port) {
		n = strtol(port + 1, &end, 10);
		if (port[1] < '0' || port[1] > '9' || *end || n < 1 ||
		    n > 65535)
			return false;
	}
	if (!strcmp(port, usual))
		port = "";
	n = snprintf(site->host, sizeof(site->host), "%.*s%s", (int)name, host,
		     port);
	return n < (long)sizeof(site->host);
}

static int parse_endpoint(const char *endpoint, bool plain_http,
			  struct s3_site *site, char *message, size_t room)
{
	char host[S3_HOST_MAX + 1] = "";
	const char *at = endpoint;
	size_t name;
	size_t n;

	site->tls = !strncmp(at, HTTPS, strlen(HTTPS));
	if (!site->tls && strncmp(at, HTTP, strlen(HTTP)) != 0)
		goto bad;
	at += strlen(site->tls ? HTTPS : HTTP);
	n = strlen(at);
	if (n && at[n - 1] == '/')
		n--;
	if (n > S3_HOST_MAX)
		goto bad;
	memcpy(host, at, n);
	name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	if (name > n || (host[name] && host[name] != ':') ||
	    !name_ok(host, name) || !set_host(site, host, name))
		goto bad;
	if (!site->tls && (!plain_http || !is_loopback(host, name)))
		return store_say(
			message, room, STORE_E_CONFIG,
			"endpoint %.100s: without TLS everybody on the way reads along and changes what they like: write https://, with ca_file for a CA of your own%s",
			endpoint,
			is_loopback(host, name)
				? ", or allow plain HTTP on this machine"
				: "");
	return STORE_OK;
bad:
	return store_say(
		message, room, STORE_E_CONFIG,
		"endpoint '%.100s': it must be https://HOST[:PORT] and nothing else",
		endpoint);
}

/* A bucket with a dot has a name that no certificate of theirs covers. */
static int amazon(const char *bucket, struct s3_site *site, bool *virtual_host)
{
	site->tls = true;
	*virtual_host = !strchr(bucket, '.');
	snprintf(site->host, sizeof(site->host), "s3.%s.amazonaws.com%s",
		 site->region, strncmp(site->region, "cn-", 3) ? "" : ".cn");
	return STORE_OK;
}

static int set_region(struct s3_site *site, const char *region, char *message,
		      size_t room)
{
	size_t n = strlen(region);

	if (!name_ok(region, n) || region[0] == '[' ||
	    n >= sizeof(site->region))
		return store_say(
			message, room, STORE_E_CONFIG,
			"region '%.100s': it has letters, digits and '-', as in %s",
			region, DEFAULT_REGION);
	strcpy(site->region, region);
	return STORE_OK;
}

static int set_bucket(struct s3_site *site, const char *bucket,
		      bool virtual_host, char *message, size_t room)
{
	char host[sizeof(site->host)];

	if (!virtual_host) {
		snprintf(site->path, sizeof(site->path), "/%s", bucket);
		return STORE_OK;
	}
	strcpy(host, site->host);
	if ((size_t)snprintf(site->host, sizeof(site->host), "%s.%s", bucket,
			     host) >= sizeof(site->host))
		return store_say(message, room, STORE_E_CONFIG,
				 "the endpoint's name is too long");
	return STORE_OK;
}

int s3_site_make(const struct store_url *url,
		 const struct store_settings *settings, struct s3_site *site,
		 char *message, size_t room)
{
	bool virtual_host = settings->virtual_host;
	int r;

	memset(site, 0, sizeof(*site));
	r = set_region(site,
		       settings->region ? settings->region : DEFAULT_REGION,
		       message, room);
	if (r == STORE_OK && settings->endpoint)
		r = parse_endpoint(settings->endpoint, settings->plain_http,
				   site, message, room);
	else if (r == STORE_OK)
		r = amazon(url->bucket, site, &virtual_host);
	if (r != STORE_OK)
		return r;
	if (url->prefix[0])
		snprintf(site->before, sizeof(site->before), "%s/",
			 url->prefix);
	return set_bucket(site, url->bucket, virtual_host, message, room);
}

void s3_site_path(const struct s3_site *site, const char *key,
		  char path[S3_PATH_MAX])
{
	int n = snprintf(path, S3_PATH_MAX, "%s/%s%s", site->path, site->before,
			 key);

	assert(n > 0 && n < S3_PATH_MAX);
}

/* As SigV4 wants it: all but letters, digits and "-._~". */
static char *append_encoded(char *to, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = *text;

		if (letter_or_digit(*text) || strchr("-._~", c)) {
			*to++ = *text;
		} else {
			*to++ = '%';
			*to++ = digits[c >> 4];
			*to++ = digits[c & 0xf];
		}
	}
	*to = '\0';
	return to;
}

/* In alphabetical order, which signatures are made in. */
void s3_site_list(const struct s3_site *site, const char *prefix,
		  const char *token, char query[S3_QUERY_MAX])
{
	assert(strlen(token) <= S3_TOKEN_MAX);
	assert(strlen(prefix) <= STORE_KEY_MAX);
	if (*token) {
		query = stpcpy(query, "continuation-token=");
		query = append_encoded(query, token);
		query = stpcpy(query, "&");
	}
	query = stpcpy(query, "encoding-type=url&list-type=2&prefix=");
	query = append_encoded(query, site->before);
	append_encoded(query, prefix);
}
