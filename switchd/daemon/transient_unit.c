// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * transient_unit.c - a program in a transient unit of its own, by systemd
 */
#include "daemon/transient_unit.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>

#include "common/foreign_text.h"
#include "common/util.h"
#include "daemon/bus.h"
#include "daemon/log.h"
#include "daemon/unit_outcome.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define MANAGER SYSTEMD ".Manager"

/* systemd's status of a process that it could not turn into the program */
#define EXIT_EXEC 203

enum state {
	STATE_SWEEPING, /* earlier units are stopped */
	STATE_RUNNING,
	STATE_ENDED, /* its outcome is asked for, or nobody's business */
};

struct transient_unit {
	struct transient_unit_params params;
	sd_bus *bus;
	char name[64];
	enum state state;
	sd_event_source *timer;
	bool stopping; /* somebody waits for its end, and for nothing else */
	const char *stop_job; /* its path, once systemd has told it */
};

static void end(struct transient_unit *unit, enum run_way way, int status,
		const char *why)
{
	const struct run_end how = { .way = way, .status = status, .why = why };

	if (way != RUN_LOST || unit->stopping)
		unit->state = STATE_ENDED;
	if (unit->stopping)
		return;
	/* unit may be gone after this. */
	unit->params.ended(&how, unit->params.userdata);
}

static void lost(struct transient_unit *unit, const char *what,
		 const char *error)
{
	char why[256];

	snprintf(why, sizeof(why), "%s: %s", what, error);
	foreign_text_clean(why);
	end(unit, unit->state == STATE_SWEEPING ? RUN_NOT_STARTED : RUN_LOST, 0,
	    why);
}

static void lost_errno(struct transient_unit *unit, const char *what, int r)
{
	lost(unit, what, strerror(-r));
}

static int call(struct transient_unit *unit, sd_bus_message_handler_t handler,
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

static int on_outcome(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct transient_unit *unit = userdata;
	struct unit_outcome outcome = { 0 };
	const char *problem = bus_problem(message);
	int r;

	(void)error;
	if (problem) {
		lost(unit, "systemd does not tell what became of it", problem);
		return 0;
	}
	r = unit_outcome_take(message, &outcome);
	if (r < 0)
		lost_errno(unit, "systemd does not tell what became of it", r);
	else if (strcmp(outcome.result, "timeout") == 0)
		end(unit, RUN_TIMED_OUT, 0, NULL);
	else if (!outcome.code)
		end(unit, RUN_NOT_STARTED, 0, "systemd could not run it");
	else if (outcome.code != CLD_EXITED)
		end(unit, RUN_SIGNALLED, outcome.status, NULL);
	else if (outcome.status == EXIT_EXEC)
		end(unit, RUN_NOT_STARTED, 0,
		    "systemd could not execute it (status 203)");
	else
		end(unit, RUN_EXITED, outcome.status, NULL);
	return 0;
}

static void ask_outcome(struct transient_unit *unit)
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
	struct transient_unit *unit = userdata;
	const char *problem = bus_problem(message);
	char why[256];

	(void)error;
	if (!problem) {
		if (unit->params.limit_start)
			unit->timer =
				sd_event_source_disable_unref(unit->timer);
		return 0;
	}
	if (bus_is_silent(message)) {
		lost(unit, "the system bus is gone", problem);
		return 0;
	}
	snprintf(why, sizeof(why), "systemd does not start a unit for it: %s",
		 problem);
	foreign_text_clean(why);
	end(unit, RUN_NOT_STARTED, 0, why);
	return 0;
}

/* The caller's, and what the code here needs. */
static int add_properties(struct transient_unit *unit, sd_bus_message *message)
{
	int r;

	r = sd_bus_message_open_container(message, 'a', "(sv)");
	if (r >= 0)
		r = sd_bus_message_append(message, "(sv)", "Type", "s",
					  "oneshot");
	if (r >= 0)
		/* It stays until we have asked what became of it. */
		r = sd_bus_message_append(message, "(sv)(sv)", "AddRef", "b", 1,
					  "CollectMode", "s",
					  "inactive-or-failed");
	if (r >= 0)
		r = unit->params.properties(message, unit->params.about);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return r;
}

static void start(struct transient_unit *unit)
{
	sd_bus_message *message = NULL;
	int r;

	r = sd_bus_message_new_method_call(unit->bus, &message, SYSTEMD,
					   SYSTEMD_PATH, MANAGER,
					   "StartTransientUnit");
	if (r >= 0)
		r = sd_bus_message_append(message, "ss", unit->name, "fail");
	if (r >= 0)
		r = add_properties(unit, message);
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
	log_debug("%s is asked for", unit->name);
}

static int sweep(struct transient_unit *unit);

/* Stopped, or gone by itself meanwhile: which does not matter. */
static int on_stopping(sd_bus_message *message, void *userdata,
		       sd_bus_error *error)
{
	struct transient_unit *unit = userdata;
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
static int stop_listed(struct transient_unit *unit, sd_bus_message *message)
{
	const char *active;
	const char *name;
	bool any = false;
	int r;

	r = sd_bus_message_enter_container(message, 'a', "(ssssssouso)");
	if (r < 0)
		return r;
	for (;;) {
		r = sd_bus_message_read(message, "(ssssssouso)", &name, NULL,
					NULL, &active, NULL, NULL, NULL, NULL,
					NULL, NULL);
		if (r <= 0)
			return r < 0 ? r : any;
		/* Once more to one that is ended already: its job is told of. */
		if (strcmp(active, "deactivating") != 0)
			log_warning("%s still ran in %s: it is ended",
				    unit->params.earlier, name);
		any = true;
		r = call(unit, on_stopping, "StopUnit", "ss", name, "replace");
		if (r < 0)
			return r;
	}
}

static int on_list(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct transient_unit *unit = userdata;
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

static int sweep(struct transient_unit *unit)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "%s*.service", unit->params.prefix);
	return call(unit, on_list, "ListUnitsByPatterns", "asas", 4, "active",
		    "reloading", "activating", "deactivating", 1, pattern);
}

static int on_job(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct transient_unit *unit = userdata;
	const char *prefix = unit->params.prefix;
	const char *name;
	const char *job;
	int r;

	(void)error;
	r = sd_bus_message_read(message, "uoss", NULL, &job, &name, NULL);
	if (r < 0 || strncmp(name, prefix, strlen(prefix)) != 0)
		return 0;
	if (unit->stopping) {
		/* The job of its start is given up before that. */
		if (unit->stop_job && strcmp(job, unit->stop_job) == 0)
			unit->state = STATE_ENDED;
	} else if (unit->state == STATE_SWEEPING) {
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

static int connect_bus(struct transient_unit *unit, sd_event *event)
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

int transient_unit_start(sd_event *event,
			 const struct transient_unit_params *params,
			 struct transient_unit **ret)
{
	struct transient_unit *unit = calloc(1, sizeof(*unit));
	sd_id128_t id;
	int r;

	if (!unit)
		return -ENOMEM;
	unit->params = *params;
	r = sd_id128_randomize(&id);
	if (r >= 0) {
		snprintf(unit->name, sizeof(unit->name),
			 "%s%016" PRIx64 ".service", params->prefix,
			 id.qwords[0]);
		r = connect_bus(unit, event);
	}
	if (r >= 0)
		r = sweep(unit);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &unit->timer,
					       CLOCK_MONOTONIC,
					       params->limit_usec,
					       USEC_PER_MSEC, on_timer, unit);
	if (r < 0) {
		transient_unit_free(unit);
		return r;
	}
	*ret = unit;
	return 0;
}

void transient_unit_signal(struct transient_unit *unit, int number)
{
	if (unit->state == STATE_RUNNING &&
	    call(unit, NULL, "KillUnit", "ssi", unit->name, "all", number) < 0)
		log_warning("%s does not get signal %d", unit->name, number);
}

/* Return: 0: its stop job is done, or a negative errno. */
static int wait_stopped(struct transient_unit *unit, uint64_t limit_usec)
{
	uint64_t end = util_now_usec(CLOCK_MONOTONIC) + limit_usec;
	uint64_t now;
	int r;

	while (unit->state != STATE_ENDED) {
		r = sd_bus_process(unit->bus, NULL);
		if (r < 0)
			return r;
		now = util_now_usec(CLOCK_MONOTONIC);
		if (now >= end)
			return -ETIMEDOUT;
		if (r == 0)
			r = sd_bus_wait(unit->bus, end - now);
		if (r < 0 && r != -EINTR)
			return r;
	}
	return 0;
}

void transient_unit_stop(struct transient_unit *unit, uint64_t limit_usec)
{
	sd_bus_message *message = NULL;
	sd_bus_message *reply = NULL;
	int r;

	if (unit->state != STATE_RUNNING)
		return;
	unit->stopping = true;
	r = sd_bus_message_new_method_call(unit->bus, &message, SYSTEMD,
					   SYSTEMD_PATH, MANAGER, "StopUnit");
	if (r >= 0)
		r = sd_bus_message_append(message, "ss", unit->name, "replace");
	if (r >= 0)
		r = sd_bus_call(unit->bus, message, limit_usec, NULL, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &unit->stop_job);
	if (r >= 0)
		r = wait_stopped(unit, limit_usec);
	/* It may have ended by itself. */
	if (r < 0 && r != -ENOENT)
		log_warning("%s is not known to have ended: %s", unit->name,
			    strerror(-r));
	unit->state = STATE_ENDED;
	unit->stop_job = NULL;
	sd_bus_message_unref(reply);
	sd_bus_message_unref(message);
}

void transient_unit_free(struct transient_unit *unit)
{
	if (!unit)
		return;
	sd_event_source_disable_unref(unit->timer);
	if (unit->state == STATE_RUNNING &&
	    call(unit, NULL, "StopUnit", "ss", unit->name, "replace") < 0)
		log_warning("%s cannot be stopped", unit->name);
	sd_bus_close_unref(unit->bus);
	free(unit);
}
