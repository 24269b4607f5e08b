/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm.h - the parts of the OSTI boot manager (lib/osti, cmd/osti.c)
 *
 * Everything here runs on the one CPU of the boot manager. Functions that
 * return an error have told the person at the console what failed and what to
 * do about it, unless their comment says otherwise.
 */
#ifndef _OSTI_BM_H
#define _OSTI_BM_H

#include <linux/types.h>
#include <osti/abi.h>

struct udevice;

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
 */
struct osti_slot {
	u32 nr;
	u32 state;
	u64 bytes;
	u64 frozen_at;
	u64 entries;
	char name[OSTI_NAME_LEN + 1];
};

/**
 * struct osti_reason - why the boot manager was entered
 * @why:	OSTI_REASON_*
 * @slot:	the slot that it is about, or 0
 * @last:	the slot that ran last, or 0
 */
struct osti_reason {
	u32 why;
	u32 slot;
	u32 last;
};

/**
 * struct osti_image - a verified boot image in the boot manager's memory
 * @kernel:	arm64 kernel Image, unpacked
 * @kernel_len:	bytes of it in the file
 * @kernel_mem:	bytes that it needs from its load address on
 * @text_offset: offset of its load address from a 2 MiB boundary
 * @initrd:	initial RAM disk, NULL if there is none
 * @initrd_len:	bytes of it
 * @bootargs:	kernel command line
 *
 * All pointers stay valid until the next osti_image_load().
 */
struct osti_image {
	const void *kernel;
	size_t kernel_len;
	u64 kernel_mem;
	u64 text_offset;
	const void *initrd;
	size_t initrd_len;
	const char *bootargs;
};

/**
 * struct osti_layout - where things lie in a slot, as offsets from its start
 * @dtb:	device tree, OSTI_DTB_MAX bytes are kept for it
 * @kernel:	kernel, which is also the entry
 * @initrd:	initial RAM disk, meaningless without one
 * @end:	first byte after everything
 */
struct osti_layout {
	u64 dtb;
	u64 kernel;
	u64 initrd;
	u64 end;
};

/* As much of an open slot's window is in the boot manager's page tables. */
#define OSTI_WINDOW_MAX	0x200000000

/* Stops a slot from being started while its image is loaded. */
#define OSTI_KEY_ESC	0x1b

/* Kept for the device tree of a slot. */
#define OSTI_DTB_MAX	0x10000

/* PCI device numbers on bus 0. */
#define OSTI_PCI_RNG	3
#define OSTI_PCI_BOOT	5

/* ---- smc.S --------------------------------------------------------------- */

/**
 * osti_smc() - make a call, SMC #0
 * @regs:	in: x[0]..x[6], out: x[0]..x[11]
 */
void osti_smc(struct osti_regs *regs);

/* ---- monitor.c ----------------------------------------------------------- */

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

/* ---- image.c ------------------------------------------------------------- */

/**
 * osti_pci_child() - find and start the driver of a PCI device
 * @devno:	device number on bus 0
 * @id:		UCLASS_* that it should be of
 * @devp:	result
 * Return: 0 or negative errno; prints nothing
 */
int osti_pci_child(u32 devno, int id, struct udevice **devp);

/**
 * osti_image_load() - read a slot's boot image and verify it
 * @slot:	the slot; the file is <name of the slot>.itb on the boot disk
 * @img:	result
 *
 * Nothing of the image is used before its signature and hashes were checked
 * against the key in the control device tree.
 *
 * Return: 0 or negative errno
 */
int osti_image_load(const struct osti_slot *slot, struct osti_image *img);

/* ---- dtb.c --------------------------------------------------------------- */

/**
 * osti_dtb_make() - make the device tree that a slot gets
 * @buf:	where to, OSTI_DTB_MAX bytes
 * @dev:	the device
 * @slot:	the slot
 * @img:	what is loaded in it
 * @layout:	and where
 * Return: 0 or negative errno
 */
int osti_dtb_make(void *buf, const struct osti_device *dev,
		  const struct osti_slot *slot, const struct osti_image *img,
		  const struct osti_layout *layout);

/* ---- start.c ------------------------------------------------------------- */

/**
 * osti_layout_plan() - decide where things lie in a slot
 * @slot:	the slot
 * @img:	what shall be in it
 * @layout:	result
 * Return: 0 or -ENOSPC
 */
int osti_layout_plan(const struct osti_slot *slot, const struct osti_image *img,
		     struct osti_layout *layout);

/**
 * osti_start() - load an empty slot and start it
 * @dev:	the device
 * @slot:	the slot
 * Return: only on error, negative errno; the slot is empty then
 */
int osti_start(const struct osti_device *dev, const struct osti_slot *slot);

/**
 * osti_resume() - resume a frozen slot
 * @slot:	the slot
 * Return: only on error, negative errno
 */
int osti_resume(const struct osti_slot *slot);

/**
 * osti_enter() - resume a slot if it is frozen, start it if it is empty
 * @dev:	the device
 * @nr:		number of the slot
 * Return: only on error, negative errno
 */
int osti_enter(const struct osti_device *dev, u32 nr);

/**
 * osti_power_off() - switch the device off, whatever would be lost
 * Return: only on error, negative errno
 */
int osti_power_off(void);

/* ---- menu.c -------------------------------------------------------------- */

/**
 * osti_boot() - do what the reason for entering the boot manager asks for
 *
 * That may be the menu. docs/boot-manager.md has the table.
 *
 * Return: 0 when a command shell was asked for, else negative errno
 */
int osti_boot(void);

/**
 * osti_menu() - show the boot menu and wait for a key
 * Return: 0 when a command shell was asked for, else negative errno
 */
int osti_menu(void);

/* ---- events.c ------------------------------------------------------------ */

/**
 * osti_events_print() - print the monitor's event ring as a table
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_events_print(const struct osti_device *dev);

#endif /* _OSTI_BM_H */
