/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prepare.h - lets logind tell everybody that this OS goes to sleep, before it is
 * frozen
 *
 * Only logind tells that (PrepareForSleep), and only around a sleep of its own,
 * before which it waits for those who hold a delay lock. So it is asked to suspend,
 * and when it is ready, "switchctl asleep" comes in the place of a suspend
 * (data/sleep.conf): prepare_come(). That it ends is the end of that sleep to
 * logind, which tells that, too.
 *
 *	asks for InhibitDelayMaxSec --> asks to suspend --> waits --come--> done
 *	             \------------------------\---------------\---> done, with a fault
 *
 * Each arrow has its time limit. Where there is no logind, it is done at once. What
 * logind begins after we gave up stops at the note, see sleep_note.h.
 */
#ifndef SWITCHD_PREPARE_H
#define SWITCHD_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "common/fault.h"

struct prepare;

struct prepare_params {
	const char *what; /* for people, like "switch to work" */
	const char *dir; /* of the note */
	/* What logind gets to answer, and to come after InhibitDelayMaxSec. */
	uint64_t answer_usec;
	uint64_t come_usec;
	bool insist; /* without logind, if it refuses */
};

/*
 * All who wanted to know do (fault is NULL), or the switch must not be. May call
 * prepare_free().
 */
typedef void (*prepare_done)(const struct fault *fault, void *userdata);

/*
 * The strings of params must live as long. done is called once, from the event loop
 * or prepare_come(), never from in here.
 * Return: 0 and *ret, which the caller ends with prepare_free(); or a negative errno:
 * there is no bus.
 */
int prepare_start(sd_event *event, const struct prepare_params *params,
		  prepare_done done, void *userdata, struct prepare **ret);

/* Logind is not called back: it cannot be. NULL is allowed. */
void prepare_free(struct prepare *prepare);

/*
 * Logind is ready; calls done. Return: false: it was not asked yet. NULL is allowed:
 * nobody has asked it.
 */
bool prepare_come(struct prepare *prepare);

#endif /* SWITCHD_PREPARE_H */
