// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uboot.c - the services of U-Boot that the boot manager has in the tests: console,
 * clock, heap, and the store disk
 */
#include <common.h>
#include <blk.h>
#include <command.h>
#include <console.h>
#include <cpu_func.h>
#include <dm.h>
#include <malloc.h>
#include <part.h>
#include <rng.h>
#include <rtc.h>
#include <stdlib.h>
#include <sysreset.h>
#include <time.h>
#include <vsprintf.h>
#include <dm/device.h>
#include <linux/delay.h>
#include <osti/bm/pci.h>

#include "rig.h"
#include "disk_model.h"
#include "uboot.h"

struct uboot uboot;

static u64 now_us;
/* Where in the text the person looks for the next thing. */
static unsigned int looked_at;
static size_t heap_used;
static unsigned int heap_parts;

struct udevice {
	enum uclass_id id;
	struct blk_desc disk;
};

static struct udevice rng = { .id = UCLASS_RNG };
static struct udevice rtc = { .id = UCLASS_RTC };
static struct udevice store = {
	.id = UCLASS_BLK,
	.disk = { PART_TYPE_EFI, DISK_SECTORS, DISK_SECTOR },
};

void uboot_start(const struct uboot_key *keys)
{
	static const struct uboot_key nobody[] = { { NULL, 0 } };

	uboot.keys = keys ? keys : nobody;
	uboot.length = 0;
	uboot.text[0] = '\0';
	looked_at = 0;
	heap_used = 0;
	heap_parts = 0;
}

/* ---- Console ----------------------------------------------------------------- */

void uboot_vprintf(const char *fmt, va_list args)
{
	size_t room = sizeof(uboot.text) - uboot.length;
	int n = vsnprintf(uboot.text + uboot.length, room, fmt, args);

	fputs(uboot.text + uboot.length, stdout);
	if (n < 0 || (size_t)n >= room)
		rig_fail("the console shows too much");
	uboot.length += n;
}

void uboot_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	uboot_vprintf(fmt, args);
	va_end(args);
}

int tstc(void)
{
	return uboot.keys->after &&
	       strstr(uboot.text + looked_at, uboot.keys->after);
}

int uboot_getchar(void)
{
	if (!tstc())
		rig_leave(RIG_WAITS);
	looked_at = strstr(uboot.text + looked_at, uboot.keys->after) + 1 -
		    uboot.text;
	return (uboot.keys++)->key;
}

/* ---- Time ---------------------------------------------------------------------- */

void udelay(unsigned long usec)
{
	now_us += usec;
}

void mdelay(unsigned long msec)
{
	udelay(msec * 1000);
}

unsigned long get_timer(unsigned long base)
{
	return now_us / 1000 - base;
}

u64 get_ticks(void)
{
	return rig_ticks();
}

int uclass_first_device_err(enum uclass_id id, struct udevice **devp)
{
	if (id != UCLASS_RTC)
		return -ENODEV;
	*devp = &rtc;
	return 0;
}

int dm_rtc_get(struct udevice *dev, struct rtc_time *tm)
{
	if (dev != &rtc)
		return -ENODEV;
	rtc_to_tm(RIG_NOW, tm);
	return 0;
}

/* ---- Heap ---------------------------------------------------------------------- */

void *uboot_memalign(size_t align, size_t bytes)
{
	size_t at = roundup(heap_used, align);

	if (bytes > RIG_HEAP || at > RIG_HEAP - bytes)
		return NULL;
	heap_used = at + bytes;
	heap_parts++;
	return rig_heap() + at;
}

void *uboot_malloc(size_t bytes)
{
	return uboot_memalign(16, bytes);
}

void uboot_free(void *p)
{
	if (p && !--heap_parts)
		heap_used = 0;
}

/* ---- Devices ------------------------------------------------------------------- */

int osti_pci_child(u32 devno, int id, struct udevice **devp)
{
	if (devno == BOARD_PCI_RNG && id == UCLASS_RNG)
		*devp = &rng;
	else if (devno == BOARD_PCI_STORE && id == UCLASS_BLK && !uboot.no_store)
		*devp = &store;
	else
		return -ENODEV;
	return 0;
}

void *dev_get_uclass_plat(const struct udevice *dev)
{
	return dev == &store ? &store.disk : NULL;
}

int dm_rng_read(struct udevice *dev, void *buf, size_t bytes)
{
	if (dev != &rng)
		return -ENODEV;
	memset(buf, 0x5e, bytes);
	return 0;
}

long blk_read(struct udevice *dev, lbaint_t start, lbaint_t count, void *buf)
{
	return dev == &store ? disk_read(start, count, buf) : -ENODEV;
}

long blk_write(struct udevice *dev, lbaint_t start, lbaint_t count,
	       const void *buf)
{
	return dev == &store ? disk_write(start, count, buf) : -ENODEV;
}

int blk_flush(struct udevice *dev)
{
	return dev == &store ? disk_flush() : -ENODEV;
}

static void describe(u32 slot, struct disk_partition *info)
{
	*info = (struct disk_partition){
		.start = DISK_FIRST + (u64)(slot - 1) * DISK_PARTITION,
		.size = DISK_PARTITION,
		.type_guid = "8a3b6f4e-5d0c-4f0e-9b56-4f5354490001",
	};
}

int part_get_info(struct blk_desc *desc, int part, struct disk_partition *info)
{
	if (desc != &store.disk || part < 1 || part > DISK_SLOTS)
		return -ENOENT;
	describe(part, info);
	return 0;
}

int part_get_info_by_name(struct blk_desc *desc, const char *name,
			  struct disk_partition *info)
{
	u32 slot = rig_slot_named(name);

	if (!slot || part_get_info(desc, slot, info))
		return -ENOENT;
	return slot;
}

int dm_remove_devices_flags(unsigned int flags)
{
	return flags == DM_REMOVE_ACTIVE_ALL ? 0 : -EINVAL;
}

int sysreset_walk(enum sysreset_t type)
{
	if (type == SYSRESET_POWER_OFF)
		rig_leave(RIG_OFF);
	return -ENOSYS;
}

int do_reset(void *cmdtp, int flag, int argc, char *const argv[])
{
	(void)cmdtp;
	(void)flag;
	(void)argc;
	(void)argv;
	rig_leave(RIG_RESET);
}

unsigned long dectoul(const char *cp, char **endp)
{
	return strtoul(cp, endp, 10);
}
