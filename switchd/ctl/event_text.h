/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_text.h - the arguments of an event in words
 */
#ifndef SWITCHCTL_EVENT_TEXT_H
#define SWITCHCTL_EVENT_TEXT_H

#include <osti/ioctl.h>

#define EVENT_TEXT_MAX 128

/* Writes what the event's arguments mean, see OSTI_EV_* in osti/abi.h. */
void event_text(const struct osti_event *ev, char text[EVENT_TEXT_MAX]);

#endif /* SWITCHCTL_EVENT_TEXT_H */
