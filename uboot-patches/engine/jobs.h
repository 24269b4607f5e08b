/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jobs.h - carry out the jobs of engine_abi.h
 *
 * Portable: the engine's own main.c gives the addresses that its stage 2 table
 * has, tests on the build machine give buffers.
 */
#ifndef JOBS_H
#define JOBS_H

#include <stddef.h>
#include <stdint.h>

#include "engine_abi.h"
#include "image_build.h"
#include "image_chunk.h"
#include "image_manifest.h"

/* What jobs of an image share, besides what has its place in engine_abi.h. */
struct engine_state {
	struct image_build build;		/* export, from ENGINE_OP_EXPORT on */
	struct image_manifest opened;		/* import, from ENGINE_OP_OPEN on */
};

_Static_assert(sizeof(struct engine_state) <= ENGINE_BSS_BYTES,
	       "what jobs share fits the engine's variables");

/* Where everything is, for the jobs of one worker. */
struct engine_view {
	struct engine_state *state;	/* zero before the first job */
	struct engine_desk *desk;
	struct image_work *work;	/* of this worker */
	const uint8_t *record;
	uint8_t *ring;
	uint8_t *table;
	uint8_t *manifest;
	uint8_t *partition;
};

/*
 * Fill in a view: @ram is the engine's memory, laid out as engine_abi.h says and
 * with a desk that the monitor has written; @worker below ENGINE_WORKERS.
 */
void engine_view_init(struct engine_view *view, struct engine_state *state,
		      uint8_t *ram, uint8_t *partition, unsigned int worker);

/*
 * Do the job @op, ENGINE_OP_*, with its arguments in @arg, which has its results
 * afterwards; what a job has no result for is 0 then. The monitor keeps the order
 * and says which jobs may run at the same time. It is believed, also what
 * the desk says; only what would be written or read behind a buffer is refused.
 *
 * Returns OSTI_IMAGE_OK, what the function of formats/image returns that does
 * the work, or OSTI_IMAGE_E_INDEX (no such job, segment or chunk), _SPACE (no
 * such place in the ring), _CHUNK_SIZE, _SIZE (more than there can be).
 */
int engine_job(const struct engine_view *view, uint64_t op, uint64_t arg[3]);

/*
 * Let bytes of the partition reach the point of coherency and forget them, so
 * that cache and memory agree: cache.c has it, tests have their own.
 */
void engine_cache_flush(const uint8_t *from, size_t bytes);

#endif /* JOBS_H */
