// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's event rings as tables
 */

#include <common.h>
#include <console.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/device.h>
#include <osti/bm/events.h>

static const char *const event_names[] = {
#define OSTI_EVENT(name, text) \
	[OSTI_EV_##name] = text,
#include <osti/names.h>
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
		return osti_call_refused("describe an event ring", NULL, status);
	seq = regs.x[1];
	next = regs.x[2];

	for (; seq < next && !ctrlc(); seq++) {
		status = osti_call(OSTI_CALL_EVENT_READ, seq, ring, 0, &regs);
		/* Overwritten while this was printing. */
		if (status == OSTI_E_EMPTY)
			continue;
		if (status)
			return osti_call_refused("read an event", NULL, status);
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
