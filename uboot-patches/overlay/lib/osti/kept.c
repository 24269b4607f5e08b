// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boot images that an operating system installed: what there is, and what is tried
 *
 * The order of what reaches the disk decides what a power cut can leave
 * behind: docs/boot-manager.md.
 */

#include <common.h>
#include <memalign.h>
#include <asm/unaligned.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sizes.h>
#include <u-boot/crc.h>
#include <osti/abi.h>
#include <osti/bm/error.h>
#include <osti/bm/events.h>
#include <osti/bm/fit.h>
#include <osti/bm/kept.h>
#include <osti/bm/slots.h>

#define MAGIC_BYTES	8
/* So much at once: a disk has a time for each request, see keys.c. */
#define PIECE		SZ_1M

static void parse(const struct osti_store *store, const u8 *head,
		  struct osti_kept_area *area)
{
	memset(area, 0, sizeof(*area));
	if (memcmp(head, OSTI_BOOT_A_MAGIC, MAGIC_BYTES) ||
	    get_unaligned_le32(head + OSTI_BOOT_A_CRC) !=
	    crc32(0, head, OSTI_BOOT_A_CRC))
		return;
	area->state = get_unaligned_le64(head + OSTI_BOOT_A_STATE);
	area->version = get_unaligned_le64(head + OSTI_BOOT_A_VERSION);
	area->bytes = get_unaligned_le64(head + OSTI_BOOT_A_BYTES);
	area->tries = get_unaligned_le64(head + OSTI_BOOT_A_TRIES);
	/* Somebody has made that, or it is of a later boot manager. */
	if (area->state >= OSTI_BOOT_STATES || !area->bytes ||
	    area->bytes > store->area_bytes - OSTI_BOOT_HEADER ||
	    area->tries > OSTI_BOOT_TRIES)
		memset(area, 0, sizeof(*area));
}

int osti_kept_get(const struct osti_slot *slot, struct osti_kept *kept)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, head, OSTI_BOOT_HEADER);
	u32 area;
	int ret;

	ret = osti_store_open_boot(slot, &kept->store);
	for (area = 0; area < OSTI_BOOT_AREAS && !ret; area++) {
		ret = osti_store_read(&kept->store, area, 0, head,
				      OSTI_BOOT_HEADER);
		if (!ret)
			parse(&kept->store, head, &kept->area[area]);
	}

	return ret;
}

void osti_kept_describe(const struct osti_kept_area *area, u8 *to)
{
	memcpy(to, OSTI_BOOT_A_MAGIC, MAGIC_BYTES);
	put_unaligned_le64(area->version, to + OSTI_BOOT_A_VERSION);
	put_unaligned_le64(area->bytes, to + OSTI_BOOT_A_BYTES);
	put_unaligned_le64(area->state, to + OSTI_BOOT_A_STATE);
	put_unaligned_le64(area->tries, to + OSTI_BOOT_A_TRIES);
}

int osti_kept_put(const struct osti_kept *kept, u32 area)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, head, OSTI_BOOT_HEADER);
	int ret;

	memset(head, 0, OSTI_BOOT_HEADER);
	osti_kept_describe(&kept->area[area], head);
	put_unaligned_le32(crc32(0, head, OSTI_BOOT_A_CRC),
			   head + OSTI_BOOT_A_CRC);
	ret = osti_store_write(&kept->store, area, 0, head, OSTI_BOOT_HEADER);
	if (ret)
		return ret;

	return osti_store_flush(&kept->store);
}

static bool may_be_tried(const struct osti_kept_area *area)
{
	return area->state == OSTI_BOOT_TRIAL && area->tries;
}

/* On trial comes before good, then the later version. */
static bool comes_before(const struct osti_kept_area *one,
			 const struct osti_kept_area *other)
{
	if (may_be_tried(one) != may_be_tried(other))
		return may_be_tried(one);

	return one->version > other->version;
}

int osti_kept_next(const struct osti_kept *kept, u32 tried)
{
	int best = -ENOENT;
	u32 i;

	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		const struct osti_kept_area *area = &kept->area[i];

		if (tried & 1 << i || (!may_be_tried(area) &&
				       area->state != OSTI_BOOT_GOOD))
			continue;
		if (best < 0 || comes_before(area, &kept->area[best]))
			best = i;
	}

	return best;
}

/* The higher, the more it is of use. */
static u64 worth(const struct osti_kept_area *area)
{
	switch (area->state) {
	case OSTI_BOOT_GOOD:
		return 3;
	case OSTI_BOOT_TRIAL:
		return area->tries ? 2 : 1;
	case OSTI_BOOT_BAD:
		return 1;
	default:
		return 0;
	}
}

u32 osti_kept_spare(const struct osti_kept *kept)
{
	const struct osti_kept_area *a = &kept->area[0], *b = &kept->area[1];

	if (worth(a) != worth(b))
		return worth(a) > worth(b);

	return a->version > b->version;
}

int osti_kept_load(const struct osti_slot *slot, const struct osti_kept *kept,
		   u32 area, struct osti_fit *img)
{
	u64 bytes = kept->area[area].bytes;
	u64 left = roundup(bytes, OSTI_STORE_UNIT);
	u64 at = OSTI_BOOT_HEADER;
	size_t room;
	u8 *to = osti_fit_memory(&room);
	char name[sizeof(img->file)];
	int ret = 0;

	snprintf(name, sizeof(name), "%s.boot, area %c", slot->name,
		 OSTI_AREA_NAME(area));
	if (left > room) {
		osti_error("%s: too large: it has %llu MiB, the boot manager has memory for %zu MiB",
			   name, bytes / SZ_1M, room / SZ_1M);
		return -EFBIG;
	}
	printf("osti: reading %s, version %llu, %llu KiB\n", name,
	       kept->area[area].version, bytes / SZ_1K);
	while (left && !ret) {
		u64 piece = min_t(u64, left, PIECE);

		ret = osti_store_read(&kept->store, area, at, to, piece);
		at += piece;
		to += piece;
		left -= piece;
	}
	if (ret) {
		osti_error("%s: cannot be read (%d): the store disk is damaged: replace it",
			   name, ret);
		return ret;
	}

	return osti_fit_parse(name, bytes, img);
}

/* That it is not noted makes nothing worse than it was. */
static void note(const struct osti_slot *slot, struct osti_kept *kept,
		 u32 area, u32 state)
{
	int ret;

	kept->area[area].state = state;
	ret = osti_kept_put(kept, area);
	if (ret)
		osti_error("slot %u (%s): what became of version %llu of its boot image cannot be noted in the store (%d): replace it",
			   slot->nr, slot->name, kept->area[area].version, ret);
}

int osti_kept_use(const struct osti_slot *slot, struct osti_kept *kept,
		  u32 area)
{
	struct osti_kept_area *what = &kept->area[area];
	int ret;

	if (what->state != OSTI_BOOT_TRIAL)
		return 0;
	/* Noted first: without that it would be tried without end. */
	what->tries--;
	ret = osti_kept_put(kept, area);
	if (ret) {
		osti_error("slot %u (%s): version %llu of its boot image is not tried: the store cannot be written (%d): replace it",
			   slot->nr, slot->name, what->version, ret);
		return ret;
	}
	printf("osti: slot %u (%s): version %llu of its boot image is on trial, %llu more to come\n",
	       slot->nr, slot->name, what->version, what->tries);

	return 0;
}

void osti_kept_give_up(const struct osti_slot *slot, struct osti_kept *kept,
		       u32 area)
{
	if (kept->area[area].state == OSTI_BOOT_TRIAL)
		note(slot, kept, area, OSTI_BOOT_BAD);
}

static bool is_over(const struct osti_kept_area *area)
{
	return area->state == OSTI_BOOT_TRIAL && !area->tries;
}

bool osti_kept_tries_over(const struct osti_slot *slot)
{
	struct osti_kept kept;

	return !osti_kept_get(slot, &kept) &&
	       (is_over(&kept.area[0]) || is_over(&kept.area[1]));
}

void osti_kept_end_trials(const struct osti_slot *slot, struct osti_kept *kept)
{
	u32 i;

	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		if (!is_over(&kept->area[i]))
			continue;
		osti_error("slot %u (%s): version %llu of its boot image was tried %d times, and no start was called good: the one before is started",
			   slot->nr, slot->name, kept->area[i].version,
			   OSTI_BOOT_TRIES);
		note(slot, kept, i, OSTI_BOOT_BAD);
	}
}

/* Did the slot call a start by that version good, since power-on? */
static int called_good(const struct osti_slot *slot, u64 version)
{
	struct osti_event_record ev;
	struct osti_events it;
	int ret;

	ret = osti_events_first(OSTI_RING_ACTS, &it);
	if (ret)
		return ret;
	do {
		ret = osti_events_next(&it, &ev);
	} while (ret > 0 && (ev.type != OSTI_EV_GOOD || ev.slot != slot->nr ||
			     ev.arg[0] != version));

	return ret;
}

static int settle(const struct osti_slot *slot, struct osti_kept *kept, u32 i)
{
	const struct osti_kept_area *area = &kept->area[i];
	int good = 1;

	if (area->state != OSTI_BOOT_TRIAL)
		return 0;
	/* Only who was started by it can have raised that: it is a new version. */
	if (area->version > slot->least)
		good = called_good(slot, area->version);
	if (good <= 0)
		return good;
	printf("osti: slot %u (%s): version %llu of its boot image is good\n",
	       slot->nr, slot->name, area->version);
	note(slot, kept, i, OSTI_BOOT_GOOD);

	return 0;
}

int osti_kept_settle(const struct osti_device *dev)
{
	struct osti_slot slot = { .nr = 0 };
	struct osti_kept kept;
	int next, ret;
	u32 i;

	while ((next = osti_slots_next(dev, &slot)) > 0) {
		if (osti_kept_get(&slot, &kept))
			continue;
		for (i = 0; i < OSTI_BOOT_AREAS; i++) {
			ret = settle(&slot, &kept, i);
			if (ret)
				return ret;
		}
	}

	return next;
}
