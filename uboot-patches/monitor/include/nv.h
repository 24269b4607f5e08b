/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nv.h - what the monitor remembers without power
 *
 * The device's root key, and for each slot which generation of its image may be
 * resumed, the least version that may start, how its clock is set, and the key
 * that was imported for it; and the least version of the firmware itself. A
 * generation is begun, stored and consumed once each, and generations only rise, so an
 * old or unfinished image stays refused whatever happens to disks; so does an old
 * version.
 *
 * Power may go at any moment: afterwards a change has happened or has not. When
 * a call returned 0, it has. State that nv_init() found stays.
 *
 * All functions are called with the monitor's lock held. Slots are 1..NV_SLOTS,
 * which the caller has checked. The layout: docs/nv-format.md.
 */
#ifndef NV_H
#define NV_H

#include <stdbool.h>
#include <stdint.h>

#include "nv_format.h"

/*
 * Read the flash and finish what a power cut left undone. Once at power-on,
 * before the other functions; writes nothing after an ordinary end.
 *
 * Returns 0, or with the reason logged
 *   NV_E_FLASH          no flash, or another kind
 *   NV_E_UNPROVISIONED  no root key
 *   NV_E_VERSION        unknown format
 *   NV_E_DAMAGED        key or log is not consistent: freshness of images
 *                       cannot be told any more, so none may be resumed
 * and then every other call but nv_root_key() returns the same. A flash that
 * cannot be written to is no error here: changes will return NV_E_WORN.
 */
int nv_init(void);

/*
 * If the flash could not be read, or a write had failed, look whether that is
 * over; then write down what nv_forfeit() left open. Else nothing. Before what
 * depends on it; not at an OS's call, since it takes time and wears the flash.
 */
void nv_mend(void);

/*
 * NV_KEY_BYTES of the device's root key, or NULL when nv_init() failed. It must
 * not leave the monitor.
 */
const uint8_t *nv_root_key(void);

/*
 * The newest generation of a slot, 0 if none, and the state of its image.
 * Returns 0, or what nv_init() returned.
 */
int nv_generation(unsigned int slot, uint64_t *generation,
		  enum nv_state *state);

/*
 * May an image of the slot come back that nobody can use up now? True when the
 * flash cannot be read, though it may have been written once, and when it cannot
 * be written and the slot has a stored image, or one after the next power-on.
 */
bool nv_doubtful(unsigned int slot);

/*
 * nv_consume() is not possible, and a person agreed that no image of the slot is
 * resumed any more. That holds until the flash works again, and is written to it
 * then, before anything else; or until power goes.
 */
void nv_forfeit(unsigned int slot);

/*
 * An image is going to be made: give it a generation that no other image gets,
 * also when this one is never finished. Nothing of the slot may be resumed until
 * it is stored.
 *
 * Returns 0 with *generation set, what nv_init() returned, NV_E_GENERATION
 * (there is none left) or NV_E_WORN as nv_store().
 */
int nv_begin(unsigned int slot, uint64_t *generation);

/*
 * From now on only the image of this generation may be resumed. Call it when
 * the image is complete on its disk. @generation is the one that was begun, or
 * above the newest one.
 *
 * Returns 0, what nv_init() returned, or
 *   NV_E_GENERATION  another; nothing changed
 *   NV_E_WORN        writing failed, or had failed before: the old state holds,
 *                    also after the next power-on, and until then nothing is
 *                    written
 * Writing can fail when the new state is there for good; then it holds, and this
 * returned 0.
 */
int nv_store(unsigned int slot, uint64_t generation);

/*
 * The stored image of this generation is meant to stay where it is: its slot
 * lives elsewhere. It can be used up as before, when a person wants that.
 *
 * Returns 0, what nv_init() returned, NV_E_STATE (the slot has no stored image,
 * or it was retired already), NV_E_GENERATION (another is stored) or NV_E_WORN as
 * nv_store(); nothing changed then.
 */
int nv_retire(unsigned int slot, uint64_t generation);

/*
 * The image of this generation is used up. Call it before the first resumed
 * instruction, which may run only if this returned 0.
 *
 * Returns 0, what nv_init() returned, or
 *   NV_E_STATE       the slot has no image that may be resumed; nothing changed
 *   NV_E_GENERATION  another generation is stored; nothing changed
 *   NV_E_WORN        as nv_store()
 */
int nv_consume(unsigned int slot, uint64_t generation);

/* The least version that may start in the slot; 0: any, or it is not known. */
uint64_t nv_floor(unsigned int slot);

/*
 * From now on no lower version may start in the slot. One that is not above
 * nv_floor() changes nothing. Returns 0, what nv_init() returned, or NV_E_WORN
 * as nv_store().
 */
int nv_raise_floor(unsigned int slot, uint64_t version);

/* Likewise for the firmware: the least version that is installed. */
uint64_t nv_firmware_floor(void);
int nv_raise_firmware_floor(uint64_t version);

/*
 * What is to be added to the device's clock in this slot, in seconds. False if
 * that was never written down, or is not known: then *seconds is untouched.
 */
bool nv_clock(unsigned int slot, int64_t *seconds);

/*
 * Write it down. The value that is written already costs nothing; each other
 * wears the flash, so the caller limits how often that is. Returns 0, what
 * nv_init() returned, or NV_E_WORN as nv_store().
 */
int nv_set_clock(unsigned int slot, int64_t seconds);

/* Has the slot a key that was imported? */
bool nv_has_key(unsigned int slot);
/* Copy it; false, and nothing copied, if there is none. The caller wipes it. */
bool nv_key(unsigned int slot, uint8_t key[NV_KEY_BYTES]);
/*
 * Import a key, for good. It counts when all of it is written: power that goes
 * before leaves the slot without. Returns 0, what nv_init() returned, NV_E_STATE
 * (it has one) or NV_E_WORN as nv_store().
 */
int nv_set_key(unsigned int slot, const uint8_t key[NV_KEY_BYTES]);

#endif /* NV_H */
