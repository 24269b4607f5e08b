/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event.h - the hash-chained rings of events (OSTI_CALL_EVENT_*)
 *
 * All functions are called with the monitor's lock held.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

#include "context.h"

#define EVENT_HASH	32

/*
 * Records of OSTI_RING_ACTS. Each is paid for by the context that caused it: it
 * has EVENT_BURST of them at once, and one a second after that. So a context that
 * acts without end puts one record a second into the ring, whatever it does. The
 * bursts of all 9 contexts are 288 records: what one context did stays for at
 * least (512 - 288) / 9 = 24 seconds when all others wash, and for eight
 * minutes when one does. A switch takes 3: ten in a row are recorded whole.
 */
#define EVENT_ACTS	512
#define EVENT_BURST	32

/*
 * Records of OSTI_RING_OFFENCES: a count of 32 bits has as many powers of two,
 * for each type and context. No more can come, so none is ever overwritten.
 */
#define EVENT_OFFENCE_FIRST	OSTI_EV_STAGE2_FAULT
#define EVENT_OFFENCE_LAST	OSTI_EV_TRAP
#define EVENT_OFFENCE_TYPES	(EVENT_OFFENCE_LAST - EVENT_OFFENCE_FIRST + 1)
#define EVENT_OFFENCES		(NR_CONTEXTS * EVENT_OFFENCE_TYPES * 32)

struct event_record {
	uint64_t seq;
	uint64_t time;
	uint64_t what;		/* as x3 of OSTI_CALL_EVENT_READ */
	uint64_t arg[2];
	uint8_t digest[EVENT_HASH];
};

/* Power-on: the rings are empty, and the boot manager pays. */
void event_init(void);
/* What happens from now on is the doing of this context: it pays. */
void event_charge(unsigned int ctx);
/*
 * Note an act about a context. When the budget of the one that pays is spent, it
 * is only counted, for OSTI_EV_LIMITED.
 */
void event_add(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b);
/* Record what was left out, of those that can pay for it. */
void event_settle(void);
/*
 * Note an offence (EVENT_OFFENCE_FIRST .. _LAST): only every power of two of
 * them. @high goes above the count.
 */
void event_offence(unsigned int type, unsigned int ctx, uint64_t a,
		   uint32_t high);

/*
 * Read a record of a ring (OSTI_RING_*) as @reader may see it. Returns OSTI_OK
 * or OSTI_E_EMPTY. @seq comes from outside.
 */
int64_t event_read(unsigned int ring, uint64_t seq,
		   const struct context *reader, struct event_record *out);
uint64_t event_oldest(unsigned int ring);
uint64_t event_next(unsigned int ring);
/* Chain value before the oldest record kept, and after the newest. */
const uint8_t *event_chain_base(unsigned int ring);
const uint8_t *event_chain_head(unsigned int ring);

#endif /* EVENT_H */
