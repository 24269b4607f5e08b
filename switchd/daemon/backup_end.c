// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_end.c - how a job of switchd-backup ends, and who is told
 */
#include "daemon/backup_jobs.h"

#include <stdio.h>

#include "common/json_text.h"
#include "daemon/log.h"

void backup_forget_step(struct backup_jobs *jobs)
{
	courier_free(jobs->courier);
	jobs->courier = NULL;
	json_decref(jobs->progress);
	jobs->progress = NULL;
	jobs->resumed = false;
}

void backup_note(struct backup_jobs *jobs, enum pushed pushed)
{
	struct fault fault;

	if (pushed_note(jobs->config->state, jobs->request.slot, pushed,
			&fault) < 0)
		log_error("%s", fault.message);
}

void backup_finish(struct backup_jobs *jobs, json_t *result,
		   const struct fault *fault)
{
	struct backup_request request = jobs->request;

	backup_forget_step(jobs);
	jobs->state = BACKUP_IDLE;
	if (fault)
		log_warning("%s: %s", jobs->label.what, fault->message);
	else
		log_notice("%s: done", jobs->label.what);
	if (jobs->ticket)
		backup_ticket_end(jobs->ticket, result, fault);
	json_decref(jobs->result);
	jobs->result = NULL;
	if (jobs->ended)
		jobs->ended(&request, fault, jobs->ended_userdata);
}

void backup_tell(struct backup_jobs *jobs, const char *text)
{
	json_t *line;

	log_notice("%s: %s", jobs->label.what, text);
	if (!jobs->ticket)
		return;
	line = json_pack("{s:o}", "note", json_text(text));
	backup_ticket_line(jobs->ticket, line);
	json_decref(line);
}

/*
 * How it ended for the local copy: of no harm if it stays where it was. The
 * monitor knows of what is retired; for the rest there is the note.
 */
static void given_up(struct backup_jobs *jobs, const struct fault *fault)
{
	const char *where = jobs->request.stored ? "stored" : "frozen";
	json_t *result = jobs->result;
	char text[FAULT_MESSAGE_MAX];

	jobs->result = NULL;
	json_object_set_new(result, "local",
			    json_string(fault ? where : "retired"));
	if (!fault) {
		backup_note(jobs, PUSHED_NOT);
	} else {
		snprintf(text, sizeof(text), "it was pushed, but %s: %.380s",
			 jobs->request.stored
				 ? "its image in the store can still be resumed"
				 : "is still frozen in memory",
			 fault->message);
		backup_tell(jobs, text);
	}
	backup_finish(jobs, result, NULL);
	json_decref(result);
}

static void on_retired(const struct switcher_result *result,
		       const struct fault *fault, void *userdata)
{
	(void)result;
	given_up(userdata, fault);
}

void backup_give_up(struct backup_jobs *jobs, json_t *result)
{
	char slot[8];
	struct fault fault;

	backup_forget_step(jobs);
	backup_note(jobs, PUSHED_AWAY);
	jobs->result = json_incref(result);
	jobs->state = BACKUP_GIVING_UP;
	snprintf(slot, sizeof(slot), "%u", jobs->request.slot);
	if (switcher_start(jobs->switcher, OSTI_REQUEST_RETIRE, slot, 0,
			   on_retired, jobs, &fault) < 0)
		given_up(jobs, &fault);
}
