// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prepare.c - lets logind tell everybody that this OS goes to sleep, before it is
 * frozen
 */
#include "daemon/prepare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#include "common/foreign_text.h"
#include "common/util.h"
#include "daemon/bus.h"
#include "daemon/log.h"
#include "daemon/sleep_note.h"

/* org.freedesktop.login1(5) has all of these. */
#define LOGIN "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define MANAGER LOGIN ".Manager"

/* No InhibitDelayMaxSec is taken to be longer. */
#define DELAY_MAX_USEC (600 * USEC_PER_SEC)
/* How long after we gave up it still stops at the note. */
#define LATE_USEC (60 * USEC_PER_SEC)

struct prepare {
	struct prepare_params params;
	prepare_done done;
	void *userdata;
	sd_bus *bus;
	sd_event_source *timer;
	bool asked; /* to suspend: it may come */
	bool accepted; /* it has said that it will */
};

static void failed(struct prepare *prepare, enum fault_code code,
		   const char *why)
{
	struct fault fault;

	fault_set(&fault, code, "%s", why);
	/* prepare may be gone after this. */
	prepare->done(&fault, prepare->userdata);
}

static void call_failed(struct prepare *prepare, int r)
{
	char why[128];

	snprintf(why, sizeof(why), "logind cannot be asked to prepare: %s",
		 strerror(-r));
	failed(prepare, FAULT_FAILED, why);
}

static enum fault_code refusal(sd_bus_message *message)
{
	/* Since version 257; before, root is let through. */
	if (sd_bus_message_is_method_error(message,
					   LOGIN ".BlockedByInhibitorLock"))
		return FAULT_INHIBITED;
	if (sd_bus_message_is_method_error(message,
					   LOGIN ".OperationInProgress"))
		return FAULT_BUSY;
	return FAULT_FAILED;
}

static void refused(struct prepare *prepare, sd_bus_message *message)
{
	char text[256], why[320];

	/* Without an answer it may still come. */
	if (!bus_is_silent(message))
		sleep_note_remove(prepare->params.dir);
	snprintf(text, sizeof(text), "%s", bus_problem(message));
	foreign_text_clean(text);
	if (prepare->params.insist) {
		log_notice(
			"the %s comes all the same, though logind does not prepare for it: %s",
			prepare->params.what, text);
		prepare->done(NULL, prepare->userdata);
		return;
	}
	snprintf(why, sizeof(why), "logind does not prepare for it: %s", text);
	failed(prepare, refusal(message), why);
}

static int on_suspend(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct prepare *prepare = userdata;

	(void)error;
	if (bus_problem(message))
		refused(prepare, message);
	else
		prepare->accepted = true;
	return 0;
}

static int ask_to_suspend(struct prepare *prepare, uint64_t delay_usec)
{
	const uint64_t usec = delay_usec + prepare->params.come_usec;
	sd_bus_message *message = NULL;
	int r;

	r = sd_event_source_set_time_relative(prepare->timer, usec);
	if (r >= 0)
		r = sleep_note_write(prepare->params.dir, usec + LATE_USEC);
	if (r >= 0)
		r = sd_bus_message_new_method_call(prepare->bus, &message,
						   LOGIN, LOGIN_PATH, MANAGER,
						   "Suspend");
	if (r >= 0)
		r = sd_bus_message_set_auto_start(message, 0);
	/* Nobody is to be asked for a password. */
	if (r >= 0)
		r = sd_bus_message_append(message, "b", 0);
	if (r >= 0)
		r = sd_bus_call_async(prepare->bus, NULL, message, on_suspend,
				      prepare, usec);
	sd_bus_message_unref(message);
	if (r < 0)
		return r;
	prepare->asked = true;
	log_notice("logind prepares everybody for the %s",
		   prepare->params.what);
	sd_notifyf(0, "STATUS=Waiting for logind before the %s",
		   prepare->params.what);
	return 0;
}

static int on_delay(sd_bus_message *message, void *userdata,
		    sd_bus_error *error)
{
	struct prepare *prepare = userdata;
	uint64_t usec;
	int r;

	(void)error;
	if (bus_is_absent(message)) {
		log_info("there is no logind to prepare for the %s",
			 prepare->params.what);
		prepare->done(NULL, prepare->userdata);
		return 0;
	}
	if (bus_problem(message)) {
		refused(prepare, message);
		return 0;
	}
	r = sd_bus_message_read(message, "v", "t", &usec);
	if (r >= 0)
		r = ask_to_suspend(
			prepare, usec < DELAY_MAX_USEC ? usec : DELAY_MAX_USEC);
	if (r < 0) {
		sleep_note_remove(prepare->params.dir);
		call_failed(prepare, r);
	}
	return 0;
}

/* Its sleep is over, and has not come to us. */
static int on_told(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct prepare *prepare = userdata;
	int begins = 1;

	(void)error;
	sd_bus_message_read(message, "b", &begins);
	/* Before it said yes, that was another one. */
	if (begins || !prepare->accepted)
		return 0;
	sleep_note_remove(prepare->params.dir);
	failed(prepare, FAULT_FAILED,
	       "logind's sleep ended without it; see 'systemctl status systemd-suspend.service', and whether its drop-in osti.conf is in effect");
	return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata,
			   sd_bus_error *error)
{
	(void)message;
	(void)error;
	failed(userdata, FAULT_FAILED,
	       "the system bus ended before logind was ready");
	return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct prepare *prepare = userdata;

	(void)source;
	(void)usec;
	failed(prepare, FAULT_FAILED,
	       prepare->asked
		       ? "logind was not ready in time; 'systemctl list-jobs' shows what it waits for"
		       : "logind does not answer");
	return 0;
}

static int start(sd_event *event, struct prepare *prepare)
{
	sd_bus_message *message = NULL;
	int r;

	r = bus_open(event, on_disconnected, prepare, &prepare->bus);
	if (r >= 0)
		r = sd_bus_match_signal_async(prepare->bus, NULL, LOGIN,
					      LOGIN_PATH, MANAGER,
					      "PrepareForSleep", on_told, NULL,
					      prepare);
	if (r >= 0)
		r = sd_bus_message_new_method_call(
			prepare->bus, &message, LOGIN, LOGIN_PATH,
			"org.freedesktop.DBus.Properties", "Get");
	if (r >= 0)
		r = sd_bus_message_set_auto_start(message, 0);
	if (r >= 0)
		r = sd_bus_message_append(message, "ss", MANAGER,
					  "InhibitDelayMaxUSec");
	if (r >= 0)
		r = sd_bus_call_async(prepare->bus, NULL, message, on_delay,
				      prepare, 2 * prepare->params.answer_usec);
	sd_bus_message_unref(message);
	if (r < 0)
		return r;
	return sd_event_add_time_relative(event, &prepare->timer,
					  CLOCK_MONOTONIC,
					  prepare->params.answer_usec,
					  USEC_PER_MSEC, on_time, prepare);
}

int prepare_start(sd_event *event, const struct prepare_params *params,
		  prepare_done done, void *userdata, struct prepare **ret)
{
	struct prepare *prepare = calloc(1, sizeof(*prepare));
	int r;

	if (!prepare)
		return -ENOMEM;
	prepare->params = *params;
	prepare->done = done;
	prepare->userdata = userdata;
	r = start(event, prepare);
	if (r < 0) {
		prepare_free(prepare);
		return r;
	}
	*ret = prepare;
	return 0;
}

void prepare_free(struct prepare *prepare)
{
	if (!prepare)
		return;
	sd_event_source_disable_unref(prepare->timer);
	sd_bus_close_unref(prepare->bus);
	free(prepare);
}

bool prepare_come(struct prepare *prepare)
{
	if (!prepare || !prepare->asked)
		return false;
	sleep_note_remove(prepare->params.dir);
	/* prepare may be gone after this. */
	prepare->done(NULL, prepare->userdata);
	return true;
}
