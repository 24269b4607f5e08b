/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ready.h - what is waited for between the pre-freeze hooks and the freeze: disks
 * (flush.h), then those who prepare for sleep (prepare.h)
 *
 * Hooks come before both: one may yet say no, when nobody was told for nothing, and
 * it still has all there is, like the network. Disks come before those who prepare,
 * so that these are kept waiting for nothing but the freeze.
 */
#ifndef SWITCHD_READY_H
#define SWITCHD_READY_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include "common/fault.h"

struct ready;

struct ready_params {
	const char *what; /* for people, like "switch to work" */
	bool prepare; /* let logind prepare everybody; else as without it */
	bool insist; /* see prepare.h */
	const char *dir; /* of its note */
};

/* fault is NULL: the freeze may come. May call ready_free(). */
typedef void (*ready_done)(const struct fault *fault, void *userdata);

/*
 * The strings of params must live as long. done is called once, from the event loop
 * or ready_come(), never from in here.
 * Return: 1 and *ret, which the caller ends with ready_free(); 0: there is nothing
 * to wait for; or -ENOMEM.
 */
int ready_start(sd_event *event, const struct ready_params *params,
		ready_done done, void *userdata, struct ready **ret);
void ready_free(struct ready *ready); /* NULL is allowed */

/* Logind is ready, see prepare_come(). NULL is allowed. */
bool ready_come(struct ready *ready);

/* What it waits for now. NULL waits for nothing. */
bool ready_is_writing(const struct ready *ready);
bool ready_is_preparing(const struct ready *ready);

#endif /* SWITCHD_READY_H */
