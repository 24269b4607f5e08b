/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_model.h - the image engine, as a CPU meets it in arch_run()
 *
 * The engine's own jobs (uboot-patches/engine/jobs.c), run where the stage 2
 * table leads to that the CPU was given. While a job runs, all other memory of
 * the device is out of reach: who touches it ends the test.
 */
#ifndef ENGINE_MODEL_H
#define ENGINE_MODEL_H

#include <stdint.h>

#include "arch.h"
#include "engine_abi.h"

struct engine_model {
	/* Script. So many slices of a job end before the one that ends it. */
	unsigned int slices;
	/* The slice with this number from now on, from 1, is a fault. */
	unsigned int fault_in;
	/* Called in each slice: what goes on meanwhile, without the lock. */
	void (*meanwhile)(void);
	/* Called when a job has ended: x0..x3 have what it will say. */
	void (*lie)(uint64_t op, struct arch_thread *thread);
	/* What is done in place of the engine's jobs. */
	void (*job)(struct arch_thread *thread);
	/* Another program in the engine's place, which does a slice. */
	enum arch_exit (*program)(struct arch_thread *thread);
	/* Record */
	unsigned int runs;		/* slices */
	unsigned int workers;		/* bit n: worker n was used */
	unsigned int begun[ENGINE_OPS];	/* jobs */
	unsigned int done[ENGINE_OPS];
	unsigned int cpus;		/* bit n: CPU n has run it */
	uint64_t ticks;			/* of the last slice */
};

extern struct engine_model engine_model;

/* No script, no record. After machine_reset(), which takes the engine away. */
void engine_model_init(void);

/* The engine's memory, as the monitor sees it. */
uint8_t *engine_model_memory(uint64_t offset, size_t bytes);

#endif /* ENGINE_MODEL_H */
