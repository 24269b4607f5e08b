/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtc.h - each context's own real time clock
 *
 * There is one clock in the device, and no context sets it. Each has a PL031 of
 * its own that the monitor emulates: the hardware's time and an offset, and an
 * alarm that is in the hardware while the context runs.
 *
 * The boot manager's offset is forgotten with it, so it always starts with the
 * hardware's time. A slot's goes to NV memory when the slot leaves the device,
 * but not more than once in ten minutes; without NV memory it stays while the
 * device has power.
 *
 * All functions are called with the monitor's lock held.
 */
#ifndef RTC_H
#define RTC_H

#include <stdbool.h>
#include <stdint.h>

struct context;

/* Times are seconds of 32 bits, which wrap, as the hardware's do. */
struct rtc_state {
	uint32_t offset;	/* to add to the hardware's time */
	uint32_t load;		/* RTCLR: what it was set to last */
	uint32_t match;		/* RTCMR, by the context's clock */
	bool enabled;		/* RTCIMSC */
	/* While it does not run */
	bool raised;		/* RTCRIS */
	uint32_t left_at;	/* by the hardware's clock */
	uint64_t save_from;	/* counter: no write to NV memory before */
};

/* Once at power-on, after context_init() and nv_init(). */
void rtc_init(void);

/* A new OS in the context finds no alarm. The boot manager gets true time. */
void rtc_reset(struct context *ctx);
/* Take the context's alarm out of the hardware; nothing of it is left there. */
void rtc_leave(struct context *ctx);
/* Put it back. What was due meanwhile is raised now. */
void rtc_enter(struct context *ctx);

/*
 * A load or store of the running context, @bytes wide, @offset bytes into the
 * clock's page; both come from outside. Registers are 32 bits wide: whatever
 * else is accessed reads as zero and ignores writes.
 */
uint64_t rtc_read(const struct context *ctx, uint64_t offset,
		  unsigned int bytes);
void rtc_write(struct context *ctx, uint64_t offset, unsigned int bytes,
	       uint64_t val);

/*
 * What the context's clock shows when the boot manager's shows @seconds. 0 is
 * "unknown" and stays so, as does what no clock of 32 bits can show.
 */
uint64_t rtc_seconds(const struct context *ctx, uint64_t seconds);

#endif /* RTC_H */
