/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3_credentials.h - who asks: the keys of an account at a server
 *
 * From the first of these that there is:
 *
 *   - the file that the settings name, which nobody else can read:
 *
 *       access_key = AKID...
 *       secret_key = ...
 *       session_token = ...      (not always needed)
 *
 *   - the same as a systemd credential with the name osti-s3,
 *   - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the
 *     environment.
 *
 * They lie in a page that is in no core file and is not swapped where the
 * limits allow that, and is wiped in the end.
 */
#ifndef S3_CREDENTIALS_H
#define S3_CREDENTIALS_H

#include <stddef.h>

struct s3_credentials {
	const char *access;
	const char *secret;
	const char *token; /* NULL: none */
	void *page; /* what they point into */
};

/*
 * path: the file, or NULL. Return: STORE_OK, then s3_credentials_free() ends it,
 * or STORE_E_DENIED: there are none or they may not be used, STORE_E_CONFIG,
 * STORE_E_IO, with a text in message, which has no secrets.
 */
int s3_credentials_load(const char *path, struct s3_credentials *ret,
			char *message, size_t room);

/* Wipes them. What is all zero is allowed. */
void s3_credentials_free(struct s3_credentials *credentials);

#endif /* S3_CREDENTIALS_H */
