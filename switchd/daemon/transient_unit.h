/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transient_unit.h - a program in a transient unit of its own, by systemd
 *
 * It has nothing of switchd's sandbox and is not in its control group. Whatever of
 * it still runs when it has ended is ended, too.
 *
 * One unit of a kind at a time: what an earlier switchd, or a connection that was
 * lost, left running is stopped before.
 */
#ifndef SWITCHD_TRANSIENT_UNIT_H
#define SWITCHD_TRANSIENT_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "daemon/run_end.h"

struct transient_unit;

struct transient_unit_params {
	/*
	 * The kind: units are called <prefix><chance>.service, so no text of
	 * others is in their names, and <prefix>.service.d has drop-ins for all.
	 * At most 32 bytes, with "-" at the end.
	 */
	const char *prefix;
	const char *earlier; /* what an earlier one is called in the log */
	/*
	 * Appends what the unit is to be, as StartTransientUnit() takes it. That
	 * it is of type oneshot, and stays until its outcome is known, is not its
	 * to say. Called at most once. Return: 0 or more, or a negative errno.
	 */
	int (*properties)(sd_bus_message *message, void *about);
	void *about;
	/* What systemd has for all of it, or for its start only; then it is lost. */
	uint64_t limit_usec;
	bool limit_start;
	run_ended ended;
	void *userdata;
};

/*
 * What @params leads to must live as long as the unit.
 * Return: 0 and *ret, which the caller ends with transient_unit_free(); or a
 * negative errno: systemd cannot be asked.
 */
int transient_unit_start(sd_event *event,
			 const struct transient_unit_params *params,
			 struct transient_unit **ret);

/* Sends a signal to all of its processes, if it has any. */
void transient_unit_signal(struct transient_unit *unit, int number);

/*
 * Ends it and waits until it is gone, at most @limit_usec for each of systemd's
 * two words; nobody is told how it ended.
 */
void transient_unit_stop(struct transient_unit *unit, uint64_t limit_usec);

/* Lets systemd stop it, if it still runs. NULL is allowed. */
void transient_unit_free(struct transient_unit *unit);

#endif /* SWITCHD_TRANSIENT_UNIT_H */
