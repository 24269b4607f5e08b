// SPDX-License-Identifier: GPL-2.0-only
/*
 * One progress bar, in one line of the console
 */

#include <common.h>
#include <osti/bm/progress.h>

/* Percent of a step: a serial line is slow, and logs keep every redrawing. */
#define STEP	5
#define STEPS	(100 / STEP)

static bool shown;
static u32 shown_steps;

static void draw(u32 steps)
{
	static const char full[STEPS + 1] = "####################";

	printf("\rosti: [%-*.*s] %3u %%", STEPS, (int)steps, full,
	       steps * STEP);
	shown = true;
	shown_steps = steps;
}

void osti_progress_begin(void)
{
	draw(0);
}

void osti_progress(u64 done, u64 total, u32 from, u32 to)
{
	u32 percent = total ? from + done * (to - from) / total : to;
	u32 steps = percent / STEP;

	if (steps != shown_steps)
		draw(steps);
}

void osti_progress_end(void)
{
	if (shown)
		putc('\n');
	shown = false;
}
