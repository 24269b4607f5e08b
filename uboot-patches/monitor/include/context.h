/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * context.h - what the monitor knows of the boot manager and of each slot
 *
 * Context 0 is the boot manager, 1 .. context_slots() are the slots. This
 * header only names the data; each member has one file that writes it.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>

#include "arch.h"
#include "gicv3.h"

#define NR_CONTEXTS	(OSTI_MAX_SLOTS + 1)

/* Where a context goes on when it is entered. */
struct resume_point {
	ipa_t entry;
	uint64_t arg;		/* comes in x0 */
	unsigned int cpu;
};

struct context {
	/* context.c: fixed after boot */
	unsigned int id;
	char name[OSTI_NAME_LEN];
	pa_t base;
	uint64_t size;

	/* slot.c */
	uint8_t state;		/* OSTI_SLOT_*; the boot manager has none */

	/* world.c */
	struct resume_point resume;
	struct gicv3_state gic;
	uint64_t frozen_at;
	uint64_t entries;
	bool dirty;		/* memory may hold something */
	uint8_t target;		/* armed target or OSTI_TARGET_NONE */
};

/* Lay the configured partitions out in RAM. Panics when they do not fit. */
void context_init(void);
/* Number of slots. */
unsigned int context_slots(void);
/* The context with this number, which the caller has checked. */
struct context *context_get(unsigned int id);
/* Is there a slot with this number? @slot comes from outside. */
bool context_is_slot(uint64_t slot);
/* Does [ipa, ipa + bytes) lie in the RAM of the context? Values from outside. */
bool context_owns(const struct context *ctx, uint64_t ipa, uint64_t bytes);

#endif /* CONTEXT_H */
