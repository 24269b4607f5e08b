// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl backup, push, restore, pull, verify-backup: what moves an OS
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <string.h>

#include "ctl/progress.h"

/* The other half of it. */
static void print_disk(const struct options *options, json_int_t bytes)
{
	char disk[PROGRESS_BYTES_MAX];

	if (!bytes) {
		printf("It has no disk: this device shows that of %s to nobody.\n",
		       options->target);
		return;
	}
	progress_bytes((uint64_t)bytes, disk);
	printf("It has the disk, too, of %s.\n", disk);
}

static const char *left_here(const char *local)
{
	if (local && strcmp(local, "retired") == 0)
		return "put away in the store";
	if (local && strcmp(local, "stored") == 0)
		return "still in the store, from where it can be resumed";
	return "still frozen in memory";
}

static int print_saved(const struct options *options, json_t *result,
		       struct fault *fault)
{
	char shared[PROGRESS_BYTES_MAX];
	char moved[PROGRESS_BYTES_MAX];
	const char *local = NULL;
	json_int_t bytes_shared;
	json_int_t bytes_new;
	json_int_t disk = 0;
	json_int_t seconds;
	const char *name;

	if (commands_unpack(result, fault, "{s:s,s:I,s:I,s:I,s?I,s?s}",
			    "backup", &name, "new", &bytes_new, "shared",
			    &bytes_shared, "seconds", &seconds, "disk", &disk,
			    "local", &local) < 0)
		return -1;
	progress_bytes((uint64_t)bytes_new, moved);
	progress_bytes((uint64_t)bytes_shared, shared);
	printf("%s was %s as ", options->target,
	       options->command == COMMAND_PUSH ? "pushed" : "backed up");
	fputs(name, stdout);
	printf(": %s new, %s shared, in %" PRId64 " s.\n", moved, shared,
	       (int64_t)seconds);
	print_disk(options, disk);
	if (options->command == COMMAND_PUSH)
		printf("It lives in the repository now; what is left here is %s. 'switchctl pull' brings it back, here or elsewhere.\n",
		       left_here(local));
	return 0;
}

static int print_brought(const struct options *options, json_t *result,
			 struct fault *fault)
{
	const char *name;

	if (commands_unpack(result, fault, "{s:s}", "backup", &name) < 0)
		return -1;
	printf("%s is back as it was in ", options->target);
	fputs(name, stdout);
	printf("; 'switchctl switch %s' goes on with it.\n", options->target);
	return 0;
}

static int print_verified(json_t *result, struct fault *fault)
{
	const char *checked;
	const char *name;

	if (commands_unpack(result, fault, "{s:s,s:s}", "backup", &name,
			    "checked", &checked) < 0)
		return -1;
	fputs("Backup ", stdout);
	fputs(name, stdout);
	if (strcmp(checked, "contents") == 0)
		puts(" is good: the monitor opened all of it.");
	else if (strcmp(checked, "packs") == 0)
		puts(" is whole: no pack was altered since it was sent.");
	else
		puts(" has all of its packs; --read-data reads them, too.");
	return 0;
}

int command_backup(struct connection *connection, const struct options *options,
		   struct fault *fault)
{
	static const char *const methods[COMMANDS] = {
		[COMMAND_BACKUP] = "backup",
		[COMMAND_PUSH] = "push",
		[COMMAND_RESTORE] = "restore",
		[COMMAND_PULL] = "pull",
		[COMMAND_VERIFY_BACKUP] = "verify-backup",
	};
	json_auto_t *result = NULL;

	if (commands_run_job(connection, options, methods[options->command],
			     NULL, NULL, &result, fault) < 0)
		return -1;
	if (options->json)
		return 0;
	switch (options->command) {
	case COMMAND_BACKUP:
	case COMMAND_PUSH:
		return print_saved(options, result, fault);
	case COMMAND_VERIFY_BACKUP:
		return print_verified(result, fault);
	default:
		return print_brought(options, result, fault);
	}
}

int command_backup_cancel(struct connection *connection,
			  const struct options *options, struct fault *fault)
{
	json_auto_t *reply = NULL;

	if (commands_ask(connection, "backup-cancel", &reply, fault) < 0)
		return -1;
	if (options->json)
		commands_print_json(reply);
	else
		puts("It was cancelled; what was uploaded counts next time.");
	return 0;
}
