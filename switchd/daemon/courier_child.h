/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * courier_child.h - switchd-backup as a child of switchd, where no systemd is
 */
#ifndef SWITCHD_COURIER_CHILD_H
#define SWITCHD_COURIER_CHILD_H

#include <systemd/sd-event.h>

#include "daemon/courier_spawn.h"
#include "daemon/run_end.h"

struct courier_child;

/*
 * Starts it as courier_spawn() does.
 * Return: 0 and *ret, which the caller ends with courier_child_free(), or -1 and a
 * FAULT_HELPER.
 */
int courier_child_start(sd_event *event, const struct courier_spawn *spawn,
			run_ended ended, void *userdata,
			struct courier_child **ret, struct fault *fault);

void courier_child_signal(struct courier_child *child, int number);

/* Ends it with SIGKILL, if it still runs; it is gone then. NULL is allowed. */
void courier_child_free(struct courier_child *child);

#endif /* SWITCHD_COURIER_CHILD_H */
