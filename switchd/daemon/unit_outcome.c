// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unit_outcome.c - how the process of a unit ended, as systemd tells
 */
#include "daemon/unit_outcome.h"

#include <stdio.h>
#include <string.h>

static int take_one(sd_bus_message *message, const char *name,
		    struct unit_outcome *outcome)
{
	const char *text;
	int r;

	if (strcmp(name, "ExecMainCode") == 0)
		return sd_bus_message_read(message, "v", "i", &outcome->code);
	if (strcmp(name, "ExecMainStatus") == 0)
		return sd_bus_message_read(message, "v", "i", &outcome->status);
	if (strcmp(name, "Result") != 0)
		return sd_bus_message_skip(message, "v");
	r = sd_bus_message_read(message, "v", "s", &text);
	if (r > 0)
		snprintf(outcome->result, sizeof(outcome->result), "%s", text);
	return r;
}

int unit_outcome_take(sd_bus_message *message, struct unit_outcome *outcome)
{
	const char *name;
	int r;

	r = sd_bus_message_enter_container(message, 'a', "{sv}");
	while (r >= 0) {
		r = sd_bus_message_enter_container(message, 'e', "sv");
		if (r <= 0)
			break;
		r = sd_bus_message_read(message, "s", &name);
		if (r > 0)
			r = take_one(message, name, outcome);
		if (r >= 0)
			r = sd_bus_message_exit_container(message);
	}
	return r < 0 ? r : 0;
}
