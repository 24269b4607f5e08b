// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl inhibit: hold a lock while a program runs. The lock is the
 * connection, so it ends with switchctl, however that ends.
 */
#include "ctl/commands.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <systemd/sd-event.h>

#include "common/json_text.h"
#include "common/protocol.h"

extern char **environ;

/* Exit statuses that shells use, too. */
#define STATUS_CANNOT_RUN 126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL 128

struct run {
	pid_t pid;
	int status;
};

static int on_child(sd_event_source *source, const siginfo_t *si,
		    void *userdata)
{
	struct run *run = userdata;

	run->status = si->si_code == CLD_EXITED ? si->si_status
						: STATUS_SIGNAL + si->si_status;
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *si,
		     void *userdata)
{
	const struct run *run = userdata;

	(void)source;
	kill(run->pid, (int)si->ssi_signo);
	return 0;
}

static int on_socket(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata)
{
	(void)fd;
	(void)revents;
	(void)userdata;
	fputs("switchctl: switchd has gone, and the inhibitor lock with it\n",
	      stderr);
	return sd_event_source_set_enabled(source, SD_EVENT_OFF);
}

static int watch(sd_event *event, struct run *run, int fd)
{
	int r;

	r = sd_event_add_child(event, NULL, run->pid, WEXITED, on_child, run);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGTERM, on_signal, run);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGHUP, on_signal, run);
	if (r >= 0)
		r = sd_event_add_io(event, NULL, fd, EPOLLIN, on_socket, NULL);
	return r < 0 ? r : sd_event_loop(event);
}

static int spawn(char **argv, const sigset_t *mask, pid_t *pid)
{
	posix_spawnattr_t attr;
	int r;

	r = posix_spawnattr_init(&attr);
	if (r)
		return r;
	posix_spawnattr_setsigmask(&attr, mask);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	r = posix_spawnp(pid, argv[0], NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	return r;
}

/* Return: exit status, or -1 and the fault. */
static int run_program(char **argv, int fd, struct fault *fault)
{
	struct run run = { .status = STATUS_FAILED };
	sd_event *event = NULL;
	sigset_t blocked;
	sigset_t before;
	int r;

	/*
	 * SIGINT and SIGQUIT from the terminal reach the program directly; it
	 * decides, and we wait for it.
	 */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGQUIT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	r = sd_event_new(&event);
	if (r < 0) {
		fault_set(fault, FAULT_FAILED, "event loop: %s", strerror(-r));
		return -1;
	}
	r = spawn(argv, &before, &run.pid);
	if (r) {
		fprintf(stderr, "switchctl: %s: %s\n", argv[0], strerror(r));
		sd_event_unref(event);
		return r == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
	}
	r = watch(event, &run, fd);
	sd_event_unref(event);
	if (r < 0) {
		fault_set(fault, FAULT_FAILED, "waiting for %s: %s", argv[0],
			  strerror(-r));
		return -1;
	}
	return run.status;
}

/* The program's name without its directory, as far as it fits. */
static json_t *default_who(const char *program)
{
	const char *slash = strrchr(program, '/');
	char who[PROTOCOL_WHO_MAX + 1];

	if (slash && slash[1])
		program = slash + 1;
	snprintf(who, sizeof(who), "%s", program);
	return json_text(who);
}

int command_inhibit(struct connection *connection,
		    const struct options *options, struct fault *fault)
{
	json_auto_t *reply = NULL;
	json_t *params;

	params = json_pack("{s:o,s:s}", "who",
			   options->who ? json_string(options->who)
					: default_who(options->argv[0]),
			   "why", options->why);
	if (!params) {
		fault_set(fault, FAULT_BAD_REQUEST,
			  "who and why must be UTF-8 text");
		return -1;
	}
	if (connection_call(connection, "inhibit", params, COMMANDS_TIMEOUT_MS,
			    &reply, fault) < 0)
		return -1;
	return run_program(options->argv, connection->fd, fault);
}
