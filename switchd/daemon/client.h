/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - connections: lines of JSON, replies, and how long each may take
 *
 * It knows nothing of what the requests mean, nor of who may connect. Per
 * connection one request is handled at a time, and the next one is not even read
 * before the reply to it is sent; so a peer can make switchd hold one request and
 * one reply, for a limited time.
 */
#ifndef SWITCHD_CLIENT_H
#define SWITCHD_CLIENT_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <jansson.h>
#include <systemd/sd-event.h>

#include "common/fault.h"

struct client;

/*
 * A request came. The handler calls client_reply() or client_fail(), now or
 * later. params is an object, possibly empty, which lives until the handler
 * returns.
 */
typedef void (*client_handler)(struct client *client, const char *method,
			       json_t *params, void *userdata);

/* A connection ends; the client must not be used after this. */
typedef void (*client_closed)(struct client *client, void *userdata);

/* All connections, and what they have in common; set by the owner. */
struct clients {
	sd_event *event;
	uint64_t request_usec; /* for a request, from its first byte on */
	uint64_t reply_usec; /* for a reply, from its first byte on */
	uint64_t idle_usec; /* between a reply and the next request */
	client_handler handler;
	client_closed closed;
	void *userdata;
	struct client *first; /* NULL at first */
};

/*
 * A peer has connected. Takes the descriptor over if it succeeds.
 * Return: 0 or a negative errno.
 */
int clients_add(struct clients *clients, int fd, const struct ucred *cred);
/* Connections of this user, and of all users but root. */
void clients_count(const struct clients *clients, uid_t uid, unsigned int *same,
		   unsigned int *others);
/* Closes all. */
void clients_close(struct clients *clients);

/* Answers the request. Takes over the reference to the result, an object. */
void client_reply(struct client *client, json_t *result);
void client_fail(struct client *client, const struct fault *fault);

/* The connection lives on without requests (it holds a lock). */
void client_keep(struct client *client);

uid_t client_uid(const struct client *client);
pid_t client_pid(const struct client *client);

/* A pointer for the handler's use, NULL at first. */
void client_set_data(struct client *client, void *data);
void *client_data(const struct client *client);

#endif /* SWITCHD_CLIENT_H */
