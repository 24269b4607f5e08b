/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - how far a job is, for people
 *
 * On a terminal a bar that is drawn over itself; elsewhere a line whenever there
 * is something to tell: another phase, or another tenth.
 */
#ifndef SWITCHCTL_PROGRESS_H
#define SWITCHCTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PROGRESS_TEXT_MAX 256
#define PROGRESS_PHASE_MAX 16

struct progress {
	FILE *to;
	bool terminal;
	bool drawn; /* a bar stands there */
	char phase[PROGRESS_PHASE_MAX];
	int tenth; /* the last one that was told */
	/* Where the phase began, from which rate and time left are reckoned. */
	int64_t began_ms;
	uint64_t began_done;
	uint64_t began_new;
};

/* What was told last. */
struct progress_state {
	const char *phase; /* "plan", "transfer", "finish" */
	uint64_t done;
	uint64_t total; /* 0: not known */
	uint64_t bytes_new;
	uint64_t bytes_shared;
};

void progress_init(struct progress *progress, FILE *to, bool terminal);

/* Shows it; now_ms is the time on any clock that goes on evenly. */
void progress_show(struct progress *progress,
		   const struct progress_state *state, int64_t now_ms);

/* Takes a bar away, so that something else can be printed. */
void progress_clear(struct progress *progress);

/* "512 bytes", "1.5 KiB", "20.0 MiB", ... */
#define PROGRESS_BYTES_MAX 24
void progress_bytes(uint64_t bytes, char text[PROGRESS_BYTES_MAX]);

#endif /* SWITCHCTL_PROGRESS_H */
