// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hook_child.c - a hook as a child of switchd, in a process group of its own
 */
#include "daemon/hook_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "common/util.h"

struct hook_child {
	uint64_t grace_usec;
	run_ended ended;
	void *userdata;
	pid_t pid;
	bool timed_out;
	sd_event_source *child;
	sd_event_source *timer;
};

static int on_child(sd_event_source *source, const siginfo_t *si,
		    void *userdata)
{
	struct hook_child *child = userdata;
	struct run_end end = { .status = si->si_status };

	(void)source;
	/*
	 * The hook is a zombie until we return, so its process group's number
	 * cannot belong to anybody else yet. What it left behind when it ran
	 * out of time ends with it; a hook that was in time may leave
	 * something running.
	 */
	if (child->timed_out)
		kill(-child->pid, SIGKILL);
	child->pid = 0;
	if (child->timed_out)
		end.way = RUN_TIMED_OUT;
	else if (si->si_code != CLD_EXITED)
		end.way = RUN_SIGNALLED;
	else
		end.way = RUN_EXITED;
	/* child may be gone after this. */
	child->ended(&end, child->userdata);
	return 0;
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct hook_child *child = userdata;
	int r;

	(void)usec;
	if (child->timed_out) {
		kill(-child->pid, SIGKILL);
		return 0;
	}
	child->timed_out = true;
	kill(-child->pid, SIGTERM);
	r = sd_event_source_set_time_relative(source, child->grace_usec);
	if (r >= 0)
		r = sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	if (r < 0)
		kill(-child->pid, SIGKILL);
	return 0;
}

static int spawn(const char *path, char *const env[], pid_t *pid)
{
	char *const argv[] = { (char *)path, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	sigset_t all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	r = posix_spawnattr_init(&attr);
	if (r)
		return -r;
	r = posix_spawn_file_actions_init(&actions);
	if (r) {
		posix_spawnattr_destroy(&attr);
		return -r;
	}
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
						POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	r = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY,
					     0);
	if (!r)
		r = posix_spawn(pid, path, &actions, &attr, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return -r;
}

int hook_child_start(sd_event *event, const struct hook_start *start,
		     run_ended ended, void *userdata, struct hook_child **ret)
{
	struct hook_child *child = calloc(1, sizeof(*child));
	int r;

	if (!child)
		return -ENOMEM;
	child->grace_usec = start->grace_usec;
	child->ended = ended;
	child->userdata = userdata;
	r = spawn(start->path, start->env, &child->pid);
	if (r < 0)
		child->pid = 0;
	if (r >= 0)
		r = sd_event_add_child(event, &child->child, child->pid,
				       WEXITED, on_child, child);
	if (r >= 0)
		r = sd_event_add_time_relative(
			event, &child->timer, CLOCK_MONOTONIC,
			start->timeout_usec, USEC_PER_MSEC, on_timeout, child);
	if (r < 0) {
		hook_child_free(child);
		return r;
	}
	*ret = child;
	return 0;
}

void hook_child_free(struct hook_child *child)
{
	if (!child)
		return;
	sd_event_source_disable_unref(child->child);
	sd_event_source_disable_unref(child->timer);
	if (child->pid > 0) {
		kill(-child->pid, SIGKILL);
		while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(child);
}
