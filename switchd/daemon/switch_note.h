/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch_note.h - how far a switch has come, for the next switchd
 *
 * A switchd that is killed in the middle leaves hooks that nobody undoes. The
 * note outlives it, but not the start of this OS: after that there is nothing
 * to undo.
 */
#ifndef SWITCHD_SWITCH_NOTE_H
#define SWITCHD_SWITCH_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/fault.h"
#include "daemon/switcher.h"

enum switch_stage {
	SWITCH_BEFORE, /* pre-freeze hooks run */
	SWITCH_FREEZING, /* the kernel was asked */
	SWITCH_AFTER, /* post-resume hooks run */
	SWITCH_ENDED,
};

struct switch_note {
	enum switch_stage stage;
	struct switcher_result about;
	bool failed;
	struct fault fault; /* if failed */
	char outcome[16]; /* OSTI_RESULT of hooks, from AFTER on */
	/* What tells in FREEZING whether this OS was frozen: see recover.c. */
	uint64_t last_return;
	uint64_t generation;
	uint64_t saved_at;
};

/* Return: 0 or a negative errno. */
int switch_note_write(const char *dir, const struct switch_note *note);

/*
 * Return: 0; -ENOENT: there is none of this start of the OS; -EBADMSG: it makes
 * no sense; or another negative errno.
 */
int switch_note_read(const char *dir, struct switch_note *ret);

#endif /* SWITCHD_SWITCH_NOTE_H */
