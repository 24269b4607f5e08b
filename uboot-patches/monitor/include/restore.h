/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * restore.h - the copy that a slot wants to bring in, and a person's consent
 *
 * There is one such wish at a time. It is for one copy, by its header, for one
 * slot and for the slot that asks. All functions are called with the monitor's
 * lock held.
 */
#ifndef RESTORE_H
#define RESTORE_H

#include <stdbool.h>
#include <stdint.h>

#include "context.h"
#include "image_header.h"

/* Nobody wants anything. */
void restore_init(void);

/*
 * @asks wants the copy with this header, OSTI_IMAGE_HEADER bytes that nobody else
 * can change, to take the place of @slot. Replaces the wish before.
 * Returns OSTI_OK, OSTI_E_HARDWARE (no key) or OSTI_E_IMAGE with
 * *why = -OSTI_IMAGE_E_*; then nothing is wished any more.
 */
int64_t restore_ask(const struct context *asks, const struct context *slot,
		    const uint8_t *header, uint64_t *why);

struct restore_wish {
	const struct context *asks;
	const struct context *slot;
	struct image_header header;	/* it is genuine */
	bool agreed;
};

/* The wish, or NULL. */
const struct restore_wish *restore_wish(void);
/* A person agreed to it. OSTI_OK, or OSTI_E_EMPTY: nobody asks for this slot. */
int64_t restore_grant(const struct context *slot);
/* Did a person agree that @asks brings the copy with this header into @slot? */
bool restore_agreed(const struct context *asks, const struct context *slot,
		    const struct image_header *header);
/* The copy came in, or @asks is no more: nobody wants anything, if it was that. */
void restore_forget(const struct context *asks);

#endif /* RESTORE_H */
