/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook_child.h - a hook as a child of switchd, in a process group of its own
 *
 * In time means that the hook itself has ended; what it leaves running stays.
 */
#ifndef SWITCHD_HOOK_CHILD_H
#define SWITCHD_HOOK_CHILD_H

#include <systemd/sd-event.h>

#include "daemon/hook.h"

struct hook_child;

/*
 * Return: 0 and *ret, which the caller ends with hook_child_free(); or a negative
 * errno: it cannot be started.
 */
int hook_child_start(sd_event *event, const struct hook_start *start,
		     run_ended ended, void *userdata, struct hook_child **ret);
/* Ends the hook, if it still runs, with SIGKILL. NULL is allowed. */
void hook_child_free(struct hook_child *child);

#endif /* SWITCHD_HOOK_CHILD_H */
