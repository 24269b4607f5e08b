// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl - asks switchd for a switch, and shows what it knows
 */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "common/json_text.h"
#include "common/util.h"
#include "ctl/commands.h"
#include "ctl/connection.h"
#include "ctl/options.h"
#include "ctl/output.h"

typedef int (*command_function)(struct connection *connection,
				const struct options *options,
				struct fault *fault);

static const command_function functions[COMMANDS] = {
	[COMMAND_LIST] = command_list,
	[COMMAND_STATUS] = command_status,
	[COMMAND_SWITCH] = command_request,
	[COMMAND_HIBERNATE] = command_request,
	[COMMAND_POWEROFF] = command_request,
	[COMMAND_IMAGES] = command_images,
	[COMMAND_VERIFY] = command_request,
	[COMMAND_DROP] = command_request,
	[COMMAND_MARK_GOOD] = command_mark_good,
	[COMMAND_BOOT_IMAGE] = command_boot_image,
	[COMMAND_FIRMWARE] = command_boot_image,
	[COMMAND_INHIBIT] = command_inhibit,
	[COMMAND_LOG] = command_log,
	[COMMAND_STATS] = command_stats,
	[COMMAND_BACKUP] = command_backup,
	[COMMAND_BACKUPS] = command_backups,
	[COMMAND_RESTORE] = command_backup,
	[COMMAND_VERIFY_BACKUP] = command_backup,
	[COMMAND_FORGET] = command_forget,
	[COMMAND_PRUNE] = command_prune,
	[COMMAND_PUSH] = command_backup,
	[COMMAND_PULL] = command_backup,
	[COMMAND_BACKUP_CANCEL] = command_backup_cancel,
	[COMMAND_REPO] = command_repo,
	[COMMAND_VERSION] = command_version,
};

static const int statuses[] = {
	[FAULT_FAILED] = STATUS_FAILED,
	[FAULT_BAD_REQUEST] = STATUS_FAILED,
	[FAULT_UNKNOWN_METHOD] = STATUS_FAILED,
	[FAULT_DENIED] = STATUS_DENIED,
	[FAULT_LIMIT] = STATUS_FAILED,
	[FAULT_INHIBITED] = STATUS_INHIBITED,
	[FAULT_BUSY] = STATUS_BUSY,
	[FAULT_NO_TARGET] = STATUS_NO_TARGET,
	[FAULT_HOOK] = STATUS_HOOK,
	[FAULT_NOT_FROZEN] = STATUS_NOT_FROZEN,
	[FAULT_DEVICE] = STATUS_FAILED,
	[FAULT_REQUEST] = STATUS_REQUEST,
	[FAULT_REFUSED] = STATUS_REFUSED,
	[FAULT_DECLINED] = STATUS_DECLINED,
	[FAULT_NO_IMAGE] = STATUS_NO_IMAGE,
	[FAULT_SLOT_STATE] = STATUS_SLOT_STATE,
	[FAULT_NO_STORE] = STATUS_NO_STORE,
	[FAULT_NOT_SUPPORTED] = STATUS_NOT_SUPPORTED,
	[FAULT_NO_VERSION] = STATUS_NO_VERSION,
	[FAULT_NO_NV] = STATUS_NO_NV,
	[FAULT_NO_REPOSITORY] = STATUS_NO_REPOSITORY,
	[FAULT_REPOSITORY] = STATUS_REPOSITORY,
	[FAULT_STORE] = STATUS_STORE,
	[FAULT_STORE_DENIED] = STATUS_STORE_DENIED,
	[FAULT_STORE_FULL] = STATUS_STORE_FULL,
	[FAULT_EXISTS] = STATUS_EXISTS,
	[FAULT_NO_BACKUP] = STATUS_NO_BACKUP,
	[FAULT_HELD] = STATUS_HELD,
	[FAULT_PUSHED] = STATUS_PUSHED,
	[FAULT_INTERRUPTED] = STATUS_INTERRUPTED,
	[FAULT_CANCELLED] = STATUS_CANCELLED,
	[FAULT_HELPER] = STATUS_HELPER,
	[FAULT_UNREACHABLE] = STATUS_UNREACHABLE,
	[FAULT_VERIFY] = STATUS_VERIFY,
};

_Static_assert(ARRAY_SIZE(statuses) == FAULT_CODES, "a status for every fault");

static void report(const struct fault *fault, bool json)
{
	json_auto_t *value = NULL;

	if (!json) {
		fflush(stdout);
		fprintf(stderr, "switchctl: %s\n", fault->message);
		return;
	}
	value = json_pack("{s:{s:s,s:o}}", "error", "code",
			  fault_name(fault->code), "message",
			  json_text(fault->message));
	commands_print_json(value);
	if (fflush(stdout) != 0 || ferror(stdout))
		fprintf(stderr, "switchctl: %s\n", fault->message);
}

static int run(const struct options *options, struct fault *fault)
{
	/* Too large for some stacks, and there is only one. */
	static struct connection connection;
	int status;

	if (options->command == COMMAND_RECOVERY_KEY)
		return command_recovery_key(options, fault);
	if (options->command == COMMAND_DISK_KEY)
		return command_disk_key(options, fault);
	if (options->command == COMMAND_ASLEEP)
		return command_asleep(&connection, options);
	status = connection_open(&connection, options->socket, fault);
	if (status == 0)
		status = functions[options->command](&connection, options,
						     fault);
	connection_close(&connection);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	struct fault fault;
	int status;

	status = options_parse(argc, argv, &options);
	if (status >= 0)
		return status;
	status = run(&options, &fault);
	if (status >= 0 && output_flush(&fault) < 0) {
		/* Not there, where it cannot be written. */
		fprintf(stderr, "switchctl: %s\n", fault.message);
		return STATUS_FAILED;
	}
	if (status < 0) {
		report(&fault, options.json);
		status = statuses[fault.code];
	}
	return status;
}
