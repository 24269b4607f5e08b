// SPDX-License-Identifier: GPL-2.0-only
/*
 * A boot image is placed in a slot and started
 */

#include <common.h>
#include <cpu_func.h>
#include <dm.h>
#include <mapmem.h>
#include <rng.h>
#include <time.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/consent.h>
#include <osti/bm/error.h>
#include <osti/bm/fit.h>
#include <osti/bm/kept.h>
#include <osti/bm/keys.h>
#include <osti/bm/leave.h>
#include <osti/bm/pci.h>
#include <osti/bm/room.h>
#include <osti/bm/slots.h>
#include <osti/bm/start.h>
#include <osti/bm/statement.h>

/*
 * A device without a random number generator is a device with slower entropy
 * and no KASLR worth the name, not a broken one.
 */
static void get_chance(u8 seed[OSTI_START_SEED])
{
	struct udevice *rng;
	u64 now = get_ticks();

	if (!osti_pci_child(BOARD_PCI_RNG, UCLASS_RNG, &rng) &&
	    !dm_rng_read(rng, seed, OSTI_START_SEED))
		return;
	printf("osti: warning: no random number generator (PCI 00:%02x.0): the slot starts with seeds that can be guessed\n",
	       BOARD_PCI_RNG);
	memset(seed, 0, OSTI_START_SEED);
	memcpy(seed, &now, sizeof(now));
}

/* The monitor and the slot may look at it with their caches off. */
static void put(void *window, u64 offset, const void *from, size_t len)
{
	ulong start = (ulong)window + offset;

	memcpy((void *)start, from, len);
	flush_dcache_range(rounddown(start, SZ_4K),
			   roundup(start + len, SZ_4K));
}

static void fill(void *window, const struct osti_fit *img,
		 const struct osti_layout *layout)
{
	put(window, layout->kernel, img->kernel, img->kernel_len);
	if (img->initrd)
		put(window, layout->initrd, img->initrd, img->initrd_len);
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
			return osti_call_refused("open its memory", slot, status);
		ret = osti_room_make(dev, slot);
		if (ret)
			return ret;
	}
}

static int check_window(const struct osti_slot *slot,
			const struct osti_regs *regs)
{
	if (regs->x[1] == OSTI_WINDOW_IPA && regs->x[2] == slot->bytes)
		return 0;
	osti_error("slot %u (%s): the switch monitor opened %llu bytes at %#llx, expected %llu at %#llx: build monitor and boot manager from the same source",
		   slot->nr, slot->name, regs->x[2], regs->x[1], slot->bytes,
		   (u64)OSTI_WINDOW_IPA);

	return -EPROTO;
}

/* Return: only on error; the slot stays open */
static int enter_open(const struct osti_slot *slot,
		      const struct osti_fit *img, u64 flags)
{
	u8 seed[OSTI_START_SEED];
	struct osti_regs regs = {
		.x = {
			OSTI_CALL_SLOT_START, slot->nr,
			map_to_sysmem(img->statement), img->statement_len,
			map_to_sysmem(seed), flags,
		},
	};
	s64 status;

	get_chance(seed);
	printf("osti: entering slot %u (%s)\n", slot->nr, slot->name);
	osti_leave_quiesce();
	osti_smc(&regs);
	status = (s64)regs.x[0];
	if (status == OSTI_E_START)
		return osti_statement_refused(slot, img, regs.x[1]);

	return osti_call_refused("start it", slot, status);
}

/* Return: only on error; the slot is empty then */
static int start_image(const struct osti_device *dev,
		       const struct osti_slot *slot,
		       const struct osti_fit *img,
		       const struct osti_layout *layout, u64 flags)
{
	struct osti_regs regs;
	s64 status;
	int ret;

	ret = open_slot(dev, slot, &regs);
	if (ret)
		return ret;
	ret = check_window(slot, &regs);
	if (!ret) {
		fill(map_sysmem(OSTI_WINDOW_IPA, slot->bytes), img, layout);
		ret = enter_open(slot, img, flags);
	}
	status = osti_call(OSTI_CALL_SLOT_CLOSE, slot->nr, 0, 0, &regs);
	if (status)
		osti_call_refused("close its memory", slot, status);

	return ret;
}

static int ask(const struct osti_slot *slot, enum osti_consent consent)
{
	int ret;

	if (consent == OSTI_CONSENT_NONE)
		return osti_consent_explain(slot);
	ret = osti_consent_destroy(slot);

	return consent == OSTI_CONSENT_ANYWAY ? 0 : ret;
}

/**
 * start_by() - start a slot by one of its boot images
 * @kept:	NULL: the one on the boot disk
 * @area:	else which of these
 *
 * Return: only on error, as osti_start()
 */
static int start_by(const struct osti_device *dev, const struct osti_slot *slot,
		    enum osti_consent consent, struct osti_kept *kept, u32 area)
{
	struct osti_layout layout;
	struct osti_fit img;
	u64 flags;
	int ret;

	ret = kept ? osti_kept_load(slot, kept, area, &img) :
		     osti_fit_load(slot, &img);
	if (!ret)
		ret = osti_statement_check(slot, &img, &flags);
	if (!ret)
		ret = osti_statement_layout(slot, &img, &layout);
	if (ret)
		return ret;

	/* A slot that crashes and restarts without end must not lock us out. */
	if (osti_keys_escape()) {
		printf("osti: stopped by Esc: slot %u (%s) stays empty\n",
		       slot->nr, slot->name);
		return -ECANCELED;
	}
	if (flags & OSTI_START_AGREED) {
		ret = ask(slot, consent);
		if (ret)
			return ret;
	}
	if (kept) {
		ret = osti_kept_use(slot, kept, area);
		if (ret)
			return ret;
	}

	return start_image(dev, slot, &img, &layout, flags);
}

/* Is that the slot's fault, or a person's wish, and not the image's fault? */
static bool is_final(int err)
{
	return err == -ECANCELED || err == -ENOMEM || err == -EACCES ||
	       err == -EROFS;
}

int osti_start(const struct osti_device *dev, const struct osti_slot *slot,
	       enum osti_consent consent)
{
	struct osti_kept kept;
	int area = -ENOENT;
	u32 tried = 0;
	int ret;

	printf("osti: starting slot %u (%s)\n", slot->nr, slot->name);
	if (!osti_kept_get(slot, &kept)) {
		osti_kept_end_trials(slot, &kept);
		area = osti_kept_next(&kept, tried);
	}
	while (area >= 0) {
		ret = start_by(dev, slot, consent, &kept, area);
		if (is_final(ret))
			return ret;
		if (ret == -EKEYREJECTED)
			osti_kept_give_up(slot, &kept, area);
		tried |= 1 << area;
		area = osti_kept_next(&kept, tried);
	}

	return start_by(dev, slot, consent, NULL, 0);
}
