/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/keys.h - keys of the person at the console
 */
#ifndef _OSTI_BM_KEYS_H
#define _OSTI_BM_KEYS_H

#include <linux/types.h>

/* Stops what takes time: loading, hibernating, resuming from an image. */
#define OSTI_KEYS_ESC	0x1b

/**
 * osti_keys_drop() - forget what was typed
 *
 * What was typed for somebody else must not choose a slot.
 */
void osti_keys_drop(void);

/**
 * osti_keys_get() - wait for a key
 * Return: the key; one that sends several bytes is OSTI_KEYS_ESC
 */
int osti_keys_get(void);

/**
 * osti_keys_wait() - wait for a key as long as it makes sense
 * @ms:		milliseconds
 * Return: the key as osti_keys_get() has it, -ETIMEDOUT
 */
int osti_keys_wait(u32 ms);

/**
 * osti_keys_escape() - was Esc pressed?
 *
 * No other key stops work: an operating system's shell may be meant.
 *
 * Return: true if it was; everything typed before it is forgotten
 */
bool osti_keys_escape(void);

#endif /* _OSTI_BM_KEYS_H */
