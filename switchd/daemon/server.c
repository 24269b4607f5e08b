// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/json_text.h"
#include "common/protocol.h"
#include "common/util.h"
#include "daemon/door.h"
#include "daemon/log.h"

/* More than any user's supplementary groups (NGROUPS_MAX). */
#define GROUPS_MAX 65536

/* What a connection's timer runs for. */
enum wait {
	WAIT_UNSET, /* to be set anew */
	WAIT_NOTHING, /* a handler is at work, or a lock is held */
	WAIT_NEXT, /* a request to begin */
	WAIT_REQUEST, /* a request to end */
	WAIT_WRITE, /* the peer to read */
};

struct client {
	struct client *next;
	struct server *server;
	int fd;
	uid_t uid;
	pid_t pid;
	sd_event_source *io;
	sd_event_source *timer;
	enum wait wait;
	char in[PROTOCOL_REQUEST_MAX];
	size_t n_in;
	char *out; /* NULL = nothing to send */
	size_t n_out;
	size_t sent;
	json_t *id; /* of the request being handled */
	bool busy; /* the handler owes a reply */
	bool in_handler; /* client_pump() is on the stack */
	bool closing; /* after the reply is sent */
	bool keep;
	void *data;
};

struct server {
	sd_event *event;
	struct server_params params;
	server_handler handler;
	server_closed closed;
	void *userdata;
	char root_path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct door *public_door;
	struct door *root_door;
	struct client *clients;
};

static int on_client(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata);
static int on_timer(sd_event_source *source, uint64_t usec, void *userdata);

static void client_close(struct client *client)
{
	struct server *server = client->server;
	struct client **at = &server->clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	server->closed(client, server->userdata);
	sd_event_source_disable_unref(client->io);
	sd_event_source_disable_unref(client->timer);
	close(client->fd);
	json_decref(client->id);
	free(client->out);
	free(client);
}

/* Sets what is listened for and how long, after anything has changed. */
static int client_arm(struct client *client)
{
	const struct server_params *params = &client->server->params;
	enum wait wait = WAIT_NEXT;
	uint64_t usec = params->idle_usec;
	uint32_t events = EPOLLIN;
	int r;

	if (client->out) {
		wait = WAIT_WRITE;
		usec = params->reply_usec;
		events = EPOLLOUT;
	} else if (client->busy) {
		wait = WAIT_NOTHING;
		events = 0;
	} else if (client->n_in > 0) {
		wait = WAIT_REQUEST;
		usec = params->request_usec;
	} else if (client->keep) {
		wait = WAIT_NOTHING;
	}
	r = sd_event_source_set_io_events(client->io, events);
	if (r < 0)
		return r;
	/* The time runs on while the peer sends or reads byte by byte. */
	if (wait == client->wait)
		return 0;
	client->wait = wait;
	if (wait == WAIT_NOTHING)
		return sd_event_source_set_enabled(client->timer, SD_EVENT_OFF);
	r = sd_event_source_set_time_relative(client->timer, usec);
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(client->timer, SD_EVENT_ONESHOT);
}

/* Sends what the socket takes. Return: 0, or -1: the connection is dead. */
static int client_send(struct client *client)
{
	while (client->out && client->sent < client->n_out) {
		ssize_t n = send(client->fd, client->out + client->sent,
				 client->n_out - client->sent,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		client->sent += (size_t)n;
	}
	free(client->out);
	client->out = NULL;
	return 0;
}

/* Puts a reply together; it is sent by client_pump(). */
static void client_queue(struct client *client, const char *what, json_t *value)
{
	json_t *reply = json_object();
	char *text = NULL;
	size_t n;

	if (client->id)
		json_object_set(reply, "id", client->id);
	json_decref(client->id);
	client->id = NULL;
	client->busy = false;
	if (json_object_set_new(reply, what, value) == 0)
		text = json_dumps(reply, JSON_COMPACT);
	json_decref(reply);
	n = text ? strlen(text) : 0;
	if (!text || n + 1 > PROTOCOL_REPLY_MAX) {
		log_error("a reply could not be made (%zu bytes)", n);
		free(text);
		client->closing = true;
		return;
	}
	/* The NUL at the end makes room for the newline. */
	text[n] = '\n';
	client->out = text;
	client->n_out = n + 1;
	client->sent = 0;
}

static void client_refuse(struct client *client, enum fault_code code,
			  const char *message)
{
	client_queue(client, "error",
		     json_pack("{s:s,s:o}", "code", fault_name(code), "message",
			       json_text(message)));
}

/* Handles one line, without its newline. */
static void client_line(struct client *client, const char *line, size_t n)
{
	struct server *server = client->server;
	json_auto_t *request = NULL;
	json_t *params = NULL;
	json_t *id = NULL;
	const char *method;
	char text[256];
	json_error_t error;

	request = json_loadb(line, n, JSON_REJECT_DUPLICATES, &error);
	if (!request) {
		snprintf(text, sizeof(text), "not JSON: %s", error.text);
		client_refuse(client, FAULT_BAD_REQUEST, text);
		return;
	}
	if (json_unpack_ex(request, &error, JSON_STRICT, "{s?o,s:s,s?o}", "id",
			   &id, "method", &method, "params", &params) < 0) {
		snprintf(text, sizeof(text), "not a request: %s", error.text);
		client_refuse(client, FAULT_BAD_REQUEST, text);
		return;
	}
	if (id && !json_is_integer(id) && !json_is_string(id)) {
		client_refuse(client, FAULT_BAD_REQUEST,
			      "'id' must be an integer or a string");
		return;
	}
	client->id = json_incref(id);
	if (params && !json_is_object(params)) {
		client_refuse(client, FAULT_BAD_REQUEST,
			      "'params' must be an object");
		return;
	}
	client->busy = true;
	if (params) {
		server->handler(client, method, params, server->userdata);
	} else {
		json_auto_t *none = json_object();

		server->handler(client, method, none, server->userdata);
	}
}

/* Takes the first whole line out of the buffer and handles it. */
static bool client_take_line(struct client *client)
{
	char line[PROTOCOL_REQUEST_MAX];
	const char *end = memchr(client->in, '\n', client->n_in);
	size_t n;

	if (!end) {
		if (client->n_in < sizeof(client->in))
			return false;
		/* Where the next request begins cannot be told any more. */
		client_refuse(client, FAULT_BAD_REQUEST,
			      "the request is longer than 4096 bytes");
		client->closing = true;
		client->n_in = 0;
		return true;
	}
	n = (size_t)(end - client->in);
	memcpy(line, client->in, n);
	client->n_in -= n + 1;
	memmove(client->in, end + 1, client->n_in);
	/* A new request, a new time limit. */
	client->wait = WAIT_UNSET;
	client_line(client, line, n);
	return true;
}

/*
 * Goes on with a connection as far as possible without waiting. The client is
 * gone if this returns false.
 */
static bool client_pump(struct client *client)
{
	do {
		if (client_send(client) < 0)
			goto close;
		if (client->out || client->busy)
			break;
		if (client->closing)
			goto close;
		client->in_handler = true;
		if (!client_take_line(client)) {
			client->in_handler = false;
			break;
		}
		client->in_handler = false;
	} while (true);
	if (client_arm(client) >= 0)
		return true;
close:
	client_close(client);
	return false;
}

static int on_client(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata)
{
	struct client *client = userdata;
	ssize_t n;

	(void)source;
	if (revents & (EPOLLHUP | EPOLLERR)) {
		/*
		 * Both directions are closed. A request that is still in the
		 * socket is not carried out: nobody waits for its reply.
		 */
		client_close(client);
		return 0;
	}
	if (revents & EPOLLIN) {
		n = recv(fd, client->in + client->n_in,
			 sizeof(client->in) - client->n_in, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0) {
			client_close(client);
			return 0;
		}
		client->n_in += (size_t)n;
	}
	client_pump(client);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct client *client = userdata;

	(void)source;
	(void)usec;
	log_debug("connection of process %d: closed, it was too slow",
		  (int)client->pid);
	client_close(client);
	return 0;
}

void client_reply(struct client *client, json_t *result)
{
	client_queue(client, "result", result);
	/* Inside of a handler the pump that called it goes on by itself. */
	if (!client->in_handler)
		client_pump(client);
}

void client_fail(struct client *client, const struct fault *fault)
{
	client_refuse(client, fault->code, fault->message);
	if (!client->in_handler)
		client_pump(client);
}

void client_keep(struct client *client)
{
	client->keep = true;
}

uid_t client_uid(const struct client *client)
{
	return client->uid;
}

pid_t client_pid(const struct client *client)
{
	return client->pid;
}

void client_set_data(struct client *client, void *data)
{
	client->data = data;
}

void *client_data(const struct client *client)
{
	return client->data;
}

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
	const struct client *other;
	unsigned int others = 0;
	unsigned int same = 0;

	for (other = server->clients; other; other = other->next) {
		same += other->uid == uid;
		others += other->uid != 0;
	}
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

static int client_new(struct server *server, int fd, const struct ucred *cred,
		      struct client **ret)
{
	struct client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->server = server;
	client->fd = fd;
	client->uid = cred->uid;
	client->pid = cred->pid;
	r = sd_event_add_io(server->event, &client->io, fd, EPOLLIN, on_client,
			    client);
	if (r >= 0)
		r = sd_event_add_time_relative(server->event, &client->timer,
					       CLOCK_MONOTONIC,
					       server->params.idle_usec,
					       USEC_PER_MSEC, on_timer, client);
	/* However many requests there are, root's is the next one. */
	if (r >= 0 && cred->uid == 0)
		r = sd_event_source_set_priority(client->io,
						 SD_EVENT_PRIORITY_IMPORTANT);
	if (r < 0) {
		sd_event_source_disable_unref(client->io);
		sd_event_source_disable_unref(client->timer);
		free(client);
		return r;
	}
	client->wait = WAIT_NEXT;
	client->next = server->clients;
	server->clients = client;
	*ret = client;
	return 0;
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
	struct client *client;
	struct ucred cred;
	struct fault fault;
	int r;

	if (check_peer(server, fd, &cred, &fault) < 0) {
		log_debug("peer refused: %s", fault.message);
		turn_away(fd, &fault);
		return;
	}
	r = client_new(server, fd, &cred, &client);
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
	       server_handler handler, server_closed closed, void *userdata,
	       struct server **ret)
{
	struct server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->event = event;
	server->params = *params;
	server->handler = handler;
	server->closed = closed;
	server->userdata = userdata;
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
	while (server->clients)
		client_close(server->clients);
	door_free(server->root_door);
	door_free(server->public_door);
	free(server);
}
