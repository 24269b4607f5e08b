/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * courier.h - a slot that carries copies of CARRY_SLOT, and the person who agrees
 */
#ifndef COURIER_H
#define COURIER_H

#include <stdint.h>

#include "carry.h"

#define COURIER		2
#define COURIER_BYTES	(80UL << 20)

/* Power-on; CARRY_SLOT is frozen, with carry_contents(@seed), the courier runs. */
void courier_begin(uint64_t seed);
/* The courier gives the device to the boot manager, or to a frozen slot. */
void courier_leave(unsigned int target);
/* And gets it back from the boot manager. */
void courier_resume(void);
/* The boot manager saves CARRY_SLOT: it is empty, and @local is its image. */
void courier_hibernate(struct carry_image *local);

/* RESTORE_ASK of the courier; the status. */
int64_t courier_ask(const struct carry_image *image);
/*
 * Likewise, it is taken, and a person is told what it is and agrees. Returns
 * whether it is told that this device made it.
 */
bool courier_agree(const struct carry_image *image);

#endif /* COURIER_H */
