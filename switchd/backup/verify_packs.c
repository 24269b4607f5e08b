// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/verify_packs.h"

#include <string.h>

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
