// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bus_fake.c - a system bus with a NetworkManager on it
 */
#include "bus_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-id128.h>

#define NM "org.freedesktop.NetworkManager"

static int answer(struct bus_fake *fake, sd_bus_message *message)
{
	const char *interface;
	const char *name;

	assert_true(sd_bus_message_read(message, "ss", &interface, &name) > 0);
	assert_string_equal(sd_bus_message_get_destination(message), NM);
	/* Who asks starts nobody. */
	assert_int_equal(sd_bus_message_get_auto_start(message), 0);
	fake->asked++;
	if (!fake->primary)
		return sd_bus_reply_method_errorf(
			message, SD_BUS_ERROR_SERVICE_UNKNOWN, "no");
	if (strcmp(interface, NM) == 0 &&
	    strcmp(name, "PrimaryConnection") == 0)
		return sd_bus_reply_method_return(message, "v", "o",
						  fake->primary);
	assert_string_equal(interface, NM ".Connection.Active");
	assert_string_equal(name, "Id");
	assert_string_equal(sd_bus_message_get_path(message), fake->primary);
	if (!fake->id)
		return sd_bus_reply_method_errorf(
			message, SD_BUS_ERROR_UNKNOWN_OBJECT, "gone");
	return sd_bus_reply_method_return(message, "v", "s", fake->id);
}

static int on_message(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct bus_fake *fake = userdata;
	const char *to = sd_bus_message_get_destination(message);
	size_t i;

	(void)error;
	if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus",
					  "Hello"))
		return sd_bus_reply_method_return(message, "s", ":1.1");
	if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus",
					  "AddMatch"))
		return sd_bus_reply_method_return(message, "");
	for (i = 0; to && i < fake->n_others; i++)
		if (strcmp(fake->others[i].name, to) == 0)
			return fake->others[i].call(message,
						    fake->others[i].userdata);
	if (sd_bus_message_is_method_call(
		    message, "org.freedesktop.DBus.Properties", "Get"))
		return answer(userdata, message);
	return 0;
}

static int on_client(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata)
{
	struct bus_fake *fake = userdata;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	sd_bus *bus = NULL;
	sd_id128_t id;

	(void)revents;
	assert_true(peer >= 0);
	assert_true(sd_id128_randomize(&id) >= 0);
	assert_true(sd_bus_new(&bus) >= 0);
	assert_true(sd_bus_set_fd(bus, peer, peer) >= 0);
	assert_true(sd_bus_set_server(bus, 1, id) >= 0);
	assert_true(sd_bus_start(bus) >= 0);
	assert_true(sd_bus_add_filter(bus, NULL, on_message, fake) >= 0);
	assert_true(sd_bus_attach_event(bus, sd_event_source_get_event(source),
					0) >= 0);
	assert_true(fake->n_clients < BUS_FAKE_CLIENTS);
	fake->clients[fake->n_clients++] = bus;
	return 0;
}

void bus_fake_start(struct bus_fake *fake, const char *dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char text[PATH_MAX + 32];

	snprintf(fake->path, sizeof(fake->path), "%s/bus", dir);
	assert_true(strlen(fake->path) < sizeof(address.sun_path));
	memcpy(address.sun_path, fake->path, strlen(fake->path) + 1);
	fake->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			  0);
	assert_true(fake->fd >= 0);
	assert_int_equal(bind(fake->fd, (struct sockaddr *)&address,
			      sizeof(address)),
			 0);
	assert_int_equal(listen(fake->fd, 8), 0);
	snprintf(text, sizeof(text), "unix:path=%s", fake->path);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", text, 1);
}

void bus_fake_serve(struct bus_fake *fake, sd_event *event)
{
	assert_true(sd_event_add_io(event, NULL, fake->fd, EPOLLIN, on_client,
				    fake) >= 0);
}

void bus_fake_add(struct bus_fake *fake, const char *name,
		  int (*call)(sd_bus_message *message, void *userdata),
		  void *userdata)
{
	assert_true(fake->n_others < BUS_FAKE_OTHERS);
	fake->others[fake->n_others++] = (struct bus_fake_other){
		.name = name, .call = call, .userdata = userdata
	};
}

void bus_fake_signal(struct bus_fake *fake, const char *sender,
		     const char *path, const char *interface,
		     const char *member, const char *types, ...)
{
	sd_bus_message *message;
	va_list args;
	size_t i;

	for (i = 0; i < fake->n_clients; i++) {
		if (sd_bus_is_ready(fake->clients[i]) <= 0)
			continue;
		assert_true(sd_bus_message_new_signal(fake->clients[i],
						      &message, path, interface,
						      member) >= 0);
		assert_true(sd_bus_message_set_sender(message, sender) >= 0);
		va_start(args, types);
		assert_true(sd_bus_message_appendv(message, types, args) >= 0);
		va_end(args);
		assert_true(sd_bus_send(fake->clients[i], message, NULL) >= 0);
		sd_bus_message_unref(message);
	}
}

void bus_fake_drop(struct bus_fake *fake)
{
	while (fake->n_clients)
		sd_bus_close_unref(fake->clients[--fake->n_clients]);
}

void bus_fake_stop(struct bus_fake *fake)
{
	bus_fake_drop(fake);
	close(fake->fd);
	unlink(fake->path);
	unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}
