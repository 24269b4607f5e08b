/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/events.h - the monitor's event rings as tables
 */
#ifndef _OSTI_BM_EVENTS_H
#define _OSTI_BM_EVENTS_H

#include <linux/types.h>

struct osti_device;

/**
 * osti_events_print() - print the monitor's event ring as a table
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_events_print(const struct osti_device *dev);

#endif /* _OSTI_BM_EVENTS_H */
