// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl backups, forget, prune, repo: what is in a repository
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "ctl/progress.h"

/* ---- backups ------------------------------------------------------------- */

static int print_damaged(json_t *item, struct fault *fault)
{
	const char *damaged;
	const char *backup;
	const char *name;

	if (commands_unpack(item, fault, "{s:s,s:s,s:s}", "name", &name,
			    "backup", &backup, "damaged", &damaged) < 0)
		return -1;
	printf("%-16s  %-33s  damaged: %s\n", name, backup, damaged);
	return 0;
}

static int print_backup(json_t *item, void *data, struct fault *fault)
{
	char shared[PROGRESS_BYTES_MAX];
	char moved[PROGRESS_BYTES_MAX];
	char disk[PROGRESS_BYTES_MAX] = "none";
	char time[COMMANDS_TIME_MAX];
	json_int_t bytes_shared;
	json_int_t bytes_disk = 0;
	json_int_t bytes_new;
	const char *device;
	const char *backup;
	json_int_t made;
	const char *name;
	bool *any = data;
	int pushed;

	if (!*any)
		puts("NAME              BACKUP                             MADE (UTC)                  NEW       SHARED         DISK  DEVICE");
	*any = true;
	if (json_object_get(item, "damaged"))
		return print_damaged(item, fault);
	if (commands_unpack(item, fault, "{s:s,s:s,s:I,s:I,s:I,s?I,s:s,s:b}",
			    "name", &name, "backup", &backup, "time", &made,
			    "new", &bytes_new, "shared", &bytes_shared, "disk",
			    &bytes_disk, "device", &device, "pushed",
			    &pushed) < 0)
		return -1;
	commands_time(made, time);
	progress_bytes((uint64_t)bytes_new, moved);
	progress_bytes((uint64_t)bytes_shared, shared);
	if (bytes_disk)
		progress_bytes((uint64_t)bytes_disk, disk);
	printf("%-16s  %-33s  %-19s %12s %12s %12s  %s%s\n", name, backup, time,
	       moved, shared, disk, device, pushed ? " (pushed)" : "");
	return 0;
}

static int print_holder(json_t *holder, struct fault *fault)
{
	char time[COMMANDS_TIME_MAX];
	const char *device = "?";
	const char *state;
	const char *name;
	json_int_t since = 0;

	if (commands_unpack(holder, fault, "{s:s,s:s,s?s,s?I}", "name", &name,
			    "state", &state, "device", &device, "time",
			    &since) < 0)
		return -1;
	if (strcmp(state, "unknown") == 0)
		return 0;
	commands_time(since, time);
	fputs(name, stdout);
	if (strcmp(state, "cloud") == 0)
		fputs(" lives in the repository; pushed by ", stdout);
	else if (strcmp(state, "here") == 0)
		fputs(" lives here, on ", stdout);
	else
		fputs(" lives on ", stdout);
	fputs(device, stdout);
	printf(", since %s UTC.\n", time);
	return 0;
}

int command_backups(struct connection *connection,
		    const struct options *options, struct fault *fault)
{
	json_auto_t *result = NULL;
	bool any = false;
	json_t *holder;
	json_t *slots;
	size_t i;

	if (commands_run_job(connection, options, "backups", print_backup, &any,
			     &result, fault) < 0)
		return -1;
	if (options->json)
		return 0;
	if (!any)
		puts("There are no backups yet; 'switchctl backup NAME' makes one.");
	if (commands_unpack(result, fault, "{s:o}", "slots", &slots) < 0)
		return -1;
	json_array_foreach(slots, i, holder) {
		if (print_holder(holder, fault) < 0)
			return -1;
	}
	return 0;
}

/* ---- forget, prune ------------------------------------------------------- */

int command_forget(struct connection *connection, const struct options *options,
		   struct fault *fault)
{
	json_auto_t *result = NULL;

	if (commands_run_job(connection, options, "forget", NULL, NULL, &result,
			     fault) < 0)
		return -1;
	if (!options->json)
		printf("Backup %s is forgotten; 'switchctl prune %s' gives its space back.\n",
		       options->backup.id, options->target);
	return 0;
}

static int print_kept(json_t *item, void *data, struct fault *fault)
{
	const struct options *options = data;
	const char *backup;
	int keep;

	if (commands_unpack(item, fault, "{s:s,s:b}", "backup", &backup, "keep",
			    &keep) < 0)
		return -1;
	printf("%-33s", backup);
	if (keep)
		puts("  kept");
	else
		puts(options->backup.dry_run ? "  would be forgotten"
					     : "  forgotten");
	return 0;
}

int command_prune(struct connection *connection, const struct options *options,
		  struct fault *fault)
{
	char deleted[PROGRESS_BYTES_MAX];
	char waiting[PROGRESS_BYTES_MAX];
	json_auto_t *result = NULL;
	json_int_t bytes_deleted;
	json_int_t bytes_waiting;

	if (commands_run_job(connection, options, "prune", print_kept,
			     (void *)options, &result, fault) < 0)
		return -1;
	if (options->json)
		return 0;
	if (commands_unpack(result, fault, "{s:I,s:I}", "bytes_deleted",
			    &bytes_deleted, "bytes_waiting",
			    &bytes_waiting) < 0)
		return -1;
	progress_bytes((uint64_t)bytes_deleted, deleted);
	progress_bytes((uint64_t)bytes_waiting, waiting);
	if (options->backup.dry_run)
		printf("Nothing was changed. %s could be deleted now, %s after the time of grace.\n",
		       deleted, waiting);
	else
		printf("%s deleted; %s wait for a prune after the time of grace (7 days).\n",
		       deleted, waiting);
	return 0;
}

/* ---- repo ---------------------------------------------------------------- */

static int print_wrong(json_t *item, void *data, struct fault *fault)
{
	const char *wrong;

	(void)data;
	if (commands_unpack(item, fault, "{s:s}", "wrong", &wrong) < 0)
		return -1;
	puts(wrong);
	return 0;
}

static int print_repository(const struct options *options, json_t *result,
			    struct fault *fault)
{
	int conditional;
	const char *url;
	const char *id;

	if (commands_unpack(result, fault, "{s:s,s:s,s:b}", "url", &url, "id",
			    &id, "conditional", &conditional) < 0)
		return -1;
	if (strcmp(options->target, "init") == 0)
		fputs("There is a new repository.\n", stdout);
	printf("Repository:   %s\nId:           %s\nPush, pull:   %s\n", url,
	       id,
	       conditional
		       ? "yes"
		       : "only with --force: the store cannot decide who was first");
	return 0;
}

int command_repo(struct connection *connection, const struct options *options,
		 struct fault *fault)
{
	struct options asked = *options;
	json_auto_t *result = NULL;
	json_int_t backups;
	char method[32];

	/* The word is the method's, not a slot. */
	asked.target = NULL;
	snprintf(method, sizeof(method), "repo-%s", options->target);
	if (commands_run_job(connection, &asked, method, print_wrong, NULL,
			     &result, fault) < 0)
		return -1;
	if (options->json)
		return 0;
	if (strcmp(options->target, "check") != 0)
		return print_repository(options, result, fault);
	if (commands_unpack(result, fault, "{s:I}", "backups", &backups) < 0)
		return -1;
	printf("All of %" PRId64 " backups have what they need.\n",
	       (int64_t)backups);
	return 0;
}
