// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inventory.c - which packs and segments there are, and which of them somebody
 * will delete
 */
#include "backup/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "backup/catalogue.h"
#include "repo_fossil.h"

static int compare(const void *a, const void *b)
{
	const struct inventory_pack *x = a, *y = b;

	return memcmp(x->id, y->id, REPO_KEY);
}

/* *missing: it was deleted meanwhile, and so were its packs. */
static int read_list(struct repository *repo, struct inventory_list *l,
		     bool *missing, struct backup_fault *fault)
{
	struct repository_object o;
	char path[REPO_PATH];
	struct repo_fossil f;
	int error;

	repo_path_fossil(repo->slot, l->name, path);
	error = repository_read(repo, REPO_KIND_FOSSIL, path, &o, fault);
	*missing = error == BACKUP_E_MISSING;
	if (error == BACKUP_E_DAMAGED)
		backup_fault_set(
			fault, error,
			"%s is a damaged list of packs to be deleted: delete it by hand; the next prune makes it anew",
			path);
	if (error)
		return error;
	error = repo_fossil_parse(o.data, o.bytes, &f);
	if (error) {
		free(o.buf);
		return backup_fault_set(fault, BACKUP_E_DAMAGED,
					"list of packs to be deleted %s: %s",
					path, repo_error_text(error));
	}
	l->packs = f.packs;
	l->ids = malloc((size_t)f.packs * REPO_KEY);
	if (l->ids)
		memcpy(l->ids, f.ids, (size_t)f.packs * REPO_KEY);
	free(o.buf);
	return l->ids ? BACKUP_OK : backup_fault_memory(fault);
}

static int load_lists(struct repository *repo, struct inventory *inv,
		      struct backup_fault *fault)
{
	struct store_entry *entries;
	size_t nr, i;
	int error;

	error = repository_list(repo, REPO_FOSSILS, &entries, &nr, fault);
	if (error)
		return error;
	inv->lists = calloc(nr + 1, sizeof(*inv->lists));
	if (!inv->lists)
		error = backup_fault_memory(fault);
	for (i = 0; i < nr && !error; i++) {
		struct inventory_list *l = &inv->lists[inv->nr_lists];
		bool missing;

		if (!repo_path_is_fossil(entries[i].key, l->name))
			continue;
		l->modified = entries[i].modified;
		error = read_list(repo, l, &missing, fault);
		if (!error)
			inv->nr_lists++;
		else if (missing)
			error = BACKUP_OK;
	}
	free(entries);
	return error;
}

/* All of a folder behind what is there. */
static int add_folder(struct repository *repo, enum repo_folder folder,
		      struct inventory *inv, struct backup_fault *fault)
{
	bool segments = folder == REPO_SEGMENTS;
	struct inventory_pack *more;
	struct store_entry *entries;
	size_t nr, i;
	int error;

	error = repository_list(repo, folder, &entries, &nr, fault);
	if (error)
		return error;
	more = realloc(inv->packs, (inv->nr_packs + nr + 1) * sizeof(*more));
	if (!more) {
		free(entries);
		return backup_fault_memory(fault);
	}
	inv->packs = more;
	for (i = 0; i < nr; i++) {
		struct inventory_pack *p = &inv->packs[inv->nr_packs];

		memset(p, 0, sizeof(*p));
		if (segments ? !repo_path_is_segment(entries[i].key, p->id)
			     : !repo_path_is_pack(entries[i].key, p->id))
			continue;
		p->bytes = entries[i].bytes;
		p->modified = entries[i].modified;
		p->segment = segments;
		inv->nr_packs++;
	}
	free(entries);
	return BACKUP_OK;
}

/* The catalogue need not remember segments that are deleted. */
static bool is_there(const char *key, void *data)
{
	uint8_t id[REPO_KEY];

	return repo_path_is_segment(key, id) && inventory_find(data, id);
}

static int load_packs(struct repository *repo, struct inventory *inv,
		      struct backup_fault *fault)
{
	char path[REPO_PATH];
	int error;

	error = add_folder(repo, REPO_PACKS, inv, fault);
	if (!error)
		error = add_folder(repo, REPO_SEGMENTS, inv, fault);
	if (error)
		return error;
	/* A store that does not sort is not to be trusted with it. */
	qsort(inv->packs, inv->nr_packs, sizeof(*inv->packs), compare);
	repo_path_folder(repo->slot, REPO_SEGMENTS, path);
	if (repo->catalogue)
		catalogue_trim(repo->catalogue, path, is_there, inv);
	return BACKUP_OK;
}

static void mark_fossils(struct inventory *inv)
{
	size_t i;
	uint32_t j;

	for (i = 0; i < inv->nr_lists; i++) {
		for (j = 0; j < inv->lists[i].packs; j++) {
			struct inventory_pack *p = inventory_find(
				inv, inv->lists[i].ids + (size_t)j * REPO_KEY);

			if (p)
				p->fossil = true;
		}
	}
}

int inventory_load(struct repository *repo, struct inventory *inv,
		   struct backup_fault *fault)
{
	int error;

	memset(inv, 0, sizeof(*inv));
	error = load_lists(repo, inv, fault);
	if (!error)
		error = load_packs(repo, inv, fault);
	if (!error)
		mark_fossils(inv);
	return error;
}

void inventory_free(struct inventory *inv)
{
	size_t i;

	for (i = 0; i < inv->nr_lists; i++)
		free(inv->lists[i].ids);
	free(inv->lists);
	free(inv->packs);
	memset(inv, 0, sizeof(*inv));
}

struct inventory_pack *inventory_find(const struct inventory *inv,
				      const uint8_t id[REPO_KEY])
{
	struct inventory_pack key = { 0 };

	if (!inv->nr_packs)
		return NULL;
	memcpy(key.id, id, REPO_KEY);
	return bsearch(&key, inv->packs, inv->nr_packs, sizeof(key), compare);
}

void inventory_path(const struct repository *repo,
		    const struct inventory_pack *pack, char path[REPO_PATH])
{
	if (pack->segment)
		repo_path_segment(repo->slot, pack->id, path);
	else
		repo_path_pack(repo->slot, pack->id, path);
}

bool inventory_has(const struct inventory *inv, const uint8_t id[REPO_KEY])
{
	const struct inventory_pack *p = inventory_find(inv, id);

	return p && !p->fossil;
}

bool inventory_usable(const struct inventory *inv, const uint8_t id[REPO_KEY],
		      uint64_t bytes)
{
	const struct inventory_pack *p = inventory_find(inv, id);

	return p && p->bytes == bytes && !p->fossil;
}
