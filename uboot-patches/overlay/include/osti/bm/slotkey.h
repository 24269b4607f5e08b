/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/slotkey.h - a slot key that comes from another device
 */
#ifndef _OSTI_BM_SLOTKEY_H
#define _OSTI_BM_SLOTKEY_H

#include <linux/types.h>

struct osti_slot;

/**
 * osti_slotkey_import() - give a slot the key of another device
 * @slot:	the slot
 * @text:	the key as docs/recovery-key.md has it; the caller wipes it
 * @bytes:	of the text
 *
 * It is for good: no other key can be imported for the slot.
 *
 * Return: 0, -EINVAL (not a key), -EPERM (too late, or the slot has one), -EIO
 */
int osti_slotkey_import(const struct osti_slot *slot, const char *text,
			size_t bytes);

/**
 * osti_slotkey_ask() - ask for the key at the console, and import it
 * @slot:	the slot
 * Return: as osti_slotkey_import(), -ECANCELED by Esc
 */
int osti_slotkey_ask(const struct osti_slot *slot);

#endif /* _OSTI_BM_SLOTKEY_H */
