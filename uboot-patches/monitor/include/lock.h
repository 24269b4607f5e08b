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

/* Take it; a CPU that must stop (cpu.h) loses power here instead. */
void lock_or_stop(void);
void lock_release(void);

#endif /* LOCK_H */
