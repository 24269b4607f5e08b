// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - a job, where stage 2 has everything
 */
#include "arch.h"
#include "jobs.h"

/* The monitor zeroes it with all of the engine's memory. */
static struct engine_state state;

int engine_main(uint64_t op, uint64_t arg[3], unsigned int worker)
{
	struct engine_view view;

	if (worker >= ENGINE_WORKERS)
		return OSTI_IMAGE_E_INDEX;
	engine_view_init(&view, &state, (uint8_t *)ENGINE_CODE_IPA,
			 (uint8_t *)ENGINE_PARTITION_IPA, worker);
	return engine_job(&view, op, arg);
}
