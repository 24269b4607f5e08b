/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3_site.h - where requests to a bucket go
 */
#ifndef S3_SITE_H
#define S3_SITE_H

#include "backup/store.h"
#include "backup/store_url.h"

#define S3_HOST_MAX 255
#define S3_PATH_MAX (STORE_BUCKET_MAX + STORE_PREFIX_MAX + STORE_KEY_MAX + 4)
#define S3_QUERY_MAX 8192

struct s3_site {
	bool tls;
	char host[S3_HOST_MAX + 1]; /* with the port, as in Host: */
	char path[STORE_BUCKET_MAX + 2]; /* "/bucket" or "" */
	char before[STORE_PREFIX_MAX + 2]; /* stands before keys: "prefix/" */
	char region[64];
};

/*
 * From the URL and the settings.
 * Return: STORE_OK, or STORE_E_CONFIG with a text in message.
 */
int s3_site_make(const struct store_url *url,
		 const struct store_settings *settings, struct s3_site *site,
		 char *message, size_t room);

/* The path of an object; all characters of it are sent as they are. */
void s3_site_path(const struct s3_site *site, const char *key,
		  char path[S3_PATH_MAX]);

/*
 * The query for a list, as it is sent and signed; token: "" or what the page
 * before said.
 */
void s3_site_list(const struct s3_site *site, const char *prefix,
		  const char *token, char query[S3_QUERY_MAX]);

#endif /* S3_SITE_H */
