/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - the sockets: who may connect, and how often
 *
 * Who a peer is and how many connections its user has is looked at before
 * anything is read from it. client.h has what comes then.
 */
#ifndef SWITCHD_SERVER_H
#define SWITCHD_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <systemd/sd-event.h>

#include "daemon/client.h"

/*
 * Connections of root, of all others together, and of each of them. What one
 * holds is at most a request and a reply, PROTOCOL_REQUEST_MAX and
 * PROTOCOL_REPLY_MAX bytes: 1.1 MiB per user, 4.3 MiB for all users.
 */
#define SERVER_ROOT_CLIENTS 64
#define SERVER_OTHER_CLIENTS 64
#define SERVER_USER_CLIENTS 16

struct server;

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
 * Makes the sockets, and their directory if only that is missing. Sockets that
 * a dead switchd left behind are replaced.
 * Return: 0 and *ret, which the caller ends with server_free(); -EADDRINUSE: a
 * switchd listens there already; or another negative errno.
 */
int server_new(sd_event *event, const struct server_params *params,
	       client_handler handler, client_closed closed, void *userdata,
	       struct server **ret);
/* Closes all connections and removes the sockets. NULL is allowed. */
void server_free(struct server *server);

/* Whether a peer may connect: root, a listed user, a member of the group. */
bool server_allows(const struct server_params *params, uid_t uid,
		   const gid_t *groups, size_t n_groups);

#endif /* SWITCHD_SERVER_H */
