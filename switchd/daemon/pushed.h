/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pushed.h - which slots were pushed from here: their OS lives elsewhere now
 *
 * A note on this OS's disk, so only this OS knows. The monitor does not: another
 * OS of the device, and a person at the boot menu, can still go on with what is
 * left here.
 */
#ifndef SWITCHD_PUSHED_H
#define SWITCHD_PUSHED_H

#include <stdbool.h>
#include <stdint.h>

#include "common/fault.h"

enum pushed {
	PUSHED_NOT,
	PUSHED_UNSURE, /* a push may have come to its end, or not */
	PUSHED_AWAY,
};

/*
 * Notes it, for good when this returns; dir is where switchd keeps what it
 * remembers. PUSHED_NOT removes the note.
 * Return: 0, or -1 and a FAULT_FAILED.
 */
int pushed_note(const char *dir, uint32_t slot, enum pushed pushed,
		struct fault *fault);

/* What is noted. A note that cannot be read counts as PUSHED_UNSURE. */
enum pushed pushed_look(const char *dir, uint32_t slot);

/* Whether one may switch to the slot. Return: 0, or -1 and a FAULT_PUSHED. */
int pushed_check(const char *dir, uint32_t slot, const char *name,
		 struct fault *fault);

#endif /* SWITCHD_PUSHED_H */
