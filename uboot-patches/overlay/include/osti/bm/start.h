/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/start.h - a boot image is placed in a slot and started
 */
#ifndef _OSTI_BM_START_H
#define _OSTI_BM_START_H

#include <linux/types.h>

struct osti_device;
struct osti_slot;

/**
 * enum osti_consent - what a person agreed to
 * @OSTI_CONSENT_NONE:	nothing: it may have come by itself
 * @OSTI_CONSENT_START:	that images of the slot are destroyed
 * @OSTI_CONSENT_ANYWAY: a start even if they cannot be destroyed now
 */
enum osti_consent {
	OSTI_CONSENT_NONE,
	OSTI_CONSENT_START,
	OSTI_CONSENT_ANYWAY,
};

/* As much of an open slot's window is in the boot manager's page tables. */
#define OSTI_WINDOW_MAX	0x200000000

/**
 * osti_start() - load an empty slot and start it, by the first boot image that does
 * @dev:	the device
 * @slot:	the slot
 * @consent:	what a person agreed to
 *
 * Return: only on error, negative errno, -EACCES: a person has to agree, -EROFS:
 * again, since images cannot be destroyed; the slot is empty then
 */
int osti_start(const struct osti_device *dev, const struct osti_slot *slot,
	       enum osti_consent consent);

#endif /* _OSTI_BM_START_H */
