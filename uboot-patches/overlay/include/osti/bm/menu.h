/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/menu.h - the boot menu
 */
#ifndef _OSTI_BM_MENU_H
#define _OSTI_BM_MENU_H

#include <linux/types.h>

struct osti_device;

/**
 * enum osti_act - what happens when nobody presses a key
 * @OSTI_ACT_WAIT:	nothing
 * @OSTI_ACT_ENTER:	a slot is started or resumed after the delay
 * @OSTI_ACT_ENTER_NOW:	the same without menu and delay
 * @OSTI_ACT_POWER_OFF:	power off after the delay
 */
enum osti_act {
	OSTI_ACT_WAIT,
	OSTI_ACT_ENTER,
	OSTI_ACT_ENTER_NOW,
	OSTI_ACT_POWER_OFF,
};

/**
 * struct osti_plan - what the menu does by itself
 * @act:	what
 * @slot:	number of the slot to enter
 */
struct osti_plan {
	enum osti_act act;
	u32 slot;
};

/**
 * osti_menu() - show the boot menu, and do what keys choose
 * @dev:	the device
 * @plan:	what comes before the first key
 * Return: 0 when a command shell was asked for, else negative errno
 */
int osti_menu(const struct osti_device *dev, const struct osti_plan *plan);

#endif /* _OSTI_BM_MENU_H */
