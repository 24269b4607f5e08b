// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repodir.c - a repository in a directory, as one key opens it
 */
#include "repodir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/store_backend.h"
#include "backup/store_message.h"
#include "image_crypto.h"
#include "repo_keys.h"

#define FILE_SCHEME	"file://"

/*
 * The store asks for this when it is given an s3:// URL. A tool for the day
 * when devices are gone shall not need credentials and a network, too.
 */
int store_s3_open(struct store *store, const struct store_url *url,
		  const struct store_settings *settings, char *message,
		  size_t room)
{
	(void)url;
	(void)settings;
	return store_say(
		message, room, STORE_E_CONFIG,
		"%s: buckets are not read here: copy it to a directory first, as with \"rclone copy\" or \"s3cmd sync\"",
		store->name);
}

/* NULL after an error, which is in errno; else to be free()d. */
static char *make_url(const char *directory)
{
	char *path, *url, *to;
	const char *from;

	if (strstr(directory, "://"))
		return strdup(directory);
	path = realpath(directory, NULL);
	if (!path)
		return NULL;
	url = malloc(sizeof(FILE_SCHEME) + 3 * strlen(path));
	if (url) {
		to = stpcpy(url, FILE_SCHEME);
		for (from = path; *from; from++) {
			*to++ = *from;
			if (*from == '%')
				to = stpcpy(to, "25");
		}
		*to = '\0';
	}
	free(path);
	return url;
}

static enum status open_store(struct repodir *r, const char *directory)
{
	char message[400];
	char *url = make_url(directory);
	int error;

	if (!url)
		return report_errno("open", directory, -errno);
	error = store_open(url, NULL, NULL, &r->store, message,
			   sizeof(message));
	free(url);
	return error ? report_failed("%s", message) : DONE;
}

/* Slot id and carrier key: nothing in a repository belongs to zeroes. */
static enum status read_key(struct repodir *r, const struct options *o,
			    uint8_t slot[REPO_SLOT], uint8_t carrier[REPO_KEY])
{
	uint8_t slot_key[OSTI_IMAGE_HASH];
	enum status status = DONE;
	struct keyfile key;

	if (!keyfile_read(o->key_file, &key)) {
		status = FAILED;
	} else if (!key.recovery && !o->identity.name[0]) {
		status = report_usage("a root key needs --name: it opens the slot of that name");
	} else {
		keyfile_derive(&key, o->identity.name, &r->keys);
		keyfile_slot(&key, o->identity.name, slot_key);
		image_keys_carrier(slot_key, slot, carrier);
		image_crypto_wipe(slot_key, sizeof(slot_key));
		r->keyed = true;
	}
	keyfile_wipe(&key);
	return status;
}

enum status repodir_open(struct repodir *r, const struct options *o,
			 const char *directory)
{
	uint8_t carrier[REPO_KEY] = { 0 };
	uint8_t slot[REPO_SLOT] = { 0 };
	struct backup_fault fault;
	enum status status = DONE;

	memset(r, 0, sizeof(*r));
	if (o->key_file)
		status = read_key(r, o, slot, carrier);
	if (!status)
		status = open_store(r, directory);
	if (!status &&
	    repository_open(r->store, slot, carrier, &r->view, &fault))
		status = repodir_fault(&fault);
	image_crypto_wipe(carrier, sizeof(carrier));
	return status;
}

void repodir_close(struct repodir *r)
{
	repository_close(&r->view);
	store_close(r->store);
	image_crypto_wipe(&r->keys, sizeof(r->keys));
}

enum status repodir_fault(const struct backup_fault *fault)
{
	switch (fault->code) {
	case BACKUP_E_FORM:
		return report_error(REFUSED, "form", "%s", fault->message);
	case BACKUP_E_DAMAGED:
		return report_error(REFUSED, "damaged", "%s", fault->message);
	case BACKUP_E_MISSING:
		return report_error(REFUSED, "missing", "%s", fault->message);
	case BACKUP_E_REFUSED:
		return report_error(REFUSED, "refused", "%s", fault->message);
	default:
		return report_failed("%s", fault->message);
	}
}
