// SPDX-License-Identifier: GPL-2.0-only
/*
 * call_start.c - the OSTI calls about start statements
 */
#include "call.h"

#include "event.h"
#include "image_crypto.h"
#include "log.h"
#include "slot.h"
#include "start.h"
#include "string.h"
#include "transfer.h"

/* The statement in x2 and x3, checked for a slot. */
static int64_t check(struct call *c, const struct context *slot,
		     struct start *start, uint64_t *why)
{
	const uint64_t bytes = c->arg[3];
	uint8_t *buf;
	int64_t ret;

	if (bytes < OSTI_START_MIN || bytes > OSTI_START_MAX)
		return OSTI_E_INVALID;
	ret = call_buffer(c, c->arg[2], bytes, &buf);
	if (ret)
		return ret;
	*why = start_check(slot, buf, bytes, start);
	return *why ? OSTI_E_START : OSTI_OK;
}

/* Told to the owner also when the boot manager only asked. */
static int64_t refused(struct call *c, const struct context *slot,
		       uint64_t why, uint64_t version)
{
	event_add(OSTI_EV_REFUSED, slot->id, why, version);
	log_warn("slot %u: start refused, reason %llu", slot->id,
		 (unsigned long long)why);
	c->res[1] = why;
	return OSTI_E_START;
}

int64_t call_start_check(struct call *c)
{
	struct context *slot;
	struct start start;
	uint64_t why = 0;
	int64_t ret = call_slot(c, &slot);

	if (!ret)
		ret = check(c, slot, &start, &why);
	if (ret == OSTI_E_START)
		return refused(c, slot, why, start.version);
	if (ret)
		return ret;
	c->res[1] = start.version;
	c->res[2] = transfer_wants_consent(slot) ? OSTI_START_AGREED : 0;
	return OSTI_OK;
}

/* x4 and x5, and whether it can be done at all. */
static int64_t prepare(struct call *c, struct world_start *how,
		       uint8_t chance[OSTI_START_SEED])
{
	uint8_t *buf;
	int64_t ret = call_slot(c, &how->slot);

	if (ret)
		return ret;
	if (c->arg[5] & ~(uint64_t)OSTI_START_AGREED)
		return OSTI_E_INVALID;
	ret = call_buffer(c, c->arg[4], OSTI_START_SEED, &buf);
	if (ret)
		return ret;
	memcpy(chance, buf, OSTI_START_SEED);
	how->chance = chance;
	how->agreed = c->arg[5] & OSTI_START_AGREED;
	return slot_may(how->slot, SLOT_EV_START);
}

int64_t call_slot_start(struct call *c)
{
	uint8_t chance[OSTI_START_SEED] = { 0 };
	struct world_start how = { 0 };
	int64_t ret = prepare(c, &how, chance);

	if (!ret)
		ret = check(c, how.slot, &how.start, &how.why);
	if (!ret)
		ret = world_start(&how, c->entered, &c->outcome, c->out);
	image_crypto_wipe(chance, sizeof(chance));
	return ret == OSTI_E_START ?
	       refused(c, how.slot, how.why, how.start.version) : ret;
}
