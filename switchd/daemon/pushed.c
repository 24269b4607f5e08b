// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pushed.c - which slots were pushed from here: their OS lives elsewhere now
 */
#include "daemon/pushed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/note.h"

static const char *const words[] = {
	[PUSHED_NOT] = NULL,
	[PUSHED_UNSURE] = "unsure\n",
	[PUSHED_AWAY] = "pushed\n",
};

static void name_of(uint32_t slot, char name[32])
{
	snprintf(name, 32, "pushed-%u", slot);
}

int pushed_note(const char *path, uint32_t slot, enum pushed pushed,
		struct fault *fault)
{
	char name[32];
	int r;

	name_of(slot, name);
	r = note_write(path, name, words[pushed]);
	if (r == 0)
		return 0;
	fault_set(fault, FAULT_FAILED,
		  "that slot %u was pushed cannot be noted in %s: %s", slot,
		  path, strerror(-r));
	return -1;
}

enum pushed pushed_look(const char *path, uint32_t slot)
{
	char text[16];
	char name[32];
	int r;

	name_of(slot, name);
	r = note_read(path, name, text, sizeof(text));
	if (r == -ENOENT)
		return PUSHED_NOT;
	return r == 0 && strcmp(text, words[PUSHED_AWAY]) == 0 ? PUSHED_AWAY
							       : PUSHED_UNSURE;
}

int pushed_check(const char *path, uint32_t slot, const char *name,
		 struct fault *fault)
{
	switch (pushed_look(path, slot)) {
	case PUSHED_NOT:
		return 0;
	case PUSHED_AWAY:
		fault_set(
			fault, FAULT_PUSHED,
			"%s was pushed: it lives in the repository now, and what is left here is old as soon as it runs elsewhere; 'switchctl pull %s' brings it back, 'switchctl switch --force %s' goes on with what is here all the same",
			name, name, name);
		return -1;
	default:
		fault_set(
			fault, FAULT_PUSHED,
			"a push of %s did not tell how it ended: 'switchctl push %s' ends it, 'switchctl switch --force %s' goes on with what is here all the same",
			name, name, name);
		return -1;
	}
}
