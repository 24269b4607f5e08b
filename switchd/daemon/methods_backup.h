/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * methods_backup.h - the requests about backups
 *
 * Each of the first group starts a job and answers with {"job": text} at once.
 * The connection then asks with "backup-next" how it goes, until it gets the
 * result or the error. Who hangs up does not end the job.
 */
#ifndef SWITCHD_METHODS_BACKUP_H
#define SWITCHD_METHODS_BACKUP_H

#include <jansson.h>

struct session;

void methods_backup(struct session *session, json_t *params);
void methods_backups(struct session *session, json_t *params);
void methods_restore(struct session *session, json_t *params);
void methods_verify_backup(struct session *session, json_t *params);
void methods_forget(struct session *session, json_t *params);
void methods_prune(struct session *session, json_t *params);
void methods_push(struct session *session, json_t *params);
void methods_pull(struct session *session, json_t *params);
void methods_repo_init(struct session *session, json_t *params);
void methods_repo_info(struct session *session, json_t *params);
void methods_repo_check(struct session *session, json_t *params);

void methods_backup_next(struct session *session, json_t *params);
void methods_backup_cancel(struct session *session, json_t *params);

/* The connection ends. */
void methods_backup_closed(struct session *session);

#endif /* SWITCHD_METHODS_BACKUP_H */
