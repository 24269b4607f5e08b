/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arch.h - between start.S and main.c
 */
#ifndef ENGINE_ARCH_H
#define ENGINE_ARCH_H

#include <stdint.h>

/*
 * Do a job: its number, its arguments and then its results, and which worker
 * this is. Returns OSTI_IMAGE_*. start.S alone calls it.
 */
int engine_main(uint64_t op, uint64_t arg[3], unsigned int worker);

#endif /* ENGINE_ARCH_H */
