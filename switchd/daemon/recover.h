/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recover.h - what became of a switch whose switchd is gone
 */
#ifndef SWITCHD_RECOVER_H
#define SWITCHD_RECOVER_H

#include "daemon/device.h"
#include "daemon/slots.h"
#include "daemon/switch_note.h"

/* Takes down what will tell whether this OS was frozen. */
void recover_prepare(struct device *device, const struct slots *slots,
		     struct switch_note *note);

/* Brings a note that is not ENDED to AFTER: how the switch went. */
void recover_find_out(struct device *device, const struct slots *slots,
		      struct switch_note *note);

#endif /* SWITCHD_RECOVER_H */
