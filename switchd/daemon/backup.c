// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup.c - the jobs of switchd-backup, one at a time
 */
#include "daemon/backup_jobs.h"

#include <errno.h>
#include <stdlib.h>

#include "common/json_text.h"
#include "daemon/log.h"
#include "daemon/slots.h"

static const char *const state_names[] = {
	[BACKUP_IDLE] = "idle",		  [BACKUP_HELPER] = "helper",
	[BACKUP_ASKING] = "asking",	  [BACKUP_AGAIN] = "again",
	[BACKUP_GIVING_UP] = "giving-up",
};

static void on_room(void *userdata)
{
	backup_listen(userdata);
}

static void on_gone(void *userdata)
{
	struct backup_jobs *jobs = userdata;

	log_info("%s: whoever asked for it is gone; it goes on",
		 jobs->label.what);
	backup_listen(jobs);
}

int backup_jobs_start(struct backup_jobs *jobs,
		      const struct backup_request *request,
		      struct backup_ticket *ticket, struct fault *fault)
{
	const struct backup_ticket_job side = {
		.holder = &jobs->ticket,
		.gone = on_gone,
		.room = on_room,
		.userdata = jobs,
	};
	const struct switcher_result *current;
	struct slots slots;

	if (jobs->state != BACKUP_IDLE) {
		fault_set(
			fault, FAULT_BUSY,
			"a %s is under way; 'switchctl backup-cancel' ends it",
			jobs->label.what);
		return -1;
	}
	current = switcher_current(jobs->switcher);
	if (current) {
		fault_set(fault, FAULT_BUSY, "a %s is under way",
			  current->what);
		return -1;
	}
	if (slots_load(jobs->device, &slots, fault) < 0)
		return -1;
	jobs->request = *request;
	backup_job_label(request,
			 request->slot ? slots_name(&slots, request->slot) : "",
			 &jobs->label);
	if (backup_begin(jobs, fault) < 0) {
		backup_forget_step(jobs);
		return -1;
	}
	log_info("%s: begun", jobs->label.what);
	if (ticket)
		backup_ticket_attach(ticket, &side);
	return 0;
}

/* ---- What others want of it ---------------------------------------------- */

int backup_jobs_cancel(struct backup_jobs *jobs, struct fault *fault)
{
	struct fault cancelled;

	switch (jobs->state) {
	case BACKUP_HELPER:
	case BACKUP_AGAIN:
		break;
	case BACKUP_IDLE:
		fault_set(fault, FAULT_FAILED, "no backup is under way");
		return -1;
	default:
		fault_set(fault, FAULT_BUSY,
			  "the %s waits for the boot manager",
			  jobs->label.what);
		return -1;
	}
	jobs->again = sd_event_source_disable_unref(jobs->again);
	fault_set(&cancelled, FAULT_CANCELLED,
		  "the %s was cancelled; what was uploaded counts next time",
		  jobs->label.what);
	backup_finish(jobs, NULL, &cancelled);
	return 0;
}

void backup_jobs_hold(struct backup_jobs *jobs, bool hold)
{
	if (jobs->courier)
		courier_hold(jobs->courier, hold);
}

void backup_jobs_resumed(struct backup_jobs *jobs)
{
	jobs->resumed = true;
}

bool backup_jobs_is_idle(const struct backup_jobs *jobs)
{
	return jobs->state == BACKUP_IDLE;
}

json_t *backup_jobs_describe(const struct backup_jobs *jobs)
{
	if (jobs->state == BACKUP_IDLE)
		return json_null();
	return json_pack("{s:o,s:s,s:O*}", "what", json_text(jobs->label.what),
			 "state", state_names[jobs->state], "progress",
			 jobs->progress);
}

void backup_jobs_watch(struct backup_jobs *jobs, backup_jobs_ended ended,
		       void *userdata)
{
	jobs->ended = ended;
	jobs->ended_userdata = userdata;
}

int backup_jobs_new(sd_event *event, struct device *device,
		    struct switcher *switcher,
		    const struct backup_config *config,
		    struct backup_jobs **ret)
{
	struct backup_jobs *jobs = calloc(1, sizeof(*jobs));

	if (!jobs)
		return -ENOMEM;
	jobs->event = event;
	jobs->device = device;
	jobs->switcher = switcher;
	jobs->config = config;
	*ret = jobs;
	return 0;
}

void backup_jobs_free(struct backup_jobs *jobs)
{
	struct fault fault;

	if (!jobs)
		return;
	jobs->ended = NULL;
	switcher_forget(jobs->switcher, jobs);
	jobs->again = sd_event_source_disable_unref(jobs->again);
	if (jobs->state != BACKUP_IDLE) {
		fault_set(&fault, FAULT_CANCELLED,
			  "the %s was ended: switchd is being stopped",
			  jobs->label.what);
		backup_finish(jobs, NULL, &fault);
	}
	free(jobs);
}
