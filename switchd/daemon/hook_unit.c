// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hook_unit.c - a hook in a transient unit of its own, by systemd
 */
#include "daemon/hook_unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "common/foreign_text.h"
#include "common/util.h"
#include "daemon/transient_unit.h"

struct hook_unit {
	struct transient_unit *unit;
	struct hook_start start; /* path is ours, env the caller's */
	char *path;
};

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

static int add_properties(sd_bus_message *message, void *about)
{
	const struct hook_unit *unit = about;
	const struct hook_start *start = &unit->start;
	char description[128];
	int r;

	snprintf(description, sizeof(description), "Hook %s", start->path);
	foreign_text_clean(description);
	r = sd_bus_message_append(message, "(sv)(sv)", "Description", "s",
				  description,
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
		r = sd_bus_message_append(message, "(sv)(sv)",
					  "StandardOutputFileDescriptor", "h",
					  STDOUT_FILENO,
					  "StandardErrorFileDescriptor", "h",
					  STDERR_FILENO);
	if (r >= 0)
		r = add_env(message, start->env);
	if (r >= 0)
		r = add_command(message, start->path);
	return r;
}

/* The bus carries UTF-8 only, and systemd takes no control characters. */
static bool is_plain(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return false;
	foreign_text_clean(copy);
	return strcmp(copy, path) == 0;
}

int hook_unit_start(sd_event *event, const struct hook_start *start,
		    run_ended ended, void *userdata, struct hook_unit **ret)
{
	struct transient_unit_params params = {
		.prefix = "osti-hook-",
		.earlier = "a hook of an earlier switch",
		.properties = add_properties,
		.limit_usec = start->timeout_usec + start->grace_usec +
			      start->answer_usec,
		.ended = ended,
		.userdata = userdata,
	};
	struct hook_unit *unit;
	int r;

	if (!is_plain(start->path))
		return -EILSEQ;
	unit = calloc(1, sizeof(*unit));
	if (!unit)
		return -ENOMEM;
	params.about = unit;
	unit->path = strdup(start->path);
	unit->start = *start;
	unit->start.path = unit->path;
	r = unit->path ? transient_unit_start(event, &params, &unit->unit)
		       : -ENOMEM;
	if (r < 0) {
		hook_unit_free(unit);
		return r;
	}
	*ret = unit;
	return 0;
}

void hook_unit_free(struct hook_unit *unit)
{
	if (!unit)
		return;
	transient_unit_free(unit->unit);
	free(unit->path);
	free(unit);
}
