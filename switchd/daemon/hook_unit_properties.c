// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hook_unit_properties.c - what the unit of a hook is to be
 */
#include "daemon/hook_unit_properties.h"

#include <stdio.h>
#include <unistd.h>

#include "common/foreign_text.h"

static int add_command(sd_bus_message *message, const char *path)
{
	int r;

	/* As it stands: no "$" in it means anything. */
	r = sd_bus_message_open_container(message, 'r', "sv");
	if (r >= 0)
		r = sd_bus_message_append(message, "s", "ExecStartEx");
	if (r >= 0)
		r = sd_bus_message_append(message, "v", "a(sasas)", 1, path, 1,
					  path, 1, "no-env-expand");
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r;
}

static int add_env(sd_bus_message *message, char **env)
{
	int r;

	r = sd_bus_message_open_container(message, 'r', "sv");
	if (r >= 0)
		r = sd_bus_message_append(message, "s", "Environment");
	if (r >= 0)
		r = sd_bus_message_open_container(message, 'v', "as");
	if (r >= 0)
		r = sd_bus_message_append_strv(message, env);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r;
}

int hook_unit_properties(struct sd_bus_message *message,
			 const struct hook_start *start)
{
	char description[128];
	int r;

	snprintf(description, sizeof(description), "Hook %s", start->path);
	foreign_text_clean(description);
	r = sd_bus_message_open_container(message, 'a', "(sv)");
	if (r >= 0)
		r = sd_bus_message_append(message, "(sv)(sv)(sv)",
					  "Description", "s", description,
					  "Type", "s", "oneshot",
					  /* Also while systemd shuts down. */
					  "DefaultDependencies", "b", 0);
	if (r >= 0)
		/* SIGTERM is the hook's, SIGKILL its whole group's. */
		r = sd_bus_message_append(message, "(sv)(sv)(sv)", "KillMode",
					  "s", "mixed", "TimeoutStartUSec", "t",
					  start->timeout_usec,
					  "TimeoutStopUSec", "t",
					  start->grace_usec);
	if (r >= 0)
		/* A program of a pipe ends with its reader, as anywhere. */
		r = sd_bus_message_append(message, "(sv)", "IgnoreSIGPIPE", "b",
					  0);
	if (r >= 0)
		/* It stays until we have asked what became of it. */
		r = sd_bus_message_append(message, "(sv)(sv)", "AddRef", "b", 1,
					  "CollectMode", "s",
					  "inactive-or-failed");
	if (r >= 0)
		r = sd_bus_message_append(message, "(sv)(sv)",
					  "StandardOutputFileDescriptor", "h",
					  STDOUT_FILENO,
					  "StandardErrorFileDescriptor", "h",
					  STDERR_FILENO);
	if (r >= 0)
		r = add_env(message, start->env);
	if (r >= 0)
		r = add_command(message, start->path);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r;
}
