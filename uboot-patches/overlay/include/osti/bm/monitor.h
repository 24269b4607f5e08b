/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/monitor.h - calls into the switch monitor, and what it tells
 *
 * Of all of osti/bm: everything runs on the one CPU of the boot manager. Functions
 * that return an error have told the person at the console what failed and what to
 * do about it, unless their comment says otherwise.
 */
#ifndef _OSTI_BM_MONITOR_H
#define _OSTI_BM_MONITOR_H

#include <linux/types.h>
#include <osti/abi.h>

/**
 * struct osti_regs - registers of a call into the switch monitor
 * @x: x[0] is the function identifier and the status, x[1]..x[6] are
 *	arguments, x[1]..x[11] results (see osti/abi.h)
 */
struct osti_regs {
	u64 x[12];
};

/**
 * struct osti_device - the device, as the monitor describes it
 * @major:	major version of the monitor's call interface
 * @minor:	minor version of it
 * @nr_slots:	number of slots, 1 to OSTI_MAX_SLOTS
 * @nr_cpus:	number of CPUs, 1 to OSTI_MAX_CPUS
 * @hz:		frequency of the counter in which the monitor tells times
 */
struct osti_device {
	u32 major;
	u32 minor;
	u32 nr_slots;
	u32 nr_cpus;
	u64 hz;
};

/**
 * struct osti_slot - a slot, as the monitor describes it
 * @nr:		its number, from 1
 * @state:	OSTI_SLOT_*
 * @bytes:	size of its memory
 * @frozen_at:	counter at its last freeze, 0 if it was not frozen yet
 * @entries:	how often it was started or resumed since power-on
 * @name:	its name, with NUL
 * @least:	least version of a start statement that it accepts, 0 = any
 * @starts:	starts in a row since power-on that nobody called good
 * @key:	OSTI_KEY_*: where its slot key is from
 */
struct osti_slot {
	u32 nr;
	u32 state;
	u64 bytes;
	u64 frozen_at;
	u64 entries;
	char name[OSTI_NAME_LEN + 1];
	u64 least;
	u64 starts;
	u32 key;
};

/**
 * struct osti_reason - why the boot manager was entered
 * @why:	OSTI_REASON_*
 * @slot:	the slot that it is about, or 0
 * @last:	the slot that ran last, or 0
 * @request:	OSTI_REQUEST_* | slot << 8, what @slot asks for, or 0
 */
struct osti_reason {
	u32 why;
	u32 slot;
	u32 last;
	u32 request;
};

/* Parts of a request, see OSTI_CALL_TARGET_ARM. */
#define OSTI_REQUEST_OF(request)	((request) & 0xff)
#define OSTI_REQUEST_SLOT(request)	((request) >> 8)

/**
 * osti_smc() - make a call, SMC #0
 * @regs:	in: x[0]..x[6], out: x[0]..x[11]
 */
void osti_smc(struct osti_regs *regs);

/**
 * osti_error() - print a line "osti: error: ..." on the console
 * @fmt:	as for printf(), without the newline
 */
void __printf(1, 2) osti_error(const char *fmt, ...);

/**
 * osti_call() - make a call that has a status, without printing anything
 * @id:		OSTI_CALL_*
 * @a1:		first argument
 * @a2:		second argument
 * @a3:		third argument
 * @regs:	results
 * Return: OSTI_OK or OSTI_E_*
 */
s64 osti_call(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs);

/**
 * osti_call_through() - make a call until it is done
 * @id:		OSTI_CALL_*
 * @a1:		first argument
 * @a2:		second argument
 * @a3:		third argument
 * @regs:	results
 * Return: as osti_call(), but not OSTI_AGAIN
 */
s64 osti_call_through(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs);

/**
 * osti_refused() - print that the monitor refused a call
 * @what:	what was attempted, such as "open its memory"
 * @slot:	for which slot, or NULL
 * @status:	what the call returned
 * Return: -EIO
 */
int osti_refused(const char *what, const struct osti_slot *slot, s64 status);

/**
 * osti_device_get() - look for the monitor and ask what the device is
 * @dev:	result
 * Return: 0, -ENODEV (no switch monitor), -EPROTO (one that speaks another
 * version or answers nonsense)
 */
int osti_device_get(struct osti_device *dev);

/**
 * osti_reason_get() - ask why the boot manager was entered
 * @reason:	result
 * Return: 0 or -EIO
 */
int osti_reason_get(struct osti_reason *reason);

/**
 * osti_slot_get() - ask for a slot
 * @nr:		number of the slot
 * @slot:	result
 * Return: 0 or -EIO
 */
int osti_slot_get(u32 nr, struct osti_slot *slot);

/**
 * osti_slot_find() - find a slot by its number or name
 * @dev:	the device
 * @arg:	decimal number, or name in full
 * @slot:	result
 * Return: 0, -ENOENT (no such slot), -EIO
 */
int osti_slot_find(const struct osti_device *dev, const char *arg,
		   struct osti_slot *slot);

/**
 * osti_slots_frozen() - count the frozen slots
 * @dev:	the device
 * @last:	if not NULL: number of the one frozen last, 0 if none is
 * Return: their number, or -EIO
 */
int osti_slots_frozen(const struct osti_device *dev, u32 *last);

/**
 * osti_slots_print() - print the table of slots
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_slots_print(const struct osti_device *dev);

#endif /* _OSTI_BM_MONITOR_H */
