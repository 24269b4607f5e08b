/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slot.h - the state machine of a slot (table: docs/state-machines.md)
 */
#ifndef SLOT_H
#define SLOT_H

#include <stdint.h>

#include "context.h"

enum slot_event {
	SLOT_EV_OPEN,		/* boot manager wants to fill it */
	SLOT_EV_CLOSE,		/* boot manager gave up */
	SLOT_EV_START,		/* boot manager filled it */
	SLOT_EV_FREEZE,		/* its OS suspended with a target armed */
	SLOT_EV_RESUME,		/* it is the target */
	SLOT_EV_STOP,		/* its OS switched off or reset */
	SLOT_EV_EXPORT,		/* boot manager wants an image of it */
	SLOT_EV_IMPORT,		/* boot manager has an image of it */
	SLOT_EV_COMMIT,		/* export or import is complete */
	SLOT_EV_ABORT,		/* export or import failed or was given up */
	SLOT_EVENTS
};

/*
 * The only function that changes a slot's state.
 * Returns OSTI_OK, or OSTI_E_STATE when the event is not allowed now; then
 * nothing changed.
 */
int64_t slot_transition(struct context *slot, enum slot_event event);
/* Is there a slot in this state? */
bool slot_any(uint8_t state);
/* Would slot_transition() succeed? */
int64_t slot_may(const struct context *slot, enum slot_event event);
/* A state's name for messages. */
const char *slot_state_name(uint8_t state);

#endif /* SLOT_H */
