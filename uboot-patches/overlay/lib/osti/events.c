// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's event rings as tables
 */

#include <common.h>
#include <console.h>
#include <osti/abi.h>
#include <osti/bm/events.h>
#include <osti/bm/monitor.h>

static const char *const event_names[] = {
	[OSTI_EV_REDACTED] = "redacted",
	[OSTI_EV_POWER_ON] = "power-on",
	[OSTI_EV_BM_ENTER] = "boot-manager",
	[OSTI_EV_OPENED] = "opened",
	[OSTI_EV_CLOSED] = "closed",
	[OSTI_EV_STARTED] = "started",
	[OSTI_EV_ARMED] = "armed",
	[OSTI_EV_CANCELLED] = "cancelled",
	[OSTI_EV_FROZEN] = "frozen",
	[OSTI_EV_RESUMED] = "resumed",
	[OSTI_EV_SUSPENDED] = "suspended",
	[OSTI_EV_WOKEN] = "woken",
	[OSTI_EV_OFF] = "off",
	[OSTI_EV_RESET] = "reset",
	[OSTI_EV_LIMITED] = "limited",
	[OSTI_EV_STAGE2_FAULT] = "stage2-fault",
	[OSTI_EV_DMA_FAULT] = "dma-fault",
	[OSTI_EV_BAD_SMC] = "bad-smc",
	[OSTI_EV_BAD_CALL] = "bad-call",
	[OSTI_EV_TRAP] = "trap",
	[OSTI_EV_SAVED] = "saved",
	[OSTI_EV_VERIFIED] = "verified",
	[OSTI_EV_RESTORED] = "restored",
	[OSTI_EV_REJECTED] = "rejected",
	[OSTI_EV_DROPPED] = "dropped",
	[OSTI_EV_COPIED] = "copied",
	[OSTI_EV_AGREED] = "agreed",
	[OSTI_EV_RETIRED] = "retired",
	[OSTI_EV_DISK_SHOWN] = "disk-shown",
	[OSTI_EV_KEY_READ] = "key-read",
	[OSTI_EV_KEY_IMPORTED] = "key-imported",
	[OSTI_EV_GOOD] = "good",
	[OSTI_EV_REFUSED] = "refused",
	[OSTI_EV_NOT_GOOD] = "not-good",
	[OSTI_EV_CUT_OFF] = "cut-off",
};

static const char *event_name(u32 type)
{
	if (type >= ARRAY_SIZE(event_names) || !event_names[type])
		return "unknown";

	return event_names[type];
}

static void print_event(const struct osti_device *dev,
			const struct osti_regs *regs)
{
	u64 time = regs->x[2];
	u32 type = regs->x[3] & 0xffff;
	u32 slot = (regs->x[3] >> 16) & 0xff;
	u32 cpu = (regs->x[3] >> 24) & 0xff;

	printf("%6llu %8llu.%06llu %3u %4u  %-12s %#18llx %#18llx\n",
	       regs->x[1], time / dev->hz,
	       (time % dev->hz) * 1000000 / dev->hz, cpu, slot,
	       event_name(type), regs->x[4], regs->x[5]);
}

static int print_ring(const struct osti_device *dev, u32 ring)
{
	struct osti_regs regs;
	u64 seq, next;
	s64 status;

	status = osti_call(OSTI_CALL_EVENT_INFO, ring, 0, 0, &regs);
	if (status)
		return osti_refused("describe an event ring", NULL, status);
	seq = regs.x[1];
	next = regs.x[2];

	for (; seq < next && !ctrlc(); seq++) {
		status = osti_call(OSTI_CALL_EVENT_READ, seq, ring, 0, &regs);
		/* Overwritten while this was printing. */
		if (status == OSTI_E_EMPTY)
			continue;
		if (status)
			return osti_refused("read an event", NULL, status);
		print_event(dev, &regs);
	}

	return 0;
}

int osti_events_print(const struct osti_device *dev)
{
	int ret;

	puts("   Seq        Seconds CPU Slot  Event                         a                  b\n");
	ret = print_ring(dev, OSTI_RING_ACTS);
	if (ret)
		return ret;
	puts("Offences:\n");

	return print_ring(dev, OSTI_RING_OFFENCES);
}
