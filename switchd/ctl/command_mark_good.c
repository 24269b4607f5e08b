// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl mark-good: this start was good
 */
#include "ctl/commands.h"

#include <inttypes.h>

int command_mark_good(struct connection *connection,
		      const struct options *options, struct fault *fault)
{
	json_auto_t *reply = NULL;
	json_int_t least;

	if (connection_call(connection, "mark-good",
			    json_pack("{s:b}", "keep_older",
				      options->keep_older),
			    COMMANDS_TIMEOUT_MS, &reply, fault) < 0)
		return -1;
	if (options->json) {
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault, "{s:I}", "least_version", &least) < 0)
		return -1;
	if (least)
		printf("This start counts as good; this slot accepts version %" PRId64
		       " and newer.\n",
		       (int64_t)least);
	else
		puts("This start counts as good; this slot accepts any version.");
	return 0;
}
