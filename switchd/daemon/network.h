/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.h - which network this device uses, as NetworkManager tells
 */
#ifndef SWITCHD_NETWORK_H
#define SWITCHD_NETWORK_H

#include <systemd/sd-event.h>

/* It has that long for each of two answers. */
#define NETWORK_TIMEOUT_USEC 5000000

struct network;

/*
 * The name of the connection that the device uses, "" if it uses none, NULL if
 * that is not known, as without NetworkManager. May call network_free().
 */
typedef void (*network_done)(const char *name, void *userdata);

/*
 * Asks; nobody is started for it. done is called once, from the event loop, never
 * from in here.
 * Return: 0 and *ret, which the caller ends with network_free(); or a negative
 * errno: it cannot be known.
 */
int network_ask(sd_event *event, network_done done, void *userdata,
		struct network **ret);
/* NULL is allowed. */
void network_free(struct network *network);

#endif /* SWITCHD_NETWORK_H */
