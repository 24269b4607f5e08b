/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - the sockets: connections, lines of JSON, limits
 *
 * It knows nothing of what the requests mean. Per connection one request is
 * handled at a time, and the next one is not even read before the reply to it
 * is sent; so a peer can make switchd hold one request and one reply, for a
 * limited time. Who a peer is and how many connections its user has is looked at
 * before anything is read from it.
 */
#ifndef SWITCHD_SERVER_H
#define SWITCHD_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>
#include <systemd/sd-event.h>

#include "common/fault.h"

/*
 * Connections of root, of all others together, and of each of them. What one
 * holds is at most a request and a reply, PROTOCOL_REQUEST_MAX and
 * PROTOCOL_REPLY_MAX bytes: 1.1 MiB per user, 4.3 MiB for all users.
 */
#define SERVER_ROOT_CLIENTS 64
#define SERVER_OTHER_CLIENTS 64
#define SERVER_USER_CLIENTS 16

struct server;
struct client;

struct server_params {
	/*
	 * Of the socket; must live as long as the server. Root has another one
	 * beside it, with PROTOCOL_ROOT_SUFFIX.
	 */
	const char *path;
	const uid_t *users; /* may connect besides root; live as long, too */
	size_t n_users;
	gid_t group; /* may connect; (gid_t)-1 = none */
	uint64_t request_usec; /* for a request, from its first byte on */
	uint64_t reply_usec; /* for a reply, from its first byte on */
	uint64_t idle_usec; /* between a reply and the next request */
};

/*
 * A request came. The handler calls client_reply() or client_fail(), now or
 * later. params is an object, possibly empty, which lives until the handler
 * returns.
 */
typedef void (*server_handler)(struct client *client, const char *method,
			       json_t *params, void *userdata);

/* A connection ends; the client must not be used after this. */
typedef void (*server_closed)(struct client *client, void *userdata);

/*
 * Makes the sockets, and their directory if only that is missing. Sockets that
 * a dead switchd left behind are replaced.
 * Return: 0 and *ret, which the caller ends with server_free(); -EADDRINUSE: a
 * switchd listens there already; or another negative errno.
 */
int server_new(sd_event *event, const struct server_params *params,
	       server_handler handler, server_closed closed, void *userdata,
	       struct server **ret);
/* Closes all connections and removes the sockets. NULL is allowed. */
void server_free(struct server *server);

/* Whether a peer may connect: root, a listed user, a member of the group. */
bool server_allows(const struct server_params *params, uid_t uid,
		   const gid_t *groups, size_t n_groups);

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

#endif /* SWITCHD_SERVER_H */
