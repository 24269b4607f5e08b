/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtc.h - the slot's PL031 real time clock (Arm DDI 0224)
 */
#ifndef PAYLOAD_RTC_H
#define PAYLOAD_RTC_H

#include "arch.h"
#include "platform.h"
#include "timer.h"

#define RTC_DR		(RTC_BASE + 0x00)
#define RTC_MR		(RTC_BASE + 0x04)
#define RTC_LR		(RTC_BASE + 0x08)
#define RTC_CR		(RTC_BASE + 0x0c)
#define RTC_IMSC	(RTC_BASE + 0x10)
#define RTC_RIS		(RTC_BASE + 0x14)
#define RTC_MIS		(RTC_BASE + 0x18)
#define RTC_ICR		(RTC_BASE + 0x1c)
#define RTC_ID		(RTC_BASE + 0xfe0)

#define RTC_DEADLINE_MS	10000

/* Its level interrupt comes in @seconds, or a little earlier. */
static inline void rtc_alarm_in(uint32_t seconds)
{
	mmio_write32(RTC_ICR, 1);
	mmio_write32(RTC_IMSC, 1);
	mmio_write32(RTC_MR, mmio_read32(RTC_DR) + seconds);
}

/* It is there now, and stays until rtc_quiet(). */
static inline void rtc_alarm(void)
{
	rtc_alarm_in(0);
	/* The match must be set in the second that it names. */
	wait_for(({
		mmio_write32(RTC_MR, mmio_read32(RTC_DR));
		mmio_read32(RTC_RIS) & 1;
	}), RTC_DEADLINE_MS);
}

static inline void rtc_quiet(void)
{
	mmio_write32(RTC_IMSC, 0);
	mmio_write32(RTC_ICR, 1);
}

#endif /* PAYLOAD_RTC_H */
