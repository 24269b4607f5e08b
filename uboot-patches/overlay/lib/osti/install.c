// SPDX-License-Identifier: GPL-2.0-only
/*
 * A boot image that an operating system hands over goes into the store
 */

#include <common.h>
#include <blk.h>
#include <malloc.h>
#include <memalign.h>
#include <asm/unaligned.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <osti/bm/error.h>
#include <osti/bm/exchange.h>
#include <osti/bm/fit.h>
#include <osti/bm/install.h>
#include <osti/bm/kept.h>
#include <osti/bm/keys.h>
#include <osti/bm/progress.h>
#include <osti/bm/slots.h>
#include <osti/bm/statement.h>
#include <osti/start.h>

#define SECTOR		512
#define MAGIC_BYTES	8
/* So much at once; Esc is looked for between two. */
#define PIECE		SZ_256K

/* Percent of the bar when all is read, and written. */
#define PERCENT_READ	30
#define PERCENT_WRITTEN	70

static int open_kept(const struct osti_slot *slot, struct osti_kept *kept)
{
	int ret = osti_kept_get(slot, kept);

	if (!ret)
		return 0;
	osti_error("slot %u (%s): no boot image can be kept: the store disk has no good partition \"%s.boot\" (%d): add one, or make the store disk again",
		   slot->nr, slot->name, slot->name, ret);

	return -ENOMEDIUM;
}

static int stop(const struct osti_slot *slot)
{
	osti_progress_end();
	printf("osti: stopped by Esc: slot %u (%s) keeps the boot images that it has\n",
	       slot->nr, slot->name);

	return -ECANCELED;
}

static int stopped(const struct osti_slot *slot)
{
	return osti_keys_escape() ? stop(slot) : 0;
}

/* ---- Is it one? ------------------------------------------------------------------ */

/* Its own version, if it is known, the one demanded, and those that are good */
static u64 version_had(const struct osti_slot *slot,
		       const struct osti_kept *kept)
{
	u64 had = max(slot->least, slot->version);
	u32 i;

	for (i = 0; i < OSTI_BOOT_AREAS; i++)
		if (kept->area[i].state == OSTI_BOOT_GOOD)
			had = max(had, kept->area[i].version);

	return had;
}

static int check(const struct osti_exchange *ex, const struct osti_kept *kept,
		 u64 *version, u64 *why)
{
	const struct osti_slot *slot = ex->slot;
	struct osti_layout layout;
	struct osti_fit img;
	char name[sizeof(img.file)];

	snprintf(name, sizeof(name), "new boot image of %s", slot->name);
	*why = OSTI_BOOT_E_FIT;
	if (osti_fit_parse(name, ex->bytes, &img))
		return -EKEYREJECTED;
	/* What the monitor has against it, or, if it has nothing, flags. */
	if (osti_statement_check(slot, &img, why)) {
		if (!*why)
			*why = OSTI_BOOT_E_FIT;
		return -EKEYREJECTED;
	}
	*why = OSTI_BOOT_E_FIT;
	if (osti_statement_layout(slot, &img, &layout))
		return -EKEYREJECTED;
	*version = get_unaligned_le64(img.statement + OSTI_START_S_VERSION);
	if (*version <= version_had(slot, kept))
		return osti_exchange_refused(ex, "not newer: the slot has its version already, or a later one: sign it with a higher version",
					     OSTI_BOOT_E_NOT_NEWER, why);

	return 0;
}

/* Its system may yet say that it is good, and then it must be there. */
static int check_running(const struct osti_slot *slot,
			 const struct osti_kept *kept)
{
	u32 i;

	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		if (kept->area[i].state != OSTI_BOOT_TRIAL || !slot->version ||
		    kept->area[i].version != slot->version)
			continue;
		osti_error("slot %u (%s): runs version %llu of its boot image, which is on trial: call its start good first",
			   slot->nr, slot->name, slot->version);
		return -EBUSY;
	}

	return 0;
}

/* ---- Into the store ----------------------------------------------------------------- */

static int write_image(const struct osti_slot *slot,
		       const struct osti_kept *kept, u32 area, u64 bytes)
{
	const u64 all = roundup(bytes, OSTI_STORE_UNIT);
	u64 done, piece;
	size_t room;
	const u8 *from = osti_fit_memory(&room);
	int ret = 0;

	for (done = 0; done < all && !ret; done += piece) {
		piece = min_t(u64, all - done, PIECE);
		ret = osti_store_write(&kept->store, area,
				       OSTI_BOOT_HEADER + done, from + done,
				       piece);
		osti_progress(done + piece, all, PERCENT_READ, PERCENT_WRITTEN);
		if (!ret)
			ret = stopped(slot);
	}

	return ret ? ret : osti_store_flush(&kept->store);
}

/* Is that on the disk what is in memory? */
static int compare(const struct osti_slot *slot, const struct osti_kept *kept,
		   u32 area, u64 bytes)
{
	const u64 all = roundup(bytes, OSTI_STORE_UNIT);
	u64 done, piece;
	size_t room;
	const u8 *want = osti_fit_memory(&room);
	u8 *buf = memalign(OSTI_STORE_UNIT, PIECE);
	int ret = buf ? 0 : -ENOMEM;

	for (done = 0; done < all && !ret; done += piece) {
		piece = min_t(u64, all - done, PIECE);
		ret = osti_store_read(&kept->store, area,
				      OSTI_BOOT_HEADER + done, buf, piece);
		if (!ret && memcmp(buf, want + done, piece))
			ret = -EIO;
		osti_progress(done + piece, all, PERCENT_WRITTEN, 100);
		if (!ret)
			ret = stopped(slot);
	}
	free(buf);

	return ret;
}

static int put(const struct osti_slot *slot, struct osti_kept *kept,
	       u64 version, u64 bytes)
{
	u32 area = osti_kept_spare(kept);
	int ret;

	/* From here on the area has no image, not even half of one. */
	ret = osti_store_clear(&kept->store, area);
	if (!ret)
		ret = write_image(slot, kept, area, bytes);
	if (!ret)
		ret = compare(slot, kept, area, bytes);
	if (!ret) {
		kept->area[area] = (struct osti_kept_area) {
			.state = OSTI_BOOT_TRIAL,
			.version = version,
			.bytes = bytes,
			.tries = OSTI_BOOT_TRIES,
		};
		ret = osti_kept_put(kept, area);
	}
	osti_progress_end();
	if (ret == -ECANCELED)
		return ret;
	if (ret) {
		osti_error("slot %u (%s): its new boot image cannot be written to the store (%d): replace the store disk",
			   slot->nr, slot->name, ret);
		return -EIO;
	}
	printf("osti: slot %u (%s): version %llu of its boot image is installed, area %c: its next start tries it\n",
	       slot->nr, slot->name, version, OSTI_AREA_NAME(area));

	return 0;
}

int osti_install(const struct osti_slot *slot, u64 *why)
{
	struct osti_exchange ex = { .slot = slot, .what = "boot image" };
	struct osti_kept kept;
	u64 version;
	int ret;

	ret = open_kept(slot, &kept);
	if (!ret)
		ret = check_running(slot, &kept);
	if (!ret)
		ret = osti_exchange_open(&ex);
	if (!ret)
		ret = osti_exchange_header(&ex, why);
	if (ret)
		return ret;
	if (ex.bytes > kept.store.area_bytes - OSTI_BOOT_HEADER) {
		osti_error("new boot image of %s: too large: it has %llu MiB, an area of its partition in the store %llu MiB: make the partition larger",
			   slot->name, ex.bytes / SZ_1M,
			   kept.store.area_bytes / SZ_1M);
		return -ENOSPC;
	}
	osti_progress_begin();
	ret = osti_exchange_read(&ex, PERCENT_READ);
	if (ret == -ECANCELED)
		stop(slot);
	if (!ret)
		ret = check(&ex, &kept, &version, why);
	if (ret) {
		osti_progress_end();
		return ret;
	}

	return put(slot, &kept, version, ex.bytes);
}

/* ---- What there is ----------------------------------------------------------------- */

int osti_install_report(const struct osti_slot *slot)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, report, OSTI_BOOT_HEADER);
	const u64 sectors = OSTI_BOOT_HEADER / SECTOR;
	struct osti_exchange ex = { .slot = slot };
	struct osti_kept kept;
	int ret;
	u32 i;

	ret = open_kept(slot, &kept);
	if (!ret)
		ret = osti_exchange_open(&ex);
	if (ret)
		return ret;
	memset(report, 0, OSTI_BOOT_HEADER);
	memcpy(report, OSTI_BOOT_R_MAGIC, MAGIC_BYTES);
	put_unaligned_le64(slot->nr, report + OSTI_BOOT_R_SLOT);
	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		if (kept.area[i].state)
			osti_kept_describe(&kept.area[i], report +
					   OSTI_BOOT_R_AREA +
					   i * OSTI_BOOT_R_ENTRY);
	}
	if (blk_write(ex.blk, 0, sectors, report) != sectors ||
	    blk_flush(ex.blk))
		return osti_exchange_failed(&ex);

	return 0;
}
