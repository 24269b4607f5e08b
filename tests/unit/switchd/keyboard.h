/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyboard.h - fake keyboards, see libevdev_fake.c
 */
#ifndef TEST_SWITCHD_KEYBOARD_H
#define TEST_SWITCHD_KEYBOARD_H

#include "programs.h"

/* Now, as the kernel stamps events. */
uint64_t boottime_usec(void);
void send_event(int fd, uint16_t type, uint16_t code, int value, uint64_t usec);
void key(int fd, uint16_t code, int value);
/* With Ctrl and Alt, pressed and released. */
void hotkey(int fd, uint16_t code);
/* Plugs a keyboard in, of which switchd takes notice. */
int plug(struct fixture *f, const char *name);

#endif /* TEST_SWITCHD_KEYBOARD_H */
