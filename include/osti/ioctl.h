/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/ioctl.h - /dev/osti, the user-space interface of osti.ko
 */
#ifndef OSTI_IOCTL_H
#define OSTI_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define OSTI_DEVICE_PATH	"/dev/osti"
#define OSTI_IOC_MAGIC		0xB7

/*
 * Every call, read() too, fails with ENODEV once the driver was unbound from
 * the monitor; poll() then reports POLLERR and POLLHUP.
 */

/**
 * struct osti_ioc_info - what the device is and who the caller is
 * @abi_major:	[Out] major version of the monitor's call interface.
 * @abi_minor:	[Out] minor version of it.
 * @own_slot:	[Out] number of the slot that this OS runs in, from 1.
 * @nr_slots:	[Out] number of slots of the device.
 * @nr_cpus:	[Out] number of CPUs of the device.
 * @armed:	[Out] armed target, or OSTI_TARGET_NONE.
 * @ram_bytes:	[Out] bytes of the slot's memory.
 * @counter_hz:	[Out] frequency of the counter in which all times are given.
 */
struct osti_ioc_info {
	__u32 abi_major;
	__u32 abi_minor;
	__u32 own_slot;
	__u32 nr_slots;
	__u32 nr_cpus;
	__u32 armed;
	__u64 ram_bytes;
	__u64 counter_hz;
};

/**
 * struct osti_ioc_slot - what everybody may know of a slot
 * @slot:	[In] number of the slot, from 1.
 * @state:	[Out] OSTI_SLOT_*.
 * @bytes:	[Out] bytes of its partition.
 * @frozen_at:	[Out] counter at its last freeze, 0 if it never was frozen.
 * @entries:	[Out] how often it was started or resumed since power-on.
 * @least_version: [Out] least version of a start statement that it accepts, 0 =
 *		any.
 * @starts:	[Out] starts in a row since power-on that nobody called good, see
 *		OSTI_START_GOOD; 0 once somebody did.
 * @version:	[Out] version of the statement by which the OS in it was started;
 *		0 if there is none in it, or if that is not known because it came
 *		from an image.
 * @key_origin:	[Out] OSTI_KEY_*: where its slot key is from.
 * @reserved:	[Out] 0.
 * @name:	[Out] its name, NUL-terminated.
 */
struct osti_ioc_slot {
	__u32 slot;
	__u32 state;
	__u64 bytes;
	__u64 frozen_at;
	__u64 entries;
	__u64 least_version;
	__u64 starts;
	__u64 version;
	__u32 key_origin;
	__u32 reserved;
	char name[24];
};

/**
 * struct osti_ioc_switch - switch to another slot, or ask the boot manager
 * @target:	[In] slot number, or OSTI_CONTEXT_BM for the boot manager.
 * @request:	[In] OSTI_REQUEST_* | slot << 8 (see OSTI_CALL_TARGET_ARM), 0 for
 *		none; others only with OSTI_CONTEXT_BM.
 * @record:	[Out] number of the phase record of the switch that brought
 *		this OS back (see struct osti_ioc_phases); 0 when it came back
 *		from an image, of which this power-on has no record.
 * @resumed:	[Out] OSTI_RESUMED_*: how this OS came back.
 * @result:	[Out] OSTI_RESULT_* of the request; OSTI_RESULT_DONE if there
 *		was none, or when this OS came back from an image.
 *		OSTI_RESULT_FAILED with detail ENODATA: the boot manager gave no
 *		answer, because it was reset or a person resumed this OS.
 * @detail:	[Out] detail of the result.
 */
struct osti_ioc_switch {
	__u32 target;
	__u32 request;
	__u64 record;
	__u32 resumed;
	__u32 result;
	__u64 detail;
};

/**
 * struct osti_ioc_image - the image of a slot, see OSTI_CALL_IMAGE_INFO
 * @slot:	[In] number of the slot, from 1.
 * @state:	[Out] OSTI_GENERATION_*.
 * @generation:	[Out] newest generation, 0 if there never was one.
 * @note:	[Out] OSTI_NOTE_*.
 * @reason:	[Out] why it was refused, -OSTI_IMAGE_E_*, or 0.
 * @saved_at:	[Out] when it was made, seconds since 1970 by this OS's RTC, or 0.
 * @bytes:	[Out] its size, or 0.
 */
struct osti_ioc_image {
	__u32 slot;
	__u32 state;
	__u64 generation;
	__u32 note;
	__u32 reason;
	__u64 saved_at;
	__u64 bytes;
};

/**
 * struct osti_ioc_resume - how this OS came to run, see OSTI_CALL_RESUME_INFO
 * @reason:	[Out] OSTI_RESUMED_*.
 * @reserved:	[Out] 0.
 * @generation:	[Out] of the image that it came from last, or 0.
 * @saved_at:	[Out] when that was made, seconds since 1970 by this OS's RTC,
 *		or 0.
 */
struct osti_ioc_resume {
	__u32 reason;
	__u32 reserved;
	__u64 generation;
	__u64 saved_at;
};

/**
 * struct osti_ioc_good - this start was good, see OSTI_CALL_START_GOOD
 * @least_version: [In] version below which this slot shall accept no start
 *		statement any more; 0, or one that it demands already, raises
 *		nothing.
 * @accepted:	[Out] least version that it accepts now.
 */
struct osti_ioc_good {
	__u64 least_version;
	__u64 accepted;
};

/**
 * struct osti_ioc_key - the slot key of this OS, see OSTI_CALL_SLOT_KEY
 * @key:	[Out] the key. Whoever has it can read all images of this slot.
 */
struct osti_ioc_key {
	__u8 key[32];
};

/**
 * struct osti_ioc_carrier - for who carries copies, see OSTI_CALL_CARRIER_KEY
 * @slot:	[In] number of the slot, from 1.
 * @reserved:	[Out] 0.
 * @id:		[Out] public id of the slot's key.
 * @key:	[Out] key under which a carrier hides from its store what a copy is.
 */
struct osti_ioc_carrier {
	__u32 slot;
	__u32 reserved;
	__u8 id[16];
	__u8 key[32];
};

/**
 * struct osti_ioc_restore - which copy shall come in, see OSTI_CALL_RESTORE_ASK
 * @slot:	[In] slot whose place it takes, from 1.
 * @reason:	[Out] after EBADMSG why it is refused, -OSTI_IMAGE_E_*; else 0.
 * @header:	[In] address of the copy's header, OSTI_IMAGE_HEADER bytes.
 */
struct osti_ioc_restore {
	__u32 slot;
	__u32 reason;
	__u64 header;
};

/**
 * struct osti_ioc_phases - times of one switch or suspend
 * @index:	[In] 0 = the newest that concerns this OS, 1 = the one before.
 * @source:	[Out] context that was frozen.
 * @target:	[Out] context that was entered.
 * @kind:	[Out] OSTI_SWITCH_*.
 * @record:	[Out] number of the record, from 1 at power-on.
 * @time:	[Out] counter at OSTI_PHASE_*, 0 where it was not reached.
 * @slept:	[Out] ticks that the device slept in it (ordinary suspend).
 */
struct osti_ioc_phases {
	__u32 index;
	__u32 source;
	__u32 target;
	__u32 kind;
	__u64 record;
	__u64 time[7];
	__u64 slept;
};

/**
 * struct osti_ioc_ring - state of one of the monitor's event rings
 * @ring:	[In] OSTI_RING_*.
 * @reserved:	[Out] 0.
 * @oldest:	[Out] sequence number of the oldest record kept.
 * @next:	[Out] sequence number that the next record will get.
 * @base:	[Out] chain value before the oldest record.
 * @head:	[Out] chain value after the newest record.
 */
struct osti_ioc_ring {
	__u32 ring;
	__u32 reserved;
	__u64 oldest;
	__u64 next;
	__u8 base[32];
	__u8 head[32];
};

/**
 * struct osti_event - one record of an event ring, as read() gives it
 * @seq:	sequence number in its ring.
 * @time:	counter when it happened; 0 if redacted.
 * @type:	OSTI_EV_*.
 * @slot:	context that it is about.
 * @cpu:	CPU on which it happened.
 * @ring:	OSTI_RING_* that it is in.
 * @arg:	arguments, see OSTI_EV_*.
 * @digest:	BLAKE2b-256 of the record, see OSTI_CALL_EVENT_READ.
 */
struct osti_event {
	__u64 seq;
	__u64 time;
	__u16 type;
	__u8 slot;
	__u8 cpu;
	__u32 ring;
	__u64 arg[2];
	__u8 digest[32];
};

/**
 * OSTI_GET_INFO - tell what the device is and who the caller is
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT (bad pointer), EIO (the monitor gave an
 * answer that its contract does not know).
 */
#define OSTI_GET_INFO	_IOR(OSTI_IOC_MAGIC, 0x0, struct osti_ioc_info)

/**
 * OSTI_GET_SLOT - tell the state of a slot
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT, EINVAL (no such slot), EIO.
 */
#define OSTI_GET_SLOT	_IOWR(OSTI_IOC_MAGIC, 0x1, struct osti_ioc_slot)

/**
 * OSTI_SWITCH - freeze this OS and enter another, or ask the boot manager
 *
 * Arms the target and suspends to RAM. Returns when this OS runs again, or at
 * once when it could not be frozen; then no target is armed any more and the
 * OS simply goes on. A request that could not be served is no error: @result
 * tells.
 *
 * Context: process; sleeps for as long as the OS is frozen. Needs a file
 * opened for writing. One caller at a time.
 * Return: 0 after the OS was frozen and resumed, or -1 with errno: EFAULT,
 * EBADF (file not opened for writing), EINVAL (no such slot, this slot itself,
 * no such request), EBUSY (a switch is under way, a task or device refused to
 * freeze, or a wake-up event came first; see the kernel log), EOPNOTSUPP (this
 * kernel cannot suspend to RAM, or only tests it), EIO, or any other error of
 * the kernel's suspend code.
 */
#define OSTI_SWITCH	_IOWR(OSTI_IOC_MAGIC, 0x2, struct osti_ioc_switch)

/**
 * OSTI_GET_PHASES - tell the times of one of the last switches
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT, ENOENT (no such record), EIO.
 */
#define OSTI_GET_PHASES	_IOWR(OSTI_IOC_MAGIC, 0x3, struct osti_ioc_phases)

/**
 * OSTI_GET_RING - tell the state of an event ring and its chain values
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT, EINVAL (no such ring), EIO.
 */
#define OSTI_GET_RING	_IOWR(OSTI_IOC_MAGIC, 0x4, struct osti_ioc_ring)

/**
 * OSTI_MARK_USER - note that user space runs again after a switch
 *
 * Closes the phase record of the switch that resumed this OS.
 *
 * Context: process; does not sleep. Needs a file opened for writing.
 * Return: 0, or -1 with errno: EBADF, ESTALE (no switch to mark, or marked
 * already), EIO.
 */
#define OSTI_MARK_USER	_IO(OSTI_IOC_MAGIC, 0x5)

/**
 * OSTI_GET_IMAGE - tell whether there is an image of a slot
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT, EINVAL (no such slot), ENODATA (this
 * device has no NV memory that can be trusted, so no images), EIO.
 */
#define OSTI_GET_IMAGE	_IOWR(OSTI_IOC_MAGIC, 0x6, struct osti_ioc_image)

/**
 * OSTI_GET_RESUME - tell how this OS came to run
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT, EIO.
 */
#define OSTI_GET_RESUME	_IOR(OSTI_IOC_MAGIC, 0x7, struct osti_ioc_resume)

/**
 * OSTI_START_GOOD - say that this start was good, and which are too old now
 *
 * It ends the count of starts that nobody called good, which leads to the boot
 * menu. What it raises can never be lowered.
 *
 * Context: process; does not sleep, but the monitor may write NV memory for
 * some milliseconds. Needs a file opened for writing.
 * Return: 0, or -1 with errno: EFAULT, EBADF (file not opened for writing),
 * EINVAL (above the version by which this OS was started, or that is not
 * known), ENODATA (NV memory cannot be written), EIO. The start counts as good
 * also after EINVAL and ENODATA, but nothing was raised then.
 */
#define OSTI_START_GOOD	_IOWR(OSTI_IOC_MAGIC, 0x8, struct osti_ioc_good)

/**
 * OSTI_GET_SLOT_KEY - tell the slot key of this OS
 *
 * For a person who wants to go on with a copy on another device. The monitor
 * records that it was asked.
 *
 * Context: process; does not sleep. Needs a file opened for writing.
 * Return: 0, or -1 with errno: EFAULT, EBADF (file not opened for writing),
 * EPERM (the caller has not CAP_SYS_ADMIN), ENODATA (this device has no NV
 * memory that can be trusted, so no keys), EOPNOTSUPP (the monitor is older
 * than this call), EIO.
 */
#define OSTI_GET_SLOT_KEY _IOR(OSTI_IOC_MAGIC, 0x9, struct osti_ioc_key)

/**
 * OSTI_GET_CARRIER - tell what whoever carries copies of a slot needs
 *
 * Context: process; does not sleep.
 * Return: 0, or -1 with errno: EFAULT, EINVAL (no such slot), ENODATA and
 * EOPNOTSUPP (as OSTI_GET_SLOT_KEY), EIO.
 */
#define OSTI_GET_CARRIER _IOWR(OSTI_IOC_MAGIC, 0xa, struct osti_ioc_carrier)

/**
 * OSTI_RESTORE_ASK - name the copy that shall take a slot's place
 *
 * Next is OSTI_SWITCH with OSTI_REQUEST_RESTORE, where a person agrees to this
 * one copy or does not. It replaces what was asked before.
 *
 * Context: process; may sleep for memory. Needs a file opened for writing.
 * Return: 0, or -1 with errno: EFAULT, EBADF (file not opened for writing),
 * EINVAL (no such slot, or this slot itself), EBADMSG (the copy is refused:
 * @reason), ENODATA and EOPNOTSUPP (as OSTI_GET_SLOT_KEY), ENOMEM, EIO.
 */
#define OSTI_RESTORE_ASK _IOWR(OSTI_IOC_MAGIC, 0xb, struct osti_ioc_restore)

/*
 * read() gives whole struct osti_event records, those of each ring in order,
 * starting with the oldest kept when the file was opened; a gap in seq of one
 * ring means that records were overwritten. Of the next records of both rings
 * the one with the smaller time comes first; one that is redacted has no time,
 * and so comes as soon as it is the next of its ring. EAGAIN with O_NONBLOCK
 * when there is no newer one, else it waits; EINVAL when the buffer is smaller
 * than one record. After this OS came back from an image, reading starts over at
 * the oldest records kept: sequence numbers begin anew at power-on, so a seq
 * that is not greater than the one before of its ring says so. poll() reports
 * POLLIN when there is one; the module looks for new ones after each resume and
 * after each of its calls.
 */

#endif /* OSTI_IOCTL_H */
