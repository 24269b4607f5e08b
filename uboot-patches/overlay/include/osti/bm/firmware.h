/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/firmware.h - the firmware that runs, and a new one
 */
#ifndef _OSTI_BM_FIRMWARE_H
#define _OSTI_BM_FIRMWARE_H

#include <linux/types.h>

struct osti_slot;

/**
 * osti_firmware_install() - put what lies on the exchange disk into flash
 * @slot:	the slot, which handed it over
 * @why:	result with -EKEYREJECTED: OSTI_BOOT_E_*, or OSTI_BOOT_E_FIRMWARE and
 *		OSTI_FIRMWARE_E_*
 *
 * The next power-on tries it. What runs stays, whatever happens.
 *
 * Return: 0, -EKEYREJECTED (it is refused), -EBUSY (what runs is on trial itself),
 * -ENODEV (no exchange disk), -EFBIG (too large for the boot manager), -ECANCELED
 * (Esc), -EIO
 */
int osti_firmware_install(const struct osti_slot *slot, u64 *why);

/**
 * osti_firmware_print() - print which firmware runs, and that it is on trial, or
 * another one was given up
 */
void osti_firmware_print(void);

#endif /* _OSTI_BM_FIRMWARE_H */
