// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * session.c - what one job works with: a store, and a repository in it
 */
#include "backup/session.h"

#include <stdio.h>
#include <string.h>

#include "backup/catalogue.h"
#include "common/hex.h"
#include "common/util.h"

static enum fault_code store_code(int status)
{
	switch (status) {
	case STORE_E_NOT_FOUND:
		return FAULT_REPOSITORY;
	case STORE_E_NO_STORE:
		return FAULT_NO_REPOSITORY;
	case STORE_E_DENIED:
	case STORE_E_CLOCK:
		return FAULT_STORE_DENIED;
	case STORE_E_FULL:
		return FAULT_STORE_FULL;
	case STORE_E_CONFIG:
		return FAULT_FAILED;
	default:
		return FAULT_STORE;
	}
}

static enum fault_code code_of(const struct backup_fault *from)
{
	switch (from->code) {
	case BACKUP_E_STORE:
		return store_code(from->store);
	case BACKUP_E_NONE:
		return FAULT_NO_REPOSITORY;
	case BACKUP_E_EXISTS:
		return FAULT_EXISTS;
	case BACKUP_E_FORM:
	case BACKUP_E_DAMAGED:
	case BACKUP_E_MISSING:
		return FAULT_REPOSITORY;
	case BACKUP_E_UNKNOWN:
		return FAULT_NO_BACKUP;
	case BACKUP_E_INTERRUPTED:
		return FAULT_INTERRUPTED;
	case BACKUP_E_SOURCE:
	case BACKUP_E_SINK:
		return FAULT_DEVICE;
	case BACKUP_E_REFUSED:
		return FAULT_REFUSED;
	case BACKUP_E_HELD:
	case BACKUP_E_NEEDED:
		return FAULT_HELD;
	default:
		return FAULT_FAILED;
	}
}

int session_failed(const struct backup_fault *from, struct fault *fault)
{
	fault_set(fault, code_of(from), "%s", from->message);
	return -1;
}

int session_begin(struct session *session, const struct job *job,
		  struct fault *fault)
{
	const struct store_settings settings = {
		.endpoint = job->endpoint,
		.region = job->region,
		.ca_file = job->ca,
		.credentials = job->credentials,
		.virtual_host = job->virtual_host,
		/* The store allows it to this machine only. */
		.plain_http = true,
	};
	const struct store_limits limits = {
		.parallel = job->parallel,
		.upload = job->upload,
		.download = job->download,
	};
	char message[FAULT_MESSAGE_MAX];
	int r;

	memset(session, 0, sizeof(*session));
	session->job = job;
	r = store_open(job->url, &settings, &limits, &session->store, message,
		       sizeof(message));
	if (r == STORE_OK)
		return 0;
	fault_set(fault, store_code(r), "%s", message);
	return -1;
}

static void close_repository(struct session *session)
{
	struct catalogue *catalogue = session->repo.catalogue;

	if (!session->is_open)
		return;
	repository_close(&session->repo);
	catalogue_close(catalogue);
	session->is_open = false;
}

void session_end(struct session *session)
{
	close_repository(session);
	store_close(session->store);
	session->store = NULL;
}

/* A cache: where it cannot be had, everything works without it. */
static void open_catalogue(struct session *session)
{
	const char *dir = session->job->catalogue;
	char id[2 * REPO_CONFIG_ID + 1];
	char path[4096];

	if (!dir)
		return;
	hex_encode(session->repo.config.id, REPO_CONFIG_ID, id);
	if (snprintf(path, sizeof(path), "%s/catalogue-%s", dir, id) <
	    (int)sizeof(path))
		session->repo.catalogue =
			catalogue_open(path, session->repo.config.id);
}

int session_open(struct session *session, size_t slot, struct fault *fault)
{
	const struct job_slot *about = &session->job->slots[slot];
	struct backup_fault failure;

	close_repository(session);
	if (repository_open(session->store, about->id, about->carrier,
			    &session->repo, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	session->is_open = true;
	open_catalogue(session);
	return 0;
}
