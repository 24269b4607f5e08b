// SPDX-License-Identifier: GPL-2.0-only
/*
 * slot.c - the state machine of a slot
 */
#include "slot.h"

#include "log.h"

#define NO		0xff

static const uint8_t transitions[OSTI_SLOT_STATES][SLOT_EVENTS] = {
	[OSTI_SLOT_EMPTY] = {
		[SLOT_EV_OPEN] = OSTI_SLOT_LOADING,
		[SLOT_EV_CLOSE] = NO,
		[SLOT_EV_START] = NO,
		[SLOT_EV_FREEZE] = NO,
		[SLOT_EV_RESUME] = NO,
		[SLOT_EV_STOP] = NO,
		[SLOT_EV_EXPORT] = NO,
		[SLOT_EV_IMPORT] = OSTI_SLOT_RESTORING,
		[SLOT_EV_COMMIT] = NO,
		[SLOT_EV_ABORT] = NO,
	},
	[OSTI_SLOT_LOADING] = {
		[SLOT_EV_OPEN] = NO,
		[SLOT_EV_CLOSE] = OSTI_SLOT_EMPTY,
		[SLOT_EV_START] = OSTI_SLOT_RUNNING,
		[SLOT_EV_FREEZE] = NO,
		[SLOT_EV_RESUME] = NO,
		[SLOT_EV_STOP] = NO,
		[SLOT_EV_EXPORT] = NO,
		[SLOT_EV_IMPORT] = NO,
		[SLOT_EV_COMMIT] = NO,
		[SLOT_EV_ABORT] = NO,
	},
	[OSTI_SLOT_RUNNING] = {
		[SLOT_EV_OPEN] = NO,
		[SLOT_EV_CLOSE] = NO,
		[SLOT_EV_START] = NO,
		[SLOT_EV_FREEZE] = OSTI_SLOT_FROZEN,
		[SLOT_EV_RESUME] = NO,
		[SLOT_EV_STOP] = OSTI_SLOT_EMPTY,
		[SLOT_EV_EXPORT] = NO,
		[SLOT_EV_IMPORT] = NO,
		[SLOT_EV_COMMIT] = NO,
		[SLOT_EV_ABORT] = NO,
	},
	[OSTI_SLOT_FROZEN] = {
		[SLOT_EV_OPEN] = NO,
		[SLOT_EV_CLOSE] = NO,
		[SLOT_EV_START] = NO,
		[SLOT_EV_FREEZE] = NO,
		[SLOT_EV_RESUME] = OSTI_SLOT_RUNNING,
		[SLOT_EV_STOP] = NO,
		[SLOT_EV_EXPORT] = OSTI_SLOT_SAVING,
		[SLOT_EV_IMPORT] = NO,
		[SLOT_EV_COMMIT] = NO,
		[SLOT_EV_ABORT] = NO,
	},
	[OSTI_SLOT_SAVING] = {
		[SLOT_EV_OPEN] = NO,
		[SLOT_EV_CLOSE] = NO,
		[SLOT_EV_START] = NO,
		[SLOT_EV_FREEZE] = NO,
		[SLOT_EV_RESUME] = NO,
		[SLOT_EV_STOP] = NO,
		[SLOT_EV_EXPORT] = NO,
		[SLOT_EV_IMPORT] = NO,
		[SLOT_EV_COMMIT] = OSTI_SLOT_EMPTY,
		[SLOT_EV_ABORT] = OSTI_SLOT_FROZEN,
	},
	[OSTI_SLOT_RESTORING] = {
		[SLOT_EV_OPEN] = NO,
		[SLOT_EV_CLOSE] = NO,
		[SLOT_EV_START] = NO,
		[SLOT_EV_FREEZE] = NO,
		[SLOT_EV_RESUME] = NO,
		[SLOT_EV_STOP] = NO,
		[SLOT_EV_EXPORT] = NO,
		[SLOT_EV_IMPORT] = NO,
		[SLOT_EV_COMMIT] = OSTI_SLOT_FROZEN,
		[SLOT_EV_ABORT] = OSTI_SLOT_EMPTY,
	},
};

int64_t slot_may(const struct context *slot, enum slot_event event)
{
	ASSERT(slot->id != OSTI_CONTEXT_BM);
	ASSERT(slot->state < OSTI_SLOT_STATES && event < SLOT_EVENTS);
	return transitions[slot->state][event] == NO ? OSTI_E_STATE : OSTI_OK;
}

int64_t slot_transition(struct context *slot, enum slot_event event)
{
	int64_t ret = slot_may(slot, event);

	if (ret == OSTI_OK)
		slot->state = transitions[slot->state][event];
	return ret;
}

bool slot_any(uint8_t state)
{
	unsigned int i;

	for (i = 1; i <= context_slots(); i++)
		if (context_get(i)->state == state)
			return true;
	return false;
}

const char *slot_state_name(uint8_t state)
{
	static const char * const names[OSTI_SLOT_STATES] = {
		[OSTI_SLOT_EMPTY] = "empty",
		[OSTI_SLOT_LOADING] = "loading",
		[OSTI_SLOT_RUNNING] = "running",
		[OSTI_SLOT_FROZEN] = "frozen",
		[OSTI_SLOT_SAVING] = "saving",
		[OSTI_SLOT_RESTORING] = "restoring",
	};

	return state < OSTI_SLOT_STATES ? names[state] : "?";
}
