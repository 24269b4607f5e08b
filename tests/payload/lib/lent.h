/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lent.h - the disk of a slot that another one carries
 */
#ifndef PAYLOAD_LENT_H
#define PAYLOAD_LENT_H

#include <stdint.h>

/* DISK_SHOW; the status. */
int64_t lent_show(uint64_t slot, uint64_t access);
/* Neither of the slot's two devices is there. */
void lent_check_hidden(unsigned int slot, const char *when);
/* Nobody is shown its own. */
void lent_check_own(unsigned int slot);
/* What a courier may do with the disk of a slot that is frozen, and what not. */
void lent_check_read_only(unsigned int slot);

/* Put a mark on the disk of the slot, and look for it through a device. */
void lent_mark(unsigned int slot, uint8_t mark);
void lent_check_mark(unsigned int dev, uint8_t mark);

#endif /* PAYLOAD_LENT_H */
