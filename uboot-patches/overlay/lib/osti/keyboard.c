// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keyboard: a driver for virtio-input, and the console's keys from it
 *
 * Virtio 1.2, section 5.8: the device fills buffers of the event queue, one with
 * each event. Its codes are those of Linux, which U-Boot's input library knows.
 */

#include <common.h>
#include <console.h>
#include <dm.h>
#include <input.h>
#include <iomux.h>
#include <keyboard.h>
#include <stdio_dev.h>
#include <virtio.h>
#include <virtio_ring.h>
#include <virtio_types.h>
#include <osti/bm/keyboard.h>
#include <osti/bm/pci.h>

#define STDIO_NAME	"osti-keyboard"

/* A key gives an event and a report; this is what a person types at once. */
#define EVENTS		32

/* Linux, include/uapi/linux/input-event-codes.h */
#define EV_KEY		1
#define KEY_UP_VALUE	0
#define KEY_DOWN_VALUE	1

/* Virtio 1.2, section 5.8.6 */
struct virtio_input_event {
	__le16 type;
	__le16 code;
	__le32 value;
};

/* As in virtio_blk.c: what the device writes to is not on the stack. */
struct virtio_input_priv {
	struct virtqueue *vq;
	struct virtio_input_event events[EVENTS];
};

/* NULL: there is none, or it was stopped and has to be started again. */
static struct udevice *keyboard;

static int offer(struct virtio_input_priv *priv,
		 struct virtio_input_event *event)
{
	struct virtio_sg sg = { event, sizeof(*event) };
	struct virtio_sg *sgs[1] = { &sg };

	return virtqueue_add(priv->vq, sgs, 0, 1);
}

static void feed(struct input_config *input,
		 const struct virtio_input_event *event)
{
	u32 value = le32_to_cpu(event->value);

	if (le16_to_cpu(event->type) != EV_KEY || value > KEY_DOWN_VALUE)
		return;
	/* input_add_keycode() has room for so many that are down, and does not look. */
	if (value == KEY_DOWN_VALUE &&
	    input->num_prev_keycodes > INPUT_MAX_MODIFIERS)
		return;
	input_add_keycode(input, le16_to_cpu(event->code),
			  value == KEY_UP_VALUE);
}

/* Return: how many events there were, as the input library wants it */
static int read_events(struct input_config *input)
{
	struct virtio_input_priv *priv = dev_get_priv(input->dev);
	struct virtio_input_event *event, got;
	unsigned int len;
	int count = 0;

	while (count < EVENTS) {
		event = virtqueue_get_buf(priv->vq, &len);
		if (!event)
			break;
		got = *event;
		count++;
		if (len == sizeof(got))
			feed(input, &got);
		if (offer(priv, event))
			break;
	}
	if (count)
		virtqueue_kick(priv->vq);

	return count;
}

static int virtio_input_bind(struct udevice *dev)
{
	struct virtio_dev_priv *uc_priv = dev_get_uclass_priv(dev->parent);

	virtio_driver_features_init(uc_priv, NULL, 0, NULL, 0);

	return 0;
}

static int virtio_input_probe(struct udevice *dev)
{
	struct virtio_input_priv *priv = dev_get_priv(dev);
	struct keyboard_priv *keys = dev_get_uclass_priv(dev);
	unsigned int i;
	int ret;

	/* The event queue alone: lamps are not lit. */
	ret = virtio_find_vqs(dev, 1, &priv->vq);
	if (ret)
		return ret;
	for (i = 0; i < EVENTS && !ret; i++)
		ret = offer(priv, &priv->events[i]);
	/* A shorter queue than this has its events, too. */
	if (i < 2)
		return ret ? ret : -ENOSPC;
	keys->input.dev = dev;
	keys->input.read_keys = read_events;
	input_allow_repeats(&keys->input, true);

	return input_add_tables(&keys->input, false);
}

static int virtio_input_remove(struct udevice *dev)
{
	keyboard = NULL;

	return virtio_reset(dev);
}

U_BOOT_DRIVER(virtio_input) = {
	.name	= VIRTIO_INPUT_DRV_NAME,
	.id	= UCLASS_KEYBOARD,
	.bind	= virtio_input_bind,
	.probe	= virtio_input_probe,
	.remove	= virtio_input_remove,
	.priv_auto	= sizeof(struct virtio_input_priv),
	.flags	= DM_FLAG_ACTIVE_DMA,
};

static struct input_config *input(void)
{
	struct keyboard_priv *keys = dev_get_uclass_priv(keyboard);

	return &keys->input;
}

static int start(void)
{
	struct virtio_input_priv *priv;
	int ret;

	ret = osti_pci_child(BOARD_PCI_KEYBOARD, UCLASS_KEYBOARD, &keyboard);
	if (ret) {
		keyboard = NULL;
		return ret;
	}
	priv = dev_get_priv(keyboard);
	virtqueue_kick(priv->vq);

	return 0;
}

/* All devices are stopped before a slot is entered; if it is not, keys count again. */
static int key_there(struct stdio_dev *sdev)
{
	if (!keyboard && start())
		return 0;

	return input_tstc(input());
}

static int key_get(struct stdio_dev *sdev)
{
	return key_there(sdev) ? input_getc(input()) : 0;
}

void osti_keyboard_begin(void)
{
	struct stdio_dev sdev = {
		.name = STDIO_NAME,
		.flags = DEV_FLAGS_INPUT,
		.tstc = key_there,
		.getc = key_get,
	};

	if (start() || stdio_register(&sdev))
		return;
	iomux_doenv(stdin, "serial," STDIO_NAME);
}
