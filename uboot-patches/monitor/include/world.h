/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * world.h - which context has the device, and how it changes hands
 *
 * All functions are called with the monitor's lock held.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdint.h>

#include "context.h"
#include "cpu.h"
#include "start.h"

/* What the calling CPU does when it leaves the monitor. */
enum outcome {
	OUTCOME_RETURN,		/* back to the caller */
	OUTCOME_STANDBY,	/* sleep, then back to the caller */
	OUTCOME_ENTER,		/* into EL1 at a new place, registers scrubbed */
	OUTCOME_CPU_OFF,	/* lose power */
};

void world_init(void);
/* The context that has the device. */
struct context *world_current(void);

/* Power-on: enter the boot manager for the first time. */
enum outcome world_boot(struct cpu_entry *out);

/*
 * SYSTEM_SUSPEND of the running slot, whose arguments have been checked and
 * whose calling CPU is the only one on. With a target armed the device changes
 * hands; else it sleeps until an interrupt. @entered is when the call came.
 * On OUTCOME_RETURN nothing changed: the target's CPU could not be powered on.
 */
enum outcome world_suspend(const struct resume_point *at, uint64_t entered,
			   struct cpu_entry *out);
/* SYSTEM_OFF or SYSTEM_RESET (@reason OSTI_REASON_*) of the running context. */
enum outcome world_stop(unsigned int reason, struct cpu_entry *out);

/* Calls of the boot manager; numbers were checked, states are checked here. */
int64_t world_open(struct context *slot);
int64_t world_close(struct context *slot);

/* What SLOT_START asks for. */
struct world_start {
	struct context *slot;
	struct start start;	/* from start_check() for the slot */
	const uint8_t *chance;	/* OSTI_START_SEED bytes of the boot manager */
	bool agreed;		/* OSTI_START_AGREED */
	uint64_t why;		/* with OSTI_E_START: OSTI_START_E_* */
};

/* These two leave the boot manager when they return OSTI_OK with @outcome. */
int64_t world_start(struct world_start *how, uint64_t entered,
		    enum outcome *outcome, struct cpu_entry *out);
int64_t world_resume(struct context *slot, uint64_t entered,
		     enum outcome *outcome, struct cpu_entry *out);

/* Why the boot manager was entered last. */
struct world_reason {
	unsigned int reason;	/* OSTI_REASON_* */
	unsigned int slot;	/* about which slot, or 0 */
	unsigned int last;	/* slot that ran last, or 0 */
	uint64_t request;	/* with OSTI_REASON_REQUEST */
};

const struct world_reason *world_bm_reason(void);

/* Note DMA faults since the last time as offences of the running context. */
void world_poll_faults(void);

#endif /* WORLD_H */
