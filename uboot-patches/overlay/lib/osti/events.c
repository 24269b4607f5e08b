// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's event rings: one record after the other, and as tables
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

int osti_events_first(u32 ring, struct osti_events *it)
{
	struct osti_regs regs;
	s64 status;

	status = osti_call(OSTI_CALL_EVENT_INFO, ring, 0, 0, &regs);
	if (status)
		return osti_call_refused("describe an event ring", NULL, status);
	it->ring = ring;
	it->next = regs.x[1];
	it->end = regs.x[2];

	return 0;
}

int osti_events_next(struct osti_events *it, struct osti_event_record *ret)
{
	struct osti_regs regs;
	s64 status;

	while (it->next < it->end) {
		status = osti_call(OSTI_CALL_EVENT_READ, it->next++, it->ring,
				   0, &regs);
		/* Overwritten meanwhile. */
		if (status == OSTI_E_EMPTY)
			continue;
		if (status)
			return osti_call_refused("read an event", NULL, status);
		*ret = (struct osti_event_record) {
			.seq = regs.x[1],
			.time = regs.x[2],
			.type = regs.x[3] & 0xffff,
			.slot = (regs.x[3] >> 16) & 0xff,
			.cpu = (regs.x[3] >> 24) & 0xff,
			.arg = { regs.x[4], regs.x[5] },
		};
		return 1;
	}

	return 0;
}

static void print_event(const struct osti_device *dev,
			const struct osti_event_record *ev)
{
	printf("%6llu %8llu.%06llu %3u %4u  %-12s %#18llx %#18llx\n",
	       ev->seq, ev->time / dev->hz,
	       (ev->time % dev->hz) * 1000000 / dev->hz, ev->cpu, ev->slot,
	       event_name(ev->type), ev->arg[0], ev->arg[1]);
}

static int print_ring(const struct osti_device *dev, u32 ring)
{
	struct osti_event_record ev;
	struct osti_events it;
	int ret;

	ret = osti_events_first(ring, &it);
	if (ret)
		return ret;
	while (!ctrlc()) {
		ret = osti_events_next(&it, &ev);
		if (ret <= 0)
			return ret;
		print_event(dev, &ev);
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
