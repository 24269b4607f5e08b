/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * courier.h - one run of switchd-backup: a process that does one job and tells
 * how it goes
 *
 * It is the one part that talks to servers, so it is not believed: it runs as
 * another user, with its job on standard input (and an answer, if it asks), its
 * answers on standard output and at most the descriptor of one transfer, which
 * comes with the job. courier_child.h and courier_unit.h run it. What it
 * says has to be lines of JSON of the known kinds (switchd/backup/report.h), or it
 * is ended.
 */
#ifndef SWITCHD_COURIER_H
#define SWITCHD_COURIER_H

#include <stdbool.h>

#include <jansson.h>
#include <systemd/sd-event.h>

#include "common/fault.h"

/* Lines of one run; more than anybody can want to read. */
#define COURIER_LINES_MAX 10000000

struct courier;

struct courier_params {
	/* Where systemd is: a unit of its own, courier_unit.h; else a child. */
	bool in_unit;
	const char *program; /* of a child */
	/*
	 * Who it runs as, if we are root: a user with a group of its own. Else it
	 * runs as what we are.
	 */
	const char *user;
	int transfer; /* descriptor that it gets, or -1; stays the caller's */
	json_t *job; /* see switchd/backup/job.h; stays the caller's */
};

struct courier_ops {
	/* It says something: {"progress"|"item"|"note"|"ask": ...}. */
	void (*line)(json_t *line, void *userdata);
	/*
	 * It ended: with a result, or with a fault (the other one is NULL). Once,
	 * from the event loop; may call courier_free().
	 */
	void (*ended)(json_t *result, const struct fault *fault,
		      void *userdata);
};

/*
 * Starts it. ops must live as long as the courier.
 * Return: 0 and *ret, or -1 and a FAULT_HELPER.
 */
int courier_start(sd_event *event, const struct courier_params *params,
		  const struct courier_ops *ops, void *userdata,
		  struct courier **ret, struct fault *fault);

/* Whether it may say more now; it waits when it may not. */
int courier_listen(struct courier *courier, bool listen);

/* Answers what it asked: yes. Otherwise it waits until it is ended. */
void courier_agree(struct courier *courier);

/* Stops all of its work for a while, or goes on with it. */
void courier_hold(struct courier *courier, bool hold);

/* Ends the process at once; it is gone then. NULL is allowed. */
void courier_free(struct courier *courier);

#endif /* SWITCHD_COURIER_H */
