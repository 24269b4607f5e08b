/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/events.h - the monitor's event rings
 */
#ifndef _OSTI_BM_EVENTS_H
#define _OSTI_BM_EVENTS_H

#include <linux/types.h>

struct osti_device;

/**
 * struct osti_event_record - a record of an event ring, as osti/abi.h has them
 * @seq:	its number
 * @time:	of the counter
 * @type:	OSTI_EV_*
 * @slot:	whom it is about; 0: the boot manager, or nobody
 * @cpu:	on which CPU
 * @arg:	what the type says
 */
struct osti_event_record {
	u64 seq;
	u64 time;
	u32 type;
	u32 slot;
	u32 cpu;
	u64 arg[2];
};

/* Where a reader is: for osti_events_next() alone. */
struct osti_events {
	u32 ring;
	u64 next;
	u64 end;
};

/**
 * osti_events_first() - begin with the oldest record of a ring
 * @ring:	OSTI_RING_*
 * @it:		result
 * Return: 0 or -EIO
 */
int osti_events_first(u32 ring, struct osti_events *it);

/**
 * osti_events_next() - read the next record
 * @it:		from osti_events_first()
 * @ret:	result
 *
 * What came after osti_events_first() is not read, nor what was overwritten since.
 *
 * Return: 1, 0 if there is none left, or -EIO
 */
int osti_events_next(struct osti_events *it, struct osti_event_record *ret);

/**
 * osti_events_print() - print the monitor's event ring as a table
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_events_print(const struct osti_device *dev);

#endif /* _OSTI_BM_EVENTS_H */
