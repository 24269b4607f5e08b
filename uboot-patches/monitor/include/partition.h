/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * partition.h - which slot has which part of the device's RAM
 *
 * The RAM behind the boot manager is divided among the slots that are not
 * empty. A partition is one range; it is zero when a slot gets it, and zeroed
 * again when the slot gives it back. All functions are called with the
 * monitor's lock held.
 */
#ifndef PARTITION_H
#define PARTITION_H

#include "context.h"

/* Nobody has anything, and what RAM holds at power-on is nobody's business. */
void partition_init(void);

/*
 * Give a slot that has none a zeroed partition of its size: the lowest free
 * range that is long enough. Sets slot->base.
 * Returns OSTI_OK, or OSTI_E_NO_ROOM with nothing changed.
 */
int64_t partition_get(struct context *slot);

/*
 * Empty the slot's tables, zero its partition and take it back. No CPU runs in
 * the slot and no device works for it.
 */
void partition_put(struct context *slot);

/*
 * The same in steps, for those who zero it bit by bit (sweep.h):
 *   partition_take(), until partition_is_zero(), partition_use()
 *   partition_drop(), until partition_is_zero(), partition_free()
 */
int64_t partition_take(struct context *slot);
void partition_use(const struct context *slot);
void partition_drop(const struct context *slot);
void partition_free(struct context *slot);
/* Is all of the slot's partition zero? */
bool partition_is_zero(const struct context *slot);

#endif /* PARTITION_H */
