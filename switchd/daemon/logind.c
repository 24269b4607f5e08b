// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * logind.c - who holds a block lock of systemd-logind (systemd-inhibit)
 */
#include "daemon/logind.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-bus.h>

#include "common/foreign_text.h"
#include "common/protocol.h"
#include "common/util.h"
#include "daemon/bus.h"
#include "daemon/log.h"

#define LOGIN "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define MANAGER LOGIN ".Manager"
#define DRIVER "org.freedesktop.DBus"

struct lock {
	unsigned int what; /* LOGIND_* */
	uint32_t pid;
	char who[PROTOCOL_WHO_MAX + 1];
	char why[PROTOCOL_WHY_MAX + 1];
};

struct logind {
	sd_event *event;
	uint64_t again_usec;
	sd_bus *bus; /* NULL: there is none */
	sd_event_source *again;
	bool told; /* that the locks are not known */
	struct lock *locks;
	size_t n_locks;
};

static void forget(struct logind *logind)
{
	free(logind->locks);
	logind->locks = NULL;
	logind->n_locks = 0;
}

static void unknown(struct logind *logind, const char *why)
{
	char text[256];

	forget(logind);
	if (logind->told)
		return;
	logind->told = true;
	snprintf(text, sizeof(text), "%s", why);
	foreign_text_clean(text);
	log_warning("locks of logind are not known, and count as none: %s",
		    text);
}

/* A list of words with ":" between them. */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (*list) {
		size_t length = strcspn(list, ":");

		if (length == n && strncmp(list, word, n) == 0)
			return true;
		list += length + (list[length] == ':');
	}
	return false;
}

static int add(struct logind *logind, unsigned int what, const char *who,
	       const char *why, uint32_t pid)
{
	struct lock *locks = reallocarray(logind->locks, logind->n_locks + 1,
					  sizeof(*locks));
	struct lock *lock;

	if (!locks)
		return -ENOMEM;
	logind->locks = locks;
	lock = &locks[logind->n_locks++];
	lock->what = what;
	lock->pid = pid;
	snprintf(lock->who, sizeof(lock->who), "%s", who);
	snprintf(lock->why, sizeof(lock->why), "%s", why);
	foreign_text_clean(lock->who);
	foreign_text_clean(lock->why);
	return 0;
}

static int take(struct logind *logind, sd_bus_message *message)
{
	const char *what, *who, *why, *mode;
	unsigned int forbids;
	uint32_t pid;
	int r;

	forget(logind);
	r = sd_bus_message_enter_container(message, 'a', "(ssssuu)");
	while (r >= 0) {
		r = sd_bus_message_read(message, "(ssssuu)", &what, &who, &why,
					&mode, NULL, &pid);
		if (r <= 0)
			break;
		forbids = (has_word(what, "sleep") ? LOGIND_SLEEP : 0) |
			  (has_word(what, "shutdown") ? LOGIND_SHUTDOWN : 0);
		if (forbids && strcmp(mode, "block") == 0)
			r = add(logind, forbids, who, why, pid);
	}
	return r;
}

static int on_list(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	const char *problem = bus_problem(message);
	struct logind *logind = userdata;
	int r;

	(void)error;
	if (bus_is_absent(message)) {
		log_debug("there is no logind");
		forget(logind);
		return 0;
	}
	if (problem) {
		unknown(logind, problem);
		return 0;
	}
	r = take(logind, message);
	if (r < 0)
		unknown(logind, strerror(-r));
	else
		logind->told = false;
	return 0;
}

static int ask(struct logind *logind)
{
	sd_bus_message *message = NULL;
	int r;

	r = sd_bus_message_new_method_call(logind->bus, &message, LOGIN,
					   LOGIN_PATH, MANAGER,
					   "ListInhibitors");
	if (r >= 0)
		r = sd_bus_message_set_auto_start(message, 0);
	if (r >= 0)
		r = sd_bus_call_async(logind->bus, NULL, message, on_list,
				      logind, 0);
	sd_bus_message_unref(message);
	return r;
}

/* Its locks changed, or logind itself came or went. */
static int on_change(sd_bus_message *message, void *userdata,
		     sd_bus_error *error)
{
	struct logind *logind = userdata;
	int r = ask(logind);

	(void)message;
	(void)error;
	if (r < 0)
		unknown(logind, strerror(-r));
	return 0;
}

static int on_again(sd_event_source *source, uint64_t usec, void *userdata);

/* The bus is gone, or was never there. */
static void try_again(struct logind *logind, const char *why)
{
	int r;

	logind->bus = sd_bus_close_unref(logind->bus);
	unknown(logind, why);
	sd_event_source_disable_unref(logind->again);
	logind->again = NULL;
	r = sd_event_add_time_relative(logind->event, &logind->again,
				       CLOCK_MONOTONIC, logind->again_usec,
				       USEC_PER_MSEC, on_again, logind);
	if (r < 0)
		log_warning("locks of logind are not asked for any more: %s",
			    strerror(-r));
}

static int on_disconnected(sd_bus_message *message, void *userdata,
			   sd_bus_error *error)
{
	(void)message;
	(void)error;
	try_again(userdata, "the system bus is gone");
	return 0;
}

static int connect_bus(struct logind *logind)
{
	int r;

	r = bus_open(logind->event, on_disconnected, logind, &logind->bus);
	if (r >= 0)
		r = sd_bus_match_signal_async(logind->bus, NULL, LOGIN,
					      LOGIN_PATH,
					      "org.freedesktop.DBus.Properties",
					      "PropertiesChanged", on_change,
					      NULL, logind);
	if (r >= 0)
		r = sd_bus_add_match_async(
			logind->bus, NULL,
			"type='signal',sender='" DRIVER "',interface='" DRIVER
			"',member='NameOwnerChanged',arg0='" LOGIN "'",
			on_change, NULL, logind);
	if (r >= 0)
		r = ask(logind);
	return r;
}

static void begin(struct logind *logind)
{
	int r = connect_bus(logind);

	if (r < 0)
		try_again(logind, strerror(-r));
}

static int on_again(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	begin(userdata);
	return 0;
}

int logind_new(sd_event *event, uint64_t again_usec, struct logind **ret)
{
	struct logind *logind = calloc(1, sizeof(*logind));

	if (!logind)
		return -ENOMEM;
	logind->event = event;
	logind->again_usec = again_usec;
	begin(logind);
	*ret = logind;
	return 0;
}

void logind_free(struct logind *logind)
{
	if (!logind)
		return;
	sd_event_source_disable_unref(logind->again);
	sd_bus_close_unref(logind->bus);
	forget(logind);
	free(logind);
}

int logind_check(const struct logind *logind, unsigned int what,
		 struct fault *fault)
{
	const struct lock *first = NULL;
	unsigned int n = 0;
	size_t i;

	for (i = 0; logind && i < logind->n_locks; i++) {
		if (!(logind->locks[i].what & what))
			continue;
		if (!first)
			first = &logind->locks[i];
		n++;
	}
	if (!first)
		return 0;
	if (n > 1)
		fault_set(
			fault, FAULT_INHIBITED,
			"inhibited by %s (process %u): %s; and by %u more, see 'systemd-inhibit --list'",
			first->who, first->pid, first->why, n - 1);
	else
		fault_set(
			fault, FAULT_INHIBITED,
			"inhibited by %s (process %u): %s; a lock of systemd-inhibit",
			first->who, first->pid, first->why);
	return -1;
}
