/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus_fake.h - a system bus with a NetworkManager on it
 *
 * It hangs in the event loop of who asks, or in one of its own in a child.
 */
#ifndef TEST_SWITCHD_BUS_FAKE_H
#define TEST_SWITCHD_BUS_FAKE_H

#include "helper.h"

#include <systemd/sd-bus.h>

/* No more are taken in a test. */
#define BUS_FAKE_CLIENTS 64

struct bus_fake {
	char path[PATH_MAX + 16];
	int fd;
	struct sd_bus *clients[BUS_FAKE_CLIENTS];
	size_t n_clients;
	/* NULL: there is no NetworkManager; "/": there is no connection */
	const char *primary;
	const char *id; /* of that connection; NULL: it is gone */
	unsigned int asked; /* properties */
};

/* Makes the socket dir/bus; DBUS_SYSTEM_BUS_ADDRESS names it from now on. */
void bus_fake_start(struct bus_fake *fake, const char *dir);
/* Answers in that loop. The fake must live as long as the loop. */
void bus_fake_serve(struct bus_fake *fake, sd_event *event);
/* Forgets it. */
void bus_fake_stop(struct bus_fake *fake);

#endif /* TEST_SWITCHD_BUS_FAKE_H */
