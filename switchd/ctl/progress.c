// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * progress.c - how far a job is, for people
 */
#include "ctl/progress.h"

#include <inttypes.h>
#include <string.h>

#include "common/util.h"

#define BAR 24
/* Before that, rate and time left are guesses. */
#define SURE_MS 500

void progress_bytes(uint64_t bytes, char text[PROGRESS_BYTES_MAX])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(text, PROGRESS_BYTES_MAX, "%" PRIu64 " bytes", bytes);
		return;
	}
	while (value >= 1023.95 && i + 1 < ARRAY_SIZE(units)) {
		value /= 1024;
		i++;
	}
	snprintf(text, PROGRESS_BYTES_MAX, "%.1f %s", value, units[i]);
}

void progress_init(struct progress *progress, FILE *to, bool terminal)
{
	memset(progress, 0, sizeof(*progress));
	progress->to = to;
	progress->terminal = terminal;
	progress->tenth = -1;
}

void progress_clear(struct progress *progress)
{
	if (!progress->drawn)
		return;
	fputs("\r\033[K", progress->to);
	fflush(progress->to);
	progress->drawn = false;
}

static int percent_of(const struct progress_state *state)
{
	if (!state->total || state->done >= state->total)
		return state->total ? 100 : 0;
	return (int)((double)state->done * 100 / (double)state->total);
}

/* Another phase: what was reckoned holds no more. */
static bool enter_phase(struct progress *progress,
			const struct progress_state *state, int64_t now_ms)
{
	if (strcmp(progress->phase, state->phase) == 0)
		return false;
	snprintf(progress->phase, sizeof(progress->phase), "%s", state->phase);
	progress->began_ms = now_ms;
	progress->began_done = state->done;
	progress->began_new = state->bytes_new;
	progress->tenth = -1;
	return true;
}

/* "  12.3 MiB/s  1:02:03 left", or nothing as long as it is a guess. */
static void add_rate(const struct progress *progress,
		     const struct progress_state *state, int64_t now_ms,
		     char *text, size_t room)
{
	int64_t passed = now_ms - progress->began_ms;
	uint64_t done = state->done - progress->began_done;
	char rate[PROGRESS_BYTES_MAX];
	unsigned long long left;
	size_t n;

	text[0] = '\0';
	if (passed < SURE_MS || state->done <= progress->began_done ||
	    state->bytes_new < progress->began_new)
		return;
	progress_bytes(
		(uint64_t)((double)(state->bytes_new - progress->began_new) *
			   1000 / (double)passed),
		rate);
	n = (size_t)snprintf(text, room, "  %s/s", rate);
	if (state->total <= state->done || n >= room)
		return;
	left = (unsigned long long)((double)(state->total - state->done) *
				    (double)passed / 1000 / (double)done);
	if (left >= 3600)
		snprintf(text + n, room - n, "  %llu:%02llu:%02llu left",
			 left / 3600, left / 60 % 60, left % 60);
	else
		snprintf(text + n, room - n, "  %llu:%02llu left", left / 60,
			 left % 60);
}

static const char *phase_text(const char *phase)
{
	if (strcmp(phase, "plan") == 0)
		return "Looking";
	if (strcmp(phase, "transfer") == 0)
		return "Moving";
	return "Finishing";
}

static void draw_bar(struct progress *progress,
		     const struct progress_state *state, const char *rate)
{
	char shared[PROGRESS_BYTES_MAX];
	char moved[PROGRESS_BYTES_MAX];
	int percent = percent_of(state);
	char bar[BAR + 1];

	memset(bar, '.', BAR);
	memset(bar, '#', (size_t)(percent * BAR / 100));
	bar[BAR] = '\0';
	progress_bytes(state->bytes_new, moved);
	progress_bytes(state->bytes_shared, shared);
	fprintf(progress->to, "\r\033[K%-9s [%s] %3d %%  %s + %s shared%s",
		phase_text(state->phase), bar, percent, moved, shared, rate);
	fflush(progress->to);
	progress->drawn = true;
}

static void print_line(struct progress *progress,
		       const struct progress_state *state, const char *rate)
{
	char shared[PROGRESS_BYTES_MAX];
	char moved[PROGRESS_BYTES_MAX];

	progress_bytes(state->bytes_new, moved);
	progress_bytes(state->bytes_shared, shared);
	fprintf(progress->to, "%s: %d %%, %s moved, %s shared%s\n",
		phase_text(state->phase), percent_of(state), moved, shared,
		rate);
	fflush(progress->to);
}

void progress_show(struct progress *progress,
		   const struct progress_state *state, int64_t now_ms)
{
	bool entered = enter_phase(progress, state, now_ms);
	int tenth = percent_of(state) / 10;
	char rate[64];

	add_rate(progress, state, now_ms, rate, sizeof(rate));
	if (progress->terminal)
		draw_bar(progress, state, rate);
	else if (entered || tenth != progress->tenth)
		print_line(progress, state, rate);
	progress->tenth = tenth;
}
