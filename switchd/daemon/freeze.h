/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * freeze.h - the system call that freezes this OS, and what to do when a task
 * does not stop
 */
#ifndef SWITCHD_FREEZE_H
#define SWITCHD_FREEZE_H

#include <stdbool.h>

#include "daemon/device.h"

/* Names of tasks in a message: a dozen, then "...". */
#define FREEZE_NAMES_MAX 240

struct freeze_refusal {
	bool refused; /* tasks did not stop in time */
	char names[FREEZE_NAMES_MAX]; /* "sh, jbd2/vda-8"; "" if not known */
};

/*
 * Takes in what the kernel's log says in one record, or in several lines.
 * The names are foreign text: they are shown by those who show such.
 */
void freeze_parse(const char *record, struct freeze_refusal *ret);

/*
 * device_switch(), which is given up early while tasks do not stop, and begun
 * again: first with little patience, at last with the kernel's own. So a person
 * soon hears which task it is, and one that only was late costs seconds.
 * what: the switch, for messages. Says in the log which tasks it waits for.
 * Context: blocks until this OS is back, or not frozen.
 * Return: as device_switch(); ret tells of the last try.
 */
int freeze_switch(struct device *device, struct osti_ioc_switch *sw,
		  const char *what, struct freeze_refusal *ret);

#endif /* SWITCHD_FREEZE_H */
