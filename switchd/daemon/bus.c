// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bus.c - the system bus, for those who ask others on it
 */
#include "daemon/bus.h"

#include <stddef.h>

#define LOCAL "org.freedesktop.DBus.Local"
#define LOCAL_PATH "/org/freedesktop/DBus/Local"

int bus_open(sd_event *event, sd_bus_message_handler_t gone, void *userdata,
	     sd_bus **ret)
{
	sd_bus *bus = NULL;
	int r;

	r = sd_bus_open_system(&bus);
	if (r >= 0)
		r = sd_bus_attach_event(bus, event, SD_EVENT_PRIORITY_NORMAL);
	/* Who has it may have something to say when the loop has ended. */
	if (r >= 0)
		r = sd_bus_set_close_on_exit(bus, 0);
	if (r >= 0 && gone)
		r = sd_bus_match_signal(bus, NULL, LOCAL, LOCAL_PATH, LOCAL,
					"Disconnected", gone, userdata);
	if (r < 0)
		bus = sd_bus_close_unref(bus);
	*ret = bus;
	return r < 0 ? r : 0;
}

const char *bus_problem(sd_bus_message *message)
{
	const sd_bus_error *error = sd_bus_message_get_error(message);

	if (!error)
		return NULL;
	return error->message ? error->message : error->name;
}

bool bus_is_absent(sd_bus_message *message)
{
	return sd_bus_message_is_method_error(message,
					      SD_BUS_ERROR_SERVICE_UNKNOWN) ||
	       sd_bus_message_is_method_error(message,
					      SD_BUS_ERROR_NAME_HAS_NO_OWNER);
}

bool bus_is_silent(sd_bus_message *message)
{
	return sd_bus_message_is_method_error(message, SD_BUS_ERROR_NO_REPLY) ||
	       sd_bus_message_is_method_error(message, SD_BUS_ERROR_TIMEOUT);
}
