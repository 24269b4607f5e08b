/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hooks.h - runs the executables of a directory one after the other
 *
 * In the order of their names' bytes. Files that begin with "." or end in "~",
 * and files without any execute permission, are passed over. Everything else
 * must be a regular file that belongs to root or to switchd's user and that
 * neither group nor others may write; so must the directory. A link does not
 * qualify: nobody can say who may change what it leads to.
 */
#ifndef SWITCHD_HOOKS_H
#define SWITCHD_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "common/fault.h"

struct hooks;

/* What a hook is told, in OSTI_* of its environment. */
struct hooks_info {
	uint32_t slot;
	const char *name;
	uint32_t target;
	const char *target_name;
	const char *request;
	uint32_t request_slot; /* 0: the request is about no slot */
	const char *request_name; /* of that slot */
	const char *reason;
	const char *result; /* NULL before the switch */
};

struct hooks_params {
	const char *dir;
	struct hooks_info info;
	bool in_units; /* see hook_unit.h; else they are children */
	/* of each hook; then it ends, with its children */
	uint64_t timeout_usec;
	uint64_t grace_usec; /* between SIGTERM and SIGKILL */
	uint64_t answer_usec; /* for systemd, on top of both */
	bool stop_on_failure; /* else failures are logged only */
};

/* fault is NULL if all went well or failures do not count. */
typedef void (*hooks_done)(const struct fault *fault, void *userdata);

/*
 * Starts. The strings of params are copied as far as they are needed later,
 * except dir, which must live as long as the hooks. done is called once, from
 * the event loop, never from in here; it may call hooks_free().
 * Return: 0 and *ret, or negative errno.
 */
int hooks_start(sd_event *event, const struct hooks_params *params,
		hooks_done done, void *userdata, struct hooks **ret);

/* Ends a hook that still runs. NULL is allowed. */
void hooks_free(struct hooks *hooks);

#endif /* SWITCHD_HOOKS_H */
