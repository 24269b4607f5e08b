/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firmware.h - the two banks of firmware, and the way of a new one into flash
 *
 * A new image goes into the bank that does not run, in this order: BEGIN with the
 * owner's statement, ERASE until it is done, WRITE from offset 0 on without a gap,
 * FINISH until it is done. The next power-on tries it; a start that is called good
 * keeps it. Power may go at any moment: there is always a bank that starts, the old or
 * the new one (docs/firmware-update.md).
 *
 * With the monitor's lock held. What is not said to write leaves flash as it is.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <stddef.h>
#include <stdint.h>

#include <osti/abi.h>
#include <osti/firmware.h>

#include "firmware_bank.h"

/* Most bytes of one WRITE; only the last piece of an image is shorter. */
#define FIRMWARE_PIECE	OSTI_FIRMWARE_PAGE

/* Read the banks' headers. Once at power-on, before the other functions. */
void firmware_init(void);

/* The bank that runs, 0 or 1, and what is in each, as the flash says it now. */
unsigned int firmware_running(struct firmware_bank bank[FIRMWARE_BANKS]);

/*
 * May the firmware of this statement, @bytes at @buf, be installed? If so the other
 * bank has no firmware any more. An update that was on its way is over in any case.
 *
 * Returns OSTI_OK, OSTI_E_FIRMWARE with *why OSTI_FIRMWARE_E_*, OSTI_E_STATE (the
 * firmware that runs is on trial: called good later, it must still be there), or
 * OSTI_E_HARDWARE (the flash cannot be written).
 */
int64_t firmware_begin(const uint8_t *buf, size_t bytes, uint64_t *why);

/*
 * Erase a sector of the other bank, which takes a second on real chips. Returns
 * OSTI_AGAIN, OSTI_OK when all that is needed is blank, OSTI_E_STATE or
 * OSTI_E_HARDWARE; with that the update is over.
 */
int64_t firmware_erase(void);

/*
 * Write the next piece of the image. The owner's page of it is not taken: the device's
 * own goes there. Returns OSTI_OK, OSTI_E_INVALID (not the next offset, or not as
 * long as a piece there is), OSTI_E_STATE or OSTI_E_HARDWARE as above.
 */
int64_t firmware_write(uint64_t offset, const uint8_t *data, size_t bytes);

/*
 * Read all of it again; if that is what was signed, the bank is whole. Returns
 * OSTI_AGAIN, OSTI_OK, OSTI_E_STATE (not all was written), OSTI_E_HARDWARE, or
 * OSTI_E_FIRMWARE with *why; with an error but STATE the update is over.
 */
int64_t firmware_finish(uint64_t *why);

/*
 * An OS that this firmware started says that its start was good: so is the firmware,
 * and older ones are not installed any more. What fails is logged, and tried again
 * with the next one.
 */
void firmware_good(void);

#endif /* FIRMWARE_H */
