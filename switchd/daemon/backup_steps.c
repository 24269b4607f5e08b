// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_steps.c - the steps of a job: the helper runs, the monitor is asked
 */
#include "daemon/backup_jobs.h"

#include <stdio.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include <osti/abi.h>

#include "daemon/backup_check.h"
#include "daemon/log.h"

/* ---- A backup that a switch ended ---------------------------------------- */

static int on_again(sd_event_source *source, void *userdata)
{
	struct backup_jobs *jobs = userdata;
	struct fault fault;

	(void)source;
	/* First its hooks: the network may be down before. */
	if (switcher_current(jobs->switcher))
		return 0;
	jobs->again = sd_event_source_disable_unref(jobs->again);
	if (backup_begin(jobs, &fault) < 0)
		backup_finish(jobs, NULL, &fault);
	return 0;
}

/*
 * The same without a switch in between would be the same for ever. Return: true:
 * it will be begun again.
 */
static bool again(struct backup_jobs *jobs, const struct fault *fault)
{
	enum job_op op = jobs->request.op;

	if (fault->code != FAULT_INTERRUPTED || !jobs->resumed ||
	    !jobs->config->again_after_switch ||
	    (op != JOB_BACKUP && op != JOB_PUSH))
		return false;
	if (sd_event_add_post(jobs->event, &jobs->again, on_again, jobs) < 0)
		return false;
	backup_forget_step(jobs);
	jobs->state = BACKUP_AGAIN;
	backup_tell(
		jobs,
		"a switch ended it; it is begun again, and what was uploaded counts");
	return true;
}

/*
 * The backup of a push is made, and the repository is told that the OS lives
 * there. Whatever becomes of us, of the helper or of the device from here on: it
 * must be known that a push was under way.
 */
static void on_ask(struct backup_jobs *jobs)
{
	struct fault fault;

	if (jobs->step != JOB_PUSH)
		return;
	if (pushed_note(jobs->config->state, jobs->request.slot, PUSHED_UNSURE,
			&fault) < 0)
		backup_finish(jobs, NULL, &fault);
	else
		courier_agree(jobs->courier);
}

static void on_line(json_t *line, void *userdata)
{
	struct backup_jobs *jobs = userdata;
	json_t *progress = json_object_get(line, "progress");
	json_t *text = json_object_get(line, "note");

	if (json_object_get(line, "ask")) {
		on_ask(jobs);
		return;
	}
	if (progress) {
		json_decref(jobs->progress);
		jobs->progress = json_incref(progress);
	}
	if (text && !jobs->ticket)
		log_notice("%s: %.400s", jobs->label.what,
			   json_string_value(text));
	if (!jobs->ticket)
		return;
	backup_ticket_line(jobs->ticket, line);
	/* He may have gone because of it. */
	if (jobs->ticket && backup_ticket_is_full(jobs->ticket))
		courier_listen(jobs->courier, false);
}

/*
 * A removable disk is pulled at a switch, and connections do not outlive one: what
 * the helper misses first, its transfer or its repository, is chance.
 */
static void blame_switch(struct fault *fault)
{
	struct fault was = *fault;

	if (was.code == FAULT_STORE || was.code == FAULT_STORE_DENIED ||
	    was.code == FAULT_NO_REPOSITORY)
		fault_set(fault, FAULT_INTERRUPTED,
			  "a switch came in between, and after it: %s",
			  was.message);
}

static void on_ended(json_t *result, const struct fault *fault, void *userdata);

static const struct courier_ops courier_ops = {
	.line = on_line,
	.ended = on_ended,
};

/* Runs switchd-backup for a step. The transfer, if any, is closed here. */
static int run(struct backup_jobs *jobs, enum job_op step, int transfer,
	       struct fault *fault)
{
	struct courier_params params = {
		.in_unit = jobs->config->own_unit && sd_booted() > 0,
		.program = jobs->config->program,
		.user = jobs->config->user,
		.transfer = transfer,
	};
	struct slots slots;
	int r;

	backup_forget_step(jobs);
	r = slots_load(jobs->device, &slots, fault);
	if (r == 0)
		r = backup_job_make(jobs->device, &slots, jobs->config,
				    &jobs->request, step, &params.job, fault);
	if (r == 0) {
		r = courier_start(jobs->event, &params, &courier_ops, jobs,
				  &jobs->courier, fault);
		json_decref(params.job);
	}
	if (transfer >= 0)
		close(transfer);
	jobs->step = step;
	if (r == 0)
		jobs->state = BACKUP_HELPER;
	return r;
}

/* A step that has an open transfer. Return: 0, or -1 and the fault. */
static int run_transfer(struct backup_jobs *jobs, enum job_op step,
			uint32_t what, struct fault *fault)
{
	int fd = backup_open(jobs->device, &jobs->disks, &jobs->label, what,
			     jobs->header, &jobs->request, fault);

	return fd < 0 ? -1 : run(jobs, step, fd, fault);
}

/* ---- A person agrees to a copy ------------------------------------------- */

static void on_asked(const struct switcher_result *result,
		     const struct fault *fault, void *userdata)
{
	struct backup_jobs *jobs = userdata;
	struct fault failure;

	(void)result;
	if (fault)
		backup_finish(jobs, NULL, fault);
	else if (run_transfer(jobs, JOB_RESTORE, OSTI_BACKUP_IMPORT, &failure) <
		 0)
		backup_finish(jobs, NULL, &failure);
}

/* Which copy, and then the boot manager, which asks at the console. */
static int ask(struct backup_jobs *jobs, struct fault *fault)
{
	uint32_t reason;
	char slot[8];
	int r;

	r = device_restore_ask(jobs->device, jobs->request.slot, jobs->header,
			       &reason);
	if (r < 0) {
		backup_open_explain(&jobs->label, -r, reason, fault);
		return -1;
	}
	snprintf(slot, sizeof(slot), "%u", jobs->request.slot);
	if (switcher_start(jobs->switcher, OSTI_REQUEST_RESTORE, slot, 0,
			   on_asked, jobs, fault) < 0)
		return -1;
	jobs->state = BACKUP_ASKING;
	backup_tell(jobs, "a person has to agree at the console of the device");
	return 0;
}

/* The monitor opens everything; if it cannot, what can be known is looked at. */
static int verify(struct backup_jobs *jobs, struct fault *fault)
{
	if (run_transfer(jobs, JOB_VERIFY, OSTI_BACKUP_IMPORT, fault) == 0)
		return 0;
	if (fault->code != FAULT_SLOT_STATE)
		return -1;
	backup_tell(jobs, fault->message);
	return run(jobs, JOB_VERIFY, -1, fault);
}

/* A step ended well: what comes next? Return: 1: nothing, 0, or -1 and fault. */
static int next_step(struct backup_jobs *jobs, json_t *result,
		     struct fault *fault)
{
	if (jobs->step != JOB_SHOW)
		return 1;
	if (backup_job_shown(result, &jobs->request, jobs->header, fault) < 0)
		return -1;
	return jobs->request.op == JOB_RESTORE ? ask(jobs, fault)
					       : verify(jobs, fault);
}

static void on_ended(json_t *result, const struct fault *failure,
		     void *userdata)
{
	struct backup_jobs *jobs = userdata;
	struct fault fault;
	int r;

	if (failure) {
		fault = *failure;
		if (jobs->resumed)
			blame_switch(&fault);
		if (!again(jobs, &fault))
			backup_finish(jobs, NULL, &fault);
		return;
	}
	json_incref(result);
	r = next_step(jobs, result, &fault);
	if (r < 0) {
		backup_finish(jobs, NULL, &fault);
	} else if (r > 0 && jobs->step == JOB_PUSH) {
		backup_give_up(jobs, result);
	} else if (r > 0) {
		/* What it was before is gone, whether it was pushed or not. */
		if (jobs->step == JOB_RESTORE)
			backup_note(jobs, PUSHED_NOT);
		backup_finish(jobs, result, NULL);
	}
	json_decref(result);
}

int backup_begin(struct backup_jobs *jobs, struct fault *fault)
{
	const struct backup_request *request = &jobs->request;
	struct slots slots;

	if (slots_load(jobs->device, &slots, fault) < 0 ||
	    backup_check(jobs->device, &slots, request, fault) < 0)
		return -1;
	switch (request->op) {
	case JOB_BACKUP:
	case JOB_PUSH:
		return run_transfer(jobs, request->op,
				    slots.slot[request->slot - 1].state ==
						    OSTI_SLOT_EMPTY
					    ? OSTI_BACKUP_STORED
					    : OSTI_BACKUP_EXPORT,
				    fault);
	case JOB_RESTORE:
		return run(jobs, JOB_SHOW, -1, fault);
	case JOB_VERIFY:
		/* The monitor needs the slot's place to open it. */
		if (request->read_data &&
		    slots.slot[request->slot - 1].state == OSTI_SLOT_EMPTY)
			return run(jobs, JOB_SHOW, -1, fault);
		return run(jobs, JOB_VERIFY, -1, fault);
	default:
		return run(jobs, request->op, -1, fault);
	}
}

void backup_listen(struct backup_jobs *jobs)
{
	if (jobs->courier)
		courier_listen(jobs->courier, true);
}
