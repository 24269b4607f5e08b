/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook.h - what one hook is started with
 *
 * hook_child.h runs it as a child of switchd, hook_unit.h in a unit of its own.
 */
#ifndef SWITCHD_HOOK_H
#define SWITCHD_HOOK_H

#include <stdint.h>

#include "daemon/run_end.h"

struct hook_start {
	const char *path;
	char **env;
	uint64_t timeout_usec; /* then it ends, with what it started */
	uint64_t grace_usec; /* between SIGTERM and SIGKILL */
	/* what systemd gets on top of both; then it is lost */
	uint64_t answer_usec;
};

#endif /* SWITCHD_HOOK_H */
