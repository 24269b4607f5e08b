/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gicv3.h - the interrupt controller's state, kept for each context
 *
 * Contexts use the GICv3 directly; the monitor only takes its state away when
 * a context leaves and brings it back when the context is entered. The GIC has
 * one security state (GICD_CTLR.DS = 1), affinity routing always on, no LPIs.
 * The ICC_* system registers belong to arch/.
 *
 * A CPU's index is its affinity 0.0.0.<index>; gicv3_init() looks its
 * redistributor up by that.
 *
 * Whether a redistributor sleeps is not kept: the monitor wakes those it needs
 * and leaves them awake. An OS that put one to sleep for its suspend wakes it
 * on its way back, and a sleeping one would keep wake-ups away from the
 * monitor.
 *
 * Except for gicv3_sgi_*() and gicv3_slice_*(), the caller is the only CPU that
 * touches the GIC: the others are off or in the monitor.
 */
#ifndef GICV3_H
#define GICV3_H

#include <stdbool.h>
#include <stdint.h>

#include <osti/abi.h>

#define GICV3_MAX_LINES		288	/* 32 private to a CPU, 256 shared */
#define GICV3_PRIVATE		32
#define GICV3_WAKE_SGI		15	/* the monitor's own */
#define GICV3_SLICE_PPI		26	/* timer of EL2, CNTHP: the monitor's own */
#define GICV3_SHARED_BANKS	((GICV3_MAX_LINES - GICV3_PRIVATE) / 32)

enum gicv3_error {
	GICV3_E_TIMEOUT		= -1,	/* a register did not settle */
	GICV3_E_UNSUPPORTED	= -2,	/* not a GIC that this file can drive */
	GICV3_E_NO_REDIST	= -3,	/* a CPU has no redistributor */
};

/* Registers of 32 INTIDs. */
struct gicv3_bank {
	uint32_t group;
	uint32_t enabled;
	uint32_t pending;	/* of edge-triggered interrupts only */
	uint32_t active;
	uint32_t config[2];
	uint32_t priority[8];
};

struct gicv3_state {
	uint32_t ctlr;
	struct gicv3_bank shared[GICV3_SHARED_BANKS];
	uint64_t route[GICV3_MAX_LINES - GICV3_PRIVATE];
	struct gicv3_bank private[OSTI_MAX_CPUS];
};

/*
 * Find out what GIC this is, and the redistributors of CPUs 0 .. @nr_cpus - 1
 * (1 .. OSTI_MAX_CPUS). Changes nothing in the GIC.
 *
 * Returns 0; GICV3_E_UNSUPPORTED when it is no GICv3, has two security states,
 * more than GICV3_MAX_LINES lines, extended SPIs or PPIs, non-maskable
 * interrupts, or LPIs, whose tables no stage 2 guards; or GICV3_E_NO_REDIST. The log says which.
 */
int gicv3_init(unsigned int nr_cpus);

/*
 * CPUs whose redistributor did not answer within 100 ms since gicv3_init():
 * bit n for CPU n. They are not waited for again, nor saved and restored: what
 * one may still have of a context are private interrupts of a CPU that must not
 * be used any more.
 */
uint32_t gicv3_dead_cpus(void);

/* Read the state of a context that leaves, but that of dead CPUs. */
void gicv3_save(struct gicv3_state *state);

/*
 * Silence the GIC: nothing is enabled, pending or active, both groups are off.
 * Only lines that are still asserted show as pending.
 * Returns 0 or GICV3_E_TIMEOUT: the distributor does not settle (logged; the rest
 * was done).
 */
int gicv3_quiesce(void);

/*
 * Load the state of a context that enters. gicv3_quiesce() came before it.
 * A level-sensitive interrupt is pending after it if its line is asserted now,
 * not because it was when the state was saved.
 * Returns 0 or GICV3_E_TIMEOUT: the distributor does not settle (logged; the rest
 * was done).
 */
int gicv3_restore(const struct gicv3_state *state);

/*
 * Make the state that gicv3_restore() needs for a cold start: what QEMU and
 * real GICs have after reset, all registers 0 but ARE and DS. Linux and U-Boot
 * set up all that they use. Touches no hardware.
 */
void gicv3_reset_state(struct gicv3_state *state);

/* State as bytes of an image: version, GICD_CTLR, banks of 14 words, routes. */
#define GICV3_IMAGE_BYTES \
	(8 + (GICV3_SHARED_BANKS + OSTI_MAX_CPUS) * 14 * 4 + \
	 (GICV3_MAX_LINES - GICV3_PRIVATE) * 8)

void gicv3_image_write(const struct gicv3_state *state,
		       uint8_t out[GICV3_IMAGE_BYTES]);
/* Can gicv3_image_read() read that many bytes at @in? */
bool gicv3_image_ok(const uint8_t *in, uint32_t bytes);
void gicv3_image_read(const uint8_t *in, struct gicv3_state *state);

/*
 * Wake a CPU that waits in WFI with its Group 0 on in ICC_IGRPEN0_EL1: make
 * GICV3_WAKE_SGI pending and enabled for it, with highest priority, in Group 0
 * so that it comes as FIQ, which the monitor takes itself. Memory written
 * before it is seen by the woken CPU. An OS can reach the same registers, so
 * the woken CPU must check why, and the caller must not wait for ever.
 * Returns 0 or GICV3_E_TIMEOUT (its redistributor does not wake; logged).
 */
int gicv3_sgi_wake(unsigned int cpu);

/* Take it back: disabled, not pending, not active, otherwise as after reset. */
int gicv3_sgi_clear(unsigned int cpu);

/* What a context has made of GICV3_SLICE_PPI: bits of its registers. */
struct gicv3_slice {
	uint32_t group, enabled, active;
	uint8_t priority;
};

/*
 * Let the calling CPU's timer of EL2 come as gicv3_sgi_wake() lets its SGI, and
 * note in *@was what the context had made of it. The timer is off.
 * Returns 0 or GICV3_E_TIMEOUT: nothing may come (logged); there is no
 * gicv3_slice_end() then.
 */
int gicv3_slice_begin(unsigned int cpu, struct gicv3_slice *was);
/*
 * The timer is off again: take it back, and so a wake SGI that came meanwhile,
 * as it has done what it is for. Whether the timer's interrupt was pending for
 * the context is not kept: it has no such timer.
 * Returns 0 or GICV3_E_TIMEOUT (logged; the rest was done).
 */
int gicv3_slice_end(unsigned int cpu, const struct gicv3_slice *was);

/*
 * Wake the redistributor of a CPU, so that interrupts reach the CPU again
 * after an OS put it to sleep for a suspend.
 * Returns 0 or GICV3_E_TIMEOUT (logged).
 */
int gicv3_redist_wake(unsigned int cpu);

#endif /* GICV3_H */
