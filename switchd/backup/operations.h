/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operations.h - what switchd-backup can do
 *
 * Each tells how it goes with report.h, and its result, too. Return: 0 when the
 * result was told, or -1 and the fault.
 */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "backup/session.h"

/* JOB_BACKUP, JOB_PUSH; the transfer is an export */
int op_save(struct session *session, struct fault *fault);

/* JOB_SHOW */
int op_show(struct session *session, struct fault *fault);
/* JOB_RESTORE; the transfer is an import */
int op_restore(struct session *session, struct fault *fault);
/* JOB_VERIFY; with a transfer that is an import the monitor opens everything */
int op_verify(struct session *session, struct fault *fault);

/* JOB_BACKUPS */
int op_backups(struct session *session, struct fault *fault);
/* JOB_FORGET */
int op_forget(struct session *session, struct fault *fault);
/* JOB_PRUNE */
int op_prune(struct session *session, struct fault *fault);

/* JOB_INIT */
int op_init(struct session *session, struct fault *fault);
/* JOB_INFO */
int op_info(struct session *session, struct fault *fault);
/* JOB_CHECK */
int op_check(struct session *session, struct fault *fault);

#endif /* OPERATIONS_H */
