/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * courier_unit.h - switchd-backup in a transient unit of its own, by systemd
 *
 * What it runs and what it may do there is not said here but in a file, where an
 * administrator can read and change it: switchd-backup-.service.d, which holds for
 * all units switchd-backup-*.service. Without that file systemd refuses the unit, as
 * it would have no command.
 */
#ifndef SWITCHD_COURIER_UNIT_H
#define SWITCHD_COURIER_UNIT_H

#include <systemd/sd-event.h>

#include "daemon/courier_spawn.h"
#include "daemon/run_end.h"

struct courier_unit;

/*
 * Starts it with the user and the descriptors of @spawn, which stay the caller's.
 * Return: 0 and *ret, which the caller ends with courier_unit_free(), or -1 and a
 * FAULT_HELPER.
 */
int courier_unit_start(sd_event *event, const struct courier_spawn *spawn,
		       run_ended ended, void *userdata,
		       struct courier_unit **ret, struct fault *fault);

void courier_unit_signal(struct courier_unit *unit, int number);

/*
 * Ends it, if it still runs. It is gone then, unless systemd does not answer for
 * seconds, which is logged. NULL is allowed.
 */
void courier_unit_free(struct courier_unit *unit);

#endif /* SWITCHD_COURIER_UNIT_H */
