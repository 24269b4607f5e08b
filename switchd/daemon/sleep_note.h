/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sleep_note.h - says that a sleep of logind's is one that switchd asked for
 *
 * It is there from the moment logind is asked on, and "switchctl asleep" looks at
 * it: without it a sleep is an ordinary one, which is none of our business; with
 * it this OS must not suspend, whatever became of switchd meanwhile. It ends by
 * itself, so that one that was left behind stops no later sleep.
 */
#ifndef SWITCHD_SLEEP_NOTE_H
#define SWITCHD_SLEEP_NOTE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Notes it in that directory, for usec microseconds from now on, of which those
 * that this OS is frozen count. Return: 0 or a negative errno.
 */
int sleep_note_write(const char *dir, uint64_t usec);

/* Whether it is there and its time is not over. */
bool sleep_note_holds(const char *dir);

/* Takes it away; an error is logged by nobody: its time ends anyway. */
void sleep_note_remove(const char *dir);

#endif /* SWITCHD_SLEEP_NOTE_H */
