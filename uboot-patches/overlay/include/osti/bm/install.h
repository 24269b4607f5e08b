/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/install.h - a boot image that an operating system hands over
 */
#ifndef _OSTI_BM_INSTALL_H
#define _OSTI_BM_INSTALL_H

#include <linux/types.h>

struct osti_slot;

/**
 * osti_install() - put what lies on the exchange disk into a slot's boot partition
 * @slot:	the slot, which handed it over
 * @why:	result with -EKEYREJECTED: OSTI_START_E_* or OSTI_BOOT_E_*
 *
 * It is on trial then. The latest that is good stays, whatever happens.
 *
 * Return: 0, -EKEYREJECTED (it is refused), -EBUSY (what runs in the slot is on
 * trial itself), -ENOMEDIUM (no boot partition), -ENODEV (no exchange disk), -ENOSPC
 * (too large for the store), -EFBIG (for the boot manager), -ECANCELED (Esc), -EIO
 */
int osti_install(const struct osti_slot *slot, u64 *why);

/**
 * osti_install_report() - write to the exchange disk which boot images a slot has
 * @slot:	the slot
 *
 * What was handed over there and not installed is lost.
 *
 * Return: 0, -ENOMEDIUM, -ENODEV, -EIO
 */
int osti_install_report(const struct osti_slot *slot);

#endif /* _OSTI_BM_INSTALL_H */
