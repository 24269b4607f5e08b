// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * forget.c - make backups invisible
 */
#include "backup/prune.h"

#include <stdlib.h>
#include <string.h>

#include "backup/holder.h"

/* The OS lives in this one, or is just being brought in from it. */
static bool needed(const struct repo_holder *h, const char *name)
{
	return h->number && strcmp(h->backup, name) == 0;
}

int forget_run(struct repository *repo, const char *name,
	       struct backup_fault *fault)
{
	struct backup_names names;
	struct repo_holder h;
	int error;

	error = backups_names(repo, &names, fault);
	if (!error && !backups_has(&names, name))
		error = backup_fault_set(fault, BACKUP_E_UNKNOWN,
					 "there is no backup \"%s\"", name);
	free(names.names);
	if (!error)
		error = holder_read(repo, &h, fault);
	if (!error && needed(&h, name))
		error = backup_fault_set(
			fault, BACKUP_E_NEEDED,
			"the OS lives in backup %s, or was last pulled from it: it is kept until the next push",
			name);
	return error ? error : backups_delete(repo, name, fault);
}

/* A push that is under way writes its record after its backup. */
static void keep_newest(const struct backup_names *names, bool *keep)
{
	if (names->nr)
		keep[names->nr - 1] = true;
}

static int apply(struct repository *repo, const struct backup_names *names,
		 const bool *keep, bool dry_run,
		 void (*told)(const char *name, bool keep, void *data),
		 void *data, struct backup_fault *fault)
{
	size_t i;

	for (i = 0; i < names->nr; i++) {
		int error = BACKUP_OK;

		told(names->names[i], keep[i], data);
		if (!keep[i] && !dry_run)
			error = backups_delete(repo, names->names[i], fault);
		if (error)
			return error;
	}
	return BACKUP_OK;
}

int forget_by_policy(struct repository *repo,
		     const struct retain_policy *policy, bool dry_run,
		     void (*told)(const char *name, bool keep, void *data),
		     void *data, struct backup_fault *fault)
{
	struct backup_names names;
	struct repo_holder h;
	uint64_t *times;
	bool *keep;
	size_t i;
	int error;

	error = backups_names(repo, &names, fault);
	times = calloc(names.nr + 1, sizeof(*times));
	keep = calloc(names.nr + 1, sizeof(*keep));
	if (!error)
		error = holder_read(repo, &h, fault);
	if (!error && (!times || !keep))
		error = backup_fault_memory(fault);
	if (!error) {
		for (i = 0; i < names.nr; i++)
			times[i] = repo_name_time(names.names[i]);
		retain_select(policy, times, names.nr, keep);
		keep_newest(&names, keep);
		for (i = 0; i < names.nr; i++)
			keep[i] |= needed(&h, names.names[i]);
		error = apply(repo, &names, keep, dry_run, told, data, fault);
	}
	free(keep);
	free(times);
	free(names.names);
	return error;
}
