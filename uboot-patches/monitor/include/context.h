/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * context.h - what the monitor knows of the boot manager and of each slot
 *
 * Context 0 is the boot manager, 1 .. context_slots() are the slots. This
 * header only names the data; above each group stands the file that owns it. Of
 * a slot that ends in an image, or comes from one, transfer.c writes world.c's.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>

#include "arch.h"
#include "gicv3.h"
#include "rtc.h"

#define NR_CONTEXTS	(OSTI_MAX_SLOTS + 1)

/* Where a context goes on when it is entered. */
struct resume_point {
	ipa_t entry;
	uint64_t arg;		/* comes in x0 */
	unsigned int cpu;
};

/* The boot manager's answer to a request. */
struct answer {
	bool given;
	uint64_t request;
	uint64_t result;	/* OSTI_RESULT_* */
	uint64_t detail;
};

/* All 0 if the slot's OS was never in an image. */
struct origin {
	bool fresh;		/* was not entered since */
	bool copy;
	uint64_t generation;
	/* No other image of the slot that came in on this device has it. */
	uint64_t number;
	uint64_t counter;	/* when it was frozen, of another power-on maybe */
	uint64_t saved_at;	/* seconds since 1970 */
};

/* What the boot manager says of the store; nothing relies on it. */
struct image_note {
	uint64_t note;		/* OSTI_NOTE_* */
	uint64_t reason;
	uint64_t saved_at;
	uint64_t bytes;
};

struct context {
	/* context.c: fixed after boot */
	unsigned int id;
	char name[OSTI_NAME_LEN];
	uint64_t size;

	/* partition.c; the boot manager's is fixed */
	pa_t base;		/* 0: it has no partition, being empty */

	/* slot.c */
	uint8_t state;		/* OSTI_SLOT_*; the boot manager has none */

	/* world.c */
	struct resume_point resume;
	struct gicv3_state gic;
	uint64_t frozen_at;
	uint64_t entries;
	uint8_t resumed;	/* OSTI_RESUMED_*: how it came to run last */
	/* Of the statement that it was started by; 0: empty, or not known */
	uint64_t version;
	bool disk_key;		/* that statement lets it ask for its disk key */

	/* world.c counts them, call.c when its OS says that one was good */
	uint64_t tries;		/* starts in a row since power-on */

	/* rtc.c */
	struct rtc_state rtc;

	/* call.c: how often its least version was raised since power-on */
	uint8_t raises;

	/* call.c: what it wants of the boot manager, and what it got */
	uint8_t target;		/* armed target or OSTI_TARGET_NONE */
	uint64_t request;	/* OSTI_REQUEST_* | slot << 8 */
	struct answer answer;

	/* transfer.c: the image that it was made of last, if any */
	struct origin origin;

	/* call_image.c */
	struct image_note note;
};

/* Where the RAM of each begins, as it sees it. */
static inline ipa_t context_ram(void)
{
	return ipa_make(OSTI_RAM_IPA);
}

/* Has it a partition? */
static inline bool context_has_ram(const struct context *ctx)
{
	return pa_value(ctx->base) != 0;
}

/* Make them from the configuration. Panics when one cannot fit. */
void context_init(void);
/* Number of slots. */
unsigned int context_slots(void);
/* The context with this number, which the caller has checked. */
struct context *context_get(unsigned int id);
/* Is there a slot with this number? @slot comes from outside. */
bool context_is_slot(uint64_t slot);
/* Does [ipa, ipa + bytes) lie in the RAM of the context? Values from outside. */
bool context_owns(const struct context *ctx, ipa_t ipa, uint64_t bytes);

#endif /* CONTEXT_H */
