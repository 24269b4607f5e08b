// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl switch, hibernate, poweroff, verify, drop: what freezes this OS
 * and ends when it runs again
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <string.h>

#include <osti/abi.h>

#include "common/names.h"

struct request {
	const char *method;
	/* What to say when it went well, before and after the slot's name. */
	const char *before;
	const char *after;
};

static const struct request requests[COMMANDS] = {
	[COMMAND_SWITCH] = { "switch", "Back from the switch to ", "." },
	[COMMAND_HIBERNATE] = { "hibernate", "", " was hibernated." },
	[COMMAND_POWEROFF] = { "poweroff", "The device was off", "." },
	[COMMAND_VERIFY] = { "verify", "The image of ", " is good." },
	[COMMAND_DROP] = { "drop", "The image of ", " is given up for good." },
};

static int print_image(json_t *reply, const char *resumed, struct fault *fault)
{
	const char *copy = names_resume(OSTI_RESUMED_COPY);
	json_int_t generation = 0;
	json_int_t saved_at = 0;

	if (strcmp(resumed, names_resume(OSTI_RESUMED_HOT)) == 0)
		return 0;
	if (commands_unpack(reply, fault, "{s?I,s?I}", "generation",
			    &generation, "saved_at", &saved_at) < 0)
		return -1;
	fputs("This OS came back from an image", stdout);
	if (generation) {
		fputs(" of ", stdout);
		commands_print_generation(generation, saved_at);
	}
	puts(strcmp(resumed, copy) == 0 ? "; it may run elsewhere, too." : ".");
	return 0;
}

int command_request(struct connection *connection,
		    const struct options *options, struct fault *fault)
{
	const struct request *request = &requests[options->command];
	json_auto_t *reply = NULL;
	json_t *params = NULL;
	const char *resumed;
	const char *name;

	if (options->target) {
		params = json_pack("{s:s}", "target", options->target);
		if (!params) {
			fault_set(fault, FAULT_NO_TARGET,
				  "the name of the target is not UTF-8");
			return -1;
		}
	}
	if (options->backup.force)
		json_object_set_new(params, "force", json_true());
	/* Nobody knows for how long this OS will be frozen. */
	if (connection_call(connection, request->method, params, -1, &reply,
			    fault) < 0)
		return -1;
	if (options->json) {
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault, "{s:s,s:s}", "name", &name, "resumed",
			    &resumed) < 0)
		return -1;
	printf("%s%s%s\n", request->before, name, request->after);
	return print_image(reply, resumed, fault);
}
