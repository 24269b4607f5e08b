/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/resume.h - a slot goes on
 */
#ifndef _OSTI_BM_RESUME_H
#define _OSTI_BM_RESUME_H

#include <linux/types.h>

struct osti_device;
struct osti_slot;

/**
 * osti_resume() - resume a frozen slot
 * @slot:	the slot
 * Return: only on error, negative errno
 */
int osti_resume(const struct osti_slot *slot);

/**
 * osti_resume_image() - resume an empty slot from its image
 * @dev:	the device
 * @slot:	the slot
 * Return: only on error, negative errno as osti_restore()
 */
int osti_resume_image(const struct osti_device *dev,
		      const struct osti_slot *slot);

#endif /* _OSTI_BM_RESUME_H */
