// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_wake.c - the press of the power key that wakes the device does no more
 *
 * A short press means a switch to switchd, or power-off to others. Who wakes the
 * device from an ordinary suspend by it wants neither. The kernel reports such a
 * press before it thaws user space: it is kept from everybody here, up to its
 * end. In a switch there is no such press: another OS has the keys meanwhile.
 */
#include <linux/device.h>
#include <linux/input.h>
#include <linux/slab.h>

#include "osti.h"

/* Written while user space is frozen, or freezes. */
static bool osti_asleep;

/* Of one input device. */
struct osti_wake {
	struct input_handle handle;
	bool woke;	/* with the lock of the device: the key is still down */
};

static bool osti_wake_filter(struct input_handle *handle, unsigned int type,
			     unsigned int code, int value)
{
	struct osti_wake *wake = container_of(handle, struct osti_wake, handle);

	if (type != EV_KEY || code != KEY_POWER)
		return false;
	if (value == 1 && READ_ONCE(osti_asleep))
		wake->woke = true;
	if (!wake->woke)
		return false;
	if (!value) {
		wake->woke = false;
		dev_info(&handle->dev->dev, "the press of the power key woke the device, and does nothing else\n");
	}
	return true;
}

static int osti_wake_connect(struct input_handler *handler,
			     struct input_dev *dev,
			     const struct input_device_id *id)
{
	struct osti_wake *wake = kzalloc(sizeof(*wake), GFP_KERNEL);
	int err;

	if (!wake)
		return -ENOMEM;
	wake->handle.dev = dev;
	wake->handle.handler = handler;
	wake->handle.name = "osti-wake";
	err = input_register_handle(&wake->handle);
	if (err)
		goto err_free;
	err = input_open_device(&wake->handle);
	if (err)
		goto err_unregister;
	return 0;

err_unregister:
	input_unregister_handle(&wake->handle);
err_free:
	kfree(wake);
	return err;
}

static void osti_wake_disconnect(struct input_handle *handle)
{
	input_close_device(handle);
	input_unregister_handle(handle);
	kfree(container_of(handle, struct osti_wake, handle));
}

static const struct input_device_id osti_wake_ids[] = {
	{
		.flags = INPUT_DEVICE_ID_MATCH_EVBIT |
			 INPUT_DEVICE_ID_MATCH_KEYBIT,
		.evbit = { BIT_MASK(EV_KEY) },
		.keybit = { [BIT_WORD(KEY_POWER)] = BIT_MASK(KEY_POWER) },
	},
	{ }
};

static struct input_handler osti_wake_handler = {
	.filter = osti_wake_filter,
	.connect = osti_wake_connect,
	.disconnect = osti_wake_disconnect,
	.name = "osti-wake",
	.id_table = osti_wake_ids,
};

/**
 * osti_wake_sleep() - an ordinary suspend begins
 *
 * Context: process, with user space frozen, before any device is suspended.
 */
void osti_wake_sleep(void)
{
	WRITE_ONCE(osti_asleep, true);
}

/**
 * osti_wake_end() - a suspend of whatever kind is over
 *
 * Context: process, with user space frozen, after all devices were resumed.
 */
void osti_wake_end(void)
{
	WRITE_ONCE(osti_asleep, false);
}

/**
 * osti_wake_init() - start to listen to power keys
 *
 * Context: process, in probe.
 * Return: 0 or a negative errno.
 */
int osti_wake_init(void)
{
	return input_register_handler(&osti_wake_handler);
}

/**
 * osti_wake_exit() - undo osti_wake_init()
 *
 * Context: process, in remove.
 */
void osti_wake_exit(void)
{
	input_unregister_handler(&osti_wake_handler);
}
