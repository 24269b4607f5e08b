// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hook_unit.c - a hook in a transient unit of its own, by systemd
 */
#include "daemon/hook_unit.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>

#include "common/foreign_text.h"
#include "common/util.h"
#include "daemon/bus.h"
#include "daemon/hook_unit_properties.h"
#include "daemon/log.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define MANAGER SYSTEMD ".Manager"

#define PREFIX "osti-hook-"
/* systemd's status of a process that it could not turn into the program */
#define EXIT_EXEC 203

enum state {
	STATE_SWEEPING, /* earlier hooks are stopped */
	STATE_RUNNING,
	STATE_ENDED, /* its outcome is asked for */
};

struct hook_unit {
	sd_bus *bus;
	hook_ended ended;
	void *userdata;
	struct hook_start start; /* path is ours, env the caller's */
	char *path;
	char name[64];
	enum state state;
	sd_event_source *timer;
};

/* How the unit's process ended, as systemd tells. */
struct outcome {
	char result[32];
	int code; /* CLD_*, 0: there was none */
	int status;
};

static void end(struct hook_unit *unit, enum hook_way way, int status,
		const char *why)
{
	const struct hook_end how = { .way = way,
				      .status = status,
				      .why = why };

	if (way != HOOK_LOST)
		unit->state = STATE_ENDED;
	/* unit may be gone after this. */
	unit->ended(&how, unit->userdata);
}

static void lost(struct hook_unit *unit, const char *what, const char *error)
{
	char why[256];

	snprintf(why, sizeof(why), "%s: %s", what, error);
	foreign_text_clean(why);
	end(unit, unit->state == STATE_SWEEPING ? HOOK_NOT_STARTED : HOOK_LOST,
	    0, why);
}

static void lost_errno(struct hook_unit *unit, const char *what, int r)
{
	lost(unit, what, strerror(-r));
}

static int call(struct hook_unit *unit, sd_bus_message_handler_t handler,
		const char *method, const char *types, ...)
{
	sd_bus_message *message = NULL;
	va_list args;
	int r;

	r = sd_bus_message_new_method_call(unit->bus, &message, SYSTEMD,
					   SYSTEMD_PATH, MANAGER, method);
	va_start(args, types);
	if (r >= 0)
		r = sd_bus_message_appendv(message, types, args);
	va_end(args);
	if (r >= 0)
		r = handler ? sd_bus_call_async(unit->bus, NULL, message,
						handler, unit, UINT64_MAX)
			    : sd_bus_send(unit->bus, message, NULL);
	sd_bus_message_unref(message);
	return r;
}

static int take_one(sd_bus_message *message, const char *name,
		    struct outcome *outcome)
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

static int take(sd_bus_message *message, struct outcome *outcome)
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

static int on_outcome(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct hook_unit *unit = userdata;
	struct outcome outcome = { 0 };
	const char *problem = bus_problem(message);
	int r;

	(void)error;
	if (problem) {
		lost(unit, "systemd does not tell what became of it", problem);
		return 0;
	}
	r = take(message, &outcome);
	if (r < 0)
		lost_errno(unit, "systemd does not tell what became of it", r);
	else if (strcmp(outcome.result, "timeout") == 0)
		end(unit, HOOK_TIMED_OUT, 0, NULL);
	else if (!outcome.code)
		end(unit, HOOK_NOT_STARTED, 0, "systemd could not run it");
	else if (outcome.code != CLD_EXITED)
		end(unit, HOOK_SIGNALLED, outcome.status, NULL);
	else if (outcome.status == EXIT_EXEC)
		end(unit, HOOK_NOT_STARTED, 0,
		    "systemd could not execute it (status 203)");
	else
		end(unit, HOOK_EXITED, outcome.status, NULL);
	return 0;
}

static void ask_outcome(struct hook_unit *unit)
{
	char *path = NULL;
	int r;

	unit->state = STATE_ENDED;
	r = sd_bus_path_encode(SYSTEMD_PATH "/unit", unit->name, &path);
	if (r >= 0)
		r = sd_bus_call_method_async(unit->bus, NULL, SYSTEMD, path,
					     "org.freedesktop.DBus.Properties",
					     "GetAll", on_outcome, unit, "s",
					     SYSTEMD ".Service");
	free(path);
	if (r < 0)
		lost_errno(unit, "systemd cannot be asked", r);
}

static int on_started(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct hook_unit *unit = userdata;
	const char *problem = bus_problem(message);
	char why[256];

	(void)error;
	if (!problem)
		return 0;
	if (sd_bus_message_is_method_error(message, SD_BUS_ERROR_NO_REPLY) ||
	    sd_bus_message_is_method_error(message, SD_BUS_ERROR_TIMEOUT)) {
		lost(unit, "the system bus is gone", problem);
		return 0;
	}
	snprintf(why, sizeof(why), "systemd does not start a unit for it: %s",
		 problem);
	foreign_text_clean(why);
	end(unit, HOOK_NOT_STARTED, 0, why);
	return 0;
}

static void start(struct hook_unit *unit)
{
	sd_bus_message *message = NULL;
	int r;

	r = sd_bus_message_new_method_call(unit->bus, &message, SYSTEMD,
					   SYSTEMD_PATH, MANAGER,
					   "StartTransientUnit");
	if (r >= 0)
		r = sd_bus_message_append(message, "ss", unit->name, "fail");
	if (r >= 0)
		r = hook_unit_properties(message, &unit->start);
	if (r >= 0)
		r = sd_bus_message_append(message, "a(sa(sv))", 0);
	if (r >= 0)
		r = sd_bus_call_async(unit->bus, NULL, message, on_started,
				      unit, UINT64_MAX);
	sd_bus_message_unref(message);
	if (r < 0) {
		lost_errno(unit, "systemd cannot be asked", r);
		return;
	}
	unit->state = STATE_RUNNING;
	log_debug("hook %s runs as %s", unit->path, unit->name);
}

static int sweep(struct hook_unit *unit);

/* Stopped, or gone by itself meanwhile: which does not matter. */
static int on_stopping(sd_bus_message *message, void *userdata,
		       sd_bus_error *error)
{
	struct hook_unit *unit = userdata;
	int r;

	(void)error;
	if (!bus_problem(message) || unit->state != STATE_SWEEPING)
		return 0;
	r = sweep(unit);
	if (r < 0)
		lost_errno(unit, "systemd cannot be asked", r);
	return 0;
}

/* Stops what the list has. Return: whether it had something, negative errno. */
static int stop_listed(struct hook_unit *unit, sd_bus_message *message)
{
	const char *name;
	bool any = false;
	int r;

	r = sd_bus_message_enter_container(message, 'a', "(ssssssouso)");
	if (r < 0)
		return r;
	for (;;) {
		r = sd_bus_message_read(message, "(ssssssouso)", &name, NULL,
					NULL, NULL, NULL, NULL, NULL, NULL,
					NULL, NULL);
		if (r <= 0)
			return r < 0 ? r : any;
		log_warning(
			"a hook of an earlier switch still ran in %s: it is ended",
			name);
		any = true;
		r = call(unit, on_stopping, "StopUnit", "ss", name, "replace");
		if (r < 0)
			return r;
	}
}

static int on_list(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct hook_unit *unit = userdata;
	const char *problem = bus_problem(message);
	int r;

	(void)error;
	if (unit->state != STATE_SWEEPING)
		return 0;
	if (problem) {
		lost(unit, "systemd does not answer", problem);
		return 0;
	}
	r = stop_listed(unit, message);
	if (r < 0)
		lost_errno(unit, "systemd cannot be asked", r);
	else if (r == 0)
		start(unit);
	return 0;
}

static int sweep(struct hook_unit *unit)
{
	return call(unit, on_list, "ListUnitsByPatterns", "asas", 4, "active",
		    "reloading", "activating", "deactivating", 1, PREFIX "*");
}

static int on_job(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct hook_unit *unit = userdata;
	const char *name;
	int r;

	(void)error;
	r = sd_bus_message_read(message, "uoss", NULL, NULL, &name, NULL);
	if (r < 0 || strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return 0;
	if (unit->state == STATE_SWEEPING) {
		r = sweep(unit);
		if (r < 0)
			lost_errno(unit, "systemd cannot be asked", r);
	} else if (unit->state == STATE_RUNNING &&
		   strcmp(name, unit->name) == 0) {
		ask_outcome(unit);
	}
	return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata,
			   sd_bus_error *error)
{
	(void)message;
	(void)error;
	lost(userdata, "the system bus is gone", "Connection terminated");
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	lost(userdata, "systemd does not answer", "it has had its time");
	return 0;
}

static int connect_bus(struct hook_unit *unit, sd_event *event)
{
	int r;

	r = bus_open(event, on_disconnected, unit, &unit->bus);
	if (r >= 0)
		r = sd_bus_match_signal_async(unit->bus, NULL, SYSTEMD,
					      SYSTEMD_PATH, MANAGER,
					      "JobRemoved", on_job, NULL, unit);
	if (r >= 0)
		r = call(unit, NULL, "Subscribe", "");
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
		    hook_ended ended, void *userdata, struct hook_unit **ret)
{
	struct hook_unit *unit;
	sd_id128_t id;
	int r;

	if (!is_plain(start->path))
		return -EILSEQ;
	unit = calloc(1, sizeof(*unit));
	if (!unit)
		return -ENOMEM;
	unit->ended = ended;
	unit->userdata = userdata;
	unit->path = strdup(start->path);
	unit->start = *start;
	unit->start.path = unit->path;
	r = unit->path ? sd_id128_randomize(&id) : -ENOMEM;
	if (r >= 0) {
		snprintf(unit->name, sizeof(unit->name),
			 PREFIX "%016" PRIx64 ".service", id.qwords[0]);
		r = connect_bus(unit, event);
	}
	if (r >= 0)
		r = sweep(unit);
	if (r >= 0)
		r = sd_event_add_time_relative(
			event, &unit->timer, CLOCK_MONOTONIC,
			start->timeout_usec + start->grace_usec +
				start->answer_usec,
			USEC_PER_MSEC, on_timer, unit);
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
	sd_event_source_disable_unref(unit->timer);
	if (unit->state == STATE_RUNNING &&
	    call(unit, NULL, "StopUnit", "ss", unit->name, "replace") < 0)
		log_warning("%s cannot be stopped", unit->name);
	sd_bus_close_unref(unit->bus);
	free(unit->path);
	free(unit);
}
