// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_input.c - stop virtio input devices before their driver lets them go
 *
 * On suspend, virtio_input of Linux 6.1 frees its queues without a reset of
 * the device, which then still writes key events into that memory: it may be
 * a slab page by then. A switch by hot key is when this happens, because the
 * key is released while devices are being suspended. So reset them here, when
 * no driver has been suspended yet. The driver's own resume sets them up again.
 */
#include <linux/device.h>
#include <linux/input.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

#include "osti.h"

/* The virtio device behind an entry of the input class, or NULL. */
static struct virtio_device *osti_input_virtio(struct device *dev)
{
	struct virtio_device *vdev = osti_virtio_parent(dev);

	return vdev && vdev->id.device == VIRTIO_ID_INPUT ? vdev : NULL;
}

static int osti_input_reset(struct device *dev, void *data)
{
	struct virtio_device *vdev = osti_input_virtio(dev);

	if (vdev)
		virtio_reset_device(vdev);
	return 0;
}

static int osti_input_revive(struct device *dev, void *data)
{
	struct virtio_device *vdev = osti_input_virtio(dev);
	int err;

	if (!vdev || vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_DRIVER_OK)
		return 0;
	err = virtio_device_freeze(vdev);
	if (!err)
		err = virtio_device_restore(vdev);
	if (err)
		dev_err(&vdev->dev, "input device does not come back after a suspend that failed: error %d; unbind and bind its driver\n",
			err);
	/* Nobody was told of keys that were released meanwhile. */
	input_reset_device(to_input_dev(dev));
	return 0;
}

/**
 * osti_input_stop() - reset all virtio input devices
 *
 * Context: process, with user space frozen, before any device is suspended.
 */
void osti_input_stop(void)
{
	class_for_each_device(&input_class, NULL, NULL, osti_input_reset);
}

/**
 * osti_input_start() - set up those that no driver has set up since
 *
 * That is the case when the suspend failed before it came to them.
 *
 * Context: process, with user space frozen, after all devices were resumed.
 */
void osti_input_start(void)
{
	class_for_each_device(&input_class, NULL, NULL, osti_input_revive);
}
