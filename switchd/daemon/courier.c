// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier.c - one run of switchd-backup: a process that does one job and tells
 * how it goes
 */
#include "daemon/courier.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backup/job.h"
#include "backup/report.h"
#include "common/foreign_text.h"
#include "common/json_wipe.h"
#include "common/util.h"
#include "daemon/courier_child.h"
#include "daemon/courier_unit.h"
#include "daemon/log.h"

/* From here on it is systemd's, of what it does between fork and exec. */
#define EXIT_SYSTEMD 200

struct courier {
	const struct courier_ops *ops;
	void *userdata;
	/* One of these runs it, or none any more. */
	struct courier_child *child;
	struct courier_unit *unit;
	int fd; /* its standard output; -1: closed */
	int word; /* to its standard input; -1: closed */
	sd_event_source *io;
	char in[REPORT_LINE_MAX];
	size_t n_in;
	unsigned int lines;
	bool held;
	/* Its last word, of which there can be one. */
	bool final;
	json_t *result;
	bool has_fault;
	struct fault fault;
	/* How the process ended, once it has; why is ours. */
	bool exited;
	struct run_end end;
	char why[256];
	bool killed; /* by us, for what it said */
	/* A callback is on the stack: who frees us now only marks. */
	bool busy;
	bool dead;
};

/* Faults that the helper may have; others are not its to tell. */
static const enum fault_code told[] = {
	FAULT_FAILED,	 FAULT_BAD_REQUEST,   FAULT_DEVICE,
	FAULT_REFUSED,	 FAULT_NO_REPOSITORY, FAULT_REPOSITORY,
	FAULT_STORE,	 FAULT_STORE_DENIED,  FAULT_STORE_FULL,
	FAULT_NO_BACKUP, FAULT_HELD,	      FAULT_INTERRUPTED,
	FAULT_EXISTS,
};

static void send_signal(struct courier *courier, int number)
{
	if (courier->child)
		courier_child_signal(courier->child, number);
	else if (courier->unit)
		courier_unit_signal(courier->unit, number);
}

/* Ends the process for what it said. */
static void distrust(struct courier *courier, const char *what)
{
	if (courier->killed)
		return;
	courier->killed = true;
	courier->has_fault = true;
	fault_set(&courier->fault, FAULT_HELPER, "switchd-backup was ended: %s",
		  what);
	send_signal(courier, SIGKILL);
}

static void take_fault(struct courier *courier, json_t *error)
{
	enum fault_code code;
	const char *message;
	const char *name;
	size_t i;

	if (json_unpack(error, "{s:s,s:s!}", "code", &name, "message",
			&message) < 0) {
		distrust(courier, "it tells of an error that is none");
		return;
	}
	code = fault_from_name(name);
	for (i = 0; i < ARRAY_SIZE(told) && told[i] != code; i++)
		;
	fault_set(&courier->fault, i < ARRAY_SIZE(told) ? code : FAULT_FAILED,
		  "%s", message);
	foreign_text_clean(courier->fault.message);
	courier->has_fault = true;
	courier->final = true;
}

static bool is_line(const char *kind, json_t *value)
{
	if (strcmp(kind, "progress") == 0 || strcmp(kind, "item") == 0)
		return json_is_object(value);
	if (strcmp(kind, "ask") == 0)
		return json_is_true(value);
	return strcmp(kind, "note") == 0 && json_is_string(value);
}

static void take_line(struct courier *courier, json_t *line)
{
	void *iterator = json_object_iter(line);
	const char *kind;
	json_t *value;

	if (json_object_size(line) != 1 || courier->final) {
		distrust(courier, "it said what makes no sense");
		return;
	}
	kind = json_object_iter_key(iterator);
	value = json_object_iter_value(iterator);
	if (strcmp(kind, "result") == 0 && json_is_object(value)) {
		courier->result = json_incref(value);
		courier->final = true;
	} else if (strcmp(kind, "error") == 0) {
		take_fault(courier, value);
	} else if (is_line(kind, value)) {
		courier->ops->line(line, courier->userdata);
	} else {
		distrust(courier, "it said what makes no sense");
	}
}

/* Takes the whole lines that there are. */
static void take_lines(struct courier *courier)
{
	char *end;

	while (!courier->killed && !courier->dead &&
	       (end = memchr(courier->in, '\n', courier->n_in))) {
		size_t n = (size_t)(end - courier->in);
		json_t *line = json_loadb(courier->in, n,
					  JSON_REJECT_DUPLICATES, NULL);

		courier->n_in -= n + 1;
		memmove(courier->in, end + 1, courier->n_in);
		if (!line)
			distrust(courier, "it said what is not JSON");
		else if (++courier->lines > COURIER_LINES_MAX)
			distrust(courier, "it says too much");
		else
			take_line(courier, line);
		json_decref(line);
	}
	if (courier->n_in == sizeof(courier->in))
		distrust(courier, "it said a line that is too long");
}

static void close_output(struct courier *courier)
{
	courier->io = sd_event_source_disable_unref(courier->io);
	if (courier->fd >= 0)
		close(courier->fd);
	courier->fd = -1;
}

/* Reads once. Return: false when there is nothing more to come. */
static bool read_output(struct courier *courier)
{
	ssize_t n = read(courier->fd, courier->in + courier->n_in,
			 sizeof(courier->in) - courier->n_in);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	courier->n_in += (size_t)n;
	take_lines(courier);
	return !courier->killed;
}

/* Why it ended as it did, or NULL: as it should. */
static const char *explain(const struct courier *courier, char *text,
			   size_t room)
{
	const struct run_end *end = &courier->end;

	switch (end->way) {
	case RUN_EXITED:
		if (end->status == 0)
			return NULL;
		if (end->status == 127)
			return "there is no such program; is the package complete?";
		if (end->status == 126)
			return "it cannot be run as its user";
		if (end->status < EXIT_SYSTEMD)
			snprintf(text, room, "it ended with status %d",
				 end->status);
		else
			snprintf(
				text, room,
				"systemd cannot set it up, status %d of systemd.exec(5)",
				end->status);
		return text;
	case RUN_SIGNALLED:
		if (end->status == SIGSYS)
			return "it made a forbidden system call; this is a fault, or an attack";
		snprintf(text, room, "signal %d ended it", end->status);
		return text;
	case RUN_TIMED_OUT:
		return "systemd has ended it: its unit has a limit of time";
	default:
		return courier->why;
	}
}

/* Without a word of its own, how it ended is all that is known. */
static void judge(struct courier *courier)
{
	char text[96];
	const char *why = explain(courier, text, sizeof(text));

	if (courier->killed || (courier->final && courier->has_fault))
		return;
	if (courier->final && !why)
		return;
	courier->has_fault = true;
	if (courier->end.way == RUN_NOT_STARTED)
		fault_set(
			&courier->fault, FAULT_HELPER,
			"switchd-backup cannot be started: %s; what its unit is says switchd-backup-.service.d",
			why);
	else
		fault_set(
			&courier->fault, FAULT_HELPER,
			"switchd-backup failed: %s; what was uploaded counts next time",
			why ? why : "it gave no answer");
}

static void destroy(struct courier *courier)
{
	json_decref(courier->result);
	free(courier);
}

/* Both the process and its output have ended. */
static void finish_if_ended(struct courier *courier)
{
	bool failed;

	if (!courier->exited || courier->fd >= 0)
		return;
	judge(courier);
	failed = courier->has_fault;
	courier->busy = true;
	courier->ops->ended(failed ? NULL : courier->result,
			    failed ? &courier->fault : NULL, courier->userdata);
	courier->busy = false;
	if (courier->dead)
		destroy(courier);
}

static int on_output(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata)
{
	struct courier *courier = userdata;
	bool more;

	(void)source;
	(void)fd;
	(void)revents;
	courier->busy = true;
	more = read_output(courier);
	courier->busy = false;
	if (courier->dead) {
		destroy(courier);
		return 0;
	}
	if (!more) {
		close_output(courier);
		finish_if_ended(courier);
	}
	return 0;
}

static void on_end(const struct run_end *end, void *userdata)
{
	struct courier *courier = userdata;

	courier->exited = true;
	courier->end = *end;
	if (end->why)
		snprintf(courier->why, sizeof(courier->why), "%s", end->why);
	/* What it said last may still be in the pipe. */
	if (courier->io && !courier->killed && !end->why &&
	    courier_listen(courier, true) >= 0)
		return;
	close_output(courier);
	finish_if_ended(courier);
}

/*
 * All of the text, and the transfer if there is one, in one message: the socket
 * holds more than a job has, and nobody reads yet. Return: 0, or a negative errno.
 */
static int send_text(int fd, char *text, size_t n, int transfer)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char newline = '\n';
	struct iovec parts[2] = {
		{ .iov_base = text, .iov_len = n },
		{ .iov_base = &newline, .iov_len = 1 },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent;

	if (n >= JOB_MAX)
		return -E2BIG;
	if (transfer >= 0) {
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(transfer));
		memcpy(CMSG_DATA(&control.align), &transfer, sizeof(transfer));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	sent = sendmsg(fd, &message, MSG_DONTWAIT);
	if (sent < 0)
		return -errno;
	return sent == (ssize_t)n + 1 ? 0 : -E2BIG;
}

/*
 * A socket that has the job in it; a pipe would end us when we answer somebody who
 * is gone. Return: the helper's end, or a negative errno.
 */
static int send_job(struct courier *courier,
		    const struct courier_params *params)
{
	char *text = json_dumps(params->job, JSON_COMPACT);
	size_t n = text ? strlen(text) : 0;
	int fds[2];
	int r;

	if (!text)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		r = -errno;
		json_wipe_free(text);
		return r;
	}
	courier->word = fds[1];
	r = send_text(fds[1], text, n, params->transfer);
	json_wipe_free(text);
	if (r == 0)
		return fds[0];
	close(fds[0]);
	return r;
}

static int watch(sd_event *event, struct courier *courier)
{
	int r;

	r = sd_event_add_io(event, &courier->io, courier->fd, EPOLLIN,
			    on_output, courier);
	/* Whatever it says, keys and people come first. */
	if (r >= 0)
		r = sd_event_source_set_priority(courier->io,
						 SD_EVENT_PRIORITY_IDLE);
	return r;
}

/* Runs it with both ends; they are closed here whatever happens. */
static int run(sd_event *event, struct courier *courier,
	       const struct courier_params *params, struct fault *fault)
{
	struct courier_spawn spawn = {
		.program = params->program,
		.user = params->user,
	};
	int fds[2];
	int r;

	if (pipe2(fds, O_CLOEXEC) < 0) {
		fault_set(fault, FAULT_HELPER, "a pipe: %s", strerror(errno));
		return -1;
	}
	courier->fd = fds[0];
	spawn.out = fds[1];
	spawn.in = send_job(courier, params);
	if (spawn.in < 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0) {
		fault_set(fault, FAULT_HELPER,
			  "the job cannot be handed to switchd-backup: %s",
			  strerror(spawn.in < 0 ? -spawn.in : errno));
		r = -1;
	} else {
		r = params->in_unit
			    ? courier_unit_start(event, &spawn, on_end, courier,
						 &courier->unit, fault)
			    : courier_child_start(event, &spawn, on_end,
						  courier, &courier->child,
						  fault);
	}
	if (spawn.in >= 0)
		close(spawn.in);
	close(fds[1]);
	return r;
}

int courier_start(sd_event *event, const struct courier_params *params,
		  const struct courier_ops *ops, void *userdata,
		  struct courier **ret, struct fault *fault)
{
	struct courier *courier = calloc(1, sizeof(*courier));
	int r;

	if (!courier) {
		fault_set(fault, FAULT_HELPER, "out of memory");
		return -1;
	}
	courier->ops = ops;
	courier->userdata = userdata;
	courier->fd = -1;
	courier->word = -1;
	if (run(event, courier, params, fault) < 0) {
		courier_free(courier);
		return -1;
	}
	r = watch(event, courier);
	if (r < 0) {
		courier_free(courier);
		fault_set(fault, FAULT_HELPER,
			  "switchd-backup cannot be watched: %s", strerror(-r));
		return -1;
	}
	*ret = courier;
	return 0;
}

int courier_listen(struct courier *courier, bool listen)
{
	if (!courier->io)
		return 0;
	return sd_event_source_set_enabled(courier->io,
					   listen ? SD_EVENT_ON : SD_EVENT_OFF);
}

void courier_agree(struct courier *courier)
{
	static const char agreed = JOB_AGREED;

	/* One that is gone shows as one that ended. */
	(void)send(courier->word, &agreed, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void courier_hold(struct courier *courier, bool hold)
{
	if (courier->held == hold)
		return;
	courier->held = hold;
	send_signal(courier, hold ? SIGSTOP : SIGCONT);
}

void courier_free(struct courier *courier)
{
	if (!courier)
		return;
	close_output(courier);
	if (courier->word >= 0)
		close(courier->word);
	courier_child_free(courier->child);
	courier->child = NULL;
	courier_unit_free(courier->unit);
	courier->unit = NULL;
	courier->dead = true;
	if (!courier->busy)
		destroy(courier);
}
