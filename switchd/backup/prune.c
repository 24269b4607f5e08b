// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prune.c - forget backups, and delete packs that no backup needs
 */
#include "backup/prune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/inventory.h"
#include "repo_fossil.h"

#define CLOCK_PATH "osti-clock"

struct prune {
	struct repository *repo;
	const struct prune_options *options;
	struct prune_result *result;
	struct backup_fault *fault;
	struct inventory inv;
	struct moment listed;
	int64_t grace;
	time_t now; /* of the store */
};

static void local_now(const struct prune *p, struct moment *m)
{
	moment_fn *clock = p->options->clock;

	(clock ? clock : moment_now)(m, p->options->clock_data);
}

/* What the store's clock says: it dates an object. Returns STORE_*. */
static int ask_clock(struct prune *p)
{
	static const uint8_t body[] = "OSTI clock";
	struct store_request put = { .op = STORE_PUT,
				     .key = CLOCK_PATH,
				     .body = body,
				     .body_bytes = sizeof(body) };
	struct store_request list = { .op = STORE_LIST, .key = CLOCK_PATH };
	int status;

	status = store_do(p->repo->store, &put);
	if (status)
		backup_fault_store(p->fault, &put, "writing");
	store_request_clear(&put);
	if (status)
		return status;
	status = store_do(p->repo->store, &list);
	if (status)
		backup_fault_store(p->fault, &list, "listing");
	else if (list.nr_entries)
		p->now = list.entries[0].modified;
	store_request_clear(&list);
	return status;
}

static int get_now(struct prune *p)
{
	struct moment m;
	int status;

	local_now(p, &m);
	p->now = (time_t)m.wall;
	if (p->options->dry_run)
		return BACKUP_OK;
	status = ask_clock(p);
	/* Who may not write there may not delete, either. */
	if (status == STORE_E_DENIED)
		return BACKUP_OK;
	return status ? BACKUP_E_STORE : BACKUP_OK;
}

static bool old_enough(const struct prune *p, time_t modified)
{
	return p->now - modified >= p->grace;
}

static void mark(struct prune *p, const uint8_t id[REPO_KEY])
{
	struct inventory_pack *pack = inventory_find(&p->inv, id);

	if (pack)
		pack->used = true;
}

static void mark_used(struct prune *p, const struct backup *b)
{
	uint64_t bytes;
	uint32_t i;

	for (i = 0; i < b->info.packs; i++)
		mark(p, repo_backup_pack(&b->info, i, &bytes));
	/* That of zeroes is nowhere. */
	for (i = 0; i < b->info.disk.segments; i++)
		mark(p, repo_backup_segment(&b->info, i));
}

static int read_backup(struct prune *p, const char *name)
{
	char cause[BACKUP_FAULT_MESSAGE / 2];
	struct backup b;
	int error;

	error = backups_load(p->repo, name, &b, p->fault);
	switch (error) {
	case BACKUP_OK:
		mark_used(p, &b);
		backups_free(&b);
		return BACKUP_OK;
	case BACKUP_E_UNKNOWN:
		/* Somebody has just forgotten it. */
		return BACKUP_OK;
	case BACKUP_E_DAMAGED:
	case BACKUP_E_MISSING:
		snprintf(cause, sizeof(cause), "%.*s", (int)sizeof(cause) - 1,
			 p->fault->message);
		return backup_fault_set(
			p->fault, error,
			"nothing is deleted, because what backup %s needs is not known (%s): forget it first",
			name, cause);
	default:
		return error;
	}
}

/* Packs first, then backups: a pack that a backup here has is marked. */
static int look(struct prune *p)
{
	struct backup_names names;
	size_t i;
	int error;

	error = get_now(p);
	if (error)
		return error;
	local_now(p, &p->listed);
	error = inventory_load(p->repo, &p->inv, p->fault);
	if (error)
		return error;
	error = backups_names(p->repo, &names, p->fault);
	for (i = 0; i < names.nr && !error; i++)
		error = read_backup(p, names.names[i]);
	free(names.names);
	return error;
}

/*
 * Delete an object. An own freeze of days between looking and this would make
 * what was seen worthless.
 */
static int delete_object(struct prune *p, const char *path)
{
	struct moment m;
	int error;

	local_now(p, &m);
	if (moment_elapsed(&p->listed, &m) > p->grace / 4)
		return backup_fault_set(
			p->fault, BACKUP_E_BUSY,
			"this prune stood still for too long in the middle: repeat it");
	error = repository_delete(p->repo, path, p->fault);
	if (error == BACKUP_E_STORE && p->fault->store == STORE_E_DENIED) {
		p->result->denied = true;
		return BACKUP_OK;
	}
	return error;
}

/* ---- Second phase: what was listed long ago ------------------------------------ */

static int delete_pack(struct prune *p, struct inventory_pack *pack)
{
	char path[REPO_PATH];
	int error = BACKUP_OK;

	inventory_path(p->repo, pack, path);
	if (!p->options->dry_run)
		error = delete_object(p, path);
	if (error || p->result->denied)
		return error;
	p->result->packs_deleted++;
	p->result->bytes_deleted += pack->bytes;
	/* Another list may have it, too. */
	pack->bytes = 0;
	return BACKUP_OK;
}

static int finish_list(struct prune *p, const struct inventory_list *l)
{
	char path[REPO_PATH];
	uint32_t i;

	for (i = 0; i < l->packs && !p->result->denied; i++) {
		struct inventory_pack *pack =
			inventory_find(&p->inv, l->ids + (size_t)i * REPO_KEY);
		int error = BACKUP_OK;

		if (pack && pack->used)
			p->result->packs_rescued++;
		else if (pack && pack->bytes)
			error = delete_pack(p, pack);
		if (error)
			return error;
	}
	if (p->options->dry_run || p->result->denied)
		return BACKUP_OK;
	repo_path_fossil(p->repo->slot, l->name, path);
	return delete_object(p, path);
}

static void count_waiting(struct prune *p, const struct inventory_list *l)
{
	uint32_t i;

	for (i = 0; i < l->packs; i++) {
		struct inventory_pack *pack =
			inventory_find(&p->inv, l->ids + (size_t)i * REPO_KEY);

		if (!pack || pack->used)
			continue;
		p->result->packs_waiting++;
		p->result->bytes_waiting += pack->bytes;
	}
}

static int finish_lists(struct prune *p)
{
	int error = BACKUP_OK;
	size_t i;

	for (i = 0; i < p->inv.nr_lists && !error && !p->result->denied; i++) {
		const struct inventory_list *l = &p->inv.lists[i];

		if (old_enough(p, l->modified))
			error = finish_list(p, l);
		else
			count_waiting(p, l);
	}
	return error;
}

/* ---- First phase: what nobody needs ----------------------------------------------- */

static int write_list(struct prune *p, const uint8_t *ids, uint32_t nr)
{
	struct repo_fossil f = { .time = (uint64_t)p->now,
				 .packs = nr,
				 .ids = ids };
	uint8_t *plain = malloc(repo_fossil_size(nr));
	char name[REPO_NAME], path[REPO_PATH];
	int error;

	if (!plain)
		return backup_fault_memory(p->fault);
	repo_fossil_write(&f, plain);
	repo_name_make(&p->repo->keys, f.time, plain, repo_fossil_size(nr),
		       name);
	repo_path_fossil(p->repo->slot, name, path);
	error = repository_write(p->repo, STORE_CREATE, REPO_KIND_FOSSIL, path,
				 plain, repo_fossil_size(nr), NULL, p->fault);
	free(plain);
	return error;
}

static int write_lists(struct prune *p, const uint8_t *ids, uint32_t nr)
{
	uint32_t done = 0;
	int error = BACKUP_OK;

	while (done < nr && !error && !p->options->dry_run) {
		uint32_t now = nr - done;

		if (now > REPO_FOSSIL_MAX)
			now = REPO_FOSSIL_MAX;
		error = write_list(p, ids + (size_t)done * REPO_KEY, now);
		done += now;
	}
	return error;
}

static int mark_unused(struct prune *p)
{
	uint8_t *ids = malloc((p->inv.nr_packs + 1) * REPO_KEY);
	uint32_t nr = 0;
	size_t i;
	int error;

	if (!ids)
		return backup_fault_memory(p->fault);
	for (i = 0; i < p->inv.nr_packs; i++) {
		const struct inventory_pack *pack = &p->inv.packs[i];

		if (pack->used) {
			p->result->packs_used++;
		} else if (!pack->fossil && !old_enough(p, pack->modified)) {
			p->result->packs_young++;
		} else if (!pack->fossil) {
			memcpy(ids + (size_t)nr++ * REPO_KEY, pack->id,
			       REPO_KEY);
			p->result->packs_marked++;
			p->result->bytes_marked += pack->bytes;
		}
	}
	error = write_lists(p, ids, nr);
	free(ids);
	return error;
}

/* Parts of backups that never became visible, or are forgotten. */
static int delete_orphans(struct prune *p)
{
	char name[REPO_NAME], visible[REPO_NAME] = "";
	struct store_entry *entries;
	unsigned int part;
	size_t nr, i;
	int error;

	error = repository_list(p->repo, REPO_BACKUPS, &entries, &nr, p->fault);
	/* Sorted: a backup is before its parts. */
	for (i = 0; i < nr && !error && !p->result->denied; i++) {
		if (!repo_path_is_backup(entries[i].key, name, &part))
			continue;
		if (!part)
			strcpy(visible, name);
		else if (strcmp(name, visible) != 0 &&
			 old_enough(p, entries[i].modified))
			error = delete_object(p, entries[i].key);
	}
	free(entries);
	return error;
}

int prune_run(struct repository *repo, const struct prune_options *options,
	      struct prune_result *result, struct backup_fault *fault)
{
	struct prune p = {
		.repo = repo,
		.options = options,
		.result = result,
		.fault = fault,
		.grace = options->grace ? options->grace : PRUNE_GRACE,
	};
	int error;

	memset(result, 0, sizeof(*result));
	error = look(&p);
	if (!error)
		error = finish_lists(&p);
	if (!error)
		error = mark_unused(&p);
	if (!error && !options->dry_run)
		error = delete_orphans(&p);
	inventory_free(&p.inv);
	return error;
}
