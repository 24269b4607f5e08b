/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/enter.h - enter a slot in the way that it needs
 */
#ifndef _OSTI_BM_ENTER_H
#define _OSTI_BM_ENTER_H

#include <linux/types.h>

struct osti_device;

/**
 * osti_enter() - resume a slot if it is frozen or has an image, else start it
 * @dev:	the device
 * @nr:		number of the slot
 *
 * One with an image is never started, even if the image is of no use.
 *
 * Return: only on error, negative errno; if there is an image, that of
 * osti_resume_image(), or -EREMOTE: it is retired, which was told
 */
int osti_enter(const struct osti_device *dev, u32 nr);

#endif /* _OSTI_BM_ENTER_H */
