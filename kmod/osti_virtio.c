// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_virtio.c - the virtio device behind a device of a class
 */
#include <linux/device.h>
#include <linux/string.h>
#include <linux/virtio.h>

#include "osti.h"

/**
 * osti_virtio_parent() - the virtio device that a class device belongs to
 * @dev: a device of a class, as an input device or a network interface.
 *
 * Return: its parent if that is on the virtio bus, for as long as @dev lives;
 * else NULL.
 */
struct virtio_device *osti_virtio_parent(struct device *dev)
{
	/* The bus itself is not exported to modules. */
	if (!dev->parent || !dev->parent->bus ||
	    strcmp(dev->parent->bus->name, "virtio"))
		return NULL;
	return dev_to_virtio(dev->parent);
}
