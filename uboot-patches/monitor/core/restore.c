// SPDX-License-Identifier: GPL-2.0-only
/*
 * restore.c - the copy that a slot wants to bring in, and a person's consent
 */
#include "restore.h"

#include "disk.h"
#include "event.h"
#include "image_crypto.h"
#include "lock.h"
#include "string.h"
#include "transfer.h"

static struct restore_wish wish;

void restore_init(void)
{
	memset(&wish, 0, sizeof(wish));
}

int64_t restore_ask(const struct context *asks, const struct context *slot,
		    const uint8_t *header, uint64_t *why)
{
	struct image_header found;
	int64_t ret;

	LOCK_ASSERT_HELD();
	/* What it may write is for the copy that it asked for before. */
	if (wish.asks)
		disk_end(wish.slot);
	restore_init();
	ret = transfer_genuine(slot, header, &found, why);
	if (ret)
		return ret;
	wish.asks = asks;
	wish.slot = slot;
	wish.header = found;
	return OSTI_OK;
}

const struct restore_wish *restore_wish(void)
{
	return wish.asks ? &wish : NULL;
}

int64_t restore_grant(const struct context *slot)
{
	LOCK_ASSERT_HELD();
	if (!wish.asks || wish.slot != slot)
		return OSTI_E_EMPTY;
	wish.agreed = true;
	event_add(OSTI_EV_AGREED, slot->id, wish.asks->id,
		  wish.header.saved_at);
	return OSTI_OK;
}

/* One manifest, and so one image: the header's ids are of all of it. */
static bool is_same(const struct image_header *a, const struct image_header *b)
{
	return image_crypto_equal(a->manifest_id, b->manifest_id,
				  sizeof(a->manifest_id)) &&
	       image_crypto_equal(a->record_id, b->record_id,
				  sizeof(a->record_id)) &&
	       a->saved_at == b->saved_at &&
	       !image_header_match(a, &b->identity);
}

bool restore_agreed(const struct context *asks, const struct context *slot,
		    const struct image_header *header)
{
	return wish.asks && wish.asks == asks && wish.slot == slot &&
	       wish.agreed && is_same(&wish.header, header);
}

void restore_forget(const struct context *asks)
{
	LOCK_ASSERT_HELD();
	if (wish.asks == asks)
		restore_init();
}
