// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command_list.c - the command that tells what a repository has
 *
 * Of a slot whose key is not there it sees what the store sees: how many
 * objects, and how large. Damage is told, and the rest is listed.
 */
#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "backup/backups.h"
#include "common/hex.h"
#include "repo_disk.h"
#include "repodir.h"

#define SLOT_DIGITS	(2 * REPO_SLOT)

/* All keys of the store, sorted. */
struct listing {
	const struct store_entry *entries;
	size_t nr;
	bool damage;		/* something was told of it */
};

/* Is the key one of a slot? Others may put what they like into a bucket. */
static bool has_slot(const char *key, uint8_t id[REPO_SLOT])
{
	char digits[SLOT_DIGITS + 1];

	if (strlen(key) <= SLOT_DIGITS || key[SLOT_DIGITS] != '/')
		return false;
	memcpy(digits, key, SLOT_DIGITS);
	digits[SLOT_DIGITS] = '\0';
	return hex_decode(digits, id, REPO_SLOT) == 0;
}

static bool in_folder(const uint8_t id[REPO_SLOT], enum repo_folder folder,
		      const char *key)
{
	char path[REPO_PATH];

	repo_path_folder(id, folder, path);
	return strncmp(key, path, strlen(path)) == 0;
}

static void count(struct report_slot *s, const struct store_entry *e)
{
	uint8_t pack[REPO_KEY];
	char name[REPO_NAME];
	unsigned int part;

	s->bytes += e->bytes;
	if (in_folder(s->id, REPO_PACKS, e->key))
		s->packs += repo_path_is_pack(e->key, pack);
	else if (in_folder(s->id, REPO_BACKUPS, e->key))
		s->backups += repo_path_is_backup(e->key, name, &part) && !part;
}

/* Keys are sorted, so those of a slot follow each other. */
static void list_slots(const struct listing *l)
{
	struct report_slot s = { .backups = 0 };
	uint8_t id[REPO_SLOT];
	bool any = false;
	size_t i;

	report_list("slots");
	for (i = 0; i < l->nr; i++) {
		if (!has_slot(l->entries[i].key, id))
			continue;
		if (any && memcmp(id, s.id, REPO_SLOT) != 0) {
			report_slot(&s);
			any = false;
		}
		if (!any) {
			memset(&s, 0, sizeof(s));
			memcpy(s.id, id, REPO_SLOT);
			any = true;
		}
		count(&s, &l->entries[i]);
	}
	if (any)
		report_slot(&s);
}

static int compare_key(const void *key, const void *entry)
{
	return strcmp(key, ((const struct store_entry *)entry)->key);
}

/* Packs and segments that are not there, and packs that have another size. */
static uint32_t count_lacking(const struct listing *l, const struct repodir *r,
			      const struct repo_backup *b)
{
	const struct store_entry *e;
	uint32_t lacking = 0;
	char path[REPO_PATH];
	uint64_t bytes;
	uint32_t i;

	for (i = 0; i < b->packs; i++) {
		repo_path_pack(r->view.slot, repo_backup_pack(b, i, &bytes),
			       path);
		e = bsearch(path, l->entries, l->nr, sizeof(*e), compare_key);
		lacking += !e || e->bytes != bytes;
	}
	for (i = 0; i < b->disk.segments; i++) {
		const uint8_t *id = repo_backup_segment(b, i);

		if (repo_disk_is_zero(id))
			continue;
		repo_path_segment(r->view.slot, id, path);
		lacking += !bsearch(path, l->entries, l->nr, sizeof(*e),
				    compare_key);
	}
	return lacking;
}

/* A backup that cannot be read does not keep the others from being listed. */
static enum status list_backup(struct listing *l, struct repodir *r,
			       const char *name)
{
	struct backup_fault fault;
	struct backup b;
	uint32_t lacking;

	switch (backups_load(&r->view, name, &b, &fault)) {
	case BACKUP_OK:
		break;
	case BACKUP_E_DAMAGED:
	case BACKUP_E_MISSING:
	case BACKUP_E_UNKNOWN:
	case BACKUP_E_STORE:
		l->damage = true;
		report_damage(name, fault.message);
		return DONE;
	default:
		return repodir_fault(&fault);
	}
	lacking = count_lacking(l, r, &b.info);
	l->damage |= lacking > 0;
	report_backup(name, &b.info, lacking);
	backups_free(&b);
	return DONE;
}

static enum status list_backups(struct listing *l, struct repodir *r)
{
	enum status status = DONE;
	char name[REPO_NAME];
	unsigned int part;
	size_t i;

	report_list("backups");
	for (i = 0; i < l->nr && !status; i++) {
		const char *key = l->entries[i].key;

		if (in_folder(r->view.slot, REPO_BACKUPS, key) &&
		    repo_path_is_backup(key, name, &part) && !part)
			status = list_backup(l, r, name);
	}
	return status;
}

static enum status list(struct repodir *r)
{
	struct store_request all = { .op = STORE_LIST, .key = "" };
	struct listing l = { .damage = false };
	enum status status = DONE;

	if (store_do(r->store, &all)) {
		status = report_failed("%s", all.message);
		store_request_clear(&all);
		return status;
	}
	l.entries = all.entries;
	l.nr = all.nr_entries;
	report_hex("repository", r->view.config.id, REPO_CONFIG_ID);
	list_slots(&l);
	if (r->keyed) {
		report_hex("slot", r->view.slot, REPO_SLOT);
		status = list_backups(&l, r);
	}
	store_request_clear(&all);
	if (!status)
		status = report_end();
	return !status && l.damage ? REFUSED : status;
}

enum status command_list(struct options *o, char *const *files)
{
	struct repodir r;
	enum status status;

	status = repodir_open(&r, o, files[0]);
	if (!status)
		status = list(&r);
	repodir_close(&r);
	return status;
}
