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
 * struct osti_ioc_disk_key - the disk key of this OS, see OSTI_CALL_DISK_KEY
 * @key:	[Out] the key. Whoever has it can read this slot's private disk.
 */
struct osti_ioc_disk_key {
	__u8 key[64];
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

/* What a transfer does (struct osti_ioc_backup). */
#define OSTI_BACKUP_EXPORT	0	/* a frozen slot becomes a copy */
#define OSTI_BACKUP_IMPORT	1	/* a copy becomes a frozen slot */
#define OSTI_BACKUP_STORED	2	/* an image in the store becomes a copy */
#define OSTI_BACKUP_LAST	OSTI_BACKUP_STORED

/**
 * struct osti_ioc_backup - begin to carry a copy
 * @slot:	[In] number of the slot, from 1.
 * @what:	[In] OSTI_BACKUP_*.
 * @saved_at:	[In] export: time for its header, seconds since 1970; else 0.
 * @header:	[In] import: address of its header, OSTI_IMAGE_HEADER bytes; else 0.
 * @generation:	[Out] export: generation of the copy; stored: of the image that
 *		is wanted; else 0.
 * @pages:	[Out] export: pages of the slot; else 0.
 * @head_bytes:	[Out] import: bytes of table and sealed manifest, which
 *		OSTI_TRANSFER_WRITE wants; else 0.
 * @reason:	[Out] after EBADMSG why it is refused, -OSTI_IMAGE_E_*; else 0.
 * @attachments: [In] export, stored: how often OSTI_TRANSFER_ATTACH will be
 *		called, 0 to OSTI_IMAGE_ATTACHMENTS_MAX; else 0.
 */
struct osti_ioc_backup {
	__u32 slot;
	__u32 what;
	__u64 saved_at;
	__u64 header;
	__u64 generation;
	__u64 pages;
	__u64 head_bytes;
	__u32 reason;
	__u32 attachments;
};

/* What offsets and sizes of pread() and pwrite() on a disk are multiples of. */
#define OSTI_DISK_SECTOR	4096

/**
 * struct osti_ioc_disk - the disk of the slot that a transfer is about
 * @access:	[In] export: OSTI_DISK_READ; import: OSTI_DISK_WRITE; stored:
 *		OSTI_DISK_READ, or OSTI_DISK_STORE for the store.
 * @reserved:	[In] 0.
 * @bytes:	[Out] its bytes, a multiple of OSTI_DISK_SECTOR.
 */
struct osti_ioc_disk {
	__u32 access;
	__u32 reserved;
	__u64 bytes;
};

/**
 * struct osti_ioc_zero - a part of the disk that shall become zero
 * @offset:	[In] where it begins, a multiple of OSTI_DISK_SECTOR.
 * @bytes:	[In] its bytes, likewise, not 0.
 */
struct osti_ioc_zero {
	__u64 offset;
	__u64 bytes;
};

/**
 * struct osti_ioc_attach - what belongs to the image and is not in it
 * @kind:	[In] OSTI_ATTACH_*.
 * @reserved:	[In] 0.
 * @bytes:	[In] its bytes.
 * @digest:	[In] its digest.
 */
struct osti_ioc_attach {
	__u32 kind;
	__u32 reserved;
	__u64 bytes;
	__u8 digest[32];
};

/**
 * struct osti_ioc_scan - progress of OSTI_TRANSFER_SCAN
 * @looked_at:	[Out] pages looked at so far.
 * @pages:	[Out] when done: pages that are not zero; else 0.
 * @head_bytes:	[Out] when done: bytes of header, table and sealed manifest; else
 *		0.
 * @chunks:	[Out] when done: chunks of the image; else 0.
 * @done:	[Out] 1 when there is no more to do, else 0: call again.
 * @reason:	[Out] after EBADMSG -OSTI_IMAGE_E_*, else 0.
 * @reserved:	[Out] 0.
 */
struct osti_ioc_scan {
	__u64 looked_at;
	__u64 pages;
	__u64 head_bytes;
	__u32 chunks;
	__u32 done;
	__u32 reason;
	__u32 reserved;
};

/**
 * struct osti_ioc_table - a piece of the public table
 * @entries:	[In] address of room for @count entries, OSTI_IMAGE_T_ENTRY bytes
 *		each.
 * @first:	[In] number of the first chunk.
 * @count:	[In] entries wanted, 1 to OSTI_TABLE_MAX.
 *		[Out] entries given, fewer at the table's end.
 * @reason:	[Out] after EBADMSG -OSTI_IMAGE_E_*, else 0.
 * @reserved:	[Out] 0.
 */
struct osti_ioc_table {
	__u64 entries;
	__u32 first;
	__u32 count;
	__u32 reason;
	__u32 reserved;
};

/**
 * struct osti_ioc_chunk - a sealed chunk
 * @data:	[In] its address, or where it shall go.
 * @chunk:	[In] its number.
 * @bytes:	[In] export: room there, at least OSTI_IMAGE_STORED_MAX; import:
 *		its bytes, 1 to OSTI_IMAGE_STORED_MAX.
 *		[Out] its bytes.
 * @left:	[Out] import: chunks that were not handed over yet; else 0.
 * @reason:	[Out] after EBADMSG -OSTI_IMAGE_E_*, else 0.
 */
struct osti_ioc_chunk {
	__u64 data;
	__u32 chunk;
	__u32 bytes;
	__u32 left;
	__u32 reason;
};

/**
 * struct osti_ioc_have - a chunk that need not be made
 * @chunk:	[In] its number.
 * @bytes:	[In] its stored bytes, 1 to OSTI_IMAGE_STORED_MAX, from the table of
 *		an earlier image.
 * @digest:	[In] its digest, from there.
 * @reason:	[Out] after EBADMSG -OSTI_IMAGE_E_*, else 0.
 * @reserved:	[Out] 0.
 */
struct osti_ioc_have {
	__u32 chunk;
	__u32 bytes;
	__u8 digest[32];
	__u32 reason;
	__u32 reserved;
};

/**
 * struct osti_ioc_piece - a piece of header, table and sealed manifest
 * @offset:	[In] where it is in the image.
 * @data:	[In] its address, or where it shall go.
 * @bytes:	[In] its bytes, 1 to OSTI_COPY_MAX.
 * @reason:	[Out] after EBADMSG -OSTI_IMAGE_E_*, else 0.
 */
struct osti_ioc_piece {
	__u64 offset;
	__u64 data;
	__u32 bytes;
	__u32 reason;
};

/**
 * struct osti_ioc_step - result of a step of a transfer
 * @bytes:	[Out] OSTI_TRANSFER_SEAL: bytes of the whole image; else 0.
 * @pages:	[Out] OSTI_TRANSFER_OPEN: pages that are not zero; else 0.
 * @chunks:	[Out] OSTI_TRANSFER_OPEN: chunks of the image; else 0.
 * @reason:	[Out] after EBADMSG -OSTI_IMAGE_E_*, else 0.
 */
struct osti_ioc_step {
	__u64 bytes;
	__u64 pages;
	__u32 chunks;
	__u32 reason;
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

/**
 * OSTI_BACKUP_OPEN - begin to carry a copy out of a slot, or into it
 *
 * Gives a file descriptor of its own, which can do this one transfer and
 * nothing else: it may be handed to a helper that has no other right. One
 * transfer is open at a time. It ends with OSTI_TRANSFER_COMMIT; closing the
 * descriptor before gives it up, and nothing is lost.
 *
 * Context: process; may sleep for memory. The monitor takes some 100 ms when it
 * is the first transfer since power-on. Needs a file opened for writing.
 * Return: the descriptor, which is closed on exec, or -1 with errno: EFAULT,
 * EBADF (file not opened for writing), EINVAL (no such slot, @what is not
 * known, or a value is given that must be 0), EBUSY (a transfer is open; or the
 * slot is not frozen, for an import not empty, or has no stored image), EBADMSG
 * (import: the copy is refused: @reason), ENODATA (this device has no NV memory
 * that can be trusted, or no image engine), ENOMEM (no memory for buffers; for an
 * import also: no room for the slot, hibernate another one), EMFILE, ENFILE,
 * EOPNOTSUPP (the monitor is older than this call), EIO.
 */
#define OSTI_BACKUP_OPEN _IOWR(OSTI_IOC_MAGIC, 0xc, struct osti_ioc_backup)

/**
 * OSTI_GET_DISK_KEY - tell the key of this OS's private disk
 *
 * The same at each start, and on each device to which the slot was brought.
 *
 * Context: process; does not sleep. Needs a file opened for writing.
 * Return: 0, or -1 with errno: EFAULT, EBADF (file not opened for writing),
 * EPERM (the caller has not CAP_SYS_ADMIN), EACCES (the statement by which this
 * OS was started does not allow it), ENODATA (as OSTI_GET_SLOT_KEY), EOPNOTSUPP
 * (the monitor is older than this call), EIO.
 */
#define OSTI_GET_DISK_KEY _IOR(OSTI_IOC_MAGIC, 0xd, struct osti_ioc_disk_key)

/*
 * OSTI_TRANSFER_*: the calls on a descriptor of OSTI_BACKUP_OPEN
 *
 * An export makes them in this order: SCAN until it is done; TABLE as wanted;
 * HAVE for the chunks that the receiver has; CHUNK for all others, in ascending
 * order for speed; SEAL; READ of all from offset 0 on; COMMIT when all of it is
 * safe. An import: WRITE from the end of the header on; OPEN; TABLE as wanted;
 * CHUNK for each, in any order; CHECK by who only wants to know that the copy
 * is good; COMMIT. Several threads may call at a time: CHUNK gets faster by it.
 * A stored image: DISK with OSTI_DISK_STORE, to read the image from there; WRITE
 * of its header alone, at offset 0, then of table and sealed manifest; OPEN; TABLE
 * as wanted; HAVE for chunks of which the receiver has others with the same id;
 * ATTACH; SEAL; READ; COMMIT. Its chunks are in the store as the copy has them.
 *
 * The transfer is over when COMMIT succeeded, when a call failed with EBADMSG,
 * when this OS was frozen by a switch, or with the driver. poll() then reports
 * POLLHUP, and a thread that waits in a call gets out of it.
 *
 * Context of all: process; they work for as long as the monitor needs, but let
 * other tasks run every OSTI_SLICE_US, and a freeze of this OS does not wait.
 * Errors of all: EFAULT (bad pointer), EINVAL (it is not the time for this
 * call, or a value is out of its range), ENOTTY (not a call of this kind of
 * transfer), ESTALE (the transfer is over), ENODEV (the driver was unbound),
 * EBADMSG (@reason is why; the transfer is over), EINTR (a signal came; the
 * same call again goes on), EIO (the monitor broke its contract).
 */

/**
 * OSTI_TRANSFER_SCAN - export: look at the slot's pages for about 50 ms
 *
 * Return: 0, or -1 with an errno of all.
 */
#define OSTI_TRANSFER_SCAN _IOR(OSTI_IOC_MAGIC, 0x40, struct osti_ioc_scan)

/**
 * OSTI_TRANSFER_TABLE - copy entries of the public table
 *
 * In an export digest and stored bytes are 0 where they are not known yet.
 *
 * Return: 0, or -1 with an errno of all.
 */
#define OSTI_TRANSFER_TABLE _IOWR(OSTI_IOC_MAGIC, 0x41, struct osti_ioc_table)

/**
 * OSTI_TRANSFER_CHUNK - export: make a sealed chunk; import: hand one over
 *
 * A chunk of an import is checked while later ones are handed over, so that
 * EBADMSG may be about an earlier one.
 *
 * Return: 0, or -1 with an errno of all.
 */
#define OSTI_TRANSFER_CHUNK _IOWR(OSTI_IOC_MAGIC, 0x42, struct osti_ioc_chunk)

/**
 * OSTI_TRANSFER_HAVE - export: the receiver has this chunk already
 *
 * A wrong value makes a copy that is refused later.
 *
 * Return: 0, or -1 with an errno of all: EINVAL also after the first CHUNK.
 */
#define OSTI_TRANSFER_HAVE _IOWR(OSTI_IOC_MAGIC, 0x43, struct osti_ioc_have)

/**
 * OSTI_TRANSFER_SEAL - export: make header, table and sealed manifest
 *
 * Return: 0, or -1 with an errno of all: EINVAL also when a chunk was neither
 * made nor had.
 */
#define OSTI_TRANSFER_SEAL _IOR(OSTI_IOC_MAGIC, 0x44, struct osti_ioc_step)

/**
 * OSTI_TRANSFER_READ - export: copy of header, table and sealed manifest
 *
 * Return: 0, or -1 with an errno of all.
 */
#define OSTI_TRANSFER_READ _IOWR(OSTI_IOC_MAGIC, 0x45, struct osti_ioc_piece)

/**
 * OSTI_TRANSFER_WRITE - import, stored: table and sealed manifest, piece by piece
 *
 * The first offset is OSTI_IMAGE_HEADER, for a stored image 0 with the header
 * alone, and there may be no gap.
 *
 * Return: 0, or -1 with an errno of all.
 */
#define OSTI_TRANSFER_WRITE _IOWR(OSTI_IOC_MAGIC, 0x46, struct osti_ioc_piece)

/**
 * OSTI_TRANSFER_OPEN - import, stored: check the manifest; import: make room
 *
 * Return: 0, or -1 with an errno of all: EINVAL also when it is not complete.
 */
#define OSTI_TRANSFER_OPEN _IOR(OSTI_IOC_MAGIC, 0x47, struct osti_ioc_step)

/**
 * OSTI_TRANSFER_CHECK - import: are all chunks here and good?
 *
 * Return: 0, or -1 with an errno of all: EINVAL also when chunks are missing.
 */
#define OSTI_TRANSFER_CHECK _IOR(OSTI_IOC_MAGIC, 0x48, struct osti_ioc_step)

/**
 * OSTI_TRANSFER_COMMIT - end it: the slot is FROZEN
 *
 * Return: 0, or -1 with an errno of all: EINVAL also when READ has not given
 * all of it, or chunks are missing. Of an import also EACCES (no person agreed
 * to this copy: OSTI_RESTORE_ASK) and ENODATA (NV memory cannot be written);
 * after both nothing is lost, and all that is left is to close the descriptor.
 */
#define OSTI_TRANSFER_COMMIT _IOR(OSTI_IOC_MAGIC, 0x49, struct osti_ioc_step)

/**
 * OSTI_TRANSFER_ATTACH - what belongs to the image and is not in it
 *
 * Export, before SEAL, as often as OSTI_BACKUP_OPEN was told. Import, after OPEN:
 * with CHECK and COMMIT the copy is refused (EBADMSG, OSTI_IMAGE_E_ATTACHED)
 * unless all that it was made with was handed over, in the same order.
 *
 * Return: 0, or -1 with an errno of all: EINVAL also when it is one too many;
 * EOPNOTSUPP (the monitor is older than this call).
 */
#define OSTI_TRANSFER_ATTACH _IOW(OSTI_IOC_MAGIC, 0x4a, struct osti_ioc_attach)

/**
 * OSTI_TRANSFER_DISK - use the disk of the slot
 *
 * From now on pread() and pwrite() on this descriptor are about the disk, and
 * fsync() makes what was written last: straight to the device, in multiples of
 * OSTI_DISK_SECTOR, by several threads at a time. A read that reaches behind the
 * end is cut, one from there on gives 0. An export reads the disk that belongs to
 * the frozen memory; the device itself refuses writes. An import writes it, after
 * OPEN, if a person agreed to the copy and the copy has a disk attached. With that
 * ends what could be resumed of the slot.
 *
 * It ends with OSTI_TRANSFER_DISK_END, with the transfer, with COMMIT, also one
 * that fails, and before a suspend of this OS, also one that fails: pread() and
 * pwrite() then fail with ESTALE, and it can be used again if the transfer is
 * alive.
 *
 * pread() and pwrite() fail with EBADF (no disk was asked for, or it cannot be
 * written), EINVAL (not such a multiple, or a write behind the end), EIO (the
 * disk says so), ESTALE, ENODEV, ENOMEM, EFAULT.
 *
 * Context: process; sleeps until the device was found, at most some seconds.
 * Return: 0, or -1 with an errno of all: EINVAL also when @access is not for this
 * kind of transfer; EBUSY (it is in use already, or somebody else holds it),
 * EACCES (import: no person agreed to this copy), ENODATA (import: NV memory
 * cannot be written; or the device did not do what it was told and is nobody's
 * until power-on), EOPNOTSUPP (this board shows no disk of that slot, or the
 * monitor is older than this call), ETIMEDOUT (no driver took the device),
 * ENOMEM.
 */
#define OSTI_TRANSFER_DISK _IOWR(OSTI_IOC_MAGIC, 0x4b, struct osti_ioc_disk)

/**
 * OSTI_TRANSFER_DISK_END - give the disk back
 *
 * What was written and not followed by fsync() may be lost.
 *
 * Context: process; waits until no call uses it.
 * Return: 0, also when none is in use, or -1 with an errno of all.
 */
#define OSTI_TRANSFER_DISK_END _IO(OSTI_IOC_MAGIC, 0x4c)

/**
 * OSTI_TRANSFER_DISK_ZERO - import: make a part of the disk zero
 *
 * Costs little where the device can; else zeroes are written.
 *
 * Return: 0, or -1 with an errno of all, or of pwrite().
 */
#define OSTI_TRANSFER_DISK_ZERO _IOW(OSTI_IOC_MAGIC, 0x4d, struct osti_ioc_zero)

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
