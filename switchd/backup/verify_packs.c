// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verify_packs.c - is all there that one backup needs?
 */
#include "backup/verify_packs.h"

#include <stdlib.h>
#include <string.h>

#include "backup/disk_layout.h"
#include "backup/inventory.h"
#include "repo_pack.h"

static int check_there(const struct repository *repo,
		       const struct inventory *inv, const uint8_t *id,
		       uint64_t bytes, struct backup_fault *fault)
{
	const struct inventory_pack *pack = inventory_find(inv, id);
	char path[REPO_PATH];

	if (pack && pack->bytes == bytes)
		return BACKUP_OK;
	repo_path_pack(repo->slot, id, path);
	if (!pack)
		return backup_fault_set(
			fault, BACKUP_E_MISSING,
			"pack %s is missing: this backup cannot be restored",
			path);
	return backup_fault_set(
		fault, BACKUP_E_DAMAGED,
		"pack %s is truncated or too long: this backup cannot be restored",
		path);
}

static int check_content(struct repository *repo, const uint8_t *id,
			 struct backup_fault *fault)
{
	char path[REPO_PATH];
	struct store_request r = { .op = STORE_GET, .key = path };
	uint8_t found[REPO_KEY];
	int error = BACKUP_OK;

	repo_path_pack(repo->slot, id, path);
	if (store_do(repo->store, &r) != STORE_OK) {
		error = backup_fault_store(fault, &r, "reading");
	} else {
		repo_pack_id(&repo->keys, r.got, r.got_bytes, found);
		if (memcmp(found, id, REPO_KEY) != 0)
			error = backup_fault_set(
				fault, BACKUP_E_DAMAGED,
				"pack %s was altered: this backup cannot be restored",
				path);
	}
	store_request_clear(&r);
	return error;
}

/* The table of its disk: all of it, and is it what it was? */
static int check_segments(struct repository *repo, const struct backup *b,
			  const struct inventory *inv, bool read_data,
			  struct backup_fault *fault)
{
	struct disk_layout layout;
	char path[REPO_PATH];
	int error = BACKUP_OK;
	uint32_t i;

	for (i = 0; i < b->info.disk.segments && !error; i++) {
		const uint8_t *id = repo_backup_segment(&b->info, i);
		struct repository_object o = { .buf = NULL };

		if (repo_disk_is_zero(id))
			continue;
		repo_path_segment(repo->slot, id, path);
		if (!inventory_find(inv, id))
			error = backup_fault_set(
				fault, BACKUP_E_MISSING,
				"segment %s of the disk is missing: this backup cannot be restored",
				path);
		else if (read_data)
			error = repository_fetch(repo, REPO_KIND_SEGMENT, path,
						 &o, fault);
		free(o.buf);
	}
	if (error || !read_data || !b->info.disk.bytes)
		return error;
	error = disk_layout_load(repo, b, &layout, fault);
	disk_layout_free(&layout);
	return error;
}

int verify_packs_run(struct repository *repo, const struct backup *backup,
		     bool read_data, progress_fn *told,
		     struct backup_fault *fault)
{
	struct progress progress = {
		.phase = PROGRESS_TRANSFER,
		.total = backup->info.packs,
	};
	struct inventory inv;
	int error = inventory_load(repo, &inv, fault);
	uint32_t i;

	if (!error)
		error = check_segments(repo, backup, &inv, read_data, fault);

	for (i = 0; i < backup->info.packs && !error; i++) {
		uint64_t bytes;
		const uint8_t *id = repo_backup_pack(&backup->info, i, &bytes);

		error = check_there(repo, &inv, id, bytes, fault);
		if (!error && read_data)
			error = check_content(repo, id, fault);
		progress.done = i + 1;
		progress.bytes_new += read_data ? bytes : 0;
		if (told)
			told(&progress, NULL);
	}
	inventory_free(&inv);
	return error;
}
