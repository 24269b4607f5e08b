/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event.h - the hash-chained ring of events (OSTI_CALL_EVENT_*)
 *
 * All functions are called with the monitor's lock held.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

#include "context.h"

#define EVENT_RECORDS	512
#define EVENT_HASH	32
#define EVENT_OWN	64

struct event_record {
	uint64_t seq;
	uint64_t time;
	uint64_t what;		/* as x3 of OSTI_CALL_EVENT_READ */
	uint64_t arg[2];
	uint8_t digest[EVENT_HASH];
};

void event_init(void);
/* Note that something happened to, or was done by, a context. */
void event_add(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b);
/*
 * As event_add(), for what an OS can do on its own as often as it likes: of
 * these, EVENT_OWN are kept until event_new_turn(), so that it cannot wash the
 * ring clean of what it did before.
 */
void event_add_own(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b);
/* The device changed hands. */
void event_new_turn(void);
/*
 * Note an offence (OSTI_EV_STAGE2_FAULT and above): only every power of two of
 * them, so that an OS cannot wash the ring clean. @high goes above the count.
 */
void event_offence(unsigned int type, unsigned int ctx, uint64_t a,
		   uint32_t high);
/*
 * Read a record as @reader may see it. Returns OSTI_OK or OSTI_E_EMPTY.
 * @seq comes from outside.
 */
int64_t event_read(uint64_t seq, const struct context *reader,
		   struct event_record *out);
uint64_t event_oldest(void);
uint64_t event_next(void);
/* Chain value before the oldest record kept, and after the newest. */
const uint8_t *event_chain_base(void);
const uint8_t *event_chain_head(void);

#endif /* EVENT_H */
