// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * methods_backup.c - the requests about backups
 */
#include "daemon/methods_backup.h"

#include <stdio.h>
#include <string.h>

#include "common/protocol.h"
#include "common/rate.h"
#include "common/util.h"
#include "daemon/backup.h"
#include "daemon/log.h"
#include "daemon/methods.h"
#include "daemon/server.h"
#include "daemon/session.h"
#include "daemon/slots.h"

/* ---- Parameters ---------------------------------------------------------- */

/* Those that are given, as far as a method has them; the others stay. */
struct params {
	const char *target; /* NULL: none */
	const char *backup;
	json_int_t limit_upload; /* -1: not given */
	json_int_t limit_download;
	json_int_t keep[CONFIG_BACKUP_KEEP]; /* -1: not given */
	int force;
	int read_data;
	int dry_run;
};

static void refuse(struct session *session, enum fault_code code,
		   const char *text)
{
	struct fault fault;

	fault_set(&fault, code, "%s", text);
	client_fail(session->client, &fault);
}

static bool is_rate(json_int_t value)
{
	return value >= -1 && value <= (json_int_t)RATE_MAX;
}

/* All parameters that there are; which of them a method has is its business. */
static int take_params(struct session *session, json_t *object,
		       struct params *ret)
{
	json_error_t error;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	ret->limit_upload = -1;
	ret->limit_download = -1;
	for (i = 0; i < CONFIG_BACKUP_KEEP; i++)
		ret->keep[i] = -1;
	if (json_unpack_ex(object, &error, JSON_STRICT,
			   "{s?s,s?s,s?I,s?I,s?I,s?I,s?I,s?I,s?b,s?b,s?b}",
			   "target", &ret->target, "backup", &ret->backup,
			   "limit_upload", &ret->limit_upload, "limit_download",
			   &ret->limit_download, "keep_last", &ret->keep[0],
			   "keep_daily", &ret->keep[1], "keep_weekly",
			   &ret->keep[2], "keep_monthly", &ret->keep[3],
			   "force", &ret->force, "read_data", &ret->read_data,
			   "dry_run", &ret->dry_run) < 0) {
		refuse(session, FAULT_BAD_REQUEST, error.text);
		return -1;
	}
	for (i = 0; i < CONFIG_BACKUP_KEEP; i++)
		if (ret->keep[i] < -1 || ret->keep[i] > 100000) {
			refuse(session, FAULT_BAD_REQUEST,
			       "a number to keep is from 0 to 100000");
			return -1;
		}
	if (!is_rate(ret->limit_upload) || !is_rate(ret->limit_download)) {
		refuse(session, FAULT_BAD_REQUEST,
		       "a limit is a number of bytes in a second");
		return -1;
	}
	return 0;
}

/* The slot that is meant. Return: 0, or -1; then the request is answered. */
static int find_slot(struct session *session, const char *target, uint32_t *ret)
{
	struct slots slots;
	struct fault fault;

	if (slots_load(session->methods->device, &slots, &fault) == 0 &&
	    slots_find(&slots, target, ret, &fault) == 0)
		return 0;
	client_fail(session->client, &fault);
	return -1;
}

static void take_keep(const struct params *params, struct job_keep *keep)
{
	unsigned int n[CONFIG_BACKUP_KEEP];
	size_t i;

	for (i = 0; i < CONFIG_BACKUP_KEEP; i++)
		n[i] = params->keep[i] > 0 ? (unsigned int)params->keep[i] : 0;
	keep->last = n[0];
	keep->daily = n[1];
	keep->weekly = n[2];
	keep->monthly = n[3];
}

/* Return: 0, or -1; then the request is answered. */
static int make_request(struct session *session, const struct params *params,
			enum job_op op, struct backup_request *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->op = op;
	ret->force = params->force;
	ret->read_data = params->read_data;
	ret->dry_run = params->dry_run;
	take_keep(params, &ret->keep);
	ret->has_upload = params->limit_upload >= 0;
	ret->has_download = params->limit_download >= 0;
	ret->limit_upload = (uint64_t)params->limit_upload;
	ret->limit_download = (uint64_t)params->limit_download;
	if (params->backup) {
		if (strlen(params->backup) >= sizeof(ret->backup)) {
			refuse(session, FAULT_NO_BACKUP,
			       "no backup has such a long name; 'switchctl backups' shows them");
			return -1;
		}
		snprintf(ret->backup, sizeof(ret->backup), "%s",
			 params->backup);
	}
	if (params->target)
		return find_slot(session, params->target, &ret->slot);
	return 0;
}

/* ---- Jobs ---------------------------------------------------------------- */

static void on_ticket(void *userdata)
{
	struct session *session = userdata;

	/* Not from in here: whoever tells the news still works on it. */
	if (session->wants_news && session->news)
		sd_event_source_set_enabled(session->news, SD_EVENT_ONESHOT);
}

static void start(struct session *session, const struct backup_request *request)
{
	struct methods *methods = session->methods;
	struct fault fault;

	if (session->ticket) {
		refuse(session, FAULT_BAD_REQUEST,
		       "this connection has a job already");
		return;
	}
	session->ticket = backup_ticket_new(on_ticket, session);
	if (!session->ticket) {
		refuse(session, FAULT_FAILED, "out of memory");
		return;
	}
	log_info("process %d (user %u) asked for a %s",
		 (int)client_pid(session->client), client_uid(session->client),
		 job_op_name(request->op));
	if (backup_jobs_start(methods->backup, request, session->ticket,
			      &fault) < 0) {
		log_notice("refused: %s", fault.message);
		backup_ticket_free(session->ticket);
		session->ticket = NULL;
		client_fail(session->client, &fault);
		return;
	}
	client_reply(session->client,
		     json_pack("{s:s}", "job", job_op_name(request->op)));
}

/* What a method accepts. */
enum {
	WITH_TARGET = 0x1, /* it needs one */
	WITH_BACKUP = 0x2, /* likewise */
	PULL = 0x4,
};

static void start_job(struct session *session, json_t *object, enum job_op op,
		      unsigned int flags)
{
	struct backup_request request;
	struct params params;

	if (take_params(session, object, &params) < 0)
		return;
	if (((flags & WITH_TARGET) && !params.target) ||
	    ((flags & WITH_BACKUP) && !params.backup)) {
		refuse(session, FAULT_BAD_REQUEST,
		       params.target ? "'backup' is missing"
				     : "'target' is missing");
		return;
	}
	if (make_request(session, &params, op, &request) < 0)
		return;
	request.pull = flags & PULL;
	start(session, &request);
}

void methods_backup(struct session *session, json_t *params)
{
	start_job(session, params, JOB_BACKUP, WITH_TARGET);
}

void methods_backups(struct session *session, json_t *params)
{
	start_job(session, params, JOB_BACKUPS, 0);
}

void methods_restore(struct session *session, json_t *params)
{
	start_job(session, params, JOB_RESTORE, WITH_TARGET);
}

void methods_verify_backup(struct session *session, json_t *params)
{
	start_job(session, params, JOB_VERIFY, WITH_TARGET);
}

void methods_forget(struct session *session, json_t *params)
{
	start_job(session, params, JOB_FORGET, WITH_TARGET | WITH_BACKUP);
}

void methods_prune(struct session *session, json_t *params)
{
	start_job(session, params, JOB_PRUNE, WITH_TARGET);
}

void methods_push(struct session *session, json_t *params)
{
	start_job(session, params, JOB_PUSH, WITH_TARGET);
}

void methods_pull(struct session *session, json_t *params)
{
	start_job(session, params, JOB_RESTORE, WITH_TARGET | PULL);
}

void methods_repo_init(struct session *session, json_t *params)
{
	start_job(session, params, JOB_INIT, 0);
}

void methods_repo_info(struct session *session, json_t *params)
{
	start_job(session, params, JOB_INFO, 0);
}

void methods_repo_check(struct session *session, json_t *params)
{
	start_job(session, params, JOB_CHECK, 0);
}

/* ---- How it goes --------------------------------------------------------- */

/* An answer at the latest after that, so that nobody thinks we are dead. */
#define PATIENCE_USEC USEC_PER_SEC

/* The session may be gone after this. */
static void answer(struct session *session)
{
	struct fault fault;
	json_t *reply;
	int r;

	session->wants_news = false;
	session->patience = sd_event_source_disable_unref(session->patience);
	r = backup_ticket_take(session->ticket, &reply, &fault);
	if (r) {
		backup_ticket_free(session->ticket);
		session->ticket = NULL;
	}
	if (r < 0)
		client_fail(session->client, &fault);
	else
		client_reply(session->client, reply);
}

static int on_news(sd_event_source *source, void *userdata)
{
	struct session *session = userdata;

	(void)source;
	if (session->wants_news)
		answer(session);
	return 0;
}

static int on_patience(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	answer(userdata);
	return 0;
}

/* What answers later. Return: 0 or a negative errno. */
static int wait_for_news(struct session *session)
{
	sd_event *event = session->methods->event;
	int r = 0;

	if (!session->news) {
		r = sd_event_add_defer(event, &session->news, on_news, session);
		if (r >= 0)
			r = sd_event_source_set_enabled(session->news,
							SD_EVENT_OFF);
	}
	if (r >= 0)
		r = sd_event_add_time_relative(event, &session->patience,
					       CLOCK_MONOTONIC, PATIENCE_USEC,
					       USEC_PER_MSEC, on_patience,
					       session);
	session->wants_news = r >= 0;
	return r;
}

void methods_backup_next(struct session *session, json_t *params)
{
	int r;

	if (json_object_size(params)) {
		refuse(session, FAULT_BAD_REQUEST,
		       "'backup-next' has no parameters");
		return;
	}
	if (!session->ticket) {
		refuse(session, FAULT_BAD_REQUEST,
		       "this connection has no job");
		return;
	}
	if (backup_ticket_has_news(session->ticket)) {
		answer(session);
		return;
	}
	r = wait_for_news(session);
	if (r < 0)
		refuse(session, FAULT_FAILED, strerror(-r));
}

void methods_backup_cancel(struct session *session, json_t *params)
{
	struct fault fault;

	if (json_object_size(params)) {
		refuse(session, FAULT_BAD_REQUEST,
		       "'backup-cancel' has no parameters");
		return;
	}
	log_info("process %d (user %u) asked to cancel the backup",
		 (int)client_pid(session->client), client_uid(session->client));
	if (backup_jobs_cancel(session->methods->backup, &fault) < 0)
		client_fail(session->client, &fault);
	else
		client_reply(session->client, json_object());
}

void methods_backup_closed(struct session *session)
{
	backup_ticket_free(session->ticket);
	session->ticket = NULL;
	sd_event_source_disable_unref(session->news);
	sd_event_source_disable_unref(session->patience);
}
