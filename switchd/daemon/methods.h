/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * methods.h - what the requests mean (the protocol in docs/switchd.md)
 */
#ifndef SWITCHD_METHODS_H
#define SWITCHD_METHODS_H

#include <jansson.h>
#include <systemd/sd-event.h>

#include "daemon/backup.h"
#include "daemon/config.h"
#include "daemon/device.h"
#include "daemon/inhibit.h"
#include "daemon/input.h"
#include "daemon/server.h"
#include "daemon/switcher.h"

/* Connections of a user other than root that read the log. */
#define METHODS_USER_LOGS 4

struct session;

/* What the requests are about. All of it stays the caller's. */
struct methods {
	sd_event *event;
	struct device *device;
	struct inhibit *inhibit;
	struct switcher *switcher;
	struct input *input;
	struct backup_jobs *backup;
	struct session *sessions; /* what the connections have; NULL at first */
};

/* A client_handler and a client_closed; userdata is a struct methods. */
void methods_call(struct client *client, const char *method, json_t *params,
		  void *userdata);
void methods_closed(struct client *client, void *userdata);

#endif /* SWITCHD_METHODS_H */
