/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - what a connection has, from its first request that needs it
 */
#ifndef SWITCHD_SESSION_H
#define SWITCHD_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <osti/abi.h>
#include <osti/ioctl.h>
#include <systemd/sd-event.h>

struct session {
	struct session *next;
	struct client *client;
	struct methods *methods;
	struct inhibit_lock *lock;
	struct device_events *events;
	int log_max; /* records of the reply to the last "log" */
	uint64_t log_next[OSTI_RINGS]; /* above the last one of each ring */
	sd_event_source *waiting; /* for the next record */
	/* See methods_backup.c. */
	struct backup_ticket *ticket; /* of the job that it asked for */
	bool wants_news; /* a "backup-next" is to be answered */
	sd_event_source *news; /* answers it */
	sd_event_source *patience; /* ends its waiting */
};

/* Answer the request: it is wrong; the monitor's device fails, by a negative errno. */
void session_bad_request(struct session *session, const char *text);
void session_device_failed(struct session *session, const char *what, int r);
/* Asks the monitor about device and caller. Return: false: that is answered. */
bool session_info(struct session *session, struct osti_ioc_info *ret);
/* Answers with an error, and returns false, if there is any parameter. */
bool session_no_params(struct session *session, json_t *params);

#endif /* SWITCHD_SESSION_H */
