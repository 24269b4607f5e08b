/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cut.h - power goes away at every write to the store and to NV flash
 *
 * One process is the device. At each moment at which power may go it says what is
 * left then, on the disk and in flash, and waits until another process, for which
 * that is all there is, was powered on and has found what it may find.
 */
#ifndef BM_CUT_H
#define BM_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "rig.h"

/* What a power-on may find: bit n: contents n; bit RIG_COLD: no image. */
#define CUT_MAY(contents)	(1U << (contents))
/* No image, and NV memory has one; one that a person alone resumes */
#define CUT_MISSING		(1U << 30)
#define CUT_RETIRED		(1U << 31)

struct cut_left {
	/* Of each slot */
	uint32_t may[RIG_SLOTS + 1];
	/* What the device is doing, for a test that fails */
	char doing[80];
};

extern struct cut_left *cut_left;

/*
 * Let @life be the device, and @check see each power-on, for which rig_boot()
 * was not called yet. Fails if one of them does.
 */
void cut_try(void (*life)(void), void (*check)(void));

/* Of @life: from now on power may go, or not. */
void cut_begin(const char *doing);
void cut_end(void);

#endif /* BM_CUT_H */
