/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * device.h - what a context gets with the device, and what does not answer
 *
 * What does not answer is cut off until power-on, noted as OSTI_EV_CUT_OFF and
 * given to nobody; table: docs/state-machines.md. All functions are called with
 * the monitor's lock held.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdint.h>

#include "context.h"

/*
 * Take all PCI functions from the context that leaves: they are reset, off,
 * their memory is zero where the board says so, and nobody's stream is attached.
 * Panics when a function can be neither stopped nor detached.
 */
void device_take(const struct context *ctx);
/* Attach the context's functions. From now on they are its own. */
void device_give(const struct context *ctx);
/*
 * Lend a function that is nobody's now, and stopped, to the context that runs.
 * Returns 0, or -1 when it is cut off instead.
 */
int device_lend(const struct context *ctx, unsigned int devfn);
/*
 * Take it back, with CPUs of the context on: from the return on it reaches
 * nothing, and is reset. Panics as device_take(). Returns 0, or -1 when it is
 * cut off.
 */
int device_take_back(const struct context *ctx, unsigned int devfn);
/*
 * The SMMU does not forget what it translated for the context that runs: take
 * its functions from it for good. Panics when one does not stop.
 */
void device_strand(const struct context *ctx);

/*
 * Cut off the CPUs in @lost (bit n: CPU n), while @ctx has the device. Panics
 * when the calling CPU is one of them.
 */
void device_lose_cpus(const struct context *ctx, uint32_t lost);

#endif /* DEVICE_H */
