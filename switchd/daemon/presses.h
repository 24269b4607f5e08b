/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * presses.h - what becomes of a key press that asks for a switch
 *
 * Locks are for programs; they must not keep a person from the other slots.
 * A press that a lock forbids is refused and warns, and a second press of the
 * same key soon after it switches all the same. The states are in
 * docs/switchd.md.
 */
#ifndef SWITCHD_PRESSES_H
#define SWITCHD_PRESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/keys.h"
#include "daemon/switcher.h"

struct presses {
	struct switcher *switcher; /* stays the caller's */
	/* for the second press; 0 = it never counts */
	unsigned int override_ms;
	/* Zero at first. */
	bool warned; /* a press was refused because of a lock */
	struct keys_action action; /* that of this press */
	uint64_t usec; /* its time */
};

/*
 * A key asks for a switch, at usec on CLOCK_BOOTTIME. What is refused is
 * logged.
 */
void presses_key(struct presses *presses, struct keys_action action,
		 uint64_t usec);

/* This OS was frozen: what was pressed before does not count any more. */
void presses_forget(struct presses *presses);

#endif /* SWITCHD_PRESSES_H */
