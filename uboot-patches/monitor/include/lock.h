/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lock.h - the one lock of the monitor
 *
 * All of core/ and drivers/ is called with it held. What takes long, the image
 * engine and zeroing, releases it meanwhile; whoever calls such a function finds
 * everything else as it may have become in between.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

#include "log.h"

/* Take it; a CPU that must stop (cpu.h) loses power here instead. */
void lock_or_stop(void);
void lock_release(void);

/*
 * First thing in a function that changes what the lock protects: the caller has
 * it. Builds for tests check that (LOCK_CHECKED), the monitor's own do not: there
 * each way in is in arch/arm64.
 */
#ifdef LOCK_CHECKED
/* Does the calling CPU have it? */
bool lock_held(void);
#define LOCK_ASSERT_HELD()	ASSERT(lock_held())
#else
#define LOCK_ASSERT_HELD()	do { } while (0)
#endif

#endif /* LOCK_H */
