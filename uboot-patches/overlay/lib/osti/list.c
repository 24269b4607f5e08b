// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of slots and of their images
 */

#include <common.h>
#include <time.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/clock.h>
#include <osti/bm/device.h>
#include <osti/bm/error.h>
#include <osti/bm/kept.h>
#include <osti/bm/list.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>
#include "image_error.h"

static void print_time_and_size(const struct osti_saved *saved)
{
	osti_clock_print(saved->saved_at);
	if (saved->saved_at <= OSTI_CLOCK_MAX &&
	    osti_clock_ahead(saved->saved_at))
		puts(" (ahead of the clock)");
	printf(", %llu KiB", DIV_ROUND_UP(saved->bytes, SZ_1K));
}

static void print_details(const struct osti_saved *saved)
{
	print_time_and_size(saved);
	printf(", area %c: %s\n", OSTI_AREA_NAME(saved->area), saved->error ?
	       image_error_text(saved->error) :
	       saved->retired ? "retired" : "stored");
}

static int print_image(const struct osti_slot *slot)
{
	struct osti_saved saved;
	int ret;

	ret = osti_saved_get(slot, &saved);
	if (ret)
		return ret;
	if (saved.nv) {
		osti_error("slot %u (%s): no images: the device has no NV memory that can be trusted: see what the switch monitor said when it started",
			   slot->nr, slot->name);
		return 0;
	}
	printf("  %4u  %-16s  %10llu  ", slot->nr, slot->name,
	       saved.generation);
	switch (saved.state) {
	case OSTI_SAVED_NONE:
		puts(saved.generation ?
		     "used up, given up or never finished\n" : "none\n");
		break;
	case OSTI_SAVED_MISSING:
		puts("missing\n");
		break;
	default:
		print_details(&saved);
		break;
	}
	if (saved.store_err)
		osti_store_explain(slot, saved.store_err);

	return 0;
}

int osti_list_images(const struct osti_device *dev)
{
	struct osti_slot slot = { .nr = 0 };
	int next, ret;

	puts("  Slot  Name              Generation  Image\n");
	while ((next = osti_slots_next(dev, &slot)) > 0) {
		ret = print_image(&slot);
		if (ret)
			return ret;
	}

	return next;
}

static void print_saved(const struct osti_saved *saved)
{
	switch (saved->state) {
	case OSTI_SAVED_NONE:
		puts("empty\n");
		return;
	case OSTI_SAVED_MISSING:
		puts("image missing\n");
		return;
	case OSTI_SAVED_REFUSED:
		printf("image refused (%s), ", image_error_name(saved->error));
		break;
	case OSTI_SAVED_STORED:
		puts(saved->retired ? "lives elsewhere, left here " : "stored ");
		break;
	}
	print_time_and_size(saved);
	puts("\n");
}

static int print_empty(const struct osti_slot *slot)
{
	struct osti_saved saved;
	int ret = osti_saved_get(slot, &saved);

	if (ret)
		return ret;
	print_saved(&saved);

	return 0;
}

static int print_state(const struct osti_device *dev,
		       const struct osti_slot *slot)
{
	switch (slot->state) {
	case OSTI_SLOT_EMPTY:
		return print_empty(slot);
	case OSTI_SLOT_LOADING:
		puts("open for loading\n");
		break;
	case OSTI_SLOT_FROZEN:
		printf("frozen since %llu s\n",
		       (get_ticks() - slot->frozen_at) / dev->hz);
		break;
	case OSTI_SLOT_SAVING:
		puts("being hibernated\n");
		break;
	case OSTI_SLOT_RESTORING:
		puts("being resumed from its image\n");
		break;
	default:
		printf("unknown state %u\n", slot->state);
		break;
	}

	return 0;
}

/* A later one, on trial or good, is what a person hears of otherwise. */
static bool is_bad(const struct osti_kept_area *area,
		   const struct osti_kept_area *other)
{
	bool later = other->state && other->version > area->version;

	return area->state == OSTI_BOOT_BAD && !later;
}

/* Nobody has seen it, perhaps, when the one before was started instead. */
static void print_bad(const struct osti_slot *slot)
{
	struct osti_kept kept;
	u32 i;

	/* Without a store there is none, and that is told elsewhere. */
	if (osti_kept_get(slot, &kept))
		return;
	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		if (is_bad(&kept.area[i], &kept.area[!i]))
			printf("        version %llu of its boot image is bad: the one before is started\n",
			       kept.area[i].version);
	}
}

int osti_list_slots(const struct osti_device *dev)
{
	struct osti_slot slot = { .nr = 0 };
	int next, ret;

	puts("  Slot  Name                  Size  State\n");
	while ((next = osti_slots_next(dev, &slot)) > 0) {
		printf("  %4u  %-16s  %4llu MiB  ", slot.nr, slot.name,
		       slot.bytes / SZ_1M);
		ret = print_state(dev, &slot);
		if (ret)
			return ret;
		print_bad(&slot);
	}

	return next;
}
