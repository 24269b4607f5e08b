/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * moment.h - how long ago something was, also for who was frozen meanwhile
 */
#ifndef MOMENT_H
#define MOMENT_H

#include <stdint.h>

/* Seconds of CLOCK_REALTIME and of CLOCK_BOOTTIME. */
struct moment {
	int64_t wall;
	int64_t boot;
};

/* A test has its own. */
typedef void moment_fn(struct moment *now, void *data);

void moment_now(struct moment *now, void *data);

/*
 * Seconds from one to the other by the clock that says more: either of them may
 * have stood still, and the first may have been set.
 */
int64_t moment_elapsed(const struct moment *from, const struct moment *to);

#endif /* MOMENT_H */
