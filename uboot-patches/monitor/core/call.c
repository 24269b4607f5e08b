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
#include "firmware.h"
#include "keys.h"
#include "lock.h"
#include "log.h"
#include "nv.h"
#include "phase.h"
#include "string.h"
#include "sweep.h"
#include "transfer.h"

#define OWNER_MASK	0xbf000000
#define OWNER_VENDOR_HYP 0x86000000

/*
 * How often a slot has its least version raised in a power-on, so that it cannot
 * wear NV memory out. The log is compacted after some 250 records.
 */
#define RAISES_MAX	64

bool call_is_osti(uint32_t fid)
{
	return (fid & OWNER_MASK) == OWNER_VENDOR_HYP;
}

int64_t call_info(struct call *c)
{
	c->res[1] = c->ctx->id;
	c->res[2] = context_slots();
	c->res[3] = cpu_count();
	c->res[4] = c->ctx->size;
	c->res[5] = OSTI_RAM_IPA;
	c->res[6] = arch_counter_hz();
	c->res[7] = c->ctx->target;
	return OSTI_OK;
}

int64_t call_slot_info(struct call *c)
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
	c->res[10] = keys_origin(slot);
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
	case OSTI_REQUEST_RESTORE:
	case OSTI_REQUEST_RETIRE:
	case OSTI_REQUEST_BOOT_INSTALL:
	case OSTI_REQUEST_BOOT_LIST:
	case OSTI_REQUEST_FIRMWARE:
		return context_is_slot(slot);
	default:
		return false;
	}
}

int64_t call_target_arm(struct call *c)
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

int64_t call_target_cancel(struct call *c)
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

int64_t call_phase_mark(struct call *c)
{
	return phase_mark(c->ctx, c->arg[1]);
}

int64_t call_phase_read(struct call *c)
{
	struct phase_record rec;
	int64_t ret = phase_read(c->ctx, c->arg[1], &rec);

	if (ret)
		return ret;
	c->res[1] = rec.number;
	c->res[2] = rec.source | rec.target << 8 | rec.kind << 16;
	memcpy(&c->res[3], rec.time, sizeof(rec.time));
	c->res[10] = rec.slept;
	return OSTI_OK;
}

int64_t call_event_info(struct call *c)
{
	const uint64_t ring = c->arg[1];

	if (ring >= OSTI_RINGS)
		return OSTI_E_INVALID;
	event_settle();
	c->res[1] = event_oldest(ring);
	c->res[2] = event_next(ring);
	memcpy(&c->res[4], event_chain_base(ring), EVENT_HASH);
	memcpy(&c->res[8], event_chain_head(ring), EVENT_HASH);
	return OSTI_OK;
}

int64_t call_event_read(struct call *c)
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
	return OSTI_OK;
}

int64_t call_request_result(struct call *c)
{
	const struct answer *answer = &c->ctx->answer;

	if (c->ctx->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (!answer->given)
		return OSTI_E_EMPTY;
	c->res[1] = answer->request;
	c->res[2] = answer->result;
	c->res[3] = answer->detail;
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

int64_t call_start_good(struct call *c)
{
	struct context *slot = c->ctx;
	int64_t ret;

	if (slot->id == OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	slot->tries = 0;
	firmware_good();
	ret = raise_floor(slot, c->arg[1]);
	event_add(OSTI_EV_GOOD, slot->id, slot->version, nv_floor(slot->id));
	c->res[1] = nv_floor(slot->id);
	return ret;
}

int64_t call_bm_reason(struct call *c)
{
	const struct world_reason *why = world_bm_reason();

	c->res[1] = why->reason;
	c->res[2] = why->slot;
	c->res[3] = why->last;
	c->res[4] = why->request;
	return OSTI_OK;
}

int64_t call_slot(const struct call *c, struct context **slot)
{
	if (!context_is_slot(c->arg[1]))
		return OSTI_E_INVALID;
	*slot = context_get(c->arg[1]);
	return OSTI_OK;
}

/*
 * The boot manager's RAM is always mapped, a slot's only while it is needed. The
 * whole blocks are the caller's, as partitions are made of them.
 */
static void map_buffer(struct call *c, pa_t addr, uint64_t bytes)
{
	ASSERT(!c->mapped_bytes);
	if (!bytes)
		return;
	c->mapped = pa_align_down(addr, SWEEP_BLOCK);
	c->mapped_bytes = pa_offset(addr, c->mapped) + bytes + SWEEP_BLOCK - 1;
	c->mapped_bytes -= c->mapped_bytes % SWEEP_BLOCK;
	arch_map(c->mapped, c->mapped_bytes);
}

static void unmap_buffer(const struct call *c)
{
	if (c->mapped_bytes)
		arch_unmap(c->mapped, c->mapped_bytes);
}

int64_t call_buffer(struct call *c, uint64_t ipa, uint64_t bytes,
		    uint8_t **buf)
{
	const ipa_t from = ipa_make(ipa);
	pa_t addr;

	if (!context_owns(c->ctx, from, bytes))
		return OSTI_E_RANGE;
	addr = pa_add(c->ctx->base, ipa_offset(from, context_ram()));
	if (c->ctx->id != OSTI_CONTEXT_BM)
		map_buffer(c, addr, bytes);
	*buf = arch_phys(addr, bytes);
	return OSTI_OK;
}

int64_t call_slot_open(struct call *c)
{
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

	if (!ret)
		ret = world_open(slot);
	if (ret)
		return ret;
	c->res[1] = OSTI_WINDOW_IPA;
	c->res[2] = slot->size;
	return OSTI_OK;
}

int64_t call_slot_close(struct call *c)
{
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

	return ret ? ret : world_close(slot);
}

int64_t call_slot_resume(struct call *c)
{
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

	return ret ? ret : world_resume(slot, c->entered, &c->outcome, c->out);
}

int64_t call_bm_answer(struct call *c)
{
	struct context *slot;
	int64_t ret = call_slot(c, &slot);

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

/* OWN: whose image is on its way */
enum who { ANY, BM, OWN };

static const struct call_entry {
	uint32_t fid;
	int64_t (*handler)(struct call *c);
	enum who who;
	uint16_t results;	/* bit n: xn is one, with OSTI_OK */
	uint16_t again;		/* with OSTI_AGAIN */
} calls[] = {
#define CALL(name, handler, who, results, again) \
	{ OSTI_CALL_##name, handler, who, results, again },
#include "call_list.h"
};

#define NR_CALLS	(sizeof(calls) / sizeof(calls[0]))
/* COUNT, UID and REVISION */
#define NR_QUERIES	3

static const struct call_entry *find(uint32_t fid)
{
	unsigned int i;

	for (i = 0; i < NR_CALLS; i++)
		if (calls[i].fid == fid)
			return &calls[i];
	return NULL;
}

static int64_t dispatch(const struct call_entry *entry, struct call *c)
{
	int64_t ret;

	if (!entry)
		return OSTI_E_NOT_SUPPORTED;
	if (entry->who == BM && c->ctx->id != OSTI_CONTEXT_BM)
		return OSTI_E_DENIED;
	if (entry->who == OWN && transfer_owner() != c->ctx)
		return OSTI_E_STATE;
	ret = entry->handler(c);
	unmap_buffer(c);
	return ret;
}

/* The general queries have no status: w0 is a result, too. */
static bool answer_query(uint32_t fid, uint64_t x[SMCCC_REGS])
{
	switch (fid) {
	case OSTI_CALL_COUNT:
		x[0] = NR_CALLS + NR_QUERIES;
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
	case OSTI_E_NO_DISK:
	case OSTI_E_FIRMWARE:
		return true;
	default:
		return false;
	}
}

/* The registers that the contract names. */
static unsigned int results_of(const struct call_entry *entry, int64_t status)
{
	switch (status) {
	case OSTI_OK:
		return entry->results;
	case OSTI_AGAIN:
		return entry->again;
	case OSTI_E_IMAGE:
	case OSTI_E_START:
	case OSTI_E_FIRMWARE:
		return CALL_RESULTS(1, 1);
	default:
		return 0;
	}
}

/* Change them, and nothing else. */
static void answer(const struct call_entry *entry, const struct call *c,
		   int64_t status, uint64_t x[SMCCC_REGS])
{
	unsigned int results = entry ? results_of(entry, status) : 0;
	unsigned int n;

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
	const struct call_entry *entry = find(fid);
	int64_t status;

	LOCK_ASSERT_HELD();
	if (answer_query(fid, x))
		return OUTCOME_RETURN;

	world_poll_faults();
	memcpy(c.arg, x, sizeof(c.arg));
	status = dispatch(entry, &c);
	if (!is_ordinary(status))
		event_offence(OSTI_EV_BAD_CALL, c.ctx->id,
			      fid | (uint64_t)-status << 32, 0);
	if (c.outcome == OUTCOME_RETURN)
		answer(entry, &c, status, x);
	return c.outcome;
}
