// SPDX-License-Identifier: GPL-2.0-only
/*
 * slot.c - the state machine of a slot
 */
#include "slot.h"

#include "lock.h"
#include "log.h"

/* All that a slot can do; docs/state-machines.md has the same. */
static const struct {
	uint8_t from;
	enum slot_event event;
	uint8_t to;
} moves[] = {
	{ OSTI_SLOT_EMPTY, SLOT_EV_OPEN, OSTI_SLOT_LOADING },
	{ OSTI_SLOT_LOADING, SLOT_EV_CLOSE, OSTI_SLOT_EMPTY },
	{ OSTI_SLOT_LOADING, SLOT_EV_START, OSTI_SLOT_RUNNING },
	{ OSTI_SLOT_RUNNING, SLOT_EV_FREEZE, OSTI_SLOT_FROZEN },
	{ OSTI_SLOT_RUNNING, SLOT_EV_STOP, OSTI_SLOT_EMPTY },
	{ OSTI_SLOT_FROZEN, SLOT_EV_RESUME, OSTI_SLOT_RUNNING },
	{ OSTI_SLOT_FROZEN, SLOT_EV_EXPORT, OSTI_SLOT_SAVING },
	{ OSTI_SLOT_SAVING, SLOT_EV_COMMIT, OSTI_SLOT_EMPTY },
	{ OSTI_SLOT_SAVING, SLOT_EV_ABORT, OSTI_SLOT_FROZEN },
	{ OSTI_SLOT_EMPTY, SLOT_EV_IMPORT, OSTI_SLOT_RESTORING },
	{ OSTI_SLOT_RESTORING, SLOT_EV_COMMIT, OSTI_SLOT_FROZEN },
	{ OSTI_SLOT_RESTORING, SLOT_EV_ABORT, OSTI_SLOT_EMPTY },
};

/* Where it goes from here, or OSTI_SLOT_STATES when it does not. */
static uint8_t next(uint8_t from, enum slot_event event)
{
	unsigned int i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].from == from && moves[i].event == event)
			return moves[i].to;
	return OSTI_SLOT_STATES;
}

int64_t slot_may(const struct context *slot, enum slot_event event)
{
	ASSERT(slot->id != OSTI_CONTEXT_BM);
	ASSERT(slot->state < OSTI_SLOT_STATES && event < SLOT_EVENTS);
	return next(slot->state, event) == OSTI_SLOT_STATES ? OSTI_E_STATE :
							      OSTI_OK;
}

int64_t slot_transition(struct context *slot, enum slot_event event)
{
	int64_t ret = slot_may(slot, event);

	LOCK_ASSERT_HELD();
	if (ret == OSTI_OK)
		slot->state = next(slot->state, event);
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
#define OSTI_SLOT_STATE(name, text) \
	[OSTI_SLOT_##name] = text,
#include <osti/names.h>
	};

	return state < OSTI_SLOT_STATES ? names[state] : "?";
}
