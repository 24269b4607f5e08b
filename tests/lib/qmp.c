// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * qmp.c - QEMU's control protocol: commands, replies, events
 */
#include "qmp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"

struct qmp {
	int fd;
	int last_id;
	bool greeted;
	char *line;
	size_t len, size;
	json_t *events;
	json_t *replies;
};

struct qmp *qmp_new(int fd)
{
	struct qmp *qmp = calloc(1, sizeof(*qmp));

	if (!qmp)
		test_fail("qmp: out of memory");
	qmp->fd = fd;
	qmp->events = json_array();
	qmp->replies = json_array();
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		test_fail("qmp: fcntl: %s", strerror(errno));
	return qmp;
}

void qmp_free(struct qmp *qmp)
{
	if (!qmp)
		return;
	close(qmp->fd);
	json_decref(qmp->events);
	json_decref(qmp->replies);
	free(qmp->line);
	free(qmp);
}

int qmp_fd(const struct qmp *qmp)
{
	return qmp->fd;
}

static void handle(struct qmp *qmp, const char *line, size_t len)
{
	json_error_t error;
	json_t *msg = json_loadb(line, len, 0, &error);

	if (!msg)
		test_fail("qmp: QEMU sent what is no JSON (%s): %.*s",
			  error.text, (int)len, line);
	if (json_object_get(msg, "QMP"))
		qmp->greeted = true;
	else if (json_object_get(msg, "event"))
		json_array_append(qmp->events, msg);
	else
		json_array_append(qmp->replies, msg);
	json_decref(msg);
}

bool qmp_read(struct qmp *qmp)
{
	char *end;
	ssize_t n;

	for (;;) {
		if (qmp->size - qmp->len < 4096) {
			qmp->size += 16384;
			qmp->line = realloc(qmp->line, qmp->size);
			if (!qmp->line)
				test_fail("qmp: out of memory");
		}
		n = read(qmp->fd, qmp->line + qmp->len, qmp->size - qmp->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		qmp->len += n;
		while ((end = memchr(qmp->line, '\n', qmp->len))) {
			handle(qmp, qmp->line, end - qmp->line);
			end++;
			qmp->len -= end - qmp->line;
			memmove(qmp->line, end, qmp->len);
		}
	}
}

bool qmp_greeted(const struct qmp *qmp)
{
	return qmp->greeted;
}

int qmp_send(struct qmp *qmp, const char *command, json_t *arguments)
{
	json_t *msg = json_pack("{s:s, s:i}", "execute", command,
				"id", ++qmp->last_id);
	char *text;
	size_t len;

	if (arguments)
		json_object_set_new(msg, "arguments", arguments);
	text = json_dumps(msg, JSON_COMPACT);
	json_decref(msg);
	if (!text)
		test_fail("qmp: cannot encode the command %s", command);
	/* Commands are far smaller than a socket buffer. */
	len = strlen(text);
	if (send(qmp->fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		test_fail("qmp: cannot send %s: %s", text, strerror(errno));
	free(text);
	return qmp->last_id;
}

json_t *qmp_reply(struct qmp *qmp, int id)
{
	json_t *msg;
	size_t i;

	json_array_foreach(qmp->replies, i, msg) {
		if (json_integer_value(json_object_get(msg, "id")) != id)
			continue;
		json_incref(msg);
		json_array_remove(qmp->replies, i);
		return msg;
	}
	return NULL;
}

json_t *qmp_event(struct qmp *qmp, const char *name)
{
	const char *have;
	json_t *msg;
	size_t i;

	json_array_foreach(qmp->events, i, msg) {
		have = json_string_value(json_object_get(msg, "event"));
		if (!have || strcmp(have, name))
			continue;
		json_incref(msg);
		json_array_remove(qmp->events, i);
		return msg;
	}
	return NULL;
}

void qmp_forget(struct qmp *qmp, const char *name)
{
	json_t *msg;

	while ((msg = qmp_event(qmp, name)))
		json_decref(msg);
}
