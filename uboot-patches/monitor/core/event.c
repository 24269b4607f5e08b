// SPDX-License-Identifier: GPL-2.0-only
/*
 * event.c - the hash-chained rings of events
 */
#include "event.h"

#include "arch.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "lock.h"
#include "log.h"
#include "string.h"

/* What a context may put into the ring of acts. */
struct budget {
	uint64_t full_at;	/* when it is EVENT_BURST again */
	uint64_t left_out;	/* acts, since it last could pay */
	uint64_t first;		/* when the first of these was */
};

struct ring {
	struct event_record *records;
	unsigned int room;
	uint64_t next;
	uint8_t base[EVENT_HASH];
	uint8_t head[EVENT_HASH];
};

_Static_assert(NR_CONTEXTS * EVENT_BURST < EVENT_ACTS,
	       "the bursts of all contexts leave no room in the ring");

static struct event_record acts[EVENT_ACTS];
static struct event_record offences[EVENT_OFFENCES];
static struct ring rings[OSTI_RINGS];
static struct budget budgets[NR_CONTEXTS];
static unsigned int payer;
static uint32_t counts[NR_CONTEXTS][EVENT_OFFENCE_TYPES];

static void chain_extend(uint8_t *chain, const uint8_t *digest)
{
	uint8_t buf[2 * EVENT_HASH];

	memcpy(buf, chain, EVENT_HASH);
	memcpy(buf + EVENT_HASH, digest, EVENT_HASH);
	image_crypto_hash(buf, sizeof(buf), chain);
}

static void digest_record(struct event_record *rec)
{
	uint8_t buf[5 * 8];

	image_put64(buf, rec->seq);
	image_put64(buf + 8, rec->time);
	image_put64(buf + 16, rec->what);
	image_put64(buf + 24, rec->arg[0]);
	image_put64(buf + 32, rec->arg[1]);
	image_crypto_hash(buf, sizeof(buf), rec->digest);
}

static struct ring *ring_get(unsigned int ring)
{
	ASSERT(ring < OSTI_RINGS);
	return &rings[ring];
}

void event_init(void)
{
	memset(rings, 0, sizeof(rings));
	memset(budgets, 0, sizeof(budgets));
	memset(counts, 0, sizeof(counts));
	rings[OSTI_RING_ACTS].records = acts;
	rings[OSTI_RING_ACTS].room = EVENT_ACTS;
	rings[OSTI_RING_OFFENCES].records = offences;
	rings[OSTI_RING_OFFENCES].room = EVENT_OFFENCES;
	event_charge(OSTI_CONTEXT_BM);
}

void event_charge(unsigned int ctx)
{
	LOCK_ASSERT_HELD();
	ASSERT(ctx < NR_CONTEXTS);
	payer = ctx;
}

static void record(unsigned int nr, uint64_t time, uint64_t what, uint64_t a,
		   uint64_t b)
{
	struct ring *ring = ring_get(nr);
	struct event_record *rec = &ring->records[ring->next % ring->room];

	if (ring->next >= ring->room)
		chain_extend(ring->base, rec->digest);

	rec->seq = ring->next++;
	rec->time = time;
	rec->what = what | (uint64_t)arch_cpu() << 24;
	rec->arg[0] = a;
	rec->arg[1] = b;
	digest_record(rec);
	chain_extend(ring->head, rec->digest);
}

/* One record costs a second. */
static bool pay(struct budget *budget, uint64_t now)
{
	const uint64_t cost = arch_counter_hz();
	const uint64_t from = budget->full_at > now ? budget->full_at : now;

	if (from - now > (EVENT_BURST - 1) * cost)
		return false;
	budget->full_at = from + cost;
	return true;
}

static void tell_left_out(unsigned int ctx, uint64_t now)
{
	struct budget *budget = &budgets[ctx];

	if (!budget->left_out || !pay(budget, now))
		return;
	record(OSTI_RING_ACTS, now, OSTI_EV_LIMITED | ctx << 16,
	       budget->left_out, budget->first);
	budget->left_out = 0;
}

void event_add(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b)
{
	struct budget *budget = &budgets[payer];
	const uint64_t now = arch_counter();

	LOCK_ASSERT_HELD();
	tell_left_out(payer, now);
	if (!budget->left_out && pay(budget, now)) {
		record(OSTI_RING_ACTS, now, type | ctx << 16, a, b);
		return;
	}
	if (!budget->left_out++)
		budget->first = now;
}

void event_settle(void)
{
	const uint64_t now = arch_counter();
	unsigned int ctx;

	LOCK_ASSERT_HELD();
	for (ctx = 0; ctx < NR_CONTEXTS; ctx++)
		tell_left_out(ctx, now);
}

void event_offence(unsigned int type, unsigned int ctx, uint64_t a,
		   uint32_t high)
{
	uint32_t *count;

	LOCK_ASSERT_HELD();
	ASSERT(type >= EVENT_OFFENCE_FIRST && type <= EVENT_OFFENCE_LAST);
	ASSERT(ctx < NR_CONTEXTS);

	count = &counts[ctx][type - EVENT_OFFENCE_FIRST];
	if (*count == UINT32_MAX)
		return;
	(*count)++;
	if (*count & (*count - 1))
		return;
	record(OSTI_RING_OFFENCES, arch_counter(), type | ctx << 16, a,
	       *count | (uint64_t)high << 32);
	log_warn("context %u: offence %u, argument %llx, %u so far", ctx, type,
		 (unsigned long long)a, *count);
}

uint64_t event_oldest(unsigned int ring)
{
	const struct ring *r = ring_get(ring);

	return r->next > r->room ? r->next - r->room : 0;
}

uint64_t event_next(unsigned int ring)
{
	return ring_get(ring)->next;
}

const uint8_t *event_chain_base(unsigned int ring)
{
	return ring_get(ring)->base;
}

const uint8_t *event_chain_head(unsigned int ring)
{
	return ring_get(ring)->head;
}

static bool concerns(const struct event_record *rec,
		     const struct context *reader)
{
	return reader->id == OSTI_CONTEXT_BM ||
	       (rec->what >> 16 & 0xff) == reader->id ||
	       (rec->what & 0xffff) == OSTI_EV_POWER_ON;
}

int64_t event_read(unsigned int ring, uint64_t seq,
		   const struct context *reader, struct event_record *out)
{
	const struct ring *r = ring_get(ring);
	const struct event_record *rec;

	if (seq < event_oldest(ring) || seq >= r->next)
		return OSTI_E_EMPTY;

	rec = &r->records[seq % r->room];
	memset(out, 0, sizeof(*out));
	if (concerns(rec, reader)) {
		*out = *rec;
	} else {
		out->seq = rec->seq;
		out->what = OSTI_EV_REDACTED;
		memcpy(out->digest, rec->digest, EVENT_HASH);
	}
	return OSTI_OK;
}
