// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * methods.c - what the requests mean (the protocol in docs/switchd.md)
 */
#include "daemon/methods.h"

#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>

#include "common/names.h"
#include "common/protocol.h"
#include "common/util.h"
#include "daemon/good.h"
#include "daemon/log.h"
#include "daemon/methods_backup.h"
#include "daemon/methods_log.h"
#include "daemon/methods_slots.h"
#include "daemon/session.h"

struct method {
	const char *name;
	void (*call)(struct session *session, json_t *params);
};

static void call_version(struct session *session, json_t *params)
{
	struct osti_ioc_info info;
	int r;

	if (!session_no_params(session, params))
		return;
	r = device_info(session->methods->device, &info);
	if (r < 0) {
		session_device_failed(session,
				      "asking the monitor for its version", r);
		return;
	}
	client_reply(session->client,
		     json_pack("{s:s,s:i,s:{s:I,s:I}}", "switchd", OSTI_VERSION,
			       "protocol", PROTOCOL_VERSION, "abi", "major",
			       (json_int_t)info.abi_major, "minor",
			       (json_int_t)info.abi_minor));
}

static void on_switched(const struct switcher_result *result,
			const struct fault *fault, void *userdata)
{
	struct session *session = userdata;

	if (fault)
		client_fail(session->client, fault);
	else
		client_reply(session->client, methods_describe_result(result));
}

/* A switch, or a request to the boot manager about a slot. */
static void start(struct session *session, uint32_t request, const char *target,
		  unsigned int flags)
{
	struct fault fault;
	bool failed;

	failed = switcher_start(session->methods->switcher, request, target,
				flags, on_switched, session, &fault) < 0;
	log_info("process %d (user %u) asked: %s %.32s",
		 (int)client_pid(session->client), client_uid(session->client),
		 names_request(request), target);
	if (failed) {
		log_notice("refused: %s", fault.message);
		client_fail(session->client, &fault);
	}
}

static void start_for_target(struct session *session, uint32_t request,
			     json_t *params)
{
	const char *target;
	json_error_t error;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s:s}", "target",
			   &target) < 0)
		session_bad_request(session, error.text);
	else
		start(session, request, target, 0);
}

static void call_switch(struct session *session, json_t *params)
{
	const char *target;
	json_error_t error;
	int force = 0;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s:s,s?b}", "target",
			   &target, "force", &force) < 0)
		session_bad_request(session, error.text);
	else
		start(session, OSTI_REQUEST_NONE, target,
		      force ? SWITCHER_OVER_GUARD : 0);
}

static void call_hibernate(struct session *session, json_t *params)
{
	start_for_target(session, OSTI_REQUEST_HIBERNATE, params);
}

static void call_verify(struct session *session, json_t *params)
{
	start_for_target(session, OSTI_REQUEST_VERIFY, params);
}

static void call_drop(struct session *session, json_t *params)
{
	start_for_target(session, OSTI_REQUEST_DROP, params);
}

/* What starts in this slot, or the device, is for root to say. */
static void start_boot(struct session *session, uint32_t request,
		       json_t *params)
{
	struct fault fault;

	if (!session_no_params(session, params))
		return;
	if (client_uid(session->client) == 0) {
		start(session, request, "", 0);
		return;
	}
	fault_set(
		&fault, FAULT_DENIED,
		"only root may install boot images and firmware, or see which there are");
	client_fail(session->client, &fault);
}

static void call_boot_install(struct session *session, json_t *params)
{
	start_boot(session, OSTI_REQUEST_BOOT_INSTALL, params);
}

static void call_boot_list(struct session *session, json_t *params)
{
	start_boot(session, OSTI_REQUEST_BOOT_LIST, params);
}

static void call_firmware_install(struct session *session, json_t *params)
{
	start_boot(session, OSTI_REQUEST_FIRMWARE, params);
}

static void call_poweroff(struct session *session, json_t *params)
{
	if (session_no_params(session, params))
		start(session, OSTI_REQUEST_POWER_OFF, "", 0);
}

/* Of systemd-suspend.service, see prepare.h. */
static void call_asleep(struct session *session, json_t *params)
{
	struct client *client = session->client;
	struct fault fault;

	if (!session_no_params(session, params))
		return;
	if (client_uid(client) != 0)
		fault_set(&fault, FAULT_DENIED,
			  "only root may say that this OS can be frozen");
	else if (switcher_asleep(session->methods->switcher, &fault) == 0) {
		client_reply(client, json_object());
		return;
	}
	client_fail(client, &fault);
}

static void call_inhibit(struct session *session, json_t *params)
{
	struct methods *methods = session->methods;
	struct client *client = session->client;
	json_error_t error;
	struct fault fault;
	const char *who;
	const char *why;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s:s,s:s}", "who",
			   &who, "why", &why) < 0) {
		session_bad_request(session, error.text);
		return;
	}
	if (session->lock) {
		session_bad_request(session,
				    "this connection holds a lock already");
		return;
	}
	if (switcher_will_freeze(methods->switcher)) {
		fault_set(&fault, FAULT_BUSY,
			  "a %s is under way; it is too late to inhibit it",
			  switcher_current(methods->switcher)->what);
		client_fail(client, &fault);
		return;
	}
	if (inhibit_take(methods->inhibit, who, why, client_uid(client),
			 client_pid(client), &session->lock, &fault) < 0) {
		client_fail(client, &fault);
		return;
	}
	client_keep(client);
	log_info("%s (process %d) inhibits switches: %s", who,
		 (int)client_pid(client), why);
	client_reply(client,
		     json_pack("{s:I}", "lock", (json_int_t)session->lock->id));
}

static void call_mark_good(struct session *session, json_t *params)
{
	struct client *client = session->client;
	struct good_result result;
	struct fault fault;
	json_error_t error;
	int keep_older = 0;

	if (json_unpack_ex(params, &error, JSON_STRICT, "{s?b}", "keep_older",
			   &keep_older) < 0) {
		session_bad_request(session, error.text);
		return;
	}
	/* It decides what can start, and nobody can take it back. */
	if (client_uid(client) != 0) {
		fault_set(&fault, FAULT_DENIED,
			  "only root may say that a start was good");
		client_fail(client, &fault);
		return;
	}
	if (good_mark(session->methods->device, !keep_older, &result, &fault) <
	    0) {
		client_fail(client, &fault);
		return;
	}
	log_info("process %d says that this start was good",
		 (int)client_pid(client));
	client_reply(client,
		     json_pack("{s:I,s:I}", "version",
			       (json_int_t)result.version, "least_version",
			       (json_int_t)result.least_version));
}

static const struct method table[] = {
	{ "version", call_version },
	{ "list", methods_list },
	{ "status", methods_status },
	{ "switch", call_switch },
	{ "inhibit", call_inhibit },
	{ "log", methods_log },
	{ "stats", methods_stats },
	{ "hibernate", call_hibernate },
	{ "verify", call_verify },
	{ "drop", call_drop },
	{ "images", methods_images },
	{ "poweroff", call_poweroff },
	{ "mark-good", call_mark_good },
	{ "boot-install", call_boot_install },
	{ "boot-list", call_boot_list },
	{ "firmware-install", call_firmware_install },
	{ "asleep", call_asleep },
	{ "backup", methods_backup },
	{ "backups", methods_backups },
	{ "restore", methods_restore },
	{ "verify-backup", methods_verify_backup },
	{ "forget", methods_forget },
	{ "prune", methods_prune },
	{ "push", methods_push },
	{ "pull", methods_pull },
	{ "repo-init", methods_repo_init },
	{ "repo-info", methods_repo_info },
	{ "repo-check", methods_repo_check },
	{ "backup-next", methods_backup_next },
	{ "backup-cancel", methods_backup_cancel },
};

/* Return: what the connection has, NULL without memory. */
static struct session *session_of(struct client *client,
				  struct methods *methods)
{
	struct session *session = client_data(client);

	if (session)
		return session;
	session = calloc(1, sizeof(*session));
	if (!session)
		return NULL;
	session->client = client;
	session->methods = methods;
	session->next = methods->sessions;
	methods->sessions = session;
	client_set_data(client, session);
	return session;
}

void methods_call(struct client *client, const char *method, json_t *params,
		  void *userdata)
{
	struct session *session = session_of(client, userdata);
	struct fault fault;
	size_t i;

	if (!session) {
		fault_set(&fault, FAULT_FAILED, "out of memory");
		client_fail(client, &fault);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, method) == 0) {
			table[i].call(session, params);
			return;
		}
	fault_set(&fault, FAULT_UNKNOWN_METHOD, "unknown method '%.64s'",
		  method);
	client_fail(client, &fault);
}

void methods_closed(struct client *client, void *userdata)
{
	struct session *session = client_data(client);
	struct methods *methods = userdata;
	struct session **at = &methods->sessions;

	if (!session)
		return;
	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	switcher_forget(methods->switcher, session);
	if (session->lock) {
		log_info("%s (process %d) does not inhibit switches any more",
			 session->lock->who, (int)client_pid(client));
		inhibit_release(methods->inhibit, session->lock);
	}
	methods_backup_closed(session);
	sd_event_source_disable_unref(session->waiting);
	device_events_close(session->events);
	free(session);
}
