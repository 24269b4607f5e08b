// SPDX-License-Identifier: GPL-2.0-only
/*
 * pl031.c - the device's real time clock
 */
#include "pl031.h"

#include "arch.h"
#include "board.h"
#include "deadline.h"
#include "lock.h"
#include "log.h"
#include "pl031_regs.h"

/* The interrupt logic needs some cycles of the bus. */
#define RAISE_MS	10

static uint32_t reg_read(unsigned int reg)
{
	return arch_read32(pa_make(BOARD_RTC_BASE + reg));
}

static void reg_write(unsigned int reg, uint32_t val)
{
	arch_write32(pa_make(BOARD_RTC_BASE + reg), val);
}

void pl031_init(void)
{
	reg_write(PL031_CR, PL031_CR_START);
	pl031_quiet();
}

uint32_t pl031_now(void)
{
	return reg_read(PL031_DR);
}

void pl031_set_match(uint32_t when)
{
	LOCK_ASSERT_HELD();
	reg_write(PL031_MR, when);
}

void pl031_enable(bool on)
{
	LOCK_ASSERT_HELD();
	reg_write(PL031_IMSC, on ? PL031_ALARM : 0);
}

bool pl031_raised(void)
{
	return reg_read(PL031_RIS) & PL031_ALARM;
}

void pl031_clear(void)
{
	LOCK_ASSERT_HELD();
	reg_write(PL031_ICR, PL031_ALARM);
}

void pl031_raise(void)
{
	const uint32_t match = reg_read(PL031_MR);
	const uint64_t deadline = deadline_in_ms(RAISE_MS);
	bool late = false;

	LOCK_ASSERT_HELD();
	/* A match must be set in the second that it names: so anew each time. */
	for (;;) {
		pl031_set_match(pl031_now());
		if (pl031_raised())
			break;
		if (late) {
			log_error("RTC: the alarm does not rise in %d ms",
				  RAISE_MS);
			break;
		}
		late = deadline_passed(deadline);
	}
	pl031_set_match(match);
}

void pl031_quiet(void)
{
	pl031_enable(false);
	/* 32 bits of seconds away. */
	pl031_set_match(pl031_now() - 1);
	pl031_clear();
}
