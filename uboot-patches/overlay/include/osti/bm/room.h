/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/room.h - memory for a slot
 */
#ifndef _OSTI_BM_ROOM_H
#define _OSTI_BM_ROOM_H

#include <linux/types.h>

struct osti_device;
struct osti_slot;

/**
 * osti_make_room() - hibernate the slot that was frozen longest
 * @dev:	the device
 * @slot:	for which slot
 * Return: 0: try again; -ENOMEM: no slot is frozen; other negative errno
 */
int osti_make_room(const struct osti_device *dev, const struct osti_slot *slot);

/**
 * osti_hibernate_all() - hibernate every frozen slot, the longest frozen first
 * @dev:	the device
 * Return: 0, or negative errno at the first that fails
 */
int osti_hibernate_all(const struct osti_device *dev);

#endif /* _OSTI_BM_ROOM_H */
