/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit_outcome.h - how the process of a unit ended, as systemd tells
 */
#ifndef SWITCHD_UNIT_OUTCOME_H
#define SWITCHD_UNIT_OUTCOME_H

#include <systemd/sd-bus.h>

struct unit_outcome {
	char result[32]; /* "success", "timeout", ... */
	int code; /* CLD_*, 0: there was none */
	int status; /* exit status, or the signal */
};

/*
 * Reads it from the properties of a service, as GetAll() answers them. *outcome is
 * zeroed before. Return: 0, or a negative errno: they are none.
 */
int unit_outcome_take(sd_bus_message *message, struct unit_outcome *outcome);

#endif /* SWITCHD_UNIT_OUTCOME_H */
