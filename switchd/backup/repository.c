// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repository.c - a repository, as one slot sees it
 */
#include "backup/repository.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "backup/catalogue.h"
#include "image_crypto.h"

#define PROBE_PATH "osti-probe"

static int config_read(struct store *store, struct repo_config *config,
		       struct backup_fault *fault)
{
	struct store_request r = { .op = STORE_GET, .key = REPO_CONFIG_PATH };
	int error, why;

	why = store_do(store, &r);
	if (why == STORE_E_NOT_FOUND) {
		error = backup_fault_set(
			fault, BACKUP_E_NONE,
			"there is no repository here: look at the URL, or make one with \"switchctl repo init\"");
	} else if (why) {
		error = backup_fault_store(fault, &r, "reading");
	} else {
		why = repo_config_parse(r.got, r.got_bytes, config);
		error = why == REPO_E_VERSION ? BACKUP_E_FORM
			: why		      ? BACKUP_E_DAMAGED
					      : BACKUP_OK;
		if (error)
			backup_fault_set(fault, error,
					 "object %s: %s; nothing was changed",
					 REPO_CONFIG_PATH,
					 repo_error_text(why));
	}
	store_request_clear(&r);
	return error;
}

/* One write of the probe or of the configuration; returns STORE_*. */
static int write_plain(struct store *store, enum store_op op, const char *path,
		       const uint8_t *body, size_t bytes,
		       struct backup_fault *fault)
{
	struct store_request r = {
		.op = op, .key = path, .body = body, .body_bytes = bytes
	};
	int status = store_do(store, &r);

	if (status)
		backup_fault_store(fault, &r,
				   op == STORE_DELETE ? "deleting" : "writing");
	store_request_clear(&r);
	return status;
}

/* Does a second CREATE of one key fail, as it must? */
static int probe(struct store *store, struct repo_config *config,
		 struct backup_fault *fault)
{
	static const uint8_t body[2][16] = { "OSTI probe 1", "OSTI probe 2" };
	int status;

	status = write_plain(store, STORE_CREATE, PROBE_PATH, body[0],
			     sizeof(body[0]), fault);
	/* One that was left behind does as well. */
	if (!status)
		status = write_plain(store, STORE_CREATE, PROBE_PATH, body[1],
				     sizeof(body[1]), fault);
	config->flags = status == STORE_E_EXISTS ? REPO_CONDITIONAL : 0;
	if (status && status != STORE_E_EXISTS)
		return BACKUP_E_STORE;
	status = write_plain(store, STORE_DELETE, PROBE_PATH, NULL, 0, fault);
	/* Who may only add leaves it there; it does no harm. */
	return status && status != STORE_E_DENIED ? BACKUP_E_STORE : BACKUP_OK;
}

int repository_init(struct store *store, const uint8_t id[REPO_CONFIG_ID],
		    struct repo_config *config, struct backup_fault *fault)
{
	uint8_t body[REPO_CONFIG];
	int error;

	error = config_read(store, config, fault);
	if (!error || error == BACKUP_E_FORM)
		return backup_fault_set(
			fault, BACKUP_E_EXISTS,
			"there is a repository here already; it can be used as it is");
	if (error != BACKUP_E_NONE)
		return error;
	error = probe(store, config, fault);
	if (error)
		return error;
	memcpy(config->id, id, REPO_CONFIG_ID);
	repo_config_write(config, body);
	error = write_plain(store, STORE_CREATE, REPO_CONFIG_PATH, body,
			    sizeof(body), fault);
	if (error == STORE_E_EXISTS) {
		/* Somebody else was faster, or the answer to us was lost. */
		memset(config, 0, sizeof(*config));
		error = config_read(store, config, fault);
		if (error || memcmp(config->id, id, REPO_CONFIG_ID) == 0)
			return error;
		return backup_fault_set(
			fault, BACKUP_E_EXISTS,
			"somebody else has just made a repository here; it can be used as it is");
	}
	return error ? BACKUP_E_STORE : BACKUP_OK;
}

int repository_open(struct store *store, const uint8_t slot[REPO_SLOT],
		    const uint8_t carrier[REPO_KEY], struct repository *repo,
		    struct backup_fault *fault)
{
	int error;

	memset(repo, 0, sizeof(*repo));
	error = config_read(store, &repo->config, fault);
	if (error)
		return error;
	repo->store = store;
	memcpy(repo->slot, slot, REPO_SLOT);
	repo_keys_derive(carrier, &repo->keys);
	return BACKUP_OK;
}

void repository_close(struct repository *repo)
{
	image_crypto_wipe(repo, sizeof(*repo));
}

int repository_list(struct repository *repo, enum repo_folder folder,
		    struct store_entry **entries, size_t *nr,
		    struct backup_fault *fault)
{
	char path[REPO_PATH];
	struct store_request r = { .op = STORE_LIST, .key = path };
	int error = BACKUP_OK;

	repo_path_folder(repo->slot, folder, path);
	if (store_do(repo->store, &r))
		error = backup_fault_store(fault, &r, "listing");
	*entries = NULL;
	*nr = 0;
	if (!error) {
		*entries = r.entries;
		*nr = r.nr_entries;
		r.entries = NULL;
		r.nr_entries = 0;
	}
	store_request_clear(&r);
	return error;
}

static int fetch(struct repository *repo, const char *path, uint8_t **buf,
		 size_t *bytes, struct backup_fault *fault)
{
	struct store_request r = { .op = STORE_GET, .key = path };
	int error = BACKUP_OK;

	*buf = NULL;
	switch (store_do(repo->store, &r)) {
	case STORE_OK:
		*buf = r.got;
		*bytes = r.got_bytes;
		r.got = NULL;
		break;
	case STORE_E_NOT_FOUND:
		error = backup_fault_set(
			fault, BACKUP_E_MISSING,
			"object %s is missing in the repository", path);
		break;
	default:
		error = backup_fault_store(fault, &r, "reading");
		break;
	}
	store_request_clear(&r);
	return error;
}

/* Open what was fetched; a copy of the sealed object goes to the catalogue. */
static int open_object(struct repository *repo, enum repo_kind kind,
		       const char *path, struct repository_object *o,
		       size_t size)
{
	int why;

	if (size >= REPO_KEY)
		memcpy(o->digest, o->buf, REPO_KEY);
	why = repo_open(&repo->keys, kind, path, o->buf, size, &o->data,
			&o->bytes);
	if (!why)
		return why;
	free(o->buf);
	memset(o, 0, sizeof(*o));
	return why;
}

/* Only what never changes under its key. */
static bool cacheable(const struct repository *repo, enum repo_kind kind)
{
	return repo->catalogue &&
	       (kind == REPO_KIND_BACKUP || kind == REPO_KIND_PART ||
		kind == REPO_KIND_SEGMENT);
}

static bool read_cached(struct repository *repo, enum repo_kind kind,
			const char *path, struct repository_object *o)
{
	size_t size;

	if (!cacheable(repo, kind) ||
	    !catalogue_get(repo->catalogue, path, &o->buf, &size))
		return false;
	if (!open_object(repo, kind, path, o, size))
		return true;
	catalogue_drop(repo->catalogue, path);
	return false;
}

int repository_read(struct repository *repo, enum repo_kind kind,
		    const char *path, struct repository_object *object,
		    struct backup_fault *fault)
{
	size_t size;
	int error;

	memset(object, 0, sizeof(*object));
	if (read_cached(repo, kind, path, object))
		return BACKUP_OK;
	error = fetch(repo, path, &object->buf, &size, fault);
	if (error)
		return error;
	/* Before it is opened: that is done in place. */
	if (cacheable(repo, kind))
		catalogue_put(repo->catalogue, path, object->buf, size);
	error = open_object(repo, kind, path, object, size);
	if (!error)
		return BACKUP_OK;
	if (cacheable(repo, kind))
		catalogue_drop(repo->catalogue, path);
	return backup_fault_set(fault, BACKUP_E_DAMAGED, "object %s: %s", path,
				repo_error_text(error));
}

int repository_fetch(struct repository *repo, enum repo_kind kind,
		     const char *path, struct repository_object *object,
		     struct backup_fault *fault)
{
	if (repo->catalogue)
		catalogue_drop(repo->catalogue, path);
	return repository_read(repo, kind, path, object, fault);
}

/* After an answer that may be to an earlier try: is it ours that is there? */
static bool is_ours(struct repository *repo, const struct store_request *r)
{
	struct backup_fault ignored;
	uint8_t *buf;
	size_t bytes;
	bool same;

	if (fetch(repo, r->key, &buf, &bytes, &ignored))
		return false;
	same = bytes == r->body_bytes && memcmp(buf, r->body, bytes) == 0;
	free(buf);
	return same;
}

static int send(struct repository *repo, struct store_request *r,
		struct backup_fault *fault)
{
	int status = store_do(repo->store, r);

	if (!status)
		return BACKUP_OK;
	if (r->op == STORE_CREATE &&
	    (status == STORE_E_EXISTS || status == STORE_E_NETWORK ||
	     status == STORE_E_REPLY) &&
	    is_ours(repo, r))
		return BACKUP_OK;
	if (status == STORE_E_EXISTS)
		return backup_fault_set(fault, BACKUP_E_EXISTS,
					"object %s is there already", r->key);
	return backup_fault_store(fault, r, "writing");
}

int repository_write(struct repository *repo, enum store_op op,
		     enum repo_kind kind, const char *path, const uint8_t *data,
		     size_t bytes, uint8_t *digest, struct backup_fault *fault)
{
	struct store_request r = { .op = op, .key = path };
	uint8_t *body;
	int error;

	assert(op == STORE_PUT || op == STORE_CREATE);
	if (bytes > REPO_SEAL_MAX)
		return backup_fault_set(fault, BACKUP_E_LIMIT,
					"object %s would be too large", path);
	r.body_bytes = repo_seal_size(bytes);
	body = malloc(r.body_bytes);
	if (!body)
		return backup_fault_memory(fault);
	repo_seal(&repo->keys, kind, path, data, bytes, body);
	if (digest)
		memcpy(digest, body, REPO_KEY);
	r.body = body;
	error = send(repo, &r, fault);
	store_request_clear(&r);
	if (!error && cacheable(repo, kind))
		catalogue_put(repo->catalogue, path, body,
			      repo_seal_size(bytes));
	free(body);
	return error;
}

int repository_delete(struct repository *repo, const char *path,
		      struct backup_fault *fault)
{
	struct store_request r = { .op = STORE_DELETE, .key = path };
	int error = BACKUP_OK;

	if (repo->catalogue)
		catalogue_drop(repo->catalogue, path);
	if (store_do(repo->store, &r))
		error = backup_fault_store(fault, &r, "deleting");
	store_request_clear(&r);
	return error;
}
