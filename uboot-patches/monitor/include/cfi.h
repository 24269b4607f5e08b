/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cfi.h - flash: CFI parallel NOR with Intel's command set
 *
 * Each flash is two chips of 16 bits side by side. Offsets are from its start, in
 * bytes; they and all sizes are multiples of 4. An erased sector reads as all ones;
 * programming can only turn ones into zeros.
 *
 * The monitor's lock is held in every call. All waiting is bounded. Each
 * failure is logged. After every call the flash is readable memory again,
 * unless it timed out.
 */
#ifndef CFI_H
#define CFI_H

#include <stddef.h>
#include <stdint.h>

enum cfi_flash {
	CFI_FIRMWARE,		/* at BOARD_FLASH_BASE */
	CFI_NV,			/* at BOARD_NV_BASE */
	CFI_FLASHES
};

enum cfi_error {
	CFI_E_ABSENT		= -1,	/* nothing there answers the query */
	CFI_E_UNSUPPORTED	= -2,	/* not the flash that board.h tells of */
	CFI_E_TIMEOUT		= -3,	/* still busy after all patience */
	CFI_E_STATUS		= -4,	/* the flash reports a failure */
	CFI_E_VERIFY		= -5,	/* reads back other than it was written */
};

/*
 * Look whether the flash is what board.h says. Writes nothing.
 * Returns 0, CFI_E_ABSENT or CFI_E_UNSUPPORTED.
 */
int cfi_init(enum cfi_flash flash);

/* Copy from the flash. Always succeeds: what is there is for the caller to check. */
void cfi_read(enum cfi_flash flash, uint32_t offset, void *buf, size_t bytes);

/*
 * Program words one after the other in rising order, then compare. Takes well
 * under a millisecond for each word. At a power cut the words before the one
 * at work are done, that one has some of its zeros, those after it none.
 * Returns 0, CFI_E_TIMEOUT, CFI_E_STATUS or CFI_E_VERIFY.
 */
int cfi_program(enum cfi_flash flash, uint32_t offset, const void *data,
		size_t bytes);

/*
 * Erase the sector that begins at @offset, then check that it is blank. Takes
 * about a second on real chips. At a power cut the sector's content is random.
 * Returns 0, CFI_E_TIMEOUT, CFI_E_STATUS or CFI_E_VERIFY.
 */
int cfi_erase(enum cfi_flash flash, uint32_t offset);

#endif /* CFI_H */
