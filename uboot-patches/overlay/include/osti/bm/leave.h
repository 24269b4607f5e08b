/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/leave.h - the end of the boot manager
 */
#ifndef _OSTI_BM_LEAVE_H
#define _OSTI_BM_LEAVE_H

#include <linux/types.h>

/**
 * osti_leave_quiesce() - stop all devices
 *
 * From here on nothing writes to memory behind the boot manager's back.
 */
void osti_leave_quiesce(void);

/**
 * osti_leave_power_off() - switch the device off, whatever would be lost
 * Return: only on error, negative errno
 */
int osti_leave_power_off(void);

#endif /* _OSTI_BM_LEAVE_H */
