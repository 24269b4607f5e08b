// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * holder.c - where a slot's OS lives
 */
#include "backup/holder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int read_record(struct repository *repo, uint32_t number,
		       struct repo_holder *h, struct backup_fault *fault)
{
	struct repository_object o;
	char path[REPO_PATH];
	int error;

	repo_path_holder(repo->slot, number, path);
	error = repository_read(repo, REPO_KIND_HOLDER, path, &o, fault);
	if (error)
		return error;
	error = repo_holder_parse(o.data, o.bytes, h);
	if (!error && h->number != number)
		error = REPO_E_KIND;
	free(o.buf);
	if (error)
		return backup_fault_set(
			fault, BACKUP_E_DAMAGED,
			"object %s: %s; it says where the OS lives, so nothing is done without it",
			path, repo_error_text(error));
	return BACKUP_OK;
}

int holder_read(struct repository *repo, struct repo_holder *h,
		struct backup_fault *fault)
{
	struct store_entry *entries;
	uint32_t highest = 0;
	size_t nr, i;
	int error;

	memset(h, 0, sizeof(*h));
	error = repository_list(repo, REPO_HOLDERS, &entries, &nr, fault);
	for (i = 0; i < nr && !error; i++) {
		uint32_t number;

		if (repo_path_is_holder(entries[i].key, &number) &&
		    number > highest)
			highest = number;
	}
	free(entries);
	if (error || !highest)
		return error;
	return read_record(repo, highest, h, fault);
}

/* Whose is the record that counts now? */
static int check_winner(struct repository *repo, const struct repo_holder *own,
			struct backup_fault *fault)
{
	struct repo_holder h;
	int error;

	error = holder_read(repo, &h, fault);
	if (error)
		return error;
	if (h.number == own->number &&
	    memcmp(h.claim, own->claim, sizeof(h.claim)) == 0)
		return BACKUP_OK;
	return backup_fault_set(
		fault, BACKUP_E_HELD,
		"device \"%s\" was faster: the OS is %s now; nothing was changed here",
		h.label,
		h.state == REPO_HELD ? "on that device" : "in the cloud");
}

int holder_claim(struct repository *repo, const struct repo_holder *before,
		 struct repo_holder *next, bool force,
		 struct backup_fault *fault)
{
	bool decides = repo->config.flags & REPO_CONDITIONAL;
	uint8_t body[REPO_HOLDER];
	char path[REPO_PATH];
	ssize_t got;
	int error;

	if (!decides && !force)
		return backup_fault_set(
			fault, BACKUP_E_FORM,
			"this store cannot decide which of two devices was first, so push and pull want --force, and that no other device does it at the same time");
	if (before->number >= REPO_HOLDER_MAX)
		return backup_fault_set(
			fault, BACKUP_E_LIMIT,
			"the OS moved too often for this repository: make a new one");
	next->number = before->number + 1;
	got = getrandom(next->claim, sizeof(next->claim), 0);
	assert(got == sizeof(next->claim));
	repo_holder_write(next, body);
	repo_path_holder(repo->slot, next->number, path);
	error = repository_write(repo, STORE_CREATE, REPO_KIND_HOLDER, path,
				 body, sizeof(body), NULL, fault);
	if (error && error != BACKUP_E_EXISTS)
		return error;
	return check_winner(repo, next, fault);
}
