/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook_unit_properties.h - what the unit of a hook is to be
 */
#ifndef SWITCHD_HOOK_UNIT_PROPERTIES_H
#define SWITCHD_HOOK_UNIT_PROPERTIES_H

#include <systemd/sd-bus.h>

#include "daemon/hook.h"

/* Appends them, as StartTransientUnit() takes them. Return: 0 or more, or errno. */
int hook_unit_properties(struct sd_bus_message *message,
			 const struct hook_start *start);

#endif /* SWITCHD_HOOK_UNIT_PROPERTIES_H */
