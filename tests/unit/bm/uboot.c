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
#include <u-boot/crc.h>
#include <rtc.h>
#include <stdlib.h>
#include <sysreset.h>
#include <time.h>
#include <vsprintf.h>
#include <dm/device.h>
#include <linux/delay.h>
#include <osti/abi.h>
#include <osti/bm/pci.h>

#include "rig.h"
#include "disk_model.h"
#include "uboot.h"

/* Longer than the real ones: tests have no time. */
#define NAP_MS	100

struct uboot uboot;

static u64 now_us;
/* Since a key was taken */
static unsigned int naps;
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
uint8_t uboot_exchange[UBOOT_EXCHANGE_BYTES];

static struct udevice exchange = {
	.id = UCLASS_BLK,
	.disk = { 0, UBOOT_EXCHANGE_BYTES / DISK_SECTOR, DISK_SECTOR },
};

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
	naps = 0;
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

int ctrlc(void)
{
	return 0;
}

int uboot_getchar(void)
{
	if (!tstc())
		rig_fail("it waits for a key with a busy CPU");
	naps = 0;
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

void osti_nap(void)
{
	mdelay(NAP_MS);
	/* No question has such a limit: it waits for a person. */
	if (++naps > 600000 / NAP_MS)
		rig_leave(RIG_WAITS);
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
	else if (devno == BOARD_PCI_EXCHANGE && id == UCLASS_BLK &&
		 !uboot.no_exchange)
		*devp = &exchange;
	else
		return -ENODEV;
	return 0;
}

void *dev_get_uclass_plat(const struct udevice *dev)
{
	return dev == &store ? &store.disk :
	       dev == &exchange ? &exchange.disk : NULL;
}

int dm_rng_read(struct udevice *dev, void *buf, size_t bytes)
{
	if (dev != &rng)
		return -ENODEV;
	memset(buf, 0x5e, bytes);
	return 0;
}

/* Where on the exchange disk; NULL behind its end. */
static uint8_t *exchanged(lbaint_t start, lbaint_t count)
{
	const lbaint_t sectors = exchange.disk.lba;

	return start > sectors || count > sectors - start ? NULL :
	       uboot_exchange + start * DISK_SECTOR;
}

static long copy_exchange(void *to, const void *from, lbaint_t count)
{
	if (!to || !from)
		return -EIO;
	memcpy(to, from, count * DISK_SECTOR);
	return count;
}

long blk_read(struct udevice *dev, lbaint_t start, lbaint_t count, void *buf)
{
	if (dev == &exchange)
		return copy_exchange(buf, exchanged(start, count), count);
	return dev == &store ? disk_read(start, count, buf) : -ENODEV;
}

long blk_write(struct udevice *dev, lbaint_t start, lbaint_t count,
	       const void *buf)
{
	if (dev == &exchange)
		return copy_exchange(exchanged(start, count), buf, count);
	return dev == &store ? disk_write(start, count, buf) : -ENODEV;
}

int blk_flush(struct udevice *dev)
{
	if (dev == &exchange)
		return 0;
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

static int describe_boot(struct blk_desc *desc, u32 slot,
			 struct disk_partition *info)
{
	if (desc != &store.disk || !slot || slot > DISK_SLOTS)
		return -ENOENT;
	*info = (struct disk_partition){
		.start = DISK_BOOT_FIRST + (u64)(slot - 1) * DISK_BOOT_PARTITION,
		.size = DISK_BOOT_PARTITION,
		.type_guid = "8a3b6f4e-5d0c-4f0e-9b56-4f5354490002",
	};
	return DISK_SLOTS + slot;
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
	const char *dot = strchr(name, '.');
	char slot_name[OSTI_NAME_LEN + 1] = { 0 };
	u32 slot;

	if (dot && !strcmp(dot, ".boot") && !uboot.no_boot) {
		memcpy(slot_name, name, dot - name);
		slot = rig_slot_named(slot_name);
		return describe_boot(desc, slot, info);
	}
	slot = rig_slot_named(name);
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

/* ISO 3309, reflected */
uint32_t crc32(uint32_t crc, const unsigned char *buf, unsigned int len)
{
	unsigned int i, bit;

	crc = ~crc;
	for (i = 0; i < len; i++) {
		crc ^= buf[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

unsigned long dectoul(const char *cp, char **endp)
{
	return strtoul(cp, endp, 10);
}
