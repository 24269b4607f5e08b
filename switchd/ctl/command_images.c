// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl images: which slot has an image, and what it is worth
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <string.h>

#define KIB 1024

static int print_image(json_t *image, struct fault *fault)
{
	char time[COMMANDS_TIME_MAX] = "-";
	const char *text = NULL;
	json_int_t generation;
	json_int_t saved_at;
	const char *state;
	const char *name;
	json_int_t bytes;
	json_int_t slot;

	if (commands_unpack(image, fault, "{s:I,s:s,s:s,s:I,s:I,s:I,s?s}",
			    "slot", &slot, "name", &name, "state", &state,
			    "generation", &generation, "saved_at", &saved_at,
			    "bytes", &bytes, "text", &text) < 0)
		return -1;
	if (saved_at)
		commands_time(saved_at, time);
	printf("%4" PRId64 "  %-16s %10" PRId64 "  %-19s ", (int64_t)slot, name,
	       (int64_t)generation, time);
	if (bytes)
		printf("%10" PRId64 " KiB", (int64_t)(bytes + KIB - 1) / KIB);
	else
		printf("%14s", "-");
	printf("  %s", state);
	if (text && strcmp(state, "refused") == 0)
		printf(": %s", text);
	putchar('\n');
	return 0;
}

int command_images(struct connection *connection, const struct options *options,
		   struct fault *fault)
{
	json_auto_t *reply = NULL;
	json_t *images;
	json_t *image;
	size_t i;

	if (commands_ask(connection, "images", &reply, fault) < 0)
		return -1;
	if (options->json) {
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault, "{s:o}", "images", &images) < 0)
		return -1;
	puts("SLOT  NAME             GENERATION  SAVED (UTC)                  SIZE  STATE");
	json_array_foreach(images, i, image) {
		if (print_image(image, fault) < 0)
			return -1;
	}
	return 0;
}
