/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook_unit.h - a hook in a transient unit of its own, by systemd
 *
 * What it leaves running when it has ended is ended, too, as with systemd's own
 * hooks of sleep. Its output goes where switchd's goes.
 */
#ifndef SWITCHD_HOOK_UNIT_H
#define SWITCHD_HOOK_UNIT_H

#include <systemd/sd-event.h>

#include "daemon/hook.h"

struct hook_unit;

/*
 * Return: 0 and *ret, which the caller ends with hook_unit_free(); or a negative
 * errno: it cannot be started, -EILSEQ because of its path.
 */
int hook_unit_start(sd_event *event, const struct hook_start *start,
		    run_ended ended, void *userdata, struct hook_unit **ret);
/* Lets systemd stop the hook, if it still runs. NULL is allowed. */
void hook_unit_free(struct hook_unit *unit);

#endif /* SWITCHD_HOOK_UNIT_H */
