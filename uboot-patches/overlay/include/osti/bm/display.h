/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/display.h - the display of the device
 */
#ifndef _OSTI_BM_DISPLAY_H
#define _OSTI_BM_DISPLAY_H

/**
 * osti_display_begin() - show on the display, too, what the serial port gets
 *
 * From the next character on. Without a display, or with one that does not work,
 * nothing happens; prints nothing.
 */
void osti_display_begin(void);

#endif /* _OSTI_BM_DISPLAY_H */
