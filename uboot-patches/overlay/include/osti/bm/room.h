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
 * osti_room_make() - hibernate the slot that was frozen longest
 * @dev:	the device
 * @slot:	for which slot
 * Return: 0: try again; -ENOMEM: no slot is frozen; other negative errno
 */
int osti_room_make(const struct osti_device *dev, const struct osti_slot *slot);

#endif /* _OSTI_BM_ROOM_H */
