// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check.c - is everything there that the backups of a slot need?
 */
#include "backup/check.h"

#include <stdlib.h>
#include <string.h>

#include "backup/backups.h"
#include "backup/inventory.h"
#include "repo_disk.h"
#include "repo_pack.h"

struct check {
	struct repository *repo;
	void (*told)(const char *text, void *data);
	void *data;
	struct check_result *result;
	struct backup_fault *fault;
	struct inventory inv;
};

static void tell(struct check *c, const struct backup_fault *what)
{
	c->told(what->message, c->data);
}

/* Are its packs there? Those that are get marked. */
static bool packs_ok(struct check *c, const struct backup *b)
{
	struct backup_fault what;
	char path[REPO_PATH];
	bool ok = true;
	uint32_t i;

	for (i = 0; i < b->info.packs; i++) {
		uint64_t bytes;
		const uint8_t *id = repo_backup_pack(&b->info, i, &bytes);
		struct inventory_pack *pack = inventory_find(&c->inv, id);

		if (pack && pack->bytes == bytes) {
			pack->used = true;
			continue;
		}
		ok = false;
		repo_path_pack(c->repo->slot, id, path);
		backup_fault_set(&what, BACKUP_E_MISSING,
				 "backup %s: pack %s is %s", b->name, path,
				 pack ? "truncated or too long" : "missing");
		tell(c, &what);
	}
	return ok;
}

/* Are the parts of its disk's table there? Those that are get marked. */
static bool segments_ok(struct check *c, const struct backup *b)
{
	struct backup_fault what;
	char path[REPO_PATH];
	bool ok = true;
	uint32_t i;

	for (i = 0; i < b->info.disk.segments; i++) {
		const uint8_t *id = repo_backup_segment(&b->info, i);
		struct inventory_pack *segment;

		if (repo_disk_is_zero(id))
			continue;
		segment = inventory_find(&c->inv, id);
		if (segment) {
			segment->used = true;
			continue;
		}
		ok = false;
		repo_path_segment(c->repo->slot, id, path);
		backup_fault_set(&what, BACKUP_E_MISSING,
				 "backup %s: segment %s of its disk is missing",
				 b->name, path);
		tell(c, &what);
	}
	return ok;
}

static int check_backup(struct check *c, const char *name)
{
	struct backup b;
	bool ok = false;
	int error;

	error = backups_load(c->repo, name, &b, c->fault);
	switch (error) {
	case BACKUP_OK:
		ok = packs_ok(c, &b);
		ok &= segments_ok(c, &b);
		backups_free(&b);
		break;
	case BACKUP_E_UNKNOWN:
		return BACKUP_OK;
	case BACKUP_E_DAMAGED:
	case BACKUP_E_MISSING:
		tell(c, c->fault);
		break;
	default:
		return error;
	}
	if (ok)
		c->result->backups++;
	else
		c->result->bad_backups++;
	return BACKUP_OK;
}

static int check_pack(struct check *c, const struct inventory_pack *pack)
{
	char path[REPO_PATH];
	struct store_request r = { .op = STORE_GET, .key = path };
	struct backup_fault what;
	uint8_t id[REPO_KEY];
	int error = BACKUP_OK;

	repo_path_pack(c->repo->slot, pack->id, path);
	c->result->packs++;
	switch (store_do(c->repo->store, &r)) {
	case STORE_OK:
		repo_pack_id(&c->repo->keys, r.got, r.got_bytes, id);
		if (memcmp(id, pack->id, REPO_KEY) == 0)
			break;
		backup_fault_set(
			&what, BACKUP_E_DAMAGED,
			"pack %s was altered: backups that have it cannot be restored; make a new one, which sends it again after this pack was deleted",
			path);
		tell(c, &what);
		c->result->bad_packs++;
		break;
	case STORE_E_NOT_FOUND:
		backup_fault_set(&what, BACKUP_E_MISSING,
				 "pack %s has just vanished", path);
		tell(c, &what);
		c->result->bad_packs++;
		break;
	default:
		error = backup_fault_store(c->fault, &r, "reading");
		break;
	}
	store_request_clear(&r);
	return error;
}

/* Its tag says whether it is as it was. */
static int check_segment(struct check *c, const struct inventory_pack *segment)
{
	struct repository_object o;
	char path[REPO_PATH];
	int error;

	repo_path_segment(c->repo->slot, segment->id, path);
	c->result->packs++;
	error = repository_fetch(c->repo, REPO_KIND_SEGMENT, path, &o,
				 c->fault);
	free(o.buf);
	if (error != BACKUP_E_DAMAGED && error != BACKUP_E_MISSING)
		return error;
	tell(c, c->fault);
	c->result->bad_packs++;
	return BACKUP_OK;
}

static int check_packs(struct check *c)
{
	int error = BACKUP_OK;
	size_t i;

	for (i = 0; i < c->inv.nr_packs && !error; i++)
		if (c->inv.packs[i].used && c->inv.packs[i].segment)
			error = check_segment(c, &c->inv.packs[i]);
		else if (c->inv.packs[i].used)
			error = check_pack(c, &c->inv.packs[i]);
	return error;
}

int check_run(struct repository *repo, bool read_data,
	      void (*told)(const char *text, void *data), void *data,
	      struct check_result *result, struct backup_fault *fault)
{
	struct check c = { .repo = repo,
			   .told = told,
			   .data = data,
			   .result = result,
			   .fault = fault };
	struct backup_names names;
	size_t i;
	int error;

	memset(result, 0, sizeof(*result));
	/* Backups first: a pack was there before its backup. */
	error = backups_names(repo, &names, fault);
	if (!error)
		error = inventory_load(repo, &c.inv, fault);
	for (i = 0; i < names.nr && !error; i++)
		error = check_backup(&c, names.names[i]);
	if (!error && read_data)
		error = check_packs(&c);
	inventory_free(&c.inv);
	free(names.names);
	return error;
}
