// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hibernation images: which there are, and where the next one goes
 */

#include <common.h>
#include <memalign.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/clock.h>
#include <osti/bm/error.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>
#include "image_header.h"

/* What lies at the start of an area. */
struct found {
	u64 rank;
	int error;
	u64 saved_at;
	u64 bytes;
};

/*
 * The area of the higher rank is the one of interest, the other one may be
 * overwritten: the newest image that the monitor knows of comes first, then what
 * cannot be read and may have been it, then the newer one. Nothing comes last.
 */
#define RANK_NEWEST	U64_MAX
#define RANK_BROKEN	(U64_MAX - 1)
#define RANK_NONE	0

static int look(const struct osti_slot *slot, const struct osti_store *store,
		u32 area, u64 generation, struct found *found)
{
	ALLOC_CACHE_ALIGN_BUFFER(u8, head, OSTI_IMAGE_HEADER);
	struct image_identity id = {
		.slot = slot->nr,
		.generation = generation,
	};
	struct image_header header;
	int ret;

	memset(found, 0, sizeof(*found));
	ret = osti_store_read(store, area, 0, head, OSTI_IMAGE_HEADER);
	if (ret)
		return ret;
	if (!memchr_inv(head, 0, OSTI_IMAGE_HEADER)) {
		found->rank = RANK_NONE;
		return 0;
	}
	found->error = image_header_parse(head, OSTI_IMAGE_HEADER, &header);
	if (found->error) {
		found->rank = RANK_BROKEN;
		return 0;
	}
	found->saved_at = header.saved_at;
	found->bytes = image_header_total(&header);

	/* Only the monitor knows which device this is. */
	memcpy(id.device, header.identity.device, OSTI_IMAGE_DEVICE);
	memcpy(id.name, slot->name, OSTI_NAME_LEN);
	found->error = image_header_match(&header, &id);
	if (!found->error && found->bytes > store->area_bytes)
		found->error = OSTI_IMAGE_E_TRUNCATED;
	found->rank = found->error ?
		      min_t(u64, header.identity.generation, RANK_BROKEN) :
		      RANK_NEWEST;

	return 0;
}

static void look_at_store(const struct osti_slot *slot,
			  struct osti_saved *saved)
{
	struct found found[2];
	u32 area;

	saved->store_err = osti_store_open(slot, &saved->store);
	for (area = 0; area < 2 && !saved->store_err; area++)
		saved->store_err = look(slot, &saved->store, area,
					saved->generation, &found[area]);
	if (saved->store_err)
		return;

	saved->area = found[1].rank >= found[0].rank;
	saved->spare = !saved->area;
	saved->saved_at = found[saved->area].saved_at;
	saved->bytes = found[saved->area].bytes;
	if (saved->state == OSTI_SAVED_NONE)
		return;
	saved->error = found[saved->area].error;
	if (saved->error)
		saved->state = OSTI_SAVED_REFUSED;
	else if (found[saved->area].rank == RANK_NEWEST)
		saved->state = OSTI_SAVED_STORED;
}

int osti_saved_get(const struct osti_slot *slot, struct osti_saved *saved)
{
	struct osti_regs regs;
	s64 status;

	memset(saved, 0, sizeof(*saved));
	status = osti_call(OSTI_CALL_IMAGE_INFO, slot->nr, 0, 0, &regs);
	if (status && status != OSTI_E_HARDWARE)
		return osti_call_refused("tell about its image", slot, status);
	saved->nv = status ? -EIO : 0;
	/* Without NV memory all of the results are 0. */
	saved->generation = regs.x[2];
	saved->retired = regs.x[1] == OSTI_GENERATION_RETIRED;
	saved->state = saved->retired || regs.x[1] == OSTI_GENERATION_STORED ?
		       OSTI_SAVED_MISSING : OSTI_SAVED_NONE;
	look_at_store(slot, saved);
	/* What an earlier attempt found behind the header. */
	if (saved->state == OSTI_SAVED_STORED &&
	    regs.x[3] == OSTI_NOTE_REFUSED) {
		saved->state = OSTI_SAVED_REFUSED;
		saved->error = -(int)regs.x[4];
	}

	return 0;
}

static u32 note_of(const struct osti_saved *saved)
{
	if (saved->store_err)
		return OSTI_NOTE_UNKNOWN;
	switch (saved->state) {
	case OSTI_SAVED_STORED:
		return OSTI_NOTE_PRESENT;
	case OSTI_SAVED_REFUSED:
		return OSTI_NOTE_REFUSED;
	default:
		return OSTI_NOTE_NONE;
	}
}

int osti_saved_note(const struct osti_slot *slot, const struct osti_saved *saved)
{
	bool there = saved->state == OSTI_SAVED_STORED ||
		     saved->state == OSTI_SAVED_REFUSED;
	struct osti_regs regs = {
		.x = {
			OSTI_CALL_IMAGE_NOTE, slot->nr, note_of(saved),
			-saved->error, there ? saved->saved_at : 0,
			there ? saved->bytes : 0,
		},
	};

	osti_smc(&regs);
	if (regs.x[0])
		return osti_call_refused("note what the store has", slot,
				    (s64)regs.x[0]);

	return 0;
}

int osti_saved_refresh(const struct osti_device *dev)
{
	struct osti_slot slot = { .nr = 0 };
	struct osti_saved saved;
	int next, ret;

	while ((next = osti_slots_next(dev, &slot)) > 0) {
		ret = osti_saved_get(&slot, &saved);
		if (!ret)
			ret = osti_saved_note(&slot, &saved);
		if (ret)
			return ret;
	}

	return next;
}

static bool is_newer(u64 when, u64 other)
{
	bool ahead = osti_clock_ahead(when);

	if (ahead != osti_clock_ahead(other))
		return !ahead;

	return when > other;
}

int osti_saved_newest(const struct osti_device *dev, u32 *nr, u64 *saved_at)
{
	struct osti_slot slot = { .nr = 0 };
	struct osti_saved saved;
	int next, ret;

	*nr = 0;
	*saved_at = 0;
	while ((next = osti_slots_next(dev, &slot)) > 0) {
		ret = osti_saved_get(&slot, &saved);
		if (ret)
			return ret;
		if (saved.state != OSTI_SAVED_STORED || saved.retired)
			continue;
		/* The header alone proves nothing: a time that cannot be. */
		if (saved.saved_at > OSTI_CLOCK_MAX)
			saved.saved_at = 0;
		if (!*nr || is_newer(saved.saved_at, *saved_at)) {
			*nr = slot.nr;
			*saved_at = saved.saved_at;
		}
	}

	return next;
}

int osti_saved_time(const struct osti_device *dev, u64 *saved_at)
{
	u64 newest;
	u32 nr;
	int ret;

	ret = osti_saved_newest(dev, &nr, &newest);
	if (ret)
		return ret;
	*saved_at = osti_clock_now();
	if (nr && !osti_clock_ahead(newest))
		*saved_at = max(*saved_at, newest + 1);

	return 0;
}

int osti_saved_retire(const struct osti_slot *slot)
{
	struct osti_saved saved;
	struct osti_regs regs;
	s64 status;
	int ret;

	ret = osti_saved_get(slot, &saved);
	if (ret)
		return ret;
	if (saved.state != OSTI_SAVED_STORED) {
		osti_error("slot %u (%s): there is no good image of it in the store",
			   slot->nr, slot->name);
		return -ENOENT;
	}
	if (!saved.retired) {
		status = osti_call(OSTI_CALL_IMAGE_RETIRE, slot->nr, 0, 0,
				   &regs);
		if (status)
			return osti_call_refused("retire its image", slot, status);
	}
	printf("osti: slot %u (%s) lives elsewhere now: only its key in the menu, pressed twice, brings the image of it back\n",
	       slot->nr, slot->name);

	return 0;
}

int osti_saved_drop(const struct osti_slot *slot)
{
	struct osti_saved saved;
	struct osti_regs regs;
	s64 status;
	int ret;

	status = osti_call(OSTI_CALL_IMAGE_DROP, slot->nr, 0, 0, &regs);
	if (status == OSTI_E_STATE) {
		osti_error("slot %u (%s): there is no image of it to give up",
			   slot->nr, slot->name);
		return -ENOENT;
	}
	if (status)
		return osti_call_refused("give its image up", slot, status);
	printf("osti: slot %u (%s): its image is given up\n", slot->nr,
	       slot->name);
	ret = osti_saved_get(slot, &saved);
	if (ret)
		return ret;

	return osti_saved_note(slot, &saved);
}
