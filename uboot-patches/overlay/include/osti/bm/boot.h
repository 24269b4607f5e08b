/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/boot.h - what the boot manager does by itself
 */
#ifndef _OSTI_BM_BOOT_H
#define _OSTI_BM_BOOT_H

#include <linux/types.h>

/**
 * osti_boot() - do what the reason for entering the boot manager asks for
 *
 * That may be the menu. docs/boot-manager.md has the table.
 *
 * Return: 0 when a command shell was asked for, else negative errno
 */
int osti_boot(void);

#endif /* _OSTI_BM_BOOT_H */
