// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backups.c - the backups of a slot: what the repository says of them
 */
#include "backup/backups.h"

#include <stdlib.h>
#include <string.h>

#include "backup/catalogue.h"
#include "repo_front.h"

/* What a store has listed, sorted. */
struct listing {
	const struct store_entry *entries;
	size_t nr;
};

static int compare_key(const void *key, const void *entry)
{
	return strcmp(key, ((const struct store_entry *)entry)->key);
}

static bool is_listed(const char *key, void *data)
{
	const struct listing *l = data;

	return l->nr && bsearch(key, l->entries, l->nr, sizeof(*l->entries),
				compare_key);
}

/* The catalogue need not remember what somebody has forgotten. */
static void trim_catalogue(struct repository *repo,
			   const struct store_entry *entries, size_t nr)
{
	struct listing l = { .entries = entries, .nr = nr };
	char path[REPO_PATH];

	if (!repo->catalogue)
		return;
	repo_path_folder(repo->slot, REPO_BACKUPS, path);
	catalogue_trim(repo->catalogue, path, is_listed, &l);
}

int backups_names(struct repository *repo, struct backup_names *names,
		  struct backup_fault *fault)
{
	struct store_entry *entries;
	unsigned int part;
	size_t nr, i;
	int error;

	memset(names, 0, sizeof(*names));
	error = repository_list(repo, REPO_BACKUPS, &entries, &nr, fault);
	if (error)
		return error;
	trim_catalogue(repo, entries, nr);
	names->names = calloc(nr + 1, REPO_NAME);
	if (!names->names)
		error = backup_fault_memory(fault);
	for (i = 0; i < nr && !error; i++)
		if (repo_path_is_backup(entries[i].key, names->names[names->nr],
					&part) &&
		    !part)
			names->nr++;
	free(entries);
	return error;
}

bool backups_has(const struct backup_names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->nr; i++)
		if (strcmp(names->names[i], name) == 0)
			return true;
	return false;
}

/* Metadata that is put together again. */
struct joined {
	uint8_t *buf;
	size_t bytes;
};

static bool append(struct joined *j, const uint8_t *data, size_t bytes)
{
	uint8_t *more = realloc(j->buf, j->bytes + bytes + 1);

	if (!more)
		return false;
	if (bytes)
		memcpy(more + j->bytes, data, bytes);
	j->buf = more;
	j->bytes += bytes;
	return true;
}

static int read_part(struct repository *repo, const char *name,
		     unsigned int part, const uint8_t *digest, struct joined *j,
		     struct backup_fault *fault)
{
	struct repository_object o;
	char path[REPO_PATH];
	int error;

	repo_path_backup(repo->slot, name, part, path);
	error = repository_read(repo, REPO_KIND_PART, path, &o, fault);
	if (error)
		return error;
	if (memcmp(o.digest, digest, REPO_KEY) != 0)
		error = backup_fault_set(
			fault, BACKUP_E_DAMAGED,
			"object %s is not the part that the backup had when it was made",
			path);
	else if (!append(j, o.data, o.bytes))
		error = backup_fault_memory(fault);
	free(o.buf);
	return error;
}

/* All of it, from its object and its parts. */
static int read_all(struct repository *repo, const char *name,
		    const struct repository_object *o, struct joined *j,
		    struct backup_fault *fault)
{
	const uint8_t *digests, *data;
	unsigned int parts, i;
	size_t bytes;
	int error;

	error = repo_front_parse(o->data, o->bytes, &parts, &digests, &data,
				 &bytes);
	if (error)
		return backup_fault_set(fault, BACKUP_E_DAMAGED,
					"backup %s: %s", name,
					repo_error_text(error));
	if (!append(j, data, bytes))
		return backup_fault_memory(fault);
	for (i = 0; i < parts && !error; i++)
		error = read_part(repo, name, i + 1,
				  digests + (size_t)i * REPO_KEY, j, fault);
	return error;
}

int backups_load(struct repository *repo, const char *name, struct backup *b,
		 struct backup_fault *fault)
{
	struct repository_object o;
	struct joined j = { 0 };
	char path[REPO_PATH];
	int error;

	memset(b, 0, sizeof(*b));
	if (!repo_name_ok(name))
		return backup_fault_set(fault, BACKUP_E_UNKNOWN,
					"\"%s\" is not the name of a backup",
					name);
	strcpy(b->name, name);
	repo_path_backup(repo->slot, name, 0, path);
	error = repository_read(repo, REPO_KIND_BACKUP, path, &o, fault);
	if (error == BACKUP_E_MISSING)
		return backup_fault_set(fault, BACKUP_E_UNKNOWN,
					"there is no backup %s", name);
	if (error)
		return error;
	error = read_all(repo, name, &o, &j, fault);
	free(o.buf);
	if (!error) {
		error = repo_backup_parse(j.buf, j.bytes, &b->info);
		if (error)
			error = backup_fault_set(fault, BACKUP_E_DAMAGED,
						 "backup %s: %s", name,
						 repo_error_text(error));
	}
	b->plain = j.buf;
	if (error)
		backups_free(b);
	return error;
}

void backups_free(struct backup *b)
{
	free(b->plain);
	memset(b, 0, sizeof(*b));
}

/* Piece number @nr of the metadata. */
static size_t piece_of(size_t bytes, size_t piece, unsigned int nr)
{
	size_t at = nr * piece;

	return bytes - at < piece ? bytes - at : piece;
}

static int create_parts(struct repository *repo, const char *name,
			const uint8_t *plain, size_t bytes, size_t piece,
			unsigned int parts, uint8_t *digests,
			struct backup_fault *fault)
{
	char path[REPO_PATH];
	unsigned int i;
	int error = BACKUP_OK;

	for (i = 1; i <= parts && !error; i++) {
		repo_path_backup(repo->slot, name, i, path);
		error = repository_write(repo, STORE_PUT, REPO_KIND_PART, path,
					 plain + i * piece,
					 piece_of(bytes, piece, i),
					 digests + (size_t)(i - 1) * REPO_KEY,
					 fault);
	}
	return error;
}

/* Last of all, the object that makes it visible. */
static int create_front(struct repository *repo, const char *name,
			const uint8_t *plain, size_t bytes, unsigned int parts,
			const uint8_t *digests, struct backup_fault *fault)
{
	uint8_t *front = malloc(REPO_FRONT(parts) + bytes);
	char path[REPO_PATH];
	int error;

	if (!front)
		return backup_fault_memory(fault);
	repo_front_write(parts, digests, front);
	memcpy(front + REPO_FRONT(parts), plain, bytes);
	repo_path_backup(repo->slot, name, 0, path);
	error = repository_write(repo, STORE_CREATE, REPO_KIND_BACKUP, path,
				 front, REPO_FRONT(parts) + bytes, NULL, fault);
	free(front);
	return error;
}

int backups_create(struct repository *repo, const struct repo_backup *info,
		   size_t piece, char name[REPO_NAME],
		   struct backup_fault *fault)
{
	uint8_t digests[REPO_PARTS_MAX * REPO_KEY];
	size_t bytes = repo_backup_size(info);
	uint8_t *plain;
	int error;
	int parts;

	if (!piece)
		piece = REPO_PIECE;
	parts = repo_front_parts(bytes, piece);
	if (parts < 0)
		return backup_fault_set(
			fault, BACKUP_E_LIMIT,
			"a backup of so many chunks does not fit into a repository");
	plain = malloc(bytes);
	if (!plain)
		return backup_fault_memory(fault);
	repo_backup_write(info, plain);
	/* Of all of it: other parts are never written under the same name. */
	repo_name_make(&repo->keys, info->time, plain, bytes, name);
	error = create_parts(repo, name, plain, bytes, piece,
			     (unsigned int)parts, digests, fault);
	if (!error)
		error = create_front(repo, name, plain,
				     piece_of(bytes, piece, 0),
				     (unsigned int)parts, digests, fault);
	free(plain);
	return error;
}

int backups_delete(struct repository *repo, const char *name,
		   struct backup_fault *fault)
{
	struct store_entry *entries;
	char path[REPO_PATH];
	size_t nr, i;
	int error;

	repo_path_backup(repo->slot, name, 0, path);
	error = repository_delete(repo, path, fault);
	if (error)
		return error;
	error = repository_list(repo, REPO_BACKUPS, &entries, &nr, fault);
	for (i = 0; i < nr && !error; i++) {
		char other[REPO_NAME];
		unsigned int part;

		if (repo_path_is_backup(entries[i].key, other, &part) && part &&
		    strcmp(other, name) == 0)
			error = repository_delete(repo, entries[i].key, fault);
	}
	free(entries);
	return error;
}
