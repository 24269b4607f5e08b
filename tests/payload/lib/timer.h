/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.h - the architected counter, deadlines and the virtual timer
 */
#ifndef PAYLOAD_TIMER_H
#define PAYLOAD_TIMER_H

#include "arch.h"

static inline uint64_t counter(void)
{
	isb();
	return read_sysreg(cntvct_el0);
}

static inline uint64_t counter_ms(uint64_t ms)
{
	return read_sysreg(cntfrq_el0) / 1000 * ms;
}

/* Evaluate @cond until it holds or @ms have passed; the value is @cond. */
#define wait_for(cond, ms) ({						\
	uint64_t end_ = counter() + counter_ms(ms);			\
	bool ok_;							\
									\
	while (!(ok_ = (cond)) && counter() < end_)			\
		__asm__ volatile("yield" ::: "memory");			\
	ok_;								\
})

/* Let the virtual timer's interrupt become pending @ms from now. */
static inline void timer_arm(uint64_t ms)
{
	write_sysreg(cntv_cval_el0, counter() + counter_ms(ms));
	write_sysreg(cntv_ctl_el0, 1);
	isb();
}

static inline void timer_stop(void)
{
	write_sysreg(cntv_ctl_el0, 0);
	isb();
}

#endif /* PAYLOAD_TIMER_H */
