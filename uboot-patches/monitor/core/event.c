// SPDX-License-Identifier: GPL-2.0-only
/*
 * event.c - the hash-chained ring of events
 */
#include "event.h"

#include <tomcrypt.h>

#include "arch.h"
#include "log.h"
#include "string.h"

#define OFFENCE_FIRST	OSTI_EV_STAGE2_FAULT
#define OFFENCE_TYPES	(OSTI_EV_LAST - OFFENCE_FIRST + 1)

static struct event_record ring[EVENT_RECORDS];
static uint64_t next_seq;
static uint8_t chain_base[EVENT_HASH];
static uint8_t chain_head[EVENT_HASH];
static unsigned int own_left;
static uint32_t offences[NR_CONTEXTS][OFFENCE_TYPES];

static void put_le64(uint8_t *p, uint64_t val)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		p[i] = val >> (8 * i);
}

static void hash(const uint8_t *in, unsigned long bytes, uint8_t *out)
{
	hash_state md;

	/* These fail only for a bad length or a state that was not set up. */
	ASSERT(blake2b_256_init(&md) == CRYPT_OK);
	ASSERT(blake2b_process(&md, in, bytes) == CRYPT_OK);
	ASSERT(blake2b_done(&md, out) == CRYPT_OK);
}

static void chain_extend(uint8_t *chain, const uint8_t *digest)
{
	uint8_t buf[2 * EVENT_HASH];

	memcpy(buf, chain, EVENT_HASH);
	memcpy(buf + EVENT_HASH, digest, EVENT_HASH);
	hash(buf, sizeof(buf), chain);
}

static void digest_record(struct event_record *rec)
{
	uint8_t buf[5 * 8];

	put_le64(buf, rec->seq);
	put_le64(buf + 8, rec->time);
	put_le64(buf + 16, rec->what);
	put_le64(buf + 24, rec->arg[0]);
	put_le64(buf + 32, rec->arg[1]);
	hash(buf, sizeof(buf), rec->digest);
}

void event_init(void)
{
	memset(ring, 0, sizeof(ring));
	memset(chain_base, 0, sizeof(chain_base));
	memset(chain_head, 0, sizeof(chain_head));
	memset(offences, 0, sizeof(offences));
	next_seq = 0;
	event_new_turn();
}

void event_add(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b)
{
	struct event_record *rec = &ring[next_seq % EVENT_RECORDS];

	if (next_seq >= EVENT_RECORDS)
		chain_extend(chain_base, rec->digest);

	rec->seq = next_seq++;
	rec->time = arch_counter();
	rec->what = type | ctx << 16 | (uint64_t)arch_cpu() << 24;
	rec->arg[0] = a;
	rec->arg[1] = b;
	digest_record(rec);
	chain_extend(chain_head, rec->digest);
}

void event_add_own(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b)
{
	if (!own_left)
		return;
	own_left--;
	event_add(type, ctx, a, b);
}

void event_new_turn(void)
{
	own_left = EVENT_OWN;
}

void event_offence(unsigned int type, unsigned int ctx, uint64_t a,
		   uint32_t high)
{
	uint32_t *count;

	ASSERT(type >= OFFENCE_FIRST && type <= OSTI_EV_LAST);
	ASSERT(ctx < NR_CONTEXTS);

	count = &offences[ctx][type - OFFENCE_FIRST];
	if (*count == UINT32_MAX)
		return;
	(*count)++;
	if (*count & (*count - 1))
		return;
	event_add(type, ctx, a, *count | (uint64_t)high << 32);
	log_warn("context %u: offence %u, argument %llx, %u so far", ctx, type,
		 (unsigned long long)a, *count);
}

uint64_t event_oldest(void)
{
	return next_seq > EVENT_RECORDS ? next_seq - EVENT_RECORDS : 0;
}

uint64_t event_next(void)
{
	return next_seq;
}

const uint8_t *event_chain_base(void)
{
	return chain_base;
}

const uint8_t *event_chain_head(void)
{
	return chain_head;
}

static bool concerns(const struct event_record *rec,
		     const struct context *reader)
{
	return reader->id == OSTI_CONTEXT_BM ||
	       (rec->what >> 16 & 0xff) == reader->id ||
	       (rec->what & 0xffff) == OSTI_EV_POWER_ON;
}

int64_t event_read(uint64_t seq, const struct context *reader,
		   struct event_record *out)
{
	const struct event_record *rec;

	if (seq < event_oldest() || seq >= next_seq)
		return OSTI_E_EMPTY;

	rec = &ring[seq % EVENT_RECORDS];
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
