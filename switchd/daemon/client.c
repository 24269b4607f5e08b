// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * client.c - connections: lines of JSON, replies, and how long each may take
 */
#include "daemon/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/json_text.h"
#include "common/protocol.h"
#include "common/util.h"
#include "daemon/log.h"

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
	struct clients *clients;
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

static int on_client(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata);
static int on_timer(sd_event_source *source, uint64_t usec, void *userdata);

static void close_client(struct client *client)
{
	struct clients *clients = client->clients;
	struct client **at = &clients->first;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	clients->closed(client, clients->userdata);
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
	const struct clients *clients = client->clients;
	enum wait wait = WAIT_NEXT;
	uint64_t usec = clients->idle_usec;
	uint32_t events = EPOLLIN;
	int r;

	if (client->out) {
		wait = WAIT_WRITE;
		usec = clients->reply_usec;
		events = EPOLLOUT;
	} else if (client->busy) {
		wait = WAIT_NOTHING;
		events = 0;
	} else if (client->n_in > 0) {
		wait = WAIT_REQUEST;
		usec = clients->request_usec;
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
	const struct clients *clients = client->clients;
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
		clients->handler(client, method, params, clients->userdata);
	} else {
		json_auto_t *none = json_object();

		clients->handler(client, method, none, clients->userdata);
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
	close_client(client);
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
		close_client(client);
		return 0;
	}
	if (revents & EPOLLIN) {
		n = recv(fd, client->in + client->n_in,
			 sizeof(client->in) - client->n_in, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0) {
			close_client(client);
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
	close_client(client);
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

int clients_add(struct clients *clients, int fd, const struct ucred *cred)
{
	struct client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->clients = clients;
	client->fd = fd;
	client->uid = cred->uid;
	client->pid = cred->pid;
	r = sd_event_add_io(clients->event, &client->io, fd, EPOLLIN, on_client,
			    client);
	if (r >= 0)
		r = sd_event_add_time_relative(clients->event, &client->timer,
					       CLOCK_MONOTONIC,
					       clients->idle_usec,
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
	client->next = clients->first;
	clients->first = client;
	return 0;
}

void clients_count(const struct clients *clients, uid_t uid, unsigned int *same,
		   unsigned int *others)
{
	const struct client *client;

	*same = 0;
	*others = 0;
	for (client = clients->first; client; client = client->next) {
		*same += client->uid == uid;
		*others += client->uid != 0;
	}
}

void clients_close(struct clients *clients)
{
	while (clients->first)
		close_client(clients->first);
}
