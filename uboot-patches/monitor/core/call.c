// SPDX-License-Identifier: GPL-2.0-only
/*
 * call.c - the OSTI calls
 *
 * Each handler gets the caller's context, the arguments as they came, and room
 * for results; it returns the status. No handler trusts a number before it has
 * checked it against the context.
 */
#include "call.h"

#include "arch.h"
#include "event.h"
#include "log.h"
#include "nv.h"
#include "phase.h"
#include "string.h"

#define OWNER_MASK	0xbf000000
#define OWNER_VENDOR_HYP 0x86000000

/* Number of calls of this contract, with the three general queries. */
#define NR_CALLS	39

/*
 * How often a slot has its least version raised in a power-on, so that it cannot
 * wear NV memory out. The log is compacted after some 250 records.
 */
#define RAISES_MAX	64

bool call_is_osti(uint32_t fid)
{
	return (fid & OWNER_MASK) == OWNER_VENDOR_HYP;
}

static int64_t call_info(struct call *c)
{
	c->res[1] = c->ctx->id;
	c->res[2] = context_slots();
	c->res[3] = cpu_count();
	c->res[4] = c->ctx->size;
	c->res[5] = OSTI_RAM_IPA;
	c->res[6] = arch_counter_hz();
	c->res[7] = c->ctx->target;
	c->results = CALL_RESULTS(1, 7);
	return OSTI_OK;
}

static int64_t call_slot_info(struct call *c)
{
	const struct context *slot;

	if (!context_is_slot(c->arg[1]))
		return OSTI_E_INVALID;
	slot = context_get(c->arg[1]);
	c->res[1] = slot->state;
	c->res[2] = slot->size;
	c->res[3] = slot->frozen_at;
	c->res[4] = slot->entries;
	memcpy(&c->res[5], slot->name, OSTI_NAME_LEN);
	c->res[7] = nv_floor(slot->id);
	c->res[8] = slot->tries;
	c->res[9] = slot->version;
	c->results = CALL_RESULTS(1, 9);
	return OSTI_OK;
}

/* Is it a request that the boot manager knows, about a slot that there is? */
static bool request_ok(uint64_t request)
{
	const uint64_t slot = request >> 8;

	switch (request & 0xff) {
	case OSTI_REQUEST_NONE:
	case OSTI_REQUEST_POWER_OFF:
		return slot == 0;
	case OSTI_REQUEST_HIBERNATE:
	case OSTI_REQUEST_VERIFY:
	case OSTI_REQUEST_DROP:
		return context_is_slot(slot);
	default:
		return false;
	}
}

static int64_t call_target_arm(struct call *c)
{
	const uint64_t target = c->arg[1];
	const uint64_t request = c->arg[2];

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (target != OSTI_CONTEXT_BM && !context_is_slot(target))
		return OSTI_E_INVALID;
	if (target == c->ctx->id || !request_ok(request) ||
	    (request && target != OSTI_CONTEXT_BM))
		return OSTI_E_INVALID;
	c->ctx->target = target;
	c->ctx->request = request;
	c->ctx->answer.given = false;
	phase_request();
	event_add(OSTI_EV_ARMED, c->ctx->id, target, 0);
	return OSTI_OK;
}

static int64_t call_target_cancel(struct call *c)
{
	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (c->ctx->target == OSTI_TARGET_NONE)
		return OSTI_OK;
	event_add(OSTI_EV_CANCELLED, c->ctx->id, c->ctx->target, 0);
	c->ctx->target = OSTI_TARGET_NONE;
	phase_cancel();
	return OSTI_OK;
}

static int64_t call_phase_read(struct call *c)
{
	struct phase_record rec;
	int64_t ret = phase_read(c->ctx, c->arg[1], &rec);

	if (ret)
		return ret;
	c->res[1] = rec.number;
	c->res[2] = rec.source | rec.target << 8 | rec.kind << 16;
	memcpy(&c->res[3], rec.time, sizeof(rec.time));
	c->res[10] = rec.slept;
	c->results = CALL_RESULTS(1, 10);
	return OSTI_OK;
}

static int64_t call_event_info(struct call *c)
{
	const uint64_t ring = c->arg[1];

	if (ring >= OSTI_RINGS)
		return OSTI_E_INVALID;
	event_settle();
	c->res[1] = event_oldest(ring);
	c->res[2] = event_next(ring);
	memcpy(&c->res[4], event_chain_base(ring), EVENT_HASH);
	memcpy(&c->res[8], event_chain_head(ring), EVENT_HASH);
	c->results = CALL_RESULTS(1, 2) | CALL_RESULTS(4, 11);
	return OSTI_OK;
}

static int64_t call_event_read(struct call *c)
{
	struct event_record rec;
	int64_t ret;

	if (c->arg[2] >= OSTI_RINGS)
		return OSTI_E_INVALID;
	ret = event_read(c->arg[2], c->arg[1], c->ctx, &rec);
	if (ret)
		return ret;
	c->res[1] = rec.seq;
	c->res[2] = rec.time;
	c->res[3] = rec.what;
	c->res[4] = rec.arg[0];
	c->res[5] = rec.arg[1];
	memcpy(&c->res[6], rec.digest, EVENT_HASH);
	c->results = CALL_RESULTS(1, 9);
	return OSTI_OK;
}

static int64_t call_request_result(struct call *c)
{
	const struct answer *answer = &c->ctx->answer;

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (!answer->given)
		return OSTI_E_EMPTY;
	c->res[1] = answer->request;
	c->res[2] = answer->result;
	c->res[3] = answer->detail;
	c->results = CALL_RESULTS(1, 3);
	return OSTI_OK;
}

static int64_t raise_floor(struct context *slot, uint64_t version)
{
	if (version <= nv_floor(slot->id))
		return OSTI_OK;
	if (version > slot->version)
		return OSTI_E_INVALID;
	if (slot->raises >= RAISES_MAX)
		return OSTI_E_HARDWARE;
	slot->raises++;
	return nv_raise_floor(slot->id, version) ? OSTI_E_HARDWARE : OSTI_OK;
}

static int64_t call_start_good(struct call *c)
{
	struct context *slot = c->ctx;
	int64_t ret;

	if (slot->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	slot->tries = 0;
	ret = raise_floor(slot, c->arg[1]);
	event_add(OSTI_EV_GOOD, slot->id, slot->version, nv_floor(slot->id));
	c->res[1] = nv_floor(slot->id);
	c->results = CALL_RESULTS(1, 1);
	return ret;
}

static int64_t call_bm_reason(struct call *c)
{
	const struct world_reason *why = world_bm_reason();

	if (c->ctx->id != OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	c->res[1] = why->reason;
	c->res[2] = why->slot;
	c->res[3] = why->last;
	c->res[4] = why->request;
	c->results = CALL_RESULTS(1, 4);
	return OSTI_OK;
}

int64_t call_bm_slot(const struct call *c, struct context **slot)
{
	if (c->ctx->id != OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (!context_is_slot(c->arg[1]))
		return OSTI_E_INVALID;
	*slot = context_get(c->arg[1]);
	return OSTI_OK;
}

int64_t call_buffer(uint64_t ipa, uint64_t bytes, uint8_t **buf)
{
	const struct context *bm = context_get(OSTI_CONTEXT_BM);

	if (!context_owns(bm, ipa, bytes))
		return OSTI_E_RANGE;
	*buf = arch_phys(bm->base + (ipa - OSTI_RAM_IPA), bytes);
	return OSTI_OK;
}

static int64_t call_slot_open(struct call *c)
{
	struct context *slot;
	int64_t ret = call_bm_slot(c, &slot);

	if (!ret)
		ret = world_open(slot);
	if (ret)
		return ret;
	c->res[1] = OSTI_WINDOW_IPA;
	c->res[2] = slot->size;
	c->results = CALL_RESULTS(1, 2);
	return OSTI_OK;
}

static int64_t call_slot_close(struct call *c)
{
	struct context *slot;
	int64_t ret = call_bm_slot(c, &slot);

	return ret ? ret : world_close(slot);
}

static int64_t call_slot_resume(struct call *c)
{
	struct context *slot;
	int64_t ret = call_bm_slot(c, &slot);

	return ret ? ret : world_resume(slot, c->entered, &c->outcome, c->out);
}

static int64_t call_bm_answer(struct call *c)
{
	struct context *slot;
	int64_t ret = call_bm_slot(c, &slot);

	if (ret)
		return ret;
	if (!c->arg[2] || !request_ok(c->arg[2]) ||
	    c->arg[3] > OSTI_RESULT_LAST)
		return OSTI_E_INVALID;
	slot->answer.given = true;
	slot->answer.request = c->arg[2];
	slot->answer.result = c->arg[3];
	slot->answer.detail = c->arg[4];
	return OSTI_OK;
}

static int64_t dispatch(uint32_t fid, struct call *c)
{
	switch (fid) {
	case OSTI_CALL_INFO:
		return call_info(c);
	case OSTI_CALL_SLOT_INFO:
		return call_slot_info(c);
	case OSTI_CALL_TARGET_ARM:
		return call_target_arm(c);
	case OSTI_CALL_TARGET_CANCEL:
		return call_target_cancel(c);
	case OSTI_CALL_PHASE_MARK:
		return phase_mark(c->ctx, c->arg[1]);
	case OSTI_CALL_PHASE_READ:
		return call_phase_read(c);
	case OSTI_CALL_EVENT_INFO:
		return call_event_info(c);
	case OSTI_CALL_EVENT_READ:
		return call_event_read(c);
	case OSTI_CALL_REQUEST_RESULT:
		return call_request_result(c);
	case OSTI_CALL_START_GOOD:
		return call_start_good(c);
	case OSTI_CALL_BM_REASON:
		return call_bm_reason(c);
	case OSTI_CALL_SLOT_OPEN:
		return call_slot_open(c);
	case OSTI_CALL_SLOT_CLOSE:
		return call_slot_close(c);
	case OSTI_CALL_SLOT_START:
	case OSTI_CALL_START_CHECK:
		return call_start(fid, c);
	case OSTI_CALL_SLOT_RESUME:
		return call_slot_resume(c);
	case OSTI_CALL_BM_ANSWER:
		return call_bm_answer(c);
	case OSTI_CALL_IMAGE_INFO:
	case OSTI_CALL_RESUME_INFO:
	case OSTI_CALL_IMAGE_NOTE:
	case OSTI_CALL_IMAGE_DROP:
	case OSTI_CALL_EXPORT_BEGIN ... OSTI_CALL_EXPORT_ABORT:
	case OSTI_CALL_IMPORT_BEGIN ... OSTI_CALL_IMPORT_ABORT:
		return call_image(fid, c);
	default:
		return OSTI_E_NOT_SUPPORTED;
	}
}

/* The general queries have no status: w0 is a result, too. */
static bool answer_query(uint32_t fid, uint64_t x[SMCCC_REGS])
{
	switch (fid) {
	case OSTI_CALL_COUNT:
		x[0] = NR_CALLS;
		return true;
	case OSTI_CALL_UID:
		x[0] = OSTI_UID_0;
		x[1] = OSTI_UID_1;
		x[2] = OSTI_UID_2;
		x[3] = OSTI_UID_3;
		return true;
	case OSTI_CALL_REVISION:
		x[0] = OSTI_ABI_MAJOR;
		x[1] = OSTI_ABI_MINOR;
		return true;
	default:
		return false;
	}
}

/* What a well-behaved caller meets too, and so is no offence. */
static bool is_ordinary(int64_t status)
{
	switch (status) {
	case OSTI_OK:
	case OSTI_AGAIN:
	case OSTI_E_EMPTY:
	case OSTI_E_STATE:
	case OSTI_E_HARDWARE:
	case OSTI_E_IMAGE:
	case OSTI_E_NO_ROOM:
	case OSTI_E_START:
	case OSTI_E_AGREE:
		return true;
	default:
		return false;
	}
}

/* Change what the contract names, and nothing else. */
static void answer(const struct call *c, int64_t status, uint64_t x[SMCCC_REGS])
{
	unsigned int results = 0;
	unsigned int n;

	if (status == OSTI_OK || status == OSTI_AGAIN)
		results = c->results;
	else if (status == OSTI_E_IMAGE || status == OSTI_E_START)
		results = CALL_RESULTS(1, 1);
	x[0] = status;
	for (n = 1; n < SMCCC_REGS; n++)
		if (results & 1U << n)
			x[n] = c->res[n];
}

enum outcome call_handle(uint32_t fid, uint64_t x[SMCCC_REGS],
			 struct cpu_entry *out)
{
	struct call c = {
		.ctx = world_current(),
		.entered = arch_counter(),
		.outcome = OUTCOME_RETURN,
		.out = out,
	};
	int64_t status;

	if (answer_query(fid, x))
		return OUTCOME_RETURN;

	world_poll_faults();
	memcpy(c.arg, x, sizeof(c.arg));
	status = dispatch(fid, &c);
	if (!is_ordinary(status))
		event_offence(OSTI_EV_BAD_CALL, c.ctx->id,
			      fid | (uint64_t)-status << 32, 0);
	if (c.outcome == OUTCOME_RETURN)
		answer(&c, status, x);
	return c.outcome;
}
