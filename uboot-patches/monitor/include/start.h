/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start.h - what may start in a slot
 *
 * Start statements (osti/start.h, docs/start-statement.md), one after the
 * other: all functions are called with the monitor's lock held.
 */
#ifndef START_H
#define START_H

#include <osti/start.h>

#include "context.h"
#include "start_statement.h"

/*
 * Copy a statement of OSTI_START_MIN to OSTI_START_MAX bytes and check it for
 * the slot: its signature first. The buffer is the caller's context's, who may
 * be writing to it; it is read once.
 *
 * Returns 0 with *out set, or OSTI_START_E_SIGNATURE, _FORMAT, _SLOT, _VERSION
 * or _ROOM, the first of them that holds. *out is good until the next call.
 * out->version is set, and 0 where the statement says none that can be believed.
 */
int start_check(const struct context *slot, const uint8_t *buf, size_t bytes,
		struct start *out);

/*
 * Does the slot's memory, which nobody else reaches any more, hold what a
 * statement says that was checked for it? What a hash covered is in memory
 * then, and not only in a cache.
 *
 * Returns 0, OSTI_START_E_KERNEL or _RAMDISK.
 */
int start_matches(const struct context *slot, const struct start *start);

/*
 * Put the slot's device tree at the start of its memory, with seeds that are
 * told to nobody else. @chance are OSTI_START_SEED bytes of whoever asks.
 */
void start_place_tree(const struct context *slot, const struct start *start,
		      const uint8_t *chance);

#endif /* START_H */
