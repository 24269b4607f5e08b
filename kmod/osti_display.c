// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_display.c - keep what a desktop has drawn over a switch
 *
 * The monitor zeroes the display's memory when another OS comes. The kernel's own
 * console is drawn again when its driver resumes; who draws by himself, as a Wayland
 * compositor does, is told of nothing and draws only what changes. So what is in that
 * memory is frozen with the OS: in pages of its own, so that an image of the OS has
 * it, too, and so that a display that comes back in another place gets it.
 */
#include <linux/console.h>
#include <linux/io.h>
#include <linux/kd.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vt_kern.h>

#include "osti.h"

/* More is not screen memory alone; the monitor zeroes no more either. */
#define OSTI_DISPLAY_MAX	SZ_64M

/*
 * struct osti_display - screen memory of a PCI function
 * @list:	in @osti_displays.
 * @pdev:	the function, referenced.
 * @bar:	where its memory is.
 * @nr:		pages of it.
 * @pages:	a copy of each, or NULL for one that is zero.
 */
struct osti_display {
	struct list_head list;
	struct pci_dev *pdev;
	int bar;
	unsigned long nr;
	struct page *pages[];
};

/* Of the suspend callbacks, of which one runs at a time. */
static LIST_HEAD(osti_displays);

/* Is the picture in front drawn by a program, not by the kernel's console? */
static bool osti_display_drawn(void)
{
#ifdef CONFIG_VT
	bool drawn;

	console_lock();
	drawn = vc_cons[fg_console].d &&
		vc_cons[fg_console].d->vc_mode == KD_GRAPHICS;
	console_unlock();
	return drawn;
#else
	return true;
#endif
}

static void osti_display_free(struct osti_display *display)
{
	unsigned long i;

	for (i = 0; i < display->nr; i++)
		if (display->pages[i])
			__free_page(display->pages[i]);
	pci_dev_put(display->pdev);
	kvfree(display);
}

/* Fill @display with what @memory has. */
static int osti_display_copy(struct osti_display *display,
			     const void __iomem *memory)
{
	struct page *page = NULL;
	unsigned long i;

	for (i = 0; i < display->nr; i++) {
		if (!page)
			page = alloc_page(GFP_KERNEL | __GFP_NOWARN |
					  __GFP_NORETRY);
		if (!page)
			return -ENOMEM;
		memcpy_fromio(page_address(page), memory + i * PAGE_SIZE,
			      PAGE_SIZE);
		if (!memchr_inv(page_address(page), 0, PAGE_SIZE))
			continue;
		display->pages[i] = page;
		page = NULL;
	}
	if (page)
		__free_page(page);
	return 0;
}

static int osti_display_keep(struct pci_dev *pdev, int bar)
{
	unsigned long nr = pci_resource_len(pdev, bar) >> PAGE_SHIFT;
	struct osti_display *display;
	void __iomem *memory;
	int err = -ENOMEM;

	display = kvzalloc(struct_size(display, pages, nr), GFP_KERNEL);
	if (!display)
		return -ENOMEM;
	display->pdev = pci_dev_get(pdev);
	display->bar = bar;
	display->nr = nr;
	memory = pci_iomap_wc(pdev, bar, 0);
	if (memory) {
		err = osti_display_copy(display, memory);
		pci_iounmap(pdev, memory);
	}
	if (err) {
		osti_display_free(display);
		return err;
	}
	list_add(&display->list, &osti_displays);
	return 0;
}

/**
 * osti_display_freeze() - keep the picture, if a program has drawn it
 * @osti: the monitor.
 *
 * Where there is no memory for it the picture is lost and that is logged: it is no
 * reason to stay.
 *
 * Context: process, with user space frozen, before any device is suspended.
 */
void osti_display_freeze(struct osti *osti)
{
	struct pci_dev *pdev = NULL;
	int bar, err;

	if (!osti_display_drawn())
		return;
	for_each_pci_dev(pdev) {
		if (pdev->class >> 16 != PCI_BASE_CLASS_DISPLAY ||
		    !pci_is_enabled(pdev))
			continue;
		for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
			if (!(pci_resource_flags(pdev, bar) &
			      IORESOURCE_PREFETCH) ||
			    pci_resource_len(pdev, bar) > OSTI_DISPLAY_MAX)
				continue;
			err = osti_display_keep(pdev, bar);
			if (err)
				dev_warn(osti->dev, "%s: its picture will be lost until something draws it anew: error %d\n",
					 pci_name(pdev), err);
		}
	}
}

/**
 * osti_display_resume() - "resume_early" of the platform device: draw the picture
 * @dev: the platform device.
 *
 * Context: process; PCI functions have their addresses again, no driver is back.
 * Return: 0.
 */
int osti_display_resume(struct device *dev)
{
	struct osti_display *display;
	void __iomem *memory;
	unsigned long i;

	list_for_each_entry(display, &osti_displays, list) {
		memory = pci_iomap_wc(display->pdev, display->bar, 0);
		if (!memory) {
			dev_warn(dev, "%s: no memory to draw its picture again\n",
				 pci_name(display->pdev));
			continue;
		}
		for (i = 0; i < display->nr; i++)
			if (display->pages[i])
				memcpy_toio(memory + i * PAGE_SIZE,
					    page_address(display->pages[i]),
					    PAGE_SIZE);
		pci_iounmap(display->pdev, memory);
	}
	return 0;
}

/**
 * osti_display_end() - let what osti_display_freeze() kept go
 *
 * Context: process, with user space frozen, after all devices were resumed, or
 * none was suspended.
 */
void osti_display_end(void)
{
	struct osti_display *display, *next;

	list_for_each_entry_safe(display, next, &osti_displays, list) {
		list_del(&display->list);
		osti_display_free(display);
	}
}
