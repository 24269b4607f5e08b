// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cold start of a slot of which nobody knows whether it has an image: a
 * person has to agree, and what was decided must not be forgotten
 */

#include <common.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <osti/bm/clock.h>
#include <osti/bm/consent.h>
#include <osti/bm/error.h>
#include <osti/bm/saved.h>
#include <osti/bm/slots.h>
#include <osti/bm/store.h>

static void print_what_is_lost(const struct osti_saved *saved)
{
	if (saved->store_err) {
		puts("osti: the store cannot be read now, so what it has of the slot is not known\n");
	} else if (!saved->bytes) {
		puts("osti: nothing is found in the store that looks like an image of the slot\n");
	} else {
		puts("osti: in the store is what looks like an image of ");
		osti_clock_print(saved->saved_at);
		printf(", %llu KiB\n", DIV_ROUND_UP(saved->bytes, SZ_1K));
	}
}

int osti_consent_explain(const struct osti_slot *slot)
{
	struct osti_saved saved;
	int ret = osti_saved_get(slot, &saved);

	if (ret)
		return ret;
	osti_error("slot %u (%s): is not started by itself: NV memory %s, and a start destroys what the slot has in the store",
		   slot->nr, slot->name, saved.nv ?
		   "cannot tell whether there is an image of it" :
		   "cannot be written, and there is an image of it");
	print_what_is_lost(&saved);

	return -EACCES;
}

static int clear_both(const struct osti_store *store)
{
	int first = osti_store_clear(store, 0);
	int second = osti_store_clear(store, 1);

	return first ? first : second;
}

int osti_consent_destroy(const struct osti_slot *slot)
{
	struct osti_saved saved;
	int ret = osti_saved_get(slot, &saved);

	if (ret)
		return ret;
	ret = saved.store_err ? saved.store_err : clear_both(&saved.store);
	if (ret) {
		osti_store_explain(slot, ret);
		osti_error("slot %u (%s): what the store has of it cannot be destroyed: after the next power-on it may be resumed, over disks that changed: attach the store disk",
			   slot->nr, slot->name);
		return -EROFS;
	}
	printf("osti: slot %u (%s): what the store had of it is destroyed\n",
	       slot->nr, slot->name);
	ret = osti_saved_get(slot, &saved);

	return ret ? ret : osti_saved_note(slot, &saved);
}
