// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_rtc.c - a PL031 for unit tests
 *
 * Registers are plain numbers here, so that a wrong macro shows.
 */
#include "host_rtc.h"

#include <string.h>

#include "board.h"
#include "host.h"
#include "log.h"

struct host_rtc host_rtc;

static void compare(void)
{
	if (host_rtc.now == host_rtc.match && !host_rtc.stuck)
		host_rtc.raised = true;
}

static uint64_t rtc_model_read(uint64_t offset, unsigned int size)
{
	ASSERT(size == 4);
	switch (offset) {
	case 0x00:
		return host_rtc.now;
	case 0x04:
		return host_rtc.match;
	case 0x14:
		return host_rtc.raised;
	}
	panic("RTC model: register 0x%lx is not read", offset);
}

static void rtc_model_write(uint64_t offset, unsigned int size, uint64_t val)
{
	ASSERT(size == 4);
	switch (offset) {
	case 0x04:
		host_rtc.match = val;
		compare();
		return;
	case 0x0c:
		host_rtc.running |= val & 1;
		return;
	case 0x10:
		host_rtc.enabled = val & 1;
		return;
	case 0x1c:
		if (val & 1)
			host_rtc.raised = false;
		return;
	}
	panic("RTC model: register 0x%lx is not written", offset);
}

void host_rtc_add(uint32_t now)
{
	memset(&host_rtc, 0, sizeof(host_rtc));
	host_rtc.now = now;
	host_device_add(&(struct host_device) {
		BOARD_RTC_BASE, 4096, rtc_model_read, rtc_model_write });
}

void host_rtc_pass(uint32_t seconds)
{
	while (seconds--) {
		host_rtc.now++;
		compare();
	}
}

bool host_rtc_line(void)
{
	return host_rtc.enabled && host_rtc.raised;
}
