/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus_fake.h - a system bus with a NetworkManager on it, and others
 *
 * It hangs in the event loop of who asks, or in one of its own in a child.
 */
#ifndef TEST_SWITCHD_BUS_FAKE_H
#define TEST_SWITCHD_BUS_FAKE_H

#include "helper.h"

#include <systemd/sd-bus.h>

/* No more are taken in a test. */
#define BUS_FAKE_CLIENTS 64

/* Somebody else on the bus: gets what is sent to that name. */
struct bus_fake_other {
	const char *name;
	int (*call)(sd_bus_message *message, void *userdata);
	void *userdata;
};

#define BUS_FAKE_OTHERS 2

struct bus_fake {
	char path[PATH_MAX + 16];
	int fd;
	struct sd_bus *clients[BUS_FAKE_CLIENTS];
	size_t n_clients;
	/* NULL: there is no NetworkManager; "/": there is no connection */
	const char *primary;
	const char *id; /* of that connection; NULL: it is gone */
	unsigned int asked; /* properties */
	struct bus_fake_other others[BUS_FAKE_OTHERS];
	size_t n_others;
};

/* Makes the socket dir/bus; DBUS_SYSTEM_BUS_ADDRESS names it from now on. */
void bus_fake_start(struct bus_fake *fake, const char *dir);
/* Answers in that loop. The fake must live as long as the loop. */
void bus_fake_serve(struct bus_fake *fake, sd_event *event);
void bus_fake_add(struct bus_fake *fake, const char *name,
		  int (*call)(sd_bus_message *message, void *userdata),
		  void *userdata);
/* A signal of that name to all clients. */
void bus_fake_signal(struct bus_fake *fake, const char *sender,
		     const char *path, const char *interface,
		     const char *member, const char *types, ...);
/* All connections end. */
void bus_fake_drop(struct bus_fake *fake);
/* Forgets it. */
void bus_fake_stop(struct bus_fake *fake);

#endif /* TEST_SWITCHD_BUS_FAKE_H */
