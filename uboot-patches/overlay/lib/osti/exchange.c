// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exchange disk: what an operating system hands over comes into memory
 *
 * All of the exchange disk may be anybody's work. What is verified is what was
 * read into memory once, and that is what is used.
 */

#include <common.h>
#include <blk.h>
#include <dm.h>
#include <memalign.h>
#include <asm/unaligned.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <osti/bm/error.h>
#include <osti/bm/exchange.h>
#include <osti/bm/fit.h>
#include <osti/bm/keys.h>
#include <osti/bm/pci.h>
#include <osti/bm/progress.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>
#include <osti/bootimage.h>

#define SECTOR		512
#define MAGIC_BYTES	8
/* So much at once; Esc is looked for between two. */
#define PIECE		SZ_256K

int osti_exchange_open(struct osti_exchange *ex)
{
	struct blk_desc *disk;
	int ret;

	ret = osti_pci_child(BOARD_PCI_EXCHANGE, UCLASS_BLK, &ex->blk);
	disk = ret ? NULL : dev_get_uclass_plat(ex->blk);
	if (disk && disk->blksz == SECTOR)
		return 0;
	osti_error("slot %u (%s): no exchange disk: PCI 00:%02x.0 is no virtio-blk device that works: attach one",
		   ex->slot->nr, ex->slot->name, BOARD_PCI_EXCHANGE);

	return -ENODEV;
}

int osti_exchange_failed(const struct osti_exchange *ex)
{
	osti_error("slot %u (%s): the exchange disk does not work: make it again",
		   ex->slot->nr, ex->slot->name);

	return -EIO;
}

int osti_exchange_refused(const struct osti_exchange *ex, const char *text,
			  u64 code, u64 *why)
{
	osti_error("new %s of %s: %s", ex->what, ex->slot->name, text);
	*why = code;

	return -EKEYREJECTED;
}

int osti_exchange_header(struct osti_exchange *ex, u64 *why)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, head, OSTI_BOOT_HEADER);
	const struct blk_desc *disk = dev_get_uclass_plat(ex->blk);
	const u64 sectors = OSTI_BOOT_HEADER / SECTOR;

	if (disk->lba < sectors ||
	    blk_read(ex->blk, 0, sectors, head) != sectors)
		return osti_exchange_failed(ex);
	if (memcmp(head, OSTI_BOOT_X_MAGIC, MAGIC_BYTES) ||
	    get_unaligned_le64(head + OSTI_BOOT_X_SLOT) != ex->slot->nr)
		return osti_exchange_refused(ex, "the exchange disk has none for this slot: hand it over again",
					     OSTI_BOOT_E_NOTHING, why);
	ex->bytes = get_unaligned_le64(head + OSTI_BOOT_X_BYTES);
	/* No sum is formed that could wrap. */
	if (!ex->bytes || ex->bytes > (disk->lba - sectors) * SECTOR)
		return osti_exchange_refused(ex, "truncated: the exchange disk ends before it: hand it over again",
					     OSTI_BOOT_E_FIT, why);

	return 0;
}

int osti_exchange_read(const struct osti_exchange *ex, u32 percent)
{
	const u64 all = DIV_ROUND_UP(ex->bytes, SECTOR);
	u64 done, count;
	size_t room;
	u8 *to = osti_fit_memory(&room);

	if (ex->bytes > room || roundup(ex->bytes, OSTI_STORE_UNIT) > room) {
		osti_error("new %s of %s: too large: it has %llu MiB, the boot manager has memory for %zu MiB",
			   ex->what, ex->slot->name, ex->bytes / SZ_1M,
			   room / SZ_1M);
		return -EFBIG;
	}
	for (done = 0; done < all; done += count) {
		count = min_t(u64, all - done, PIECE / SECTOR);
		if (blk_read(ex->blk, OSTI_BOOT_HEADER / SECTOR + done, count,
			     to + done * SECTOR) != count)
			return osti_exchange_failed(ex);
		osti_progress(done + count, all, 0, percent);
		if (osti_keys_escape())
			return -ECANCELED;
	}
	/* What is behind it has no meaning. */
	memset(to + ex->bytes, 0,
	       roundup(ex->bytes, OSTI_STORE_UNIT) - ex->bytes);

	return 0;
}
