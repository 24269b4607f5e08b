// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * courier_child.c - switchd-backup as a child of switchd, where no systemd is
 */
#include "daemon/courier_child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "daemon/log.h"

struct courier_child {
	run_ended ended;
	void *userdata;
	pid_t pid; /* 0: it was reaped */
	sd_event_source *source;
};

static int on_child(sd_event_source *source, const siginfo_t *si,
		    void *userdata)
{
	struct courier_child *child = userdata;
	struct run_end end = { .status = si->si_status };

	(void)source;
	child->source = sd_event_source_disable_unref(child->source);
	child->pid = 0;
	end.way = si->si_code == CLD_EXITED ? RUN_EXITED : RUN_SIGNALLED;
	/* child may be gone after this. */
	child->ended(&end, child->userdata);
	return 0;
}

static int watch(sd_event *event, struct courier_child *child)
{
	int r = sd_event_add_child(event, &child->source, child->pid, WEXITED,
				   on_child, child);

	/* Whatever it does, keys and people come first. */
	return r < 0 ? r
		     : sd_event_source_set_priority(child->source,
						    SD_EVENT_PRIORITY_IDLE);
}

int courier_child_start(sd_event *event, const struct courier_spawn *spawn,
			run_ended ended, void *userdata,
			struct courier_child **ret, struct fault *fault)
{
	struct courier_child *child = calloc(1, sizeof(*child));
	int r;

	if (!child) {
		fault_set(fault, FAULT_HELPER, "out of memory");
		return -1;
	}
	child->ended = ended;
	child->userdata = userdata;
	if (courier_spawn(spawn, &child->pid, fault) < 0) {
		free(child);
		return -1;
	}
	r = watch(event, child);
	if (r < 0) {
		courier_child_free(child);
		fault_set(fault, FAULT_HELPER,
			  "switchd-backup cannot be watched: %s", strerror(-r));
		return -1;
	}
	log_debug("switchd-backup runs as process %d", (int)child->pid);
	*ret = child;
	return 0;
}

void courier_child_signal(struct courier_child *child, int number)
{
	if (child->pid > 0)
		kill(child->pid, number);
}

void courier_child_free(struct courier_child *child)
{
	if (!child)
		return;
	sd_event_source_disable_unref(child->source);
	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(child);
}
