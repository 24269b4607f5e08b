/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/list.h - the tables of slots and of their images
 */
#ifndef _OSTI_BM_LIST_H
#define _OSTI_BM_LIST_H

#include <linux/types.h>

struct osti_device;

/**
 * osti_list_slots() - print the table of slots
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_list_slots(const struct osti_device *dev);

/**
 * osti_list_images() - print the table of images
 * @dev:	the device
 * Return: 0 or -EIO
 */
int osti_list_images(const struct osti_device *dev);

#endif /* _OSTI_BM_LIST_H */
