// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * network.c - which network this device uses, as NetworkManager tells
 */
#include "daemon/network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-bus.h>

#include "daemon/bus.h"
#include "daemon/log.h"

#define NM "org.freedesktop.NetworkManager"
#define NM_PATH "/org/freedesktop/NetworkManager"
#define NM_ACTIVE NM ".Connection.Active"

struct network {
	sd_bus *bus;
	network_done done;
	void *userdata;
};

/* Asks for a property. Return: as of sd_bus_call_async(). */
static int get(struct network *network, const char *path, const char *interface,
	       const char *name, sd_bus_message_handler_t handler)
{
	sd_bus_message *message = NULL;
	int r;

	r = sd_bus_message_new_method_call(network->bus, &message, NM, path,
					   "org.freedesktop.DBus.Properties",
					   "Get");
	/* A NetworkManager that is not wanted here stays so. */
	if (r >= 0)
		r = sd_bus_message_set_auto_start(message, 0);
	if (r >= 0)
		r = sd_bus_message_append(message, "ss", interface, name);
	if (r >= 0)
		r = sd_bus_call_async(network->bus, NULL, message, handler,
				      network, NETWORK_TIMEOUT_USEC);
	sd_bus_message_unref(message);
	return r;
}

/* The property in an answer. Return: 0 or a negative errno. */
static int take(sd_bus_message *message, const char *type, const char **ret)
{
	int r = -sd_bus_message_get_errno(message);

	if (sd_bus_message_is_method_error(message, NULL))
		return r ? r : -EIO;
	r = sd_bus_message_enter_container(message, 'v', type);
	if (r >= 0)
		r = sd_bus_message_read_basic(message, type[0], ret);
	return r < 0 ? r : 0;
}

static void unknown(struct network *network, int r)
{
	log_debug("NetworkManager does not tell the network: %s", strerror(-r));
	/* network may be gone after this. */
	network->done(NULL, network->userdata);
}

static int on_name(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
	struct network *network = userdata;
	const char *name;
	int r = take(message, "s", &name);

	(void)error;
	if (r < 0)
		unknown(network, r);
	else
		network->done(name, network->userdata);
	return 0;
}

static int on_primary(sd_bus_message *message, void *userdata,
		      sd_bus_error *error)
{
	struct network *network = userdata;
	const char *path;
	int r = take(message, "o", &path);

	(void)error;
	if (r == 0 && strcmp(path, "/") == 0) {
		network->done("", network->userdata);
		return 0;
	}
	if (r == 0)
		r = get(network, path, NM_ACTIVE, "Id", on_name);
	if (r < 0)
		unknown(network, r);
	return 0;
}

int network_ask(sd_event *event, network_done done, void *userdata,
		struct network **ret)
{
	struct network *network = calloc(1, sizeof(*network));
	int r;

	if (!network)
		return -ENOMEM;
	network->done = done;
	network->userdata = userdata;
	r = bus_open(event, NULL, NULL, &network->bus);
	if (r >= 0)
		r = get(network, NM_PATH, NM, "PrimaryConnection", on_primary);
	if (r < 0) {
		network_free(network);
		return r;
	}
	*ret = network;
	return 0;
}

void network_free(struct network *network)
{
	if (!network)
		return;
	sd_bus_close_unref(network->bus);
	free(network);
}
