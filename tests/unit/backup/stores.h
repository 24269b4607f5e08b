/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stores.h - what several tests of stores need
 *
 * All of these end the test on an error.
 */
#ifndef TEST_BACKUP_STORES_H
#define TEST_BACKUP_STORES_H

#include "helper.h"

#include <string.h>

#include "backup/store.h"

/* A store in a directory, which may be missing. */
struct store *stores_file(const char *dir);
/* One in the bucket of a server on this machine, with keys AK and SK. */
struct store *stores_s3(unsigned int port);

/* One request; the status is as expected, and the message says what it must. */
void stores_do(struct store *store, struct store_request *r, int status,
	       const char *says);

/* The same for texts; NULL: the object is not there. */
void stores_put(struct store *store, const char *key, const char *text);
void stores_get(struct store *store, const char *key, const char *text);
int stores_create(struct store *store, const char *key, const char *text);
void stores_delete(struct store *store, const char *key);
/* Keys with a blank behind each. */
void stores_list(struct store *store, const char *prefix, const char *keys);

static inline void stores_says(const char *message, const char *says)
{
	if (!strstr(message, says))
		fail_msg("'%s' does not say '%s'", message, says);
}

#endif /* TEST_BACKUP_STORES_H */
