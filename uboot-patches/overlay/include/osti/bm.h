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

/**
 * struct osti_store - a slot's partition of the store disk
 * @blk:	the disk
 * @start:	first sector of the partition
 * @area_bytes:	size of each of its two areas, a multiple of OSTI_STORE_UNIT
 */
struct osti_store {
	struct udevice *blk;
	u64 start;
	u64 area_bytes;
};

/**
 * enum osti_saved_state - is there a hibernation image of a slot?
 * @OSTI_SAVED_NONE:	none that could be resumed
 * @OSTI_SAVED_STORED:	it is in the store, and nothing speaks against it yet
 * @OSTI_SAVED_REFUSED:	what is in the store cannot be resumed
 * @OSTI_SAVED_MISSING:	the monitor knows of one, the store has none
 */
enum osti_saved_state {
	OSTI_SAVED_NONE,
	OSTI_SAVED_STORED,
	OSTI_SAVED_REFUSED,
	OSTI_SAVED_MISSING,
};

/**
 * struct osti_saved - hibernation image of a slot
 * @state:	is there one?
 * @generation:	the newest generation that the monitor knows of, or 0
 * @retired:	the slot lives elsewhere: only a person resumes it from this image
 * @nv:		0, or -EIO: the device has no NV memory that can be trusted, and
 *		so no images
 * @store_err:	0, or what osti_store_open() returned
 * @store:	where it is, when @store_err is 0
 * @area:	in which area, 0 or 1; @saved_at and @bytes tell of that one
 * @error:	why it is refused, OSTI_IMAGE_E_*, or OSTI_IMAGE_OK
 * @saved_at:	when it was made, in seconds since 1970, 0 if that is not known
 * @bytes:	its size
 * @spare:	the area that the next image goes to
 */
struct osti_saved {
	enum osti_saved_state state;
	u64 generation;
	bool retired;
	int nv;
	int store_err;
	struct osti_store store;
	u32 area;
	int error;
	u64 saved_at;
	u64 bytes;
	u32 spare;
};

/**
 * struct osti_image - a boot image in the boot manager's memory
 * @file:	name of the file
 * @statement:	its start statement, which only the monitor verifies
 * @statement_len: bytes of it, as the file has them
 * @kernel:	kernel, unpacked
 * @kernel_len:	bytes of it
 * @initrd:	initial RAM disk, NULL if there is none
 * @initrd_len:	bytes of it
 *
 * All pointers stay valid until the next osti_image_load().
 */
struct osti_image {
	char file[OSTI_NAME_LEN + sizeof(".itb")];
	const void *statement;
	size_t statement_len;
	const void *kernel;
	size_t kernel_len;
	const void *initrd;
	size_t initrd_len;
};

/**
 * struct osti_layout - where things lie in a slot, as offsets from its start
 * @kernel:	kernel
 * @initrd:	initial RAM disk, meaningless without one
 */
struct osti_layout {
	u64 kernel;
	u64 initrd;
};

/**
 * enum osti_consent - what a person agreed to
 * @OSTI_CONSENT_NONE:	nothing: it may have come by itself
 * @OSTI_CONSENT_START:	that images of the slot are destroyed
 * @OSTI_CONSENT_ANYWAY: a start even if they cannot be destroyed now
 */
enum osti_consent {
	OSTI_CONSENT_NONE,
	OSTI_CONSENT_START,
	OSTI_CONSENT_ANYWAY,
};

/* As much of an open slot's window is in the boot manager's page tables. */
#define OSTI_WINDOW_MAX	0x200000000

/* Stops what takes time: loading, hibernating, resuming from an image. */
#define OSTI_KEY_ESC	0x1b

/* Reads and writes of the store begin and end at multiples of this. */
#define OSTI_STORE_UNIT	4096

/* Images move in pieces of this size between memory and store. */
#define OSTI_STAGE	0x400000

/* 9999-12-31 23:59:59; a later time is a mistake. */
#define OSTI_CLOCK_MAX	253402300799ULL

/* Name of an area of the store, for messages. */
#define OSTI_AREA_NAME(area)	('A' + (int)(area))

/* Parts of a request, see OSTI_CALL_TARGET_ARM. */
#define OSTI_REQUEST_OF(request)	((request) & 0xff)
#define OSTI_REQUEST_SLOT(request)	((request) >> 8)

/* PCI device numbers on bus 0. */
#define OSTI_PCI_RNG	3
#define OSTI_PCI_BOOT	5
#define OSTI_PCI_STORE	6

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

/* ---- keys.c -------------------------------------------------------------- */

/**
 * osti_keys_drop() - forget what was typed
 *
 * What was typed for somebody else must not choose a slot.
 */
void osti_keys_drop(void);

/**
 * osti_key_get() - wait for a key
 * Return: the key; one that sends several bytes is OSTI_KEY_ESC
 */
int osti_key_get(void);

/**
 * osti_key_wait() - wait for a key as long as it makes sense
 * @ms:		milliseconds
 * Return: the key as osti_key_get() has it, -ETIMEDOUT
 */
int osti_key_wait(u32 ms);

/**
 * osti_key_escape() - was Esc pressed?
 *
 * No other key stops work: an operating system's shell may be meant.
 *
 * Return: true if it was; everything typed before it is forgotten
 */
bool osti_key_escape(void);

/* ---- progress.c ---------------------------------------------------------- */

/**
 * osti_progress_begin() - show a progress bar at 0 %
 *
 * The console's line belongs to it until osti_progress_end().
 */
void osti_progress_begin(void);

/**
 * osti_progress() - redraw the bar if it changed enough
 * @done:	how much of the work is done
 * @total:	of how much, 0 is taken for nothing to do
 * @from:	percent of the bar that stand for no work done
 * @to:		percent that stand for all of it
 */
void osti_progress(u64 done, u64 total, u32 from, u32 to);

/**
 * osti_progress_end() - go to a new line, if a bar is shown
 */
void osti_progress_end(void);

/* ---- clock.c ------------------------------------------------------------- */

/**
 * osti_clock_now() - read the real-time clock
 * Return: seconds since 1970, 0 if there is no clock that works, or it has lost
 * the time
 */
u64 osti_clock_now(void);

/**
 * osti_clock_ahead() - does a time lie ahead of the real-time clock?
 * @seconds:	since 1970
 *
 * The clock is believed: what was written while it, or another one, was wrong
 * must not last.
 *
 * Return: true if it does; false without a clock
 */
bool osti_clock_ahead(u64 seconds);

/**
 * osti_clock_print() - print a time as "2023-11-14 22:13:20 UTC"
 * @seconds:	since 1970; 0 and times after the year 9999 are not known
 */
void osti_clock_print(u64 seconds);

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
 * osti_image_load() - read a slot's boot image
 * @slot:	the slot; the file is <name of the slot>.itb on the boot disk
 * @img:	result
 *
 * Nothing of it is verified: the monitor does that.
 *
 * Return: 0 or negative errno
 */
int osti_image_load(const struct osti_slot *slot, struct osti_image *img);

/* ---- statement.c --------------------------------------------------------- */

/**
 * osti_statement_check() - ask the monitor what it thinks of a start statement
 * @slot:	the slot to be started
 * @img:	the boot image
 * @flags:	result: OSTI_START_* flags that a start needs
 *
 * Whether kernel and RAM disk are the right ones shows at the start.
 *
 * Return: 0 or negative errno
 */
int osti_statement_check(const struct osti_slot *slot,
			 const struct osti_image *img, u64 *flags);

/**
 * osti_statement_layout() - tell where kernel and RAM disk shall lie
 * @slot:	the slot
 * @img:	the boot image, good by osti_statement_check()
 * @layout:	result; both lie in the part of the window that is mapped
 * Return: 0 or negative errno
 */
int osti_statement_layout(const struct osti_slot *slot,
			  const struct osti_image *img,
			  struct osti_layout *layout);

/**
 * osti_statement_refused() - print why the monitor refuses a start
 * @slot:	the slot
 * @img:	the boot image
 * @why:	OSTI_START_E_*
 * Return: -EKEYREJECTED
 */
int osti_statement_refused(const struct osti_slot *slot,
			   const struct osti_image *img, u64 why);

/* ---- consent.c ----------------------------------------------------------- */

/**
 * osti_consent_explain() - print what a start takes that a person must agree to
 * @slot:	the slot
 * Return: -EACCES, or -EIO
 */
int osti_consent_explain(const struct osti_slot *slot);

/**
 * osti_consent_destroy() - make that no image of a slot is found in the store
 * @slot:	the slot
 * Return: 0, -EROFS (the store cannot be written), -EIO
 */
int osti_consent_destroy(const struct osti_slot *slot);

/* ---- store.c ------------------------------------------------------------- */

/**
 * osti_store_open() - find a slot's partition of the store disk
 * @slot:	the slot; its partition has its name
 * @store:	result
 * Return: 0, -ENODEV (no store disk), -EMEDIUMTYPE (it has no good GPT),
 * -ENOENT (no such partition), -EPERM (one of another type), -ERANGE (it
 * cannot be as the table says), or as osti_store_read(); prints nothing
 */
int osti_store_open(const struct osti_slot *slot, struct osti_store *store);

/**
 * osti_store_explain() - print why a slot's partition of the store is not there
 * @slot:	the slot
 * @err:	what osti_store_open() returned
 * Return: @err
 */
int osti_store_explain(const struct osti_slot *slot, int err);

/**
 * osti_store_read() - read from an area
 * @store:	the partition
 * @area:	which, 0 or 1
 * @offset:	offset in the area, a multiple of OSTI_STORE_UNIT
 * @buf:	result
 * @bytes:	how much, a multiple of OSTI_STORE_UNIT
 * Return: 0, -ENOSPC (outside of the area), -EIO, -ETIMEDOUT (it does not
 * answer, and is not asked again), -ECANCELED (neither, by Esc); prints nothing
 */
int osti_store_read(const struct osti_store *store, u32 area, u64 offset,
		    void *buf, u64 bytes);

/**
 * osti_store_write() - write to an area
 * @store:	the partition
 * @area:	which, 0 or 1
 * @offset:	offset in the area, a multiple of OSTI_STORE_UNIT
 * @buf:	what
 * @bytes:	how much, a multiple of OSTI_STORE_UNIT
 *
 * It is safe after osti_store_flush() only.
 *
 * Return: as osti_store_read(); prints nothing
 */
int osti_store_write(const struct osti_store *store, u32 area, u64 offset,
		     const void *buf, u64 bytes);

/**
 * osti_store_flush() - wait until all that was written is safe
 * @store:	a partition; all of its disk is meant
 * Return: 0 or negative errno; prints nothing
 */
int osti_store_flush(const struct osti_store *store);

/**
 * osti_store_clear() - make that no image is found in an area
 * @store:	the partition
 * @area:	which, 0 or 1
 * Return: 0 when it is so on the disk, else negative errno; prints nothing
 */
int osti_store_clear(const struct osti_store *store, u32 area);

/* ---- saved.c ------------------------------------------------------------- */

/**
 * osti_saved_get() - ask monitor and store for a slot's hibernation image
 * @slot:	the slot
 * @saved:	result
 *
 * The store is read, so this is true now, but it proves nothing.
 *
 * Return: 0 or -EIO (from the monitor; a bad store is in the result)
 */
int osti_saved_get(const struct osti_slot *slot, struct osti_saved *saved);

/**
 * osti_saved_note() - tell the monitor, so that operating systems can ask
 * @slot:	the slot
 * @saved:	what is known of its image
 * Return: 0 or -EIO
 */
int osti_saved_note(const struct osti_slot *slot,
		    const struct osti_saved *saved);

/**
 * osti_saved_refresh() - tell the monitor what the store has of all slots
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_saved_refresh(const struct osti_device *dev);

/**
 * osti_saved_newest() - find the newest image of all that can be resumed
 * @dev:	the device
 * @nr:		result: number of its slot, or 0 if there is none
 * @saved_at:	result: when it was made, at most OSTI_CLOCK_MAX
 *
 * One that lies ahead of the clock is the newest only if all do.
 *
 * Return: 0 or -EIO
 */
int osti_saved_newest(const struct osti_device *dev, u32 *nr, u64 *saved_at);

/**
 * osti_saved_time() - choose the time of an image that is made now
 * @dev:	the device
 * @saved_at:	result: by which osti_saved_newest() finds it
 *
 * The clock's, but also without a clock it is the newest.
 *
 * Return: 0 or -EIO
 */
int osti_saved_time(const struct osti_device *dev, u64 *saved_at);

/**
 * osti_saved_print() - print an empty slot's image in a few words
 * @saved:	what is known of it
 */
void osti_saved_print(const struct osti_saved *saved);

/**
 * osti_saved_list() - print the table of images
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_saved_list(const struct osti_device *dev);

/**
 * osti_retire() - nothing resumes a slot's image by itself any more
 * @slot:	the slot
 * Return: 0, -ENOENT (there is none in the store), -EIO
 */
int osti_retire(const struct osti_slot *slot);

/**
 * osti_drop() - give a slot's image up for good
 * @slot:	the slot
 * Return: 0, -ENOENT (there is none), -EIO
 */
int osti_drop(const struct osti_slot *slot);

/* ---- hibernate.c --------------------------------------------------------- */

/**
 * osti_can_hibernate() - is the slot frozen?
 * @slot:	the slot
 * Return: true; false after an error was printed
 */
bool osti_can_hibernate(const struct osti_slot *slot);

/**
 * osti_hibernate() - move a frozen slot to the store
 * @dev:	the device
 * @slot:	the slot
 *
 * It is empty then. Esc stops it.
 *
 * Return: 0 or negative errno, -ECANCELED by Esc; the slot is frozen as before
 */
int osti_hibernate(const struct osti_device *dev, const struct osti_slot *slot);

/* ---- restore.c ----------------------------------------------------------- */

/**
 * osti_restore() - make an empty slot a frozen one from its image
 * @dev:	the device
 * @slot:	the slot
 *
 * The image is used up then: only this device's memory has it. Other slots go
 * to the store when there is no memory for it. Esc stops it.
 *
 * Return: 0 or negative errno, -ECANCELED by Esc, -ENOENT (no image, or it is
 * missing), -EKEYREJECTED (it was refused), -ENOMEM (no memory); the slot is
 * empty then, and its image as it was
 */
int osti_restore(const struct osti_device *dev, const struct osti_slot *slot);

/**
 * osti_verify() - read the image of an empty slot as if to resume it
 * @slot:	the slot
 * @saved:	what osti_saved_get() said of it; tells why it was refused
 *
 * This takes memory, which no other slot makes room for.
 *
 * Return: 0 or negative errno as osti_restore()
 */
int osti_verify(const struct osti_slot *slot, struct osti_saved *saved);

/* ---- room.c -------------------------------------------------------------- */

/**
 * osti_make_room() - hibernate the slot that was frozen longest
 * @dev:	the device
 * @slot:	for which slot
 * Return: 0: try again; -ENOMEM: no slot is frozen; other negative errno
 */
int osti_make_room(const struct osti_device *dev, const struct osti_slot *slot);

/**
 * osti_hibernate_all() - hibernate every frozen slot, the longest frozen first
 * @dev:	the device
 * Return: 0, or negative errno at the first that fails
 */
int osti_hibernate_all(const struct osti_device *dev);

/* ---- request.c ----------------------------------------------------------- */

/**
 * osti_request() - do what a slot asked for, answer and resume it
 * @dev:	the device
 * @reason:	has the slot and the request
 * Return: 0 if the slot is not in memory any more, else only on error
 */
int osti_request(const struct osti_device *dev,
		 const struct osti_reason *reason);

/* ---- slotkey.c ----------------------------------------------------------- */

/**
 * osti_key_import() - give a slot the key of another device
 * @slot:	the slot
 * @text:	the key as docs/recovery-key.md has it; the caller wipes it
 * @bytes:	of the text
 *
 * It is for good: no other key can be imported for the slot.
 *
 * Return: 0, -EINVAL (not a key), -EPERM (too late, or the slot has one), -EIO
 */
int osti_key_import(const struct osti_slot *slot, const char *text,
		    size_t bytes);

/**
 * osti_key_ask() - ask for the key at the console, and import it
 * @slot:	the slot
 * Return: as osti_key_import(), -ECANCELED by Esc
 */
int osti_key_ask(const struct osti_slot *slot);

/* ---- start.c ------------------------------------------------------------- */

/**
 * osti_start() - load an empty slot and start it
 * @dev:	the device
 * @slot:	the slot
 * @consent:	what a person agreed to
 *
 * Return: only on error, negative errno, -EACCES: a person has to agree, -EROFS:
 * again, since images cannot be destroyed; the slot is empty then
 */
int osti_start(const struct osti_device *dev, const struct osti_slot *slot,
	       enum osti_consent consent);

/**
 * osti_resume() - resume a frozen slot
 * @slot:	the slot
 * Return: only on error, negative errno
 */
int osti_resume(const struct osti_slot *slot);

/**
 * osti_resume_image() - resume an empty slot from its image
 * @dev:	the device
 * @slot:	the slot
 * Return: only on error, negative errno as osti_restore()
 */
int osti_resume_image(const struct osti_device *dev,
		      const struct osti_slot *slot);

/**
 * osti_enter() - resume a slot if it is frozen or has an image, else start it
 * @dev:	the device
 * @nr:		number of the slot
 *
 * One with an image is never started, even if the image is of no use.
 *
 * Return: only on error, negative errno; if there is an image, that of
 * osti_resume_image(), or -EREMOTE: it is retired, which was told
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
