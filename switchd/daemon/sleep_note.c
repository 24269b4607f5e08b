// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sleep_note.c - says that a sleep of logind's is one that switchd asked for
 */
#include "daemon/sleep_note.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/util.h"
#include "daemon/note.h"

/* In the directory of the socket, which does not outlive a start of this OS. */
#define NAME "sleep"
#define TEXT_MAX 32

int sleep_note_write(const char *dir, uint64_t usec)
{
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "%llu\n",
		 (unsigned long long)(util_now_usec(CLOCK_BOOTTIME) + usec));
	return note_write(dir, NAME, text);
}

bool sleep_note_holds(const char *dir)
{
	char text[TEXT_MAX];

	return note_read(dir, NAME, text, sizeof(text)) == 0 &&
	       util_now_usec(CLOCK_BOOTTIME) < strtoull(text, NULL, 10);
}

void sleep_note_remove(const char *dir)
{
	note_write(dir, NAME, NULL);
}
