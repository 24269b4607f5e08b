/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * deadline.h - waiting for hardware, but not for ever
 *
 * A deadline is a value of arch_counter(). Test the condition once more after
 * deadline_passed() said true: the CPU may have been away in between.
 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

static inline uint64_t deadline_in_ms(uint64_t ms)
{
	return arch_counter() + ms * arch_counter_hz() / 1000;
}

static inline bool deadline_passed(uint64_t deadline)
{
	return arch_counter() >= deadline;
}

#endif /* DEADLINE_H */
