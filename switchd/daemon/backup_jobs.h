/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup_jobs.h - the job under way, for the files that carry it out
 *
 * backup.c is what others call, backup_steps.c runs the helper and asks the
 * monitor, backup_end.c says how it ended. Nobody else includes this.
 */
#ifndef SWITCHD_BACKUP_JOBS_H
#define SWITCHD_BACKUP_JOBS_H

#include <osti/image.h>

#include "daemon/backup.h"
#include "daemon/backup_open.h"
#include "daemon/courier.h"
#include "daemon/pushed.h"

enum backup_state {
	BACKUP_IDLE,
	BACKUP_HELPER, /* switchd-backup works */
	BACKUP_ASKING, /* the boot manager asks a person */
	BACKUP_AGAIN, /* a switch ended it; it is begun again after that */
	BACKUP_GIVING_UP, /* what was pushed is retired, in the store */
};

struct backup_jobs {
	sd_event *event;
	struct device *device;
	struct switcher *switcher;
	const struct backup_config *config;
	backup_jobs_ended ended;
	void *ended_userdata;

	enum backup_state state;
	struct backup_request request;
	struct backup_ticket *ticket; /* NULL: nobody listens */
	struct backup_label label;
	enum job_op step;
	struct courier *courier;
	json_t *progress; /* what it said last, or NULL */
	bool resumed; /* this OS was frozen in this step */
	uint8_t header[OSTI_IMAGE_HEADER]; /* of the copy to bring in */
	json_t *result; /* of a push, while the rest is done */
	struct backup_disks disks;
	sd_event_source *again;
};

/* ---- backup_steps.c ------------------------------------------------------ */

/*
 * The first step, also of what is begun again.
 * Return: 0, or -1 and the fault; then it is the caller's to end the job.
 */
int backup_begin(struct backup_jobs *jobs, struct fault *fault);

/* Lets the helper go on saying things: there is room for them again. */
void backup_listen(struct backup_jobs *jobs);

/* ---- backup_end.c -------------------------------------------------------- */

/* The step is over, whatever comes next. */
void backup_forget_step(struct backup_jobs *jobs);

/* Says something to whoever listens. */
void backup_tell(struct backup_jobs *jobs, const char *text);

/*
 * Where the OS lives: notes what it can; that it could not does not change what
 * was done.
 */
void backup_note(struct backup_jobs *jobs, enum pushed pushed);

/* The end of the job. One of result and fault is NULL. */
void backup_finish(struct backup_jobs *jobs, json_t *result,
		   const struct fault *fault);

/* The end of a push that was made: what is left here is given up. */
void backup_give_up(struct backup_jobs *jobs, json_t *result);

#endif /* SWITCHD_BACKUP_JOBS_H */
