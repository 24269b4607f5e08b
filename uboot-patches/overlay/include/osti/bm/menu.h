/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/menu.h - the boot menu
 */
#ifndef _OSTI_BM_MENU_H
#define _OSTI_BM_MENU_H

#include <linux/types.h>

/**
 * osti_boot() - do what the reason for entering the boot manager asks for
 *
 * That may be the menu. docs/boot-manager.md has the table.
 *
 * Return: 0 when a command shell was asked for, else negative errno
 */
int osti_boot(void);

/**
 * osti_menu() - show the boot menu and wait for a key
 * Return: 0 when a command shell was asked for, else negative errno
 */
int osti_menu(void);

#endif /* _OSTI_BM_MENU_H */
