/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook.h - one hook: what it is started with, and how it ends
 *
 * hook_child.h runs it as a child of switchd, hook_unit.h in a unit of its own.
 */
#ifndef SWITCHD_HOOK_H
#define SWITCHD_HOOK_H

#include <stdint.h>

struct hook_start {
	const char *path;
	char **env;
	uint64_t timeout_usec; /* then it ends, with what it started */
	uint64_t grace_usec; /* between SIGTERM and SIGKILL */
	/* what systemd gets on top of both; then it is lost */
	uint64_t answer_usec;
};

enum hook_way {
	HOOK_EXITED, /* status: its exit status */
	HOOK_SIGNALLED, /* status: the signal */
	HOOK_TIMED_OUT,
	HOOK_NOT_STARTED, /* why */
	HOOK_LOST, /* what became of it is not known: why */
};

struct hook_end {
	enum hook_way way;
	int status;
	const char *why;
};

/* Called once, from the event loop. May free what ran the hook. */
typedef void (*hook_ended)(const struct hook_end *end, void *userdata);

#endif /* SWITCHD_HOOK_H */
