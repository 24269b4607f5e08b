/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch.h - going to the other slot and coming back
 *
 * Programs that need two slots run in slot 1 and 2 alike. Slot 1 runs first;
 * its first switch starts slot 2.
 */
#ifndef PAYLOAD_SWITCH_H
#define PAYLOAD_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

/* The slot that takes the other part: 1 for 2, 2 for 1. */
unsigned int other_slot(void);

/*
 * Switch to @slot, with @pattern in all registers unless it is 0. Comes back
 * when somebody switches to the caller. A refusal ends the program.
 */
void switch_to(unsigned int slot, uint64_t pattern);

/* The end of a program of two: slot 1 lets slot 2 come to its end, too. */
void finish_pair(void) __attribute__((noreturn));

#endif /* PAYLOAD_SWITCH_H */
