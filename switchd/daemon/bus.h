/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus.h - the system bus, for those who ask others on it
 */
#ifndef SWITCHD_BUS_H
#define SWITCHD_BUS_H

#include <stdbool.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

/*
 * A connection of the caller's own, in that loop, which it outlives. @gone is told with @userdata
 * when the bus ends it; NULL: calls that are not answered tell of that.
 * Return: 0 and *ret, which the caller ends with sd_bus_close_unref(), or a
 * negative errno and NULL.
 */
int bus_open(struct sd_event *event, sd_bus_message_handler_t gone,
	     void *userdata, struct sd_bus **ret);

/*
 * What is wrong, if @message is an answer that says no; else NULL. It is text of
 * others, and lives as long as the message.
 */
const char *bus_problem(sd_bus_message *message);

/* It is the bus that says no: nobody has the name that was asked. */
bool bus_is_absent(sd_bus_message *message);
/* There was no answer: whether it was done is not known. */
bool bus_is_silent(sd_bus_message *message);

#endif /* SWITCHD_BUS_H */
