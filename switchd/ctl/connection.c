// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * connection.c - switchctl's end of switchd's socket
 */
#include "ctl/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/foreign_text.h"
#include "common/util.h"
#include "ctl/output.h"

static int unreachable(struct fault *fault, const char *what)
{
	fault_set(
		fault, FAULT_UNREACHABLE,
		"switchd cannot be reached: %s; look at 'systemctl status switchd'",
		what);
	return -1;
}

/* A path that is too long is -ENAMETOOLONG. Return: 0, or negative errno. */
static int dial(int fd, const char *path, const char *suffix)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int r;

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s%s", path,
		     suffix) >= (int)sizeof(address.sun_path))
		return -ENAMETOOLONG;
	do {
		r = connect(fd, (struct sockaddr *)&address, sizeof(address));
	} while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

int connection_open(struct connection *connection, const char *path,
		    struct fault *fault)
{
	int error;

	connection->n_in = 0;
	connection->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection->fd < 0)
		return unreachable(fault, strerror(errno));
	/* Nobody else can stand in front of root's own socket. */
	if (geteuid() == 0 &&
	    dial(connection->fd, path, PROTOCOL_ROOT_SUFFIX) == 0)
		return 0;
	error = -dial(connection->fd, path, "");
	if (!error)
		return 0;
	if (error == ENAMETOOLONG)
		fault_set(fault, FAULT_UNREACHABLE,
			  "the socket's path is longer than %zu bytes: %s",
			  sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1,
			  path);
	else if (error == EACCES || error == EPERM)
		fault_set(
			fault, FAULT_DENIED,
			"%s: %s; only root and those whom switchd.conf allows may use it, like the group 'osti'",
			path, strerror(error));
	else
		fault_set(
			fault, FAULT_UNREACHABLE,
			"switchd cannot be reached: %s: %s; start it with 'systemctl start switchd'",
			path, strerror(error));
	return -1;
}

void connection_close(struct connection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
}

static int send_request(struct connection *connection, const char *method,
			json_t *params, struct fault *fault)
{
	json_auto_t *request =
		json_pack("{s:s,s:o*}", "method", method, "params", params);
	_cleanup_free_ char *text = NULL;
	size_t sent = 0;
	size_t n;

	if (request)
		text = json_dumps(request, JSON_COMPACT);
	if (!text) {
		fault_set(
			fault, FAULT_BAD_REQUEST,
			"the request cannot be put into JSON; is an argument not UTF-8?");
		return -1;
	}
	n = strlen(text);
	if (n + 1 > PROTOCOL_REQUEST_MAX) {
		fault_set(
			fault, FAULT_BAD_REQUEST,
			"an argument is too long (a request has at most %d bytes)",
			PROTOCOL_REQUEST_MAX);
		return -1;
	}
	/* The NUL at the end makes room for the newline. */
	text[n++] = '\n';
	while (sent < n) {
		ssize_t r = send(connection->fd, text + sent, n - sent,
				 MSG_NOSIGNAL);

		if (r < 0 && errno == EINTR)
			continue;
		/* A switchd that hangs up has said why: see the reply. */
		if (r < 0 && (errno == EPIPE || errno == ECONNRESET))
			return 0;
		if (r < 0)
			return unreachable(fault, strerror(errno));
		sent += (size_t)r;
	}
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	/* Does not count the time that this OS is frozen. */
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int wait_readable(const struct connection *connection, int64_t deadline,
			 struct fault *fault)
{
	struct pollfd pollfd[] = {
		{ .fd = connection->fd, .events = POLLIN },
		/* Without an event it tells when the other end is gone. */
		{ .fd = connection->streams ? STDOUT_FILENO : -1 },
	};
	int64_t left = -1;
	int r;

	do {
		if (deadline >= 0) {
			left = deadline - now_ms();
			if (left < 0)
				left = 0;
		}
		/* EINTR also comes from having been frozen. */
		r = poll(pollfd, ARRAY_SIZE(pollfd), (int)left);
	} while (r < 0 && errno == EINTR);
	if (r < 0)
		return unreachable(fault, strerror(errno));
	if (r == 0)
		return unreachable(fault, "it does not answer in time");
	if (pollfd[1].revents & (POLLERR | POLLHUP))
		return output_gone(fault);
	return 0;
}

/* Reads up to the end of a line, which it puts at *end. */
static int read_line(struct connection *connection, int64_t deadline,
		     char **end, struct fault *fault)
{
	for (;;) {
		ssize_t n;

		*end = memchr(connection->in, '\n', connection->n_in);
		if (*end)
			return 0;
		if (connection->n_in == sizeof(connection->in))
			return unreachable(fault, "its reply is too long");
		if (wait_readable(connection, deadline, fault) < 0)
			return -1;
		n = recv(connection->fd, connection->in + connection->n_in,
			 sizeof(connection->in) - connection->n_in, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return unreachable(fault, strerror(errno));
		if (n == 0)
			return unreachable(fault, "it closed the connection");
		connection->n_in += (size_t)n;
	}
}

/* All that is shown of what others wrote comes this way. */
static int clean(json_t *value)
{
	_cleanup_free_ char *copy = NULL;
	const char *name;
	json_t *member;
	size_t i;

	json_object_foreach(value, name, member) {
		if (clean(member) < 0)
			return -1;
	}
	json_array_foreach(value, i, member) {
		if (clean(member) < 0)
			return -1;
	}
	if (!json_is_string(value))
		return 0;
	copy = strdup(json_string_value(value));
	if (!copy)
		return -1;
	foreign_text_clean(copy);
	return json_string_set(value, copy);
}

static int unpack_reply(json_t *reply, json_t **result, struct fault *fault)
{
	const char *message;
	const char *code;
	json_t *value;

	if (json_unpack(reply, "{s:{s:s,s:s}}", "error", "code", &code,
			"message", &message) == 0) {
		fault_set(fault, fault_from_name(code), "%s", message);
		return -1;
	}
	value = json_object_get(reply, "result");
	if (!json_is_object(value))
		return unreachable(fault, "its reply makes no sense");
	*result = json_incref(value);
	return 0;
}

int connection_call(struct connection *connection, const char *method,
		    json_t *params, int timeout_ms, json_t **result,
		    struct fault *fault)
{
	int64_t deadline = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
	json_auto_t *reply = NULL;
	char *end;
	size_t n;

	if (send_request(connection, method, params, fault) < 0 ||
	    read_line(connection, deadline, &end, fault) < 0)
		return -1;
	n = (size_t)(end - connection->in);
	reply = json_loadb(connection->in, n, JSON_REJECT_DUPLICATES, NULL);
	connection->n_in -= n + 1;
	memmove(connection->in, end + 1, connection->n_in);
	if (!reply)
		return unreachable(fault, "its reply is not JSON");
	if (clean(reply) < 0)
		return unreachable(fault, "out of memory");
	return unpack_reply(reply, result, fault);
}
