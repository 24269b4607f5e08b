/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xwindow.h - the device's window on a display of X that nobody sees
 *
 * An Xvfb of this test's own, which ends with it. Needs the packages of
 * scripts/packages-window.txt.
 */
#ifndef E2E_XWINDOW_H
#define E2E_XWINDOW_H

#include "picture.h"

/**
 * xwindow_start() - start the server, and let DISPLAY of the environment be it
 *
 * So what is started from now on opens its windows there.
 */
void xwindow_start(void);

/** xwindow_stop() - end it, and with it whatever has a window there. */
void xwindow_stop(void);

/**
 * xwindow_take() - all that is on the display now
 *
 * Somebody may be drawing: what it shows is only sure to be there soon. To be
 * freed with picture_free().
 */
struct picture *xwindow_take(void);

/**
 * xwindow_focus() - let keys go to QEMU's window, which is there
 *
 * All of them: a server of X takes Ctrl+Alt+F1 to F12 for itself otherwise.
 */
void xwindow_focus(void);

/**
 * xwindow_press() - press and release keys together
 * @keys: names of keys as X has them, joined by "+", such as "ctrl+alt+F2".
 */
void xwindow_press(const char *keys);

/**
 * xwindow_choose() - choose from the first menu of QEMU's window, "Machine"
 * @item: its number in the menu, from 1 on.
 */
void xwindow_choose(int item);

#endif /* E2E_XWINDOW_H */
