// SPDX-License-Identifier: GPL-2.0-only
/*
 * The display: a driver for bochs-display, and the console on it
 *
 * Registers: QEMU 7.2, hw/display/bochs-display.c, hw/display/bochs-vbe.h and
 * docs/specs/standard-vga.rst. BAR 0 is the screen's memory, which the monitor has
 * zeroed, BAR 2 has the registers. Their values are those that an operating
 * system left there, so each that matters is written.
 */

#include <common.h>
#include <console.h>
#include <dm.h>
#include <iomux.h>
#include <pci.h>
#include <video.h>
#include <asm/io.h>
#include <linux/sizes.h>
#include <osti/bm/display.h>
#include <osti/bm/pci.h>

#define VENDOR_QEMU		0x1234
#define DEVICE_BOCHS		0x1111

/* Offsets in BAR 2: 16-bit VBE registers by their index, and the byte order */
#define REG_VBE(index)		(0x500 + 2 * (index))
#define REG_ORDER		0x604
#define ORDER_LITTLE		0x1e1e1e1e
#define REGS_BYTES		0x1000

#define VBE_ID			0
#define VBE_XRES		1
#define VBE_YRES		2
#define VBE_BPP			3
#define VBE_ENABLE		4
#define VBE_VIRT_WIDTH		6
#define VBE_VIRT_HEIGHT		7
#define VBE_X_OFFSET		8
#define VBE_Y_OFFSET		9
#define VBE_MEMORY_64K		10

#define ID_MASK			0xfff0
#define ID_VALUE		0xb0c0
#define ENABLE_ON		0x01
#define ENABLE_LFB		0x40

/*
 * What its EDID prefers, and Linux takes: a window that shows it keeps its size.
 * The longest line of the menu has 150 characters of 8 pixels.
 */
#define WIDTH			1280
#define HEIGHT			800
#define PIXEL_BYTES		4
#define SCREEN_BYTES		(WIDTH * HEIGHT * PIXEL_BYTES)

static u16 vbe_read(void *regs, unsigned int index)
{
	return readw(regs + REG_VBE(index));
}

static void vbe_write(void *regs, unsigned int index, u16 value)
{
	writew(value, regs + REG_VBE(index));
}

static void set_mode(void *regs)
{
	vbe_write(regs, VBE_ENABLE, 0);
	writel(ORDER_LITTLE, regs + REG_ORDER);
	vbe_write(regs, VBE_BPP, 8 * PIXEL_BYTES);
	vbe_write(regs, VBE_XRES, WIDTH);
	vbe_write(regs, VBE_YRES, HEIGHT);
	vbe_write(regs, VBE_VIRT_WIDTH, WIDTH);
	vbe_write(regs, VBE_VIRT_HEIGHT, HEIGHT);
	vbe_write(regs, VBE_X_OFFSET, 0);
	vbe_write(regs, VBE_Y_OFFSET, 0);
	vbe_write(regs, VBE_ENABLE, ENABLE_ON | ENABLE_LFB);
}

static int bochs_probe(struct udevice *dev)
{
	struct video_uc_plat *plat = dev_get_uclass_plat(dev);
	struct video_priv *priv = dev_get_uclass_priv(dev);
	void *screen, *regs;

	screen = dm_pci_map_bar(dev, PCI_BASE_ADDRESS_0, 0, SCREEN_BYTES,
				PCI_REGION_TYPE, PCI_REGION_MEM);
	regs = dm_pci_map_bar(dev, PCI_BASE_ADDRESS_2, 0, REGS_BYTES,
			      PCI_REGION_TYPE, PCI_REGION_MEM);
	if (!screen || !regs)
		return -ENODEV;
	if ((vbe_read(regs, VBE_ID) & ID_MASK) != ID_VALUE ||
	    vbe_read(regs, VBE_MEMORY_64K) < DIV_ROUND_UP(SCREEN_BYTES, SZ_64K))
		return -ENODEV;
	set_mode(regs);
	plat->base = (ulong)screen;
	plat->size = SCREEN_BYTES;
	priv->xsize = WIDTH;
	priv->ysize = HEIGHT;
	priv->bpix = VIDEO_BPP32;

	return 0;
}

U_BOOT_DRIVER(osti_bochs) = {
	.name	= "osti_bochs",
	.id	= UCLASS_VIDEO,
	.probe	= bochs_probe,
};

static struct pci_device_id bochs_ids[] = {
	{ PCI_DEVICE(VENDOR_QEMU, DEVICE_BOCHS) },
	{ },
};

U_BOOT_PCI_DEVICE(osti_bochs, bochs_ids);

void osti_display_begin(void)
{
	struct udevice *dev;

	if (osti_pci_device(BOARD_PCI_DISPLAY, UCLASS_VIDEO, &dev))
		return;
	/* The serial port stays with it if that fails. */
	iomux_doenv(stdout, "serial,vidconsole");
	iomux_doenv(stderr, "serial,vidconsole");
}
