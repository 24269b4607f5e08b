// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start, resume, power off: the ways out of the boot manager
 */

#include <common.h>
#include <cpu_func.h>
#include <sysreset.h>
#include <dm/device.h>
#include <dm/root.h>
#include <linux/sizes.h>
#include <osti/bm.h>

int osti_layout_plan(const struct osti_slot *slot, const struct osti_image *img,
		     struct osti_layout *layout)
{
	u64 room = min_t(u64, slot->bytes, OSTI_WINDOW_MAX);

	/*
	 * The device tree gets the first 2 MiB for itself, since the kernel
	 * wants it not to cross such a boundary.
	 */
	layout->dtb = 0;
	layout->kernel = SZ_2M + img->text_offset;
	layout->initrd = 0;
	layout->end = 0;

	/* The header may claim any size: compare without overflow. */
	if (img->kernel_mem < room) {
		layout->initrd = ALIGN(layout->kernel + img->kernel_mem, SZ_2M);
		layout->end = layout->initrd + img->initrd_len;
	}
	if (!layout->end || layout->end > room) {
		osti_error("slot %u (%s): too large: kernel (%llu KiB) and initrd (%zu KiB) do not fit its %llu KiB: make the slot larger or the image smaller",
			   slot->nr, slot->name, img->kernel_mem / SZ_1K,
			   img->initrd_len / SZ_1K, room / SZ_1K);
		return -ENOSPC;
	}

	return 0;
}

/* From here on nothing may write to memory behind the boot manager's back. */
static void quiesce(void)
{
	dm_remove_devices_flags(DM_REMOVE_ACTIVE_ALL);
}

static int fill(void *window, const struct osti_device *dev,
		const struct osti_slot *slot, const struct osti_image *img,
		const struct osti_layout *layout)
{
	int ret;

	ret = osti_dtb_make(window + layout->dtb, dev, slot, img, layout);
	if (ret)
		return ret;
	memcpy(window + layout->kernel, img->kernel, img->kernel_len);
	if (img->initrd)
		memcpy(window + layout->initrd, img->initrd, img->initrd_len);

	/* The slot starts with its caches off. */
	flush_dcache_range((ulong)window,
			   (ulong)window + ALIGN(layout->end, SZ_4K));

	return 0;
}

static int open_slot(const struct osti_device *dev,
		     const struct osti_slot *slot, struct osti_regs *regs)
{
	s64 status;

	for (;;) {
		int ret;

		status = osti_call(OSTI_CALL_SLOT_OPEN, slot->nr, 0, 0, regs);
		if (!status)
			return 0;
		if (status != OSTI_E_NO_ROOM)
			return osti_refused("open its memory", slot, status);
		ret = osti_make_room(dev, slot);
		if (ret)
			return ret;
	}
}

int osti_start(const struct osti_device *dev, const struct osti_slot *slot)
{
	struct osti_layout layout;
	struct osti_image img;
	struct osti_regs regs;
	s64 status;
	int ret;

	printf("osti: starting slot %u (%s)\n", slot->nr, slot->name);
	ret = osti_image_load(slot, &img);
	if (ret)
		return ret;
	ret = osti_layout_plan(slot, &img, &layout);
	if (ret)
		return ret;

	/* A slot that crashes and restarts without end must not lock us out. */
	if (osti_key_escape()) {
		printf("osti: stopped by Esc: slot %u (%s) stays empty\n",
		       slot->nr, slot->name);
		return -ECANCELED;
	}

	ret = open_slot(dev, slot, &regs);
	if (ret)
		return ret;
	if (regs.x[1] != OSTI_WINDOW_IPA || regs.x[2] != slot->bytes) {
		osti_error("slot %u (%s): the switch monitor opened %llu bytes at %#llx, expected %llu at %#llx: build monitor and boot manager from the same source",
			   slot->nr, slot->name, regs.x[2], regs.x[1],
			   slot->bytes, (u64)OSTI_WINDOW_IPA);
		ret = -EPROTO;
		goto close;
	}
	ret = fill((void *)OSTI_WINDOW_IPA, dev, slot, &img, &layout);
	if (ret)
		goto close;

	printf("osti: entering slot %u (%s)\n", slot->nr, slot->name);
	quiesce();
	status = osti_call(OSTI_CALL_SLOT_START, slot->nr,
			   OSTI_RAM_IPA + layout.kernel,
			   OSTI_RAM_IPA + layout.dtb, &regs);
	ret = osti_refused("start it", slot, status);

close:
	status = osti_call(OSTI_CALL_SLOT_CLOSE, slot->nr, 0, 0, &regs);
	if (status)
		osti_refused("close its memory", slot, status);

	return ret;
}

static int enter_frozen(const struct osti_slot *slot)
{
	struct osti_regs regs;
	s64 status;

	quiesce();
	status = osti_call(OSTI_CALL_SLOT_RESUME, slot->nr, 0, 0, &regs);

	return osti_refused("resume it", slot, status);
}

int osti_resume(const struct osti_slot *slot)
{
	printf("osti: resuming slot %u (%s)\n", slot->nr, slot->name);

	return enter_frozen(slot);
}

int osti_resume_image(const struct osti_device *dev,
		      const struct osti_slot *slot)
{
	int ret = osti_restore(dev, slot);

	if (ret)
		return ret;
	printf("osti: entering slot %u (%s)\n", slot->nr, slot->name);

	return enter_frozen(slot);
}

int osti_enter(const struct osti_device *dev, u32 nr)
{
	struct osti_saved saved;
	struct osti_slot slot;
	int ret;

	ret = osti_slot_get(nr, &slot);
	if (ret)
		return ret;
	if (slot.state == OSTI_SLOT_FROZEN)
		return osti_resume(&slot);
	ret = osti_saved_get(&slot, &saved);
	if (ret)
		return ret;
	if (saved.state == OSTI_SAVED_NONE)
		return osti_start(dev, &slot);

	return osti_resume_image(dev, &slot);
}

int osti_power_off(void)
{
	int ret;

	puts("osti: power off\n");
	quiesce();
	ret = sysreset_walk(SYSRESET_POWER_OFF);
	osti_error("the device did not switch off (%d): remove its power", ret);

	return -EIO;
}
