/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/restore.h - a slot comes back from the store
 */
#ifndef _OSTI_BM_RESTORE_H
#define _OSTI_BM_RESTORE_H

#include <linux/types.h>

struct osti_device;
struct osti_saved;
struct osti_slot;

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
 * osti_restore_verify() - read the image of an empty slot as if to resume it
 * @slot:	the slot
 * @saved:	what osti_saved_get() said of it; tells why it was refused
 *
 * This takes memory, which no other slot makes room for.
 *
 * Return: 0 or negative errno as osti_restore()
 */
int osti_restore_verify(const struct osti_slot *slot, struct osti_saved *saved);

#endif /* _OSTI_BM_RESTORE_H */
