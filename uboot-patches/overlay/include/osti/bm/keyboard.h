/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/keyboard.h - the keyboard of the device
 */
#ifndef _OSTI_BM_KEYBOARD_H
#define _OSTI_BM_KEYBOARD_H

/**
 * osti_keyboard_begin() - let the keyboard type beside the serial port
 *
 * From now on, with the layout of the United States. Without a keyboard, or with
 * one that does not work, nothing happens; prints nothing.
 */
void osti_keyboard_begin(void);

#endif /* _OSTI_BM_KEYBOARD_H */
