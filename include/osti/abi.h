/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/abi.h - calls from an operating system or the boot manager into the
 * switch monitor.
 *
 * The contract of monitor, boot manager, kernel module and tests. It is
 * self-standing: it includes nothing and may be included from C and assembly.
 *
 * Conduit
 *   SMC with immediate 0, from EL1, per "SMC Calling Convention" (Arm DEN
 *   0028, version 1.2 or later). Function identifier in w0, arguments in
 *   x1..x6, status in x0 (a signed 64-bit OSTI_* value), results in x1..x11.
 *   Only x0 and the registers that a call names as its results change; those
 *   of a call that fails change only where its errors name them. All others
 *   are preserved, as version 1.1 of that document and later want x4..x17.
 *   Calls are fast calls: they do not yield, and they may be made on any CPU in
 *   any EL1 context.
 *   HVC is answered with OSTI_E_NOT_SUPPORTED.
 *
 * Identifiers
 *   Fast call, SMC64, owner 6 "vendor specific hypervisor service"
 *   (DEN 0028, table "SMCCC owning entities").
 *
 * Callers
 *   A "context" is the boot manager or one slot. Every call acts for the
 *   context that runs on the calling CPU; no call takes a caller's identity as
 *   an argument. Calls marked [BM] answer OSTI_E_DENIED to everybody but the
 *   boot manager.
 *
 * Units
 *   Addresses are IPAs (what the caller calls physical addresses), sizes are
 *   bytes, times are values of the architected counter (CNTPCT_EL0), which is
 *   the same for every context; OSTI_CALL_INFO tells its frequency.
 *
 * Unknown bits of an argument must be zero, else OSTI_E_INVALID.
 */
#ifndef OSTI_ABI_H
#define OSTI_ABI_H

/* Version of this contract: a new minor only adds, a new major may break. */
#define OSTI_ABI_MAJOR		3
#define OSTI_ABI_MINOR		5

/* A device has one boot manager (context 0) and up to OSTI_MAX_SLOTS slots. */
#define OSTI_MAX_SLOTS		8
#define OSTI_CONTEXT_BM		0
#define OSTI_MAX_CPUS		8
/* Bytes of a slot's name, padded with NUL, no NUL when all are used. */
#define OSTI_NAME_LEN		16

/* Every context sees its RAM from this IPA on. */
#define OSTI_RAM_IPA		0x40000000
/* The boot manager sees a slot that it has opened from this IPA on. */
#define OSTI_WINDOW_IPA		0x1000000000

/* ---- General service queries (DEN 0028, section 6.2) -------------------- */

#define OSTI_CALL_COUNT		0x8600ff00	/* w0 = number of calls */
#define OSTI_CALL_UID		0x8600ff01	/* w0..w3 = OSTI_UID_0..3 */
#define OSTI_CALL_REVISION	0x8600ff03	/* w0 = major, w1 = minor */

/* UUID b7a58ec4-6f2d-4f0b-9d1c-0f5711054071, as SMCCC packs it. */
#define OSTI_UID_0		0xc48ea5b7
#define OSTI_UID_1		0x0b4f2d6f
#define OSTI_UID_2		0x570f1c9d
#define OSTI_UID_3		0x71400511

/* ---- Status values ------------------------------------------------------- */

#define OSTI_AGAIN		1	/* not an error: call again, there is more */
#define OSTI_OK			0
#define OSTI_E_NOT_SUPPORTED	(-1)	/* no such call */
#define OSTI_E_INVALID		(-2)	/* an argument is out of its range */
#define OSTI_E_DENIED		(-3)	/* not for this caller */
#define OSTI_E_STATE		(-4)	/* the slot's state does not allow it */
#define OSTI_E_RANGE		(-5)	/* an address is outside the slot */
#define OSTI_E_EMPTY		(-6)	/* no such record (any more, or yet) */
#define OSTI_E_BUSY		(-7)	/* other CPUs of the caller are on */
#define OSTI_E_HARDWARE		(-8)	/* a CPU or device did not answer */
#define OSTI_E_IMAGE		(-9)	/* image refused, x1 = -OSTI_IMAGE_E_* */
#define OSTI_E_NO_ROOM		(-10)	/* no free memory that is large enough */
#define OSTI_E_START		(-11)	/* start refused, x1 = OSTI_START_E_* */
#define OSTI_E_AGREE		(-12)	/* only if a person agrees */
#define OSTI_E_NO_DISK		(-13)	/* this board cannot show that disk */
#define OSTI_E_FIRMWARE		(-14)	/* refused, x1 = OSTI_FIRMWARE_E_* */
#define OSTI_E_LAST		OSTI_E_FIRMWARE

/* ---- Calls for every context ---------------------------------------------- */

/*
 * INFO: who am I, and on what device?
 *   -> x1 own context (0 = boot manager, else slot number from 1)
 *      x2 number of slots            x3 number of CPUs of the device
 *      x4 bytes of own RAM           x5 IPA of own RAM
 *      x6 counter frequency in Hz    x7 armed target, or OSTI_TARGET_NONE
 * Errors: none.
 */
#define OSTI_CALL_INFO		0xc6000000

/*
 * SLOT_INFO(x1 = slot): what everybody may know of a slot.
 *   -> x1 OSTI_SLOT_* state
 *      x2 bytes of its partition, as configured, also while it is EMPTY
 *      x3 time of its last freeze, 0 if it never was frozen since its start
 *      x4 how often it was entered (started or resumed) since power-on
 *      x5, x6 name, 16 bytes, first character in the lowest byte of x5
 *      x7 least version of a start statement that it accepts, 0 = any
 *      x8 starts in a row since power-on that nobody called good (START_GOOD)
 *      x9 version of the statement by which the OS in it was started, 0 if the
 *      slot is EMPTY or the monitor does not know, because it came from an image
 *      x10 OSTI_KEY_*: where its slot key is from
 * Errors: INVALID (no such slot).
 */
#define OSTI_CALL_SLOT_INFO	0xc6000001

/*
 * TARGET_ARM(x1 = target, x2 = request): let the caller's next SYSTEM_SUSPEND
 * switch to the target instead of sleeping. The target is a slot number, or
 * OSTI_CONTEXT_BM for the boot manager. A slot that is EMPTY is a good target:
 * the boot manager will start it or resume its image. A second call replaces
 * the first.
 *
 * A request is OSTI_REQUEST_* | slot << 8 and asks the boot manager for a
 * service; OSTI_REQUEST_NONE with slot 0 is none, and with OSTI_CONTEXT_BM means
 * the boot menu. Only OSTI_CONTEXT_BM takes another one. The boot manager
 * answers, and resumes the caller if the request leaves it in memory.
 * Errors: INVALID (no such slot, the caller itself, no such request, its slot),
 * DENIED (from the boot manager, which uses SLOT_RESUME).
 */
#define OSTI_CALL_TARGET_ARM	0xc6000002

/*
 * TARGET_CANCEL: forget the armed target; the next SYSTEM_SUSPEND is an
 * ordinary one. Succeeds also when no target was armed.
 * Errors: DENIED (from the boot manager).
 */
#define OSTI_CALL_TARGET_CANCEL	0xc6000003

/*
 * PHASE_MARK(x1 = phase): the monitor notes the present time for a phase of
 * the switch under way. The caller may mark OSTI_PHASE_FROZEN and _DEVICES
 * between its TARGET_ARM and its SYSTEM_SUSPEND, and _RESUMED and _USER after
 * it was resumed; other phases are the monitor's own. Each can be marked once.
 * Errors: INVALID (not a phase that a caller may mark), STATE (not now).
 */
#define OSTI_CALL_PHASE_MARK	0xc6000004

/*
 * PHASE_READ(x1 = n): times of the n-th last completed or running switch or
 * suspend in which the caller was source or target, 0 = the newest. The
 * monitor keeps OSTI_PHASE_RECORDS of the whole device.
 *   -> x1 number of the record, counted from 1 at power-on
 *      x2 source context | target context << 8 | OSTI_SWITCH_* << 16
 *      x3..x9 time of phase 0..6, 0 where it was not reached
 *      x10 counter ticks that the device slept (ordinary suspend only)
 * The boot manager may read all. Errors: EMPTY (no such record).
 */
#define OSTI_CALL_PHASE_READ	0xc6000005

/*
 * EVENT_INFO(x1 = OSTI_RING_*): state of an event ring. What anybody does goes
 * to OSTI_RING_ACTS, where the oldest records are overwritten; offences go to
 * OSTI_RING_OFFENCES, which has room for all that can ever be recorded. Each
 * has sequence numbers and a chain of its own.
 *   -> x1 sequence number of the oldest record kept
 *      x2 sequence number that the next record will get
 *      x4..x7  chain value before the oldest record kept
 *      x8..x11 chain value after the newest
 * Chain values and digests are 32 bytes, the first in the lowest byte of the
 * first register.
 * Errors: INVALID (no such ring).
 */
#define OSTI_CALL_EVENT_INFO	0xc6000006

/*
 * EVENT_READ(x1 = sequence number, x2 = OSTI_RING_*)
 *   -> x1 sequence number            x2 time
 *      x3 OSTI_EV_* | slot << 16 | cpu << 24
 *      x4, x5 arguments of the event (see each type)
 *      x6..x9 digest of the record
 * A record that does not concern the caller has type OSTI_EV_REDACTED and
 * only its sequence number and digest; the boot manager sees all.
 * digest = BLAKE2b-256 over x1..x5 of the unredacted record, each as 8 bytes
 * little-endian; chain' = BLAKE2b-256(chain || digest). So every reader can
 * check the chain over all records, and the content of its own.
 * Errors: EMPTY (overwritten, or not yet written), INVALID (no such ring).
 */
#define OSTI_CALL_EVENT_READ	0xc6000007

/*
 * IMAGE_INFO(x1 = slot): is there an image of the slot?
 *   -> x1 OSTI_GENERATION_*: what the monitor's NV memory says
 *      x2 newest generation, 0 if there never was one
 *      x3 OSTI_NOTE_*: what the boot manager last found in the store; not to
 *      be relied on, like x4..x6
 *      x4 why it was refused, -OSTI_IMAGE_E_* (OSTI_NOTE_REFUSED)
 *      x5 when it was made, seconds since 1970 by the caller's own RTC
 *      x6 its bytes
 * Errors: INVALID (no such slot), HARDWARE (no NV memory that can be trusted:
 * this device has no images).
 */
#define OSTI_CALL_IMAGE_INFO	0xc6000008

/*
 * REQUEST_RESULT: the answer to the caller's last request (TARGET_ARM), until
 * it arms again.
 *   -> x1 the request   x2 OSTI_RESULT_*   x3 detail, by the result
 * Errors: EMPTY (no answer, also after the caller came back from an image),
 * DENIED (from the boot manager).
 */
#define OSTI_CALL_REQUEST_RESULT 0xc6000009

/*
 * RESUME_INFO: how did the caller come to run?
 *   -> x1 OSTI_RESUMED_*
 *      x2 generation, x3 counter when it was frozen, x4 seconds since 1970, by
 *      the caller's own RTC, when it was saved (all three 0 if it never came
 *      from an image)
 *      x5..x8 with OSTI_RESUMED_IMAGE and _COPY 32 bytes that nobody was ever
 *      told before, for the caller's random numbers: BLAKE2b of slot,
 *      generation and counter under a key of the device. For a copy the
 *      generation is one that this device gave to nothing else
 * Errors: DENIED (from the boot manager).
 */
#define OSTI_CALL_RESUME_INFO	0xc600000a

/*
 * START_GOOD(x1 = least version): the caller's OS says that its start was good,
 * and that its slot accepts no start statement of a lower version from now on.
 * 0, or a version that is not above what the slot demands already, raises
 * nothing; nothing ever lowers it. If the firmware that runs is on trial, it is good
 * from now on, and no older one is installed any more.
 *   -> x1 least version that the slot accepts now
 * Errors: DENIED (from the boot manager), INVALID (above the version by which
 * the caller was started, or that one is not known: SLOT_INFO), HARDWARE (NV
 * memory cannot be written, or the slot had it raised 64 times since power-on:
 * nothing was raised). The start counts as good also with INVALID and HARDWARE.
 */
#define OSTI_CALL_START_GOOD	0xc600000b

/*
 * SLOT_KEY: the caller's own slot key, from which the keys of its images are
 * made: with it they can be read, and brought to life, on another device.
 *   -> x1..x4 the key, its first byte in the lowest of x1
 * Errors: DENIED (from the boot manager), HARDWARE (no NV memory that can be
 * trusted).
 */
#define OSTI_CALL_SLOT_KEY	0xc600000c

/*
 * CARRIER_KEY(x1 = slot): what whoever carries copies of the slot needs, and
 * everybody on this device may know: it opens no image.
 *   -> x1, x2 public id of the slot's key, 16 bytes
 *      x3..x6 the key under which carriers hide from their store what a copy is
 * Errors: INVALID (no such slot), HARDWARE (as SLOT_KEY).
 */
#define OSTI_CALL_CARRIER_KEY	0xc600000d

/*
 * RESTORE_ASK(x1 = slot, x2 = buffer of OSTI_IMAGE_HEADER bytes): the caller
 * wants the copy with this header to take the slot's place. It is genuine, so
 * arm OSTI_REQUEST_RESTORE next: the boot manager asks a person, whose consent
 * is for this one copy and this caller, until the caller ends or asks again.
 * Errors: DENIED (from the boot manager), INVALID (no such slot, or the caller
 * itself), RANGE (the buffer is not in the caller's RAM), IMAGE, HARDWARE (as
 * SLOT_KEY).
 */
#define OSTI_CALL_RESTORE_ASK	0xc600000e

/*
 * DISK_SHOW(x1 = slot, x2 = OSTI_DISK_READ, _WRITE or _STORE): let the caller,
 * which is a slot, use another slot's disk: as a PCI function on bus 0, which it
 * sees from now on, stopped and without addresses as after a reset. Nobody else
 * sees it, and one is shown at a time.
 *   -> x1 the function, device << 3 | function
 * READ: a function that refuses writes by itself. The slot is FROZEN, or SAVING
 * in an export of the caller's own, or the caller makes a copy of its stored
 * image (EXPORT_STORED).
 * STORE: likewise, but not the slot's disk: the one on which the boot manager
 * keeps images, which are sealed. The caller makes a copy of the slot's stored
 * image.
 * WRITE: the function that is the slot's own. The slot is RESTORING in an import
 * of the caller's own, to which a person agreed (RESTORE_GRANT), after
 * IMPORT_OPEN, and the copy has a disk attached (ATTACH). The disk is about to
 * change: from now on an image of the slot that could be resumed cannot any more,
 * as with IMAGE_DROP.
 *
 * It is taken back, reset and hidden, by DISK_HIDE, by COMMIT and ABORT of an
 * export or import of the slot, and by whatever takes the device from the caller,
 * who lets go of it before: what it had begun never ends then. An image that is
 * refused (IMAGE) leaves it, so that this can be done.
 * Errors: DENIED (from the boot manager), INVALID (no such slot, the caller
 * itself, no such access), STATE (the slot's state, the import's, or one is shown
 * already), AGREE (a copy to which no person agreed), NO_DISK (the board has no
 * such function for this slot, or it cannot be reset), HARDWARE (the function
 * did not do what it was told and is nobody's until power-on; or, for WRITE, NV
 * memory cannot be written).
 */
#define OSTI_CALL_DISK_SHOW	0xc600000f

/*
 * DISK_HIDE(x1 = slot): give the disk back. OSTI_OK also when it is not shown to
 * the caller.
 * Errors: DENIED (from the boot manager), INVALID (no such slot, the caller
 * itself), HARDWARE (the function did not stop: it is taken all the same, and
 * nobody's until power-on).
 */
#define OSTI_CALL_DISK_HIDE	0xc6000010

/*
 * DISK_KEY: the caller's own disk key, under which its OS keeps its private disk.
 * It is made from the slot key and goes where that goes: a slot that is brought
 * to another device opens its disk there.
 *   -> x1..x8 the key, OSTI_DISK_KEY_BYTES (image.h), its first byte in the
 *      lowest of x1
 * Errors: DENIED (from the boot manager; or the statement by which the caller was
 * started is not known, or has not OSTI_START_F_DISK_KEY. An image keeps what its
 * start was allowed), HARDWARE (as SLOT_KEY).
 */
#define OSTI_CALL_DISK_KEY	0xc6000011

/*
 * FIRMWARE_INFO: which firmware runs, and which other one is in flash?
 *   -> x1 the bank that runs, 0 (A) or 1 (B)
 *      x2 least version that is installed, 0 = any
 *      x3 version in bank A, 0 if there is none   x4 OSTI_FIRMWARE_*, and of one on
 *      trial the tries left << 8
 *      x5, x6 likewise of bank B
 * Errors: none.
 */
#define OSTI_CALL_FIRMWARE_INFO	0xc6000012

/* ---- Calls for the boot manager ------------------------------------------- */

/*
 * BM_REASON [BM]: why was the boot manager entered?
 *   -> x1 OSTI_REASON_*  x2 the slot that it is about, or 0
 *      x3 the slot that ran last, or 0
 *      x4 the request (TARGET_ARM) with OSTI_REASON_REQUEST, else 0
 * Errors: DENIED.
 */
#define OSTI_CALL_BM_REASON	0xc6000020

/*
 * SLOT_OPEN [BM] (x1 = slot): EMPTY -> LOADING. Zeroed memory of the slot
 * appears at OSTI_WINDOW_IPA for the CPU and for the boot manager's devices.
 * One slot can be open at a time, and none during an export or import.
 *   -> x1 IPA of the window, x2 its bytes
 * What lies at window + n will lie at OSTI_RAM_IPA + n for the slot.
 * Errors: DENIED, INVALID (no such slot), STATE (not EMPTY, another slot is
 * open, or an image is being exported or imported), NO_ROOM (other slots have
 * the memory: hibernate one).
 */
#define OSTI_CALL_SLOT_OPEN	0xc6000021

/*
 * SLOT_CLOSE [BM] (x1 = slot): LOADING -> EMPTY; the window disappears and
 * the memory is zeroed. Errors: DENIED, INVALID, STATE (not LOADING).
 */
#define OSTI_CALL_SLOT_CLOSE	0xc6000022

/*
 * SLOT_START [BM] (x1 = slot, x2 = start statement, x3 = its bytes, x4 = seed,
 * x5 = OSTI_START_* flags): LOADING -> RUNNING. The boot manager ends; the slot
 * starts on the calling CPU as the arm64 Linux boot protocol wants it, with all
 * registers but x0 zero, where the statement says, if it says it of what the
 * slot's memory holds: osti/start.h. x2 and x4 are IPAs of the caller's RAM
 * with any alignment; x4 points to OSTI_START_SEED bytes of chance, from which
 * and from what only the monitor knows the slot's seeds are made.
 *
 * The window is closed before anything in it is looked at, and open again after
 * an error. Returns only on error.
 * An image of the slot that could be resumed cannot any more, as with
 * IMAGE_DROP: it would go on with disks that changed under it. Where NV memory
 * cannot say whether there is one, or cannot be written and there is one, the
 * slot starts only with OSTI_START_AGREED; then no image of it is resumed until
 * the next power-on, and the boot manager has destroyed those in the store.
 * Errors: DENIED, INVALID (no such slot, flag, or size of a statement), STATE
 * (not LOADING), RANGE (a buffer is not in the caller's RAM), START (x1 =
 * OSTI_START_E_*), AGREE (see above).
 */
#define OSTI_CALL_SLOT_START	0xc6000023

/* A person at the console agreed that an image of the slot may be lost. */
#define OSTI_START_AGREED	(1 << 0)
/* Bytes of chance that SLOT_START takes. */
#define OSTI_START_SEED		64

/*
 * SLOT_RESUME [BM] (x1 = slot): FROZEN -> RUNNING; the boot manager ends.
 * Returns only on error.
 * Errors: DENIED, INVALID (no such slot), STATE (not FROZEN, a slot is open, or
 * an image is being exported or imported), HARDWARE (the slot's CPU could not
 * be powered on).
 */
#define OSTI_CALL_SLOT_RESUME	0xc6000024

/*
 * BM_ANSWER [BM] (x1 = slot, x2 = request, x3 = OSTI_RESULT_*, x4 = detail):
 * what became of a slot's request; REQUEST_RESULT tells the slot.
 * Errors: DENIED, INVALID (no such slot, request or result).
 */
#define OSTI_CALL_BM_ANSWER	0xc6000025

/*
 * IMAGE_NOTE [BM] (x1 = slot, x2 = OSTI_NOTE_*, x3 = why refused, x4 = seconds
 * since 1970, x5 = bytes): what the store has of a slot, for IMAGE_INFO.
 * Errors: DENIED, INVALID (no such slot or note).
 */
#define OSTI_CALL_IMAGE_NOTE	0xc6000026

/*
 * IMAGE_DROP [BM] (x1 = slot): give the slot's stored image up: it will never
 * be resumed. What is in the store stays, but has no worth any more.
 * Errors: DENIED, INVALID, STATE (no image is stored, or the slot is not EMPTY),
 * HARDWARE (NV memory cannot be read or written: but the slot can be started,
 * see OSTI_START_AGREED).
 */
#define OSTI_CALL_IMAGE_DROP	0xc6000027

/*
 * START_CHECK [BM] (x1 = slot, x2 = start statement, x3 = its bytes): would
 * SLOT_START take the statement for the slot, apart from what memory will hold?
 *   -> x1 version of the statement   x2 OSTI_START_* flags that SLOT_START wants
 * Errors: DENIED, INVALID (no such slot, or size of a statement), RANGE (the
 * buffer is not in the caller's RAM), START (x1 = OSTI_START_E_*).
 */
#define OSTI_CALL_START_CHECK	0xc6000028

/*
 * RESTORE_INFO [BM]: which copy does a slot want to bring in (RESTORE_ASK)?
 *   -> x1 the slot whose place it takes   x2 the slot that asks
 *      x3 its generation   x4 when it was made, seconds since 1970 by the clock
 *      of the slot that made it   x5, x6 id of the device on which, 16 bytes
 *      x7 1 if that is this device
 * Errors: DENIED, EMPTY (nobody asks).
 */
#define OSTI_CALL_RESTORE_INFO	0xc6000029

/*
 * RESTORE_GRANT [BM] (x1 = slot): a person agreed to what RESTORE_INFO tells.
 * Errors: DENIED, INVALID (no such slot), EMPTY (nobody asks for it).
 */
#define OSTI_CALL_RESTORE_GRANT	0xc600002a

/*
 * KEY_IMPORT [BM] (x1 = slot, x2..x5 = slot key, as SLOT_KEY has it): images of
 * the slot are made and opened under this key from now on, for good: it cannot be
 * replaced. Only before an OS ran since power-on.
 * Errors: DENIED, INVALID (no such slot, or a key of zeroes), STATE (an OS ran;
 * or the slot is not EMPTY, has a key that was imported, or an image that can be
 * resumed), HARDWARE (no NV memory that can be trusted and written).
 */
#define OSTI_CALL_KEY_IMPORT	0xc600002b

/*
 * IMAGE_RETIRE [BM] (x1 = slot): its slot lives elsewhere, so nothing resumes the
 * stored image by itself any more (OSTI_GENERATION_RETIRED). IMPORT_BEGIN takes it
 * as before: that a person chose it is for the boot manager to see to. It ends as
 * any image does: resumed, given up, or followed by the next one.
 * Errors: DENIED, INVALID (no such slot), STATE (no image is stored, or it was
 * retired already, or the slot is not EMPTY), HARDWARE (NV memory cannot be read
 * or written; nothing changed).
 */
#define OSTI_CALL_IMAGE_RETIRE	0xc600002c

/*
 * A new firmware goes into the bank of flash that does not run, by these calls in this
 * order; the next power-on tries it (docs/firmware-update.md):
 *
 *   BEGIN with the owner's statement, ERASE until it is done
 *   WRITE the image piece by piece, FINISH until it is done
 *
 * BEGIN ends an update that is on its way, which leaves the bank empty; nothing else
 * but power-off and HARDWARE do. These calls take as long as the flash does: ERASE a
 * second on real chips, WRITE some ten milliseconds. Only the boot manager runs then.
 */

/*
 * FIRMWARE_BEGIN [BM] (x1 = firmware statement, x2 = its bytes): from now on the other
 * bank has no firmware. The buffer is an IPA of the caller's RAM.
 * Errors: DENIED, INVALID (size of a statement), RANGE (the buffer is not in the
 * caller's RAM), FIRMWARE (x1 why), STATE (the firmware that runs is on trial),
 * HARDWARE (the flash cannot be written). With all but HARDWARE the other bank is as it
 * was.
 */
#define OSTI_CALL_FIRMWARE_BEGIN 0xc6000050

/*
 * FIRMWARE_ERASE [BM]: OSTI_AGAIN or OSTI_OK.
 * Errors: DENIED, STATE (not after BEGIN), HARDWARE (the update is over).
 */
#define OSTI_CALL_FIRMWARE_ERASE 0xc6000051

/*
 * FIRMWARE_WRITE [BM] (x1 = offset in the image, x2 = buffer, x3 = bytes): the next
 * piece of it, of OSTI_FIRMWARE_PAGE bytes, the last one of what is left.
 * Errors: DENIED, INVALID (not the next offset; not as long as a piece is there),
 * RANGE (the buffer is not in the caller's RAM), STATE (not after ERASE was done, or
 * all is written), HARDWARE (the update is over).
 */
#define OSTI_CALL_FIRMWARE_WRITE 0xc6000052

/*
 * FIRMWARE_FINISH [BM]: what was written is read again, and is what was signed:
 * OSTI_AGAIN or OSTI_OK, then the next power-on tries it.
 * Errors: DENIED, STATE (not all is written), FIRMWARE (x1 = OSTI_FIRMWARE_E_IMAGE) and
 * HARDWARE; with both the update is over.
 */
#define OSTI_CALL_FIRMWARE_FINISH 0xc6000053

/* ---- Export: a frozen slot becomes an image -------------------------------- */

/*
 * The boot manager, or a slot for another one that is frozen, makes an image
 * (docs/image-format.md) by these calls in this order:
 *
 *   BEGIN, SCAN until it is done: now the table of chunks is known
 *   TABLE as wanted
 *   CHUNK for each chunk, in ascending order for speed; HAVE for those that the
 *   receiver has
 *   SEAL until it is done, READ: header, table and sealed manifest
 *   COMMIT until it is done, when all of it is safe on a disk; the slot is EMPTY
 *   then, or FROZEN if it was a copy
 *
 * Each of SCAN, CHUNK, SEAL, COMMIT and ABORT answers OSTI_AGAIN after at most
 * OSTI_SLICE_US of work, or as soon as an interrupt is pending for the caller;
 * the same call again goes on. Meanwhile the other CPUs of the device, which
 * the boot manager does not use, work on what comes next. A slot makes the calls
 * from as many of its CPUs as it likes to work on it, with interrupts on: while
 * one is pending that it has masked, nothing goes on.
 *
 * ABORT makes the slot FROZEN again; so does the end of the boot manager, and
 * whatever takes the device from a slot that is the caller: its freeze, also in
 * favour of the slot that is on its way, and its end. One image is exported or
 * imported at a time. Every buffer is an IPA of the caller's RAM, with any
 * alignment; none but an image's bytes, sealed or public, ever gets there.
 *
 * Errors of all: STATE (not at this point, or somebody else's), INVALID (a number
 * is out of the range given), RANGE (a buffer is not in the caller's RAM), IMAGE
 * (x1 = why: _CHANGED, _ENGINE; it cannot be made, and the export is over, as by
 * ABORT).
 */

/*
 * Longest time that the image engine works in one call. Longer than that are the
 * first BEGIN after power-on, which checks the engine's memory, the zeroing of
 * one block of 2 MiB, and the last call of an image, which waits until the CPUs
 * that helped are off.
 */
#define OSTI_SLICE_US		800
/* Most bytes of one READ or WRITE, and entries of one TABLE. */
#define OSTI_COPY_MAX		0x10000
#define OSTI_TABLE_MAX		1024

/*
 * EXPORT_BEGIN(x1 = slot, x2 = seconds since 1970, x3 = OSTI_IMAGE_LOCAL or
 * _COPY, | attachments << 8): FROZEN -> SAVING.
 *   -> x1 generation that the image gets   x2 pages of the slot
 * A copy has as many attachments (ATTACH) as are said here, 0 to
 * OSTI_IMAGE_ATTACHMENTS_MAX; a local image has none.
 * Errors: INVALID (no such slot or kind; too many attachments), DENIED (a local
 * image, and the caller is not the boot manager), STATE (not FROZEN; a slot is
 * open; an image is on its way), HARDWARE (no NV memory that can be trusted and,
 * for a local image, written; or no image engine in the firmware).
 * The generation of a local image is given to no other one, whatever becomes of
 * it. A copy has the newest that was given away, or 1, and takes nothing.
 */
#define OSTI_CALL_EXPORT_BEGIN	0xc6000030

/*
 * EXPORT_SCAN: OSTI_AGAIN or OSTI_OK.
 *   -> x1 pages looked at so far
 *   with OSTI_OK: x2 pages that are not zero   x3 chunks
 *      x4 bytes of header, table and sealed manifest, where chunk 0 begins
 */
#define OSTI_CALL_EXPORT_SCAN	0xc6000031

/*
 * IMAGE_TABLE(x1 = first chunk, x2 = buffer, x3 = entries, 1..OSTI_TABLE_MAX):
 * copy entries of the public table as image.h has them. In an export digest and
 * stored bytes are 0 where they are not known yet. Also in an import, after OPEN.
 *   -> x1 entries copied, fewer at the table's end
 */
#define OSTI_CALL_IMAGE_TABLE	0xc6000032

/*
 * EXPORT_CHUNK(x1 = chunk, x2 = buffer, x3 = its bytes): the sealed chunk;
 * OSTI_AGAIN or OSTI_OK.
 *   -> with OSTI_OK: x1 bytes of it
 * Errors: INVALID also when the buffer is too small: OSTI_IMAGE_STORED_MAX bytes
 * are always enough.
 */
#define OSTI_CALL_EXPORT_CHUNK	0xc6000033

/*
 * EXPORT_HAVE(x1 = chunk, x2 = stored bytes, x3..x6 = digest, its first byte in
 * the lowest of x3): the receiver has this chunk from an earlier image, whose
 * table says so. A wrong value makes an image that is refused.
 * Errors: STATE also after the first CHUNK.
 */
#define OSTI_CALL_EXPORT_HAVE	0xc6000034

/*
 * EXPORT_SEAL: OSTI_AGAIN or OSTI_OK.
 *   -> with OSTI_OK: x1 bytes of the whole image
 * Errors: STATE also when a chunk was neither made nor had, or an attachment is
 * missing.
 */
#define OSTI_CALL_EXPORT_SEAL	0xc6000035

/*
 * EXPORT_READ(x1 = offset in the image, x2 = buffer, x3 = bytes,
 * 1..OSTI_COPY_MAX): copy of header, table and sealed manifest. COMMIT wants all
 * of it to have been read without a gap, from offset 0 on; any of it can be read
 * again.
 */
#define OSTI_CALL_EXPORT_READ	0xc6000036

/*
 * EXPORT_COMMIT: the image is safe. From now on it, and no older one, can be
 * resumed; then the slot's memory is zeroed: OSTI_AGAIN until that is done,
 * OSTI_OK: SAVING -> EMPTY. With the first OSTI_AGAIN there is no way back: ABORT
 * ends in EMPTY, too. A copy changes nothing: SAVING -> FROZEN.
 * Errors: STATE (READ has not given all of it), HARDWARE (NV memory cannot be
 * written: the image is worth nothing, and the slot stays SAVING, so ABORT.
 * Destroy the image all the same: of NV memory that hangs for good nobody knows
 * what it took).
 */
#define OSTI_CALL_EXPORT_COMMIT	0xc6000037

/* EXPORT_ABORT: OSTI_AGAIN, or OSTI_OK: SAVING -> FROZEN. */
#define OSTI_CALL_EXPORT_ABORT	0xc6000038

/*
 * ATTACH(x1 = OSTI_ATTACH_*, x2 = bytes, x3..x6 = digest, its first byte in the
 * lowest of x3): something outside of the image that belongs to it, as the slot's
 * disk of the same moment. The monitor does not look at it.
 * Export, before SEAL: it goes into the sealed manifest.
 * Import, after OPEN: this is what the caller has. CHECK and COMMIT refuse the
 * image (OSTI_IMAGE_E_ATTACHED) unless that is what it was made with: the same,
 * in the same order, all.
 * Errors: INVALID (no such kind; more than EXPORT_BEGIN said, or in an import
 * more than OSTI_IMAGE_ATTACHMENTS_MAX), STATE and no other of all.
 */
#define OSTI_CALL_ATTACH	0xc6000039

/*
 * Export of an image that is stored: no memory is looked at, only what seals the
 * manifest changes, and with it header and manifest. The chunks stay as they are.
 *
 *   EXPORT_STORED, EXPORT_GIVE header, table and sealed manifest of the stored
 *   image, EXPORT_OPEN until it is done
 *   TABLE as wanted; HAVE for chunks of which the receiver has others with the
 *   same id, ATTACH; SEAL, READ, COMMIT or ABORT as with any copy
 *
 * Errors as there, and IMAGE for what import says of a local image.
 */

/*
 * EXPORT_STORED(x1 = slot, x2 = attachments, 0 to OSTI_IMAGE_ATTACHMENTS_MAX): a
 * slot begins to make a copy of another slot's image, the one that could be
 * resumed. The slot stays EMPTY, its memory is not needed, and its image can be
 * resumed after that as before.
 *   -> x1 generation of that image
 * Errors: DENIED (from the boot manager), INVALID (no such slot, the caller
 * itself; too many attachments), STATE (not EMPTY; there is no such image; an
 * image is on its way), HARDWARE (no NV memory that can be trusted, or no image
 * engine in the firmware).
 */
#define OSTI_CALL_EXPORT_STORED	0xc600003a

/*
 * EXPORT_GIVE(x1 = offset in the image, x2 = buffer, x3 = bytes,
 * 1..OSTI_COPY_MAX): the header alone, OSTI_IMAGE_HEADER bytes at offset 0, then
 * table and sealed manifest without a gap.
 *   -> x1 bytes of table and manifest that are still missing
 * Errors: INVALID also when it is not the next piece, or too much; IMAGE (it is
 * not the header of that image).
 */
#define OSTI_CALL_EXPORT_GIVE	0xc600003b

/*
 * EXPORT_OPEN: OSTI_AGAIN or OSTI_OK.
 *   -> with OSTI_OK: x1 chunks   x2 pages that are not zero
 * Errors: STATE (the manifest is not complete), IMAGE.
 */
#define OSTI_CALL_EXPORT_OPEN	0xc600003c

/* ---- Import: an image becomes a frozen slot -------------------------------- */

/*
 *   BEGIN with the header, WRITE table and sealed manifest, OPEN until it is done
 *   TABLE: the sizes of the chunks, which lie one after the other
 *   CHUNK for each, in any order
 *   COMMIT until it is done: the slot is FROZEN then, SLOT_RESUME enters it
 *
 * OSTI_E_IMAGE says that the image is refused, x1 why; a chunk is checked while
 * later ones are handed over, so that any CHUNK and COMMIT can say it of an
 * earlier one. The import is over then,
 * the slot EMPTY, its memory zeroed, and the image may be tried again. ABORT, or
 * the end of the boot manager, does the same, and so does what ends a slot's
 * export. COMMIT is the only call that uses an image up. OSTI_AGAIN, buffers and
 * common errors as for export; what is in a buffer is copied before it is checked.
 *
 * The boot manager imports local images of this device, a slot imports copies for
 * another slot, by whatever device they were made: the slot key says that they
 * are genuine.
 */

/*
 * IMPORT_BEGIN(x1 = slot, x2 = buffer of OSTI_IMAGE_HEADER bytes): EMPTY ->
 * RESTORING.
 *   -> x1 bytes of table and sealed manifest
 * Errors: INVALID (no such slot), STATE (not EMPTY; a slot is open), IMAGE,
 * NO_ROOM, HARDWARE (no NV memory that can be trusted and written, or no image
 * engine in the firmware).
 */
#define OSTI_CALL_IMPORT_BEGIN	0xc6000040

/*
 * IMPORT_WRITE(x1 = offset in the image, x2 = buffer, x3 = bytes,
 * 1..OSTI_COPY_MAX): table and sealed manifest, which follow the header without
 * a gap. Errors: INVALID also when it is not the next piece, or too much.
 */
#define OSTI_CALL_IMPORT_WRITE	0xc6000041

/*
 * IMPORT_OPEN: OSTI_AGAIN or OSTI_OK. The slot's memory is zeroed first.
 *   -> with OSTI_OK: x1 chunks   x2 pages that are not zero
 * Errors: STATE (the manifest is not complete), IMAGE.
 */
#define OSTI_CALL_IMPORT_OPEN	0xc6000042

/*
 * IMPORT_CHUNK(x1 = chunk, x2 = buffer, x3 = its bytes): take it, to verify it
 * and to put its pages to their places. OSTI_AGAIN: it was not taken, since
 * others wait; the same call again.
 *   -> with OSTI_OK: x1 chunks that were not handed over yet
 * Errors: IMAGE.
 */
#define OSTI_CALL_IMPORT_CHUNK	0xc6000043

/*
 * IMPORT_CHECK: OSTI_AGAIN while chunks are looked at, or OSTI_OK: all are here
 * and good. For who wants to know that without using the image up.
 * Errors: STATE (chunks are missing), IMAGE (also when the attachments are not
 * those of the image).
 */
#define OSTI_CALL_IMPORT_CHECK	0xc6000046

/*
 * IMPORT_COMMIT: OSTI_AGAIN while chunks are looked at, or OSTI_OK: RESTORING ->
 * FROZEN; the image is used up. A copy is not; with it ends what the slot was: an
 * image of it that could be resumed cannot any more, as with IMAGE_DROP.
 * Errors: STATE (chunks are missing), IMAGE, HARDWARE (NV memory cannot be
 * written: nothing is used up, ABORT), AGREE (a copy to which no person agreed:
 * RESTORE_ASK; nothing is lost, ABORT).
 */
#define OSTI_CALL_IMPORT_COMMIT	0xc6000044

/* IMPORT_ABORT: OSTI_AGAIN, or OSTI_OK: RESTORING -> EMPTY. */
#define OSTI_CALL_IMPORT_ABORT	0xc6000045

/* ---- Values ---------------------------------------------------------------- */

/*
 * Seconds since 1970 on 2023-11-14. A real time clock that shows less has lost
 * the time: nothing of OSTI is that old.
 */
#define OSTI_CLOCK_MIN		1700000000

/*
 * Seconds by which the time of an image may be ahead of a clock that was right: each
 * is a second newer than the one before, so several of one moment are.
 */
#define OSTI_CLOCK_SLACK	60

/* No target is armed (OSTI_CALL_INFO). */
#define OSTI_TARGET_NONE	0xff

/* The event rings (OSTI_CALL_EVENT_INFO). */
#define OSTI_RING_ACTS		0
#define OSTI_RING_OFFENCES	1
#define OSTI_RINGS		2

/* State of a slot. Transitions: docs/state-machines.md. */
#define OSTI_SLOT_EMPTY		0	/* zeroed, nothing in it */
#define OSTI_SLOT_LOADING	1	/* open in the boot manager's window */
#define OSTI_SLOT_RUNNING	2	/* runs on the CPUs (or sleeps) */
#define OSTI_SLOT_FROZEN	3	/* suspended, unreachable */
#define OSTI_SLOT_SAVING	4	/* frozen, being exported */
#define OSTI_SLOT_RESTORING	5	/* being imported */
#define OSTI_SLOT_STATES	6

/* Where a slot's key is from (OSTI_CALL_SLOT_INFO). */
#define OSTI_KEY_NONE		0	/* no NV memory that can be trusted */
#define OSTI_KEY_OWN		1	/* made from the root key of this device */
#define OSTI_KEY_IMPORTED	2	/* OSTI_CALL_KEY_IMPORT */

/* How a slot's disk is shown to another one (OSTI_CALL_DISK_SHOW). */
#define OSTI_DISK_READ		0
#define OSTI_DISK_WRITE		1
#define OSTI_DISK_STORE		2	/* not its own: the store, to be read */

/* What is in a bank of firmware (OSTI_CALL_FIRMWARE_INFO). */
#define OSTI_FIRMWARE_NONE	0	/* none, or not all of it */
#define OSTI_FIRMWARE_TRIAL	1	/* no start of it was called good yet */
#define OSTI_FIRMWARE_GOOD	2

/* What NV memory says of a slot's images (OSTI_CALL_IMAGE_INFO). */
#define OSTI_GENERATION_NONE	0	/* there never was one */
#define OSTI_GENERATION_STORED	1	/* the newest can be resumed */
#define OSTI_GENERATION_CONSUMED 2	/* resumed, given up or never finished */
#define OSTI_GENERATION_RETIRED	3	/* as STORED, but its slot lives elsewhere */
#define OSTI_GENERATION_LAST	OSTI_GENERATION_RETIRED

/* What the boot manager found in the store (OSTI_CALL_IMAGE_NOTE). */
#define OSTI_NOTE_UNKNOWN	0	/* it has not looked, or has no store */
#define OSTI_NOTE_NONE		1	/* no image */
#define OSTI_NOTE_PRESENT	2	/* the newest generation is there */
#define OSTI_NOTE_REFUSED	3	/* it is there, but was refused */
#define OSTI_NOTE_LAST		OSTI_NOTE_REFUSED

/* What an OS can ask of the boot manager (OSTI_CALL_TARGET_ARM). */
#define OSTI_REQUEST_NONE	0
#define OSTI_REQUEST_HIBERNATE	1	/* slot to the store; also the caller */
#define OSTI_REQUEST_POWER_OFF	2	/* all slots to the store, off; slot 0 */
#define OSTI_REQUEST_VERIFY	3	/* is the slot's image in the store good? */
#define OSTI_REQUEST_DROP	4	/* give the slot's image up */
#define OSTI_REQUEST_RESTORE	5	/* may RESTORE_ASK's copy come in? */
#define OSTI_REQUEST_RETIRE	6	/* slot to the store, where it shall stay */
#define OSTI_REQUEST_BOOT_INSTALL 7	/* its own slot's boot image: bootimage.h */
#define OSTI_REQUEST_BOOT_LIST	8	/* which boot images there are: likewise */
#define OSTI_REQUEST_FIRMWARE	9	/* a firmware, handed over likewise */
#define OSTI_REQUEST_LAST	OSTI_REQUEST_FIRMWARE

/* What became of it (OSTI_CALL_BM_ANSWER). */
#define OSTI_RESULT_DONE	0
#define OSTI_RESULT_FAILED	1	/* detail: a positive errno of Linux */
/* Bad image; detail: -OSTI_IMAGE_E_*; of a boot image OSTI_START_E_*, OSTI_BOOT_E_* */
#define OSTI_RESULT_REFUSED	2
#define OSTI_RESULT_DECLINED	3	/* a person did not agree */
#define OSTI_RESULT_NO_IMAGE	4	/* there is no such image */
#define OSTI_RESULT_STATE	5	/* not frozen, or on trial; detail: the slot */
#define OSTI_RESULT_NO_STORE	6	/* no store disk, or no place on it */
#define OSTI_RESULT_LAST	OSTI_RESULT_NO_STORE

/* How a slot came to run (OSTI_CALL_RESUME_INFO). */
#define OSTI_RESUMED_COLD	0	/* it was started */
#define OSTI_RESUMED_HOT	1	/* it was frozen in memory */
#define OSTI_RESUMED_IMAGE	2	/* from an image of this device */
#define OSTI_RESUMED_COPY	3	/* from an image that may run elsewhere, too */

/* Why the boot manager was entered. */
#define OSTI_REASON_POWER_ON	0	/* device was switched on or reset */
#define OSTI_REASON_SWITCH	1	/* a switch to an empty slot: x2 */
#define OSTI_REASON_MENU	2	/* a switch to OSTI_CONTEXT_BM */
#define OSTI_REASON_OFF		3	/* slot x2 called SYSTEM_OFF */
#define OSTI_REASON_RESET	4	/* slot x2 called SYSTEM_RESET */
#define OSTI_REASON_RESTART	5	/* the boot manager itself reset */
#define OSTI_REASON_REQUEST	6	/* slot x2 has the request in x4 */

/* Phases of a switch, in order of time; who marks them. */
#define OSTI_PHASE_REQUEST	0	/* TARGET_ARM or plain SYSTEM_SUSPEND */
#define OSTI_PHASE_FROZEN	1	/* source: its tasks are frozen */
#define OSTI_PHASE_DEVICES	2	/* source: its devices are suspended */
#define OSTI_PHASE_MON_ENTER	3	/* monitor: SYSTEM_SUSPEND trapped */
#define OSTI_PHASE_MON_EXIT	4	/* monitor: about to enter the target */
#define OSTI_PHASE_RESUMED	5	/* target: its devices are resumed */
#define OSTI_PHASE_USER		6	/* target: user space runs again */
#define OSTI_PHASES		7
#define OSTI_PHASE_RECORDS	64

/* Kinds of records that PHASE_READ gives. */
#define OSTI_SWITCH_HOT		0	/* from one OS to a frozen one */
#define OSTI_SWITCH_COLD	1	/* to the boot manager, which starts one */
#define OSTI_SWITCH_SUSPEND	2	/* ordinary suspend: source = target */
#define OSTI_SWITCH_BM		3	/* from the boot manager into a slot */

/*
 * Events. "a" and "b" are the arguments in x4 and x5. All but offences are acts:
 * each context has a budget of them, which time renews; what was too much is
 * counted by OSTI_EV_LIMITED.
 */
#define OSTI_EV_REDACTED	0	/* concerns another context */
#define OSTI_EV_POWER_ON	1	/* a = number of CPUs, b = slots */
#define OSTI_EV_BM_ENTER	2	/* a = OSTI_REASON_*, slot = x2 of it */
#define OSTI_EV_OPENED		3	/* slot opened for loading */
#define OSTI_EV_CLOSED		4	/* loading given up, memory zeroed */
#define OSTI_EV_STARTED		5	/* a = entry, b = version */
#define OSTI_EV_ARMED		6	/* a = target */
#define OSTI_EV_CANCELLED	7	/* a = target that was armed */
#define OSTI_EV_FROZEN		8	/* a = entry given to SYSTEM_SUSPEND */
#define OSTI_EV_RESUMED		9	/* a = entry */
#define OSTI_EV_SUSPENDED	10	/* ordinary suspend, a = entry */
#define OSTI_EV_WOKEN		11	/* a = interrupt that woke it */
#define OSTI_EV_OFF		12	/* SYSTEM_OFF; memory zeroed */
#define OSTI_EV_RESET		13	/* SYSTEM_RESET; memory zeroed */
/* Acts of the context that its budget left out; b = time of the first. */
#define OSTI_EV_LIMITED		14	/* a = how many */
/*
 * Offences. An OS can commit them without end, so only the 1st, 2nd, 4th,
 * 8th ... of each type and slot is recorded, and b counts them.
 */
#define OSTI_EV_STAGE2_FAULT	16	/* a = IPA | 1 if it was a write */
/* StreamID 0xffffffff: the SMMU lost some faults, or has one of its own. */
#define OSTI_EV_DMA_FAULT	17	/* a = IOVA, b = count | StreamID << 32 */
#define OSTI_EV_BAD_SMC		18	/* a = function identifier */
#define OSTI_EV_BAD_CALL	19	/* a = function id | -status << 32 */
/* a = ESR_EL2 of a refused instruction, or an SError that it left pending */
#define OSTI_EV_TRAP		20
/* Images */
#define OSTI_EV_SAVED		32	/* a = generation, b = bytes */
#define OSTI_EV_VERIFIED	33	/* a = generation; all chunks are good */
/* a = generation, which is used up now; b = 1: of a copy, which is not */
#define OSTI_EV_RESTORED	34
#define OSTI_EV_REJECTED	35	/* a = -OSTI_IMAGE_E_*, b = generation */
#define OSTI_EV_DROPPED		36	/* a = generation given up, 0 if unknown */
#define OSTI_EV_COPIED		37	/* a = slot that carries it, b = bytes */
#define OSTI_EV_AGREED		38	/* to a copy: a = slot that asks, b = when made */
#define OSTI_EV_DISK_SHOWN	39	/* a = slot that sees it, b = OSTI_DISK_* */
/* Slot keys */
#define OSTI_EV_KEY_READ	40	/* its own OS has read it */
#define OSTI_EV_KEY_IMPORTED	41
/* And one more of images: its slot lives elsewhere (OSTI_CALL_IMAGE_RETIRE) */
#define OSTI_EV_RETIRED		42	/* a = generation */
/* Starts */
#define OSTI_EV_GOOD		48	/* a = version, b = least one accepted */
#define OSTI_EV_REFUSED		49	/* a = OSTI_START_E_*, b = version or 0 */
#define OSTI_EV_NOT_GOOD	50	/* a = starts in a row, the last ended too */
/* Hardware that did not answer and is given to nobody until power-on. */
#define OSTI_EV_CUT_OFF		64	/* a = OSTI_CUT_*, b = which one */
#define OSTI_EV_LAST		OSTI_EV_CUT_OFF

/* Kinds of hardware that can be cut off (OSTI_EV_CUT_OFF). */
#define OSTI_CUT_CPU		0	/* b = number of the CPU */
#define OSTI_CUT_PCI		1	/* b = device << 3 | function, on bus 0 */

#endif /* OSTI_ABI_H */
