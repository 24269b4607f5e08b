// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store disk: a GPT with a partition for each slot, two areas in each
 */

#include <common.h>
#include <blk.h>
#include <dm.h>
#include <memalign.h>
#include <part.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <osti/bm/error.h>
#include <osti/bm/keys.h>
#include <osti/bm/pci.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>
#include <osti/image.h>

#define SECTOR		512

/* A partition of another type is somebody else's, whatever its name. */
#define TYPE_GUID	"8a3b6f4e-5d0c-4f0e-9b56-4f5354490001"
#define BOOT_TYPE_GUID	"8a3b6f4e-5d0c-4f0e-9b56-4f5354490002"

static int find_partition(struct blk_desc *disk, const char *name,
			  const char *type, struct disk_partition *part)
{
	if (disk->part_type != PART_TYPE_EFI || part_get_info(disk, 1, part))
		return -EMEDIUMTYPE;
	if (part_get_info_by_name(disk, name, part) < 0)
		return -ENOENT;
	if (strcasecmp(part->type_guid, type))
		return -EPERM;
	/* Nobody else compares the table with the disk. */
	if (part->start >= disk->lba || part->size > disk->lba - part->start)
		return -ERANGE;

	return 0;
}

/* What became of a transfer of so many sectors. */
static int outcome(long got, u64 sectors)
{
	if (got == sectors)
		return 0;
	if (got == -ETIMEDOUT)
		return osti_keys_escape() ? -ECANCELED : -ETIMEDOUT;

	return -EIO;
}

static int open_partition(const char *name, const char *type,
			  struct osti_store *store)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, head, SECTOR);
	struct disk_partition part;
	struct blk_desc *disk;
	int ret;

	if (osti_pci_child(BOARD_PCI_STORE, UCLASS_BLK, &store->blk))
		return -ENODEV;
	disk = dev_get_uclass_plat(store->blk);
	if (disk->blksz != SECTOR)
		return -EMEDIUMTYPE;
	/* One that does not work may have a good table all the same. */
	ret = outcome(blk_read(store->blk, 0, 1, head), 1);
	if (ret)
		return ret;
	ret = find_partition(disk, name, type, &part);
	if (ret)
		return ret;
	store->start = part.start;
	store->area_bytes = rounddown((u64)part.size * SECTOR / 2,
				      OSTI_STORE_UNIT);

	return store->area_bytes ? 0 : -ERANGE;
}

int osti_store_open(const struct osti_slot *slot, struct osti_store *store)
{
	return open_partition(slot->name, TYPE_GUID, store);
}

int osti_store_open_boot(const struct osti_slot *slot, struct osti_store *store)
{
	char name[OSTI_NAME_LEN + sizeof(".boot")];

	snprintf(name, sizeof(name), "%s.boot", slot->name);

	return open_partition(name, BOOT_TYPE_GUID, store);
}

int osti_store_explain(const struct osti_slot *slot, int err)
{
	static const char again[] =
		"make it again, or start the device without it";

	switch (err) {
	case -ENODEV:
		osti_error("slot %u (%s): no store disk: PCI 00:%02x.0 is no virtio-blk device that works: attach one",
			   slot->nr, slot->name, BOARD_PCI_STORE);
		break;
	case -EMEDIUMTYPE:
		osti_error("slot %u (%s): the store disk has no partition table (GPT) that is good: %s",
			   slot->nr, slot->name, again);
		break;
	case -ENOENT:
		osti_error("slot %u (%s): the store disk has no partition \"%s\": add one",
			   slot->nr, slot->name, slot->name);
		break;
	case -EPERM:
		osti_error("slot %u (%s): partition \"%s\" of the store disk is not for images: its type is not %s",
			   slot->nr, slot->name, slot->name, TYPE_GUID);
		break;
	case -ERANGE:
		osti_error("slot %u (%s): partition \"%s\" does not lie on the store disk: %s",
			   slot->nr, slot->name, slot->name, again);
		break;
	case -ECANCELED:
	case -ETIMEDOUT:
		osti_error("slot %u (%s): the store disk does not answer: restart the boot manager when it does",
			   slot->nr, slot->name);
		break;
	default:
		osti_error("slot %u (%s): the store disk does not work (%d): %s",
			   slot->nr, slot->name, err, again);
		break;
	}

	return err;
}

/* Return: -ENOSPC when the range is not in the area, which would be fatal */
static int locate(const struct osti_store *store, u32 area, u64 offset,
		  u64 bytes, lbaint_t *first)
{
	if (offset > store->area_bytes || bytes > store->area_bytes - offset)
		return -ENOSPC;
	*first = store->start + (area * store->area_bytes + offset) / SECTOR;

	return 0;
}

int osti_store_read(const struct osti_store *store, u32 area, u64 offset,
		    void *buf, u64 bytes)
{
	lbaint_t first;
	int ret;

	ret = locate(store, area, offset, bytes, &first);
	if (ret)
		return ret;

	return outcome(blk_read(store->blk, first, bytes / SECTOR, buf),
		       bytes / SECTOR);
}

int osti_store_write(const struct osti_store *store, u32 area, u64 offset,
		     const void *buf, u64 bytes)
{
	lbaint_t first;
	int ret;

	ret = locate(store, area, offset, bytes, &first);
	if (ret)
		return ret;

	return outcome(blk_write(store->blk, first, bytes / SECTOR, buf),
		       bytes / SECTOR);
}

int osti_store_flush(const struct osti_store *store)
{
	return outcome(blk_flush(store->blk), 0);
}

int osti_store_clear(const struct osti_store *store, u32 area)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, head, OSTI_IMAGE_HEADER);
	int ret;

	memset(head, 0, OSTI_IMAGE_HEADER);
	ret = osti_store_write(store, area, 0, head, OSTI_IMAGE_HEADER);
	if (!ret)
		ret = osti_store_flush(store);
	if (!ret)
		ret = osti_store_read(store, area, 0, head, OSTI_IMAGE_HEADER);
	if (!ret && memchr_inv(head, 0, OSTI_IMAGE_HEADER))
		ret = -EIO;

	return ret;
}
