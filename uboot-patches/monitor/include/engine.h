/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * engine.h - the image engine: whose jobs run on which CPU, and for how long
 *
 * The engine is a program of its own (uboot-patches/engine/engine_abi.h). This
 * file's functions hand it jobs and give it CPUs; transfer.h knows which jobs
 * there are to do. A job lives in a worker, is begun on one CPU, and goes on in
 * slices on whatever CPU finds it.
 *
 * With the monitor's lock held, which engine_step() releases while the engine
 * runs: who calls it must look at everything anew.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch.h"
#include "context.h"

/* Longest time that a call may keep the CPU of an OS, in microseconds. */
#define ENGINE_SLICE_US		OSTI_SLICE_US
/* The same for a CPU that nobody waits for. */
#define ENGINE_LONG_SLICE_US	5000

struct engine_job {
	uint64_t op;			/* ENGINE_OP_* */
	uint64_t arg[3];
	/* When it is done: what the engine says, of which nothing is proved. */
	bool done;
	int status;			/* OSTI_IMAGE_* */
	uint64_t result[3];
};

/* Load its code from flash, at power-on. Nobody has it. */
void engine_init(void);

/*
 * Have zeroed memory for it, enough for a slot of that size. It cannot run yet.
 * Nobody has it. Returns false when there was no good engine in flash.
 */
bool engine_load(uint64_t slot_bytes);
/*
 * Let it run, and reach the slot's partition, if it has one, for reading or writing
 * too.
 */
void engine_show(const struct context *slot, bool writable);

/*
 * Take everything from it: no CPU runs it from now on, it is in no table, its
 * jobs are forgotten. Waits for the CPUs that are in it; one that does not come
 * back is lost (cpu.h), and cannot reach anything. Its memory is to be zeroed
 * then (sweep.h). Nothing happens when nobody has it.
 */
void engine_end(void);
/* Is its memory zero again? It is wanted so since engine_end(). */
bool engine_is_clean(void);
/* Zero it now. */
void engine_clean(void);

/* Memory of the engine, from an offset of engine_abi.h on. */
void *engine_memory(uint64_t offset, uint64_t bytes);

/*
 * Queue a job; jobs are begun in this order. False: the queue is full, which has
 * ENGINE_QUEUE places. The job is the caller's and stays where it is, unchanged,
 * until it is done or engine_end() was called.
 */
#define ENGINE_QUEUE	64
bool engine_submit(struct engine_job *job);
/* How many jobs were submitted and are not done. */
unsigned int engine_pending(void);

/*
 * Run a job that waits for a CPU on the calling CPU, for at most that many
 * microseconds; @first is preferred, or NULL. False: there was none.
 */
bool engine_step(const struct engine_job *first, unsigned int us);

#endif /* ENGINE_H */
