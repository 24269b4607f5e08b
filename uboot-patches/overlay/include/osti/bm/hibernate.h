/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/hibernate.h - a slot goes to the store
 */
#ifndef _OSTI_BM_HIBERNATE_H
#define _OSTI_BM_HIBERNATE_H

#include <linux/types.h>

struct osti_device;
struct osti_slot;

/* Images move in pieces of this size between memory and store. */
#ifndef OSTI_STAGE	/* the unit tests' are smaller */
#define OSTI_STAGE	0x400000
#endif

/**
 * osti_hibernate_possible() - is the slot frozen?
 * @slot:	the slot
 * Return: true; false after an error was printed
 */
bool osti_hibernate_possible(const struct osti_slot *slot);

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

/**
 * osti_hibernate_all() - hibernate every frozen slot, the longest frozen first
 * @dev:	the device
 * Return: 0, or negative errno at the first that fails
 */
int osti_hibernate_all(const struct osti_device *dev);

#endif /* _OSTI_BM_HIBERNATE_H */
