// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server.c - the sockets: who may connect, and how often
 */
#include "daemon/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/json_text.h"
#include "common/protocol.h"
#include "common/util.h"
#include "daemon/door.h"
#include "daemon/log.h"

/* More than any user's supplementary groups (NGROUPS_MAX). */
#define GROUPS_MAX 65536

struct server {
	sd_event *event;
	struct server_params params;
	char root_path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct door *public_door;
	struct door *root_door;
	struct clients clients;
};

bool server_allows(const struct server_params *params, uid_t uid,
		   const gid_t *groups, size_t n_groups)
{
	size_t i;

	if (uid == 0)
		return true;
	for (i = 0; i < params->n_users; i++)
		if (params->users[i] == uid)
			return true;
	if (params->group == (gid_t)-1)
		return false;
	for (i = 0; i < n_groups; i++)
		if (groups[i] == params->group)
			return true;
	return false;
}

/* The peer's groups, the primary one first. Return: 0 or negative errno. */
static int peer_groups(int fd, gid_t primary, gid_t **ret, size_t *n)
{
	socklen_t size = 0;
	gid_t *groups;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) < 0 &&
	    errno != ERANGE)
		return -errno;
	if (size > GROUPS_MAX * sizeof(gid_t))
		return -E2BIG;
	groups = malloc(size + sizeof(gid_t));
	if (!groups)
		return -ENOMEM;
	groups[0] = primary;
	if (size &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups + 1, &size) < 0) {
		int r = -errno;

		free(groups);
		return r;
	}
	*ret = groups;
	*n = 1 + size / sizeof(gid_t);
	return 0;
}

/*
 * Root and all others take no place from each other. Return: 0 = there is one,
 * else -1 and the fault.
 */
static int check_limits(const struct server *server, uid_t uid,
			struct fault *fault)
{
	unsigned int max = uid ? SERVER_USER_CLIENTS : SERVER_ROOT_CLIENTS;
	unsigned int others;
	unsigned int same;

	clients_count(&server->clients, uid, &same, &others);
	if (same >= max) {
		fault_set(
			fault, FAULT_LIMIT,
			"too many connections: user %u has %u already, the most for one user",
			uid, same);
		return -1;
	}
	if (uid != 0 && others >= SERVER_OTHER_CLIENTS) {
		fault_set(
			fault, FAULT_LIMIT,
			"too many connections: all users together have %u; try again later",
			others);
		return -1;
	}
	return 0;
}

/* Return: 0 = welcome, else -1 and the fault. */
static int check_peer(const struct server *server, int fd, struct ucred *cred,
		      struct fault *fault)
{
	_cleanup_free_ gid_t *groups = NULL;
	socklen_t size = sizeof(*cred);
	size_t n = 0;
	int r;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, cred, &size) < 0) {
		fault_set(fault, FAULT_DENIED, "who you are is not known: %s",
			  strerror(errno));
		return -1;
	}
	r = peer_groups(fd, cred->gid, &groups, &n);
	if (r < 0) {
		fault_set(fault, FAULT_DENIED, "your groups are not known: %s",
			  strerror(-r));
		return -1;
	}
	if (!server_allows(&server->params, cred->uid, groups, n)) {
		fault_set(
			fault, FAULT_DENIED,
			"user %u may not talk to switchd; add it to the group 'osti' or to 'users' in switchd.conf",
			cred->uid);
		return -1;
	}
	return check_limits(server, cred->uid, fault);
}

/* Tells the peer what is wrong, if it listens, and hangs up. */
static void turn_away(int fd, const struct fault *fault)
{
	json_auto_t *reply = json_pack("{s:{s:s,s:o}}", "error", "code",
				       fault_name(fault->code), "message",
				       json_text(fault->message));
	_cleanup_free_ char *text = NULL;
	char line[FAULT_MESSAGE_MAX * 2];
	int n;

	if (reply)
		text = json_dumps(reply, JSON_COMPACT);
	if (text) {
		n = snprintf(line, sizeof(line), "%s\n", text);
		if (n > 0 && n < (int)sizeof(line) &&
		    send(fd, line, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			log_debug("a peer did not hear why it was refused: %s",
				  strerror(errno));
	}
	close(fd);
}

static void on_peer(int fd, void *userdata)
{
	struct server *server = userdata;
	struct ucred cred;
	struct fault fault;
	int r;

	if (check_peer(server, fd, &cred, &fault) < 0) {
		log_debug("peer refused: %s", fault.message);
		turn_away(fd, &fault);
		return;
	}
	r = clients_add(&server->clients, fd, &cred);
	if (r < 0) {
		log_error("a connection could not be set up: %s", strerror(-r));
		close(fd);
	}
}

/* Who may knock at the door of those who are not root. */
static void public_door(const struct server_params *params,
			struct door_params *ret)
{
	ret->path = params->path;
	ret->group = (gid_t)-1;
	ret->priority = SD_EVENT_PRIORITY_NORMAL;
	if (params->n_users) {
		/* Mode bits know no lists, so a flood can come from anybody. */
		ret->mode = 0666;
	} else if (params->group != (gid_t)-1) {
		ret->mode = 0660;
		ret->group = params->group;
	} else {
		ret->mode = 0600;
	}
}

static int open_doors(struct server *server)
{
	const struct door_params root = {
		.path = server->root_path,
		.mode = 0600,
		.group = (gid_t)-1,
		.priority = SD_EVENT_PRIORITY_IMPORTANT,
	};
	struct door_params public;
	int r;

	r = snprintf(server->root_path, sizeof(server->root_path), "%s%s",
		     server->params.path, PROTOCOL_ROOT_SUFFIX);
	if (r < 0 || r >= (int)sizeof(server->root_path))
		return -ENAMETOOLONG;
	public_door(&server->params, &public);
	r = door_new(server->event, &public, on_peer, server,
		     &server->public_door);
	if (r < 0)
		return r;
	return door_new(server->event, &root, on_peer, server,
			&server->root_door);
}

int server_new(sd_event *event, const struct server_params *params,
	       client_handler handler, client_closed closed, void *userdata,
	       struct server **ret)
{
	struct server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->event = event;
	server->params = *params;
	server->clients = (struct clients){
		.event = event,
		.request_usec = params->request_usec,
		.reply_usec = params->reply_usec,
		.idle_usec = params->idle_usec,
		.handler = handler,
		.closed = closed,
		.userdata = userdata,
	};
	r = open_doors(server);
	if (r < 0) {
		server_free(server);
		return r;
	}
	*ret = server;
	return 0;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	clients_close(&server->clients);
	door_free(server->root_door);
	door_free(server->public_door);
	free(server);
}
