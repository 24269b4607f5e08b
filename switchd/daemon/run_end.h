/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_end.h - how a program that switchd had run has ended
 */
#ifndef SWITCHD_RUN_END_H
#define SWITCHD_RUN_END_H

enum run_way {
	RUN_EXITED, /* status: its exit status */
	RUN_SIGNALLED, /* status: the signal */
	RUN_TIMED_OUT,
	RUN_NOT_STARTED, /* why */
	RUN_LOST, /* what became of it is not known: why */
};

struct run_end {
	enum run_way way;
	int status;
	const char *why; /* lives as long as the call */
};

/* Called once, from the event loop. May free what ran the program. */
typedef void (*run_ended)(const struct run_end *end, void *userdata);

#endif /* SWITCHD_RUN_END_H */
