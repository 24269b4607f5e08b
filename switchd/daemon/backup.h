/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backup.h - the jobs of switchd-backup, one at a time
 *
 * A job has one or more steps, which are runs of switchd-backup, and what has to
 * be asked of the monitor between them. docs/state-machines.md has its states.
 *
 * A switch never waits for a job: the monitor ends the transfer, the helper says
 * so, and a backup is begun again when this OS is back.
 */
#ifndef SWITCHD_BACKUP_H
#define SWITCHD_BACKUP_H

#include <jansson.h>
#include <systemd/sd-event.h>

#include "common/fault.h"
#include "daemon/backup_job.h"
#include "daemon/backup_ticket.h"
#include "daemon/config_backup.h"
#include "daemon/device.h"
#include "daemon/switcher.h"

struct backup_jobs;

/*
 * Called when a job ended; fault is NULL if all went well. The request lives as
 * long as the call.
 */
typedef void (*backup_jobs_ended)(const struct backup_request *request,
				  const struct fault *fault, void *userdata);

/*
 * All of these stay the caller's and must live as long as the jobs.
 * Return: 0 and *ret, which the caller ends with backup_jobs_free(), or a
 * negative errno.
 */
int backup_jobs_new(sd_event *event, struct device *device,
		    struct switcher *switcher,
		    const struct backup_config *config,
		    struct backup_jobs **ret);
/* Ends a job at once; whoever has its ticket is told. NULL is allowed. */
void backup_jobs_free(struct backup_jobs *jobs);

/* Who wants to know of each job that ends; one. */
void backup_jobs_watch(struct backup_jobs *jobs, backup_jobs_ended ended,
		       void *userdata);

/*
 * Starts a job. @ticket, which stays the caller's, is told how it goes; NULL:
 * the log is. What is bound to fail is refused before anything happens.
 * Return: 0, or -1 and the fault: FAULT_BUSY, FAULT_SLOT_STATE, FAULT_NO_TARGET,
 * FAULT_NOT_SUPPORTED, FAULT_DEVICE, FAULT_HELPER, FAULT_FAILED.
 */
int backup_jobs_start(struct backup_jobs *jobs,
		      const struct backup_request *request,
		      struct backup_ticket *ticket, struct fault *fault);

/*
 * Ends the job: it gets a FAULT_CANCELLED. Return: 0, or -1 and the fault:
 * FAULT_FAILED (there is none), FAULT_BUSY (it waits for the boot manager).
 */
int backup_jobs_cancel(struct backup_jobs *jobs, struct fault *fault);

/* Lets the job rest, or go on. */
void backup_jobs_hold(struct backup_jobs *jobs, bool hold);

/* This OS was frozen and runs again. */
void backup_jobs_resumed(struct backup_jobs *jobs);

bool backup_jobs_is_idle(const struct backup_jobs *jobs);

/* {"what", "state", "progress"} of the job, or null. */
json_t *backup_jobs_describe(const struct backup_jobs *jobs);

#endif /* SWITCHD_BACKUP_H */
